"""A company's invoices in bulk, for benchmarks: written by SQL, balanced to the cent.

Every document has two to eight lines of goods, a tax line and a receivable line; one in
25 is a refund, one in ten comes from a confirmed order. Customers differ in size as
real ones do. The secondary indexes are dropped while rows are loaded and built
afterwards: a million documents with seven million journal items take some minutes. Use
a database that can be thrown away.
"""

import time
from contextlib import contextmanager
from datetime import date

from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import SQL

AS_OF = date(2026, 6, 30)
PRODUCTS, FAMILIES = 300, 20
TABLES = (
    "account_move",
    "account_move_line",
    "sale_order",
    "sale_order_line",
    "sale_order_line_invoice_rel",
)


def seed(env, number, mean):
    """Load a new company; (company, ids of customers, number of documents)."""
    company = env["res.company"].create({"name": f"Benchmark {time.time():.0f}"})
    given = _master_data(env, company)
    ids = customers(env.cr, number)
    env.flush_all()
    cr = env.cr
    cr.execute("SELECT setseed(0.42); SET LOCAL work_mem = '256MB'")
    with bulk_load(cr):
        count = _documents(
            cr, given | {"mean": mean, "days": 1095, "as_of": AS_OF, "ids": ids}
        )
    env["crm.value.policy"].sudo()._get_current(company)
    env.invalidate_all()
    return company, ids, count


def content(env, company_id):
    """Ids of the customers of a loaded company, and number of its documents."""
    env.cr.execute(
        "SELECT commercial_partner_id, count(*) FROM account_move"
        " WHERE company_id = %s AND state = 'posted' GROUP BY 1 ORDER BY 1",
        [company_id],
    )
    rows = env.cr.fetchall()
    return [row[0] for row in rows], sum(row[1] for row in rows)


def last_document(env):
    """Greatest number of a document."""
    env.cr.execute("SELECT max(id) FROM account_move")
    return env.cr.fetchone()[0]


def add(env, company, ids, count):
    """Post ``count`` more documents of today to some customers of a loaded company."""
    given = _known_data(env, company)
    given |= {"mean": 0.5, "as_of": AS_OF, "days": 0}
    _documents(env.cr, given | {"ids": (ids * count)[:count]})


def _known_data(env, company):
    """What :func:`_master_data` made."""
    cr = env.cr
    cr.execute(
        "SELECT DISTINCT account_type, a.id FROM account_account a"
        " JOIN account_account_res_company_rel r ON r.account_account_id = a.id"
        " WHERE r.res_company_id = %s",
        [company.id],
    )
    account = dict(cr.fetchall())
    products = env["product.product"].search([("company_id", "=", company.id)])
    return {
        "goods": account["income"],
        "owed": account["asset_receivable"],
        "tax": account["liability_current"],
        "company": company.id,
        "journal": env["account.journal"]
        .search([("company_id", "=", company.id)], limit=1)
        .id,
        "currency": company.currency_id.id,
        "products": products.ids,
        "uom": products[:1].uom_id.id,
        "team": None,
    }


def _master_data(env, company):
    accounts = env["account.account"].with_company(company)
    account = {
        name: accounts.create(
            {
                "name": name,
                "code": code,
                "account_type": kind,
                "company_ids": [company.id],
            }
        ).id
        for name, code, kind in (
            ("goods", "400000", "income"),
            ("owed", "121000", "asset_receivable"),
            ("tax", "251000", "liability_current"),
        )
    }
    journal = env["account.journal"].create(
        {"name": "B", "code": "BNCH", "type": "sale", "company_id": company.id}
    )
    families = env["product.category"].create(
        [{"name": f"Family {i}"} for i in range(FAMILIES)]
    )
    products = env["product.product"].create(
        [
            {
                "name": f"Product {i}",
                "type": "consu",
                "categ_id": families[i % FAMILIES].id,
                "company_id": company.id,
            }
            for i in range(PRODUCTS)
        ]
    )
    for product in products.with_company(company):
        product.standard_price = 20
    return {
        **account,
        "company": company.id,
        "journal": journal.id,
        "currency": company.currency_id.id,
        "products": products.ids,
        "uom": products.uom_id.id,
        "team": env["crm.team"].search([], limit=1).id or None,
    }


def customers(cr, number):
    """Ids of so many new customers."""
    cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, active, is_company, type,
                                 autopost_bills, customer_rank)
        SELECT 'Bench ' || i, 'Bench ' || i, TRUE, TRUE, 'contact', 'ask', 1
          FROM generate_series(1, %s) i RETURNING id""",
        [number],
    )
    ids = [row[0] for row in cr.fetchall()]
    cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [ids]
    )
    return ids


@contextmanager
def bulk_load(cr, tables=TABLES):
    """Load without secondary indexes and without a check of each foreign key."""
    cr.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)"
        " FROM pg_index i WHERE i.indrelid = ANY(%s::regclass[])"
        " AND NOT i.indisprimary AND NOT EXISTS (SELECT FROM pg_constraint c"
        " WHERE c.conindid = i.indexrelid)",
        [list(tables)],
    )
    indexes = cr.fetchall()
    for name, _definition in indexes:
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    cr.execute("SET LOCAL session_replication_role = replica")
    yield
    cr.execute("SET LOCAL session_replication_role = origin")
    cr.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _name, definition in indexes:
        cr.execute(definition)


def _documents(cr, given):
    """Documents, their items, and the orders of some; the number of documents."""
    cr.execute(_DRAW, given)
    count = cr.rowcount
    cr.execute("ANALYZE bench_move")
    cr.execute(_DRAW_LINES, given)
    cr.execute("ANALYZE bench_line")
    cr.execute("SELECT coalesce(max(id), 0) FROM sale_order_line")
    given["order_lines"] = cr.fetchone()[0]
    for query in (_MOVES, _ITEMS, _orders(cr), _ORDER_LINES, _LINKS):
        cr.execute(query, given)
    for table in TABLES[:-1]:
        cr.execute(
            f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"
            f" WHERE EXISTS (SELECT FROM {table})"
        )
    cr.execute("DROP TABLE bench_line; DROP TABLE bench_move")
    return count


# random() in a lateral subquery is drawn anew only if the subquery depends on the row
_DRAW = """
    CREATE TEMPORARY TABLE bench_move AS
    SELECT (SELECT coalesce(max(id), 0) FROM account_move)
               + row_number() OVER (ORDER BY day) AS id,
           d.*
      FROM (
        SELECT p.id AS partner,
               CASE WHEN random() < 0.04 THEN 'out_refund' ELSE 'out_invoice' END
                   AS move_type,
               %(as_of)s::date - (random() * %(days)s)::int AS day,
               2 + (random() * 6)::int AS lines,
               random() < 0.1 AS ordered
          FROM unnest(%(ids)s) AS p(id)
    CROSS JOIN LATERAL generate_series(1,
               1 + (-ln(1 - random()) * (%(mean)s - 0.5))::int + 0 * p.id)) d"""

_DRAW_LINES = """
    CREATE TEMPORARY TABLE bench_line AS
    SELECT (SELECT coalesce(max(id), 0) FROM account_move_line)
               + row_number() OVER () AS id,
           m.id AS move, i, l.product, l.quantity, l.price, l.discount,
           CASE m.move_type WHEN 'out_refund' THEN -0.1 ELSE 1 END AS sign,
           round(l.quantity * l.price * (100 - l.discount)
                 * CASE m.move_type WHEN 'out_refund' THEN 0.001 ELSE 0.01 END, 2)
               AS amount
      FROM bench_move m
CROSS JOIN LATERAL generate_series(1, m.lines) i
CROSS JOIN LATERAL (
    SELECT (%(products)s::int[])[1 + (random() ^ 2
               * (array_length(%(products)s::int[], 1) - 1))::int + 0 * i] AS product,
           1 + (random() * 9)::int AS quantity,
           round((random() * 90 + 10)::numeric, 2) AS price,
           (ARRAY[0, 0, 0, 5, 10])[1 + (random() * 4)::int] AS discount) l"""

_MOVES = """
    INSERT INTO account_move (id, name, state, move_type, company_id, journal_id,
        partner_id, commercial_partner_id, currency_id, date,
        invoice_date, invoice_date_due, amount_untaxed, amount_tax, amount_total,
        amount_residual, amount_untaxed_signed, amount_total_signed, payment_state,
        auto_post, sequence_prefix, sequence_number, payment_reference,
        create_date, write_date, create_uid, write_uid, checked)
    SELECT m.id, 'B' || %(company)s || '/' || m.id, 'posted', m.move_type, %(company)s,
           %(journal)s, m.partner, m.partner, %(currency)s, m.day, m.day,
           m.day + 30, s.amount, round(s.amount * 1.2, 2) - s.amount,
           round(s.amount * 1.2, 2),
           0, t.sign * s.amount, t.sign * round(s.amount * 1.2, 2), 'paid',
           'no', 'B' || %(company)s || '/', m.id, 'B' || %(company)s || '/' || m.id,
           now(), now(), 1, 1, TRUE
      FROM bench_move m
      JOIN (SELECT move, sum(amount) AS amount FROM bench_line GROUP BY move) s
        ON s.move = m.id
CROSS JOIN LATERAL (
    SELECT CASE m.move_type WHEN 'out_refund' THEN -1 ELSE 1 END AS sign) t
  ORDER BY m.id"""

_ITEMS = """
    INSERT INTO account_move_line (id, move_id, move_name, parent_state, journal_id,
        company_id, company_currency_id, currency_id, account_id, partner_id, date,
        invoice_date, date_maturity, display_type, name, product_id, product_uom_id,
        quantity, price_unit, discount, price_subtotal, price_total, balance, debit,
        credit, amount_currency, amount_residual, reconciled, sequence,
        create_date, write_date, create_uid, write_uid)
    SELECT (SELECT max(id) FROM bench_line) * (i.kind > 0)::int
               + CASE i.kind WHEN 0 THEN i.id ELSE 2 * (i.move - f.first) + i.kind END,
           m.id, m.name, 'posted', m.journal_id, m.company_id, m.currency_id,
           m.currency_id, i.account, m.partner_id, m.date, m.invoice_date,
           CASE i.kind WHEN 1 THEN m.invoice_date_due END,
           (ARRAY['product', 'payment_term', 'tax'])[1 + i.kind],
           CASE i.kind WHEN 0 THEN 'Product ' || i.product END, i.product,
           CASE i.kind WHEN 0 THEN %(uom)s END, i.quantity, i.price, i.discount,
           CASE i.kind WHEN 0 THEN abs(i.balance) END,
           CASE i.kind WHEN 0 THEN abs(i.balance) * 1.2 END, i.balance,
           greatest(i.balance, 0), greatest(-i.balance, 0), i.balance, 0, TRUE, 100,
           now(), now(), 1, 1
      FROM (
        SELECT l.id, l.move, 0 AS kind, %(goods)s AS account, l.product,
               l.quantity::numeric, l.price * abs(l.sign) AS price,
               l.discount::numeric, -l.amount * sign(l.sign) AS balance
          FROM bench_line l
         UNION ALL
        SELECT NULL, a.id, 1, %(owed)s, NULL, NULL, NULL, NULL, a.amount_total_signed
          FROM account_move a JOIN bench_move b ON b.id = a.id
         UNION ALL
        SELECT NULL, a.id, 2, %(tax)s, NULL, NULL, NULL, NULL,
               a.amount_untaxed_signed - a.amount_total_signed
          FROM account_move a JOIN bench_move b ON b.id = a.id) i
      JOIN account_move m ON m.id = i.move
CROSS JOIN (SELECT min(id) AS first FROM bench_move) f
  ORDER BY i.move, i.kind"""


def _orders(cr):
    """Orders; with the application of stock they also say how to deliver."""
    cr.execute(
        "SELECT 1 FROM information_schema.columns WHERE table_name = 'sale_order'"
        " AND column_name = 'picking_policy'"
    )
    extra = (", picking_policy", ", 'direct'") if cr.fetchone() else ("", "")
    return _ORDERS.format(*extra)


_ORDERS = """
    INSERT INTO sale_order (id, name, state, company_id, partner_id, partner_invoice_id,
        partner_shipping_id, currency_id, currency_rate, date_order, amount_untaxed,
        amount_total, team_id, user_id, invoice_status, create_date, write_date{})
    SELECT (SELECT coalesce(max(id), 0) FROM sale_order) + row_number() OVER (),
           'S/' || m.id, 'sale', %(company)s, m.partner, m.partner, m.partner,
           %(currency)s, 1, m.day, a.amount_untaxed, a.amount_total, %(team)s, 1,
           'invoiced', now(), now(){}
      FROM bench_move m JOIN account_move a ON a.id = m.id
     WHERE m.ordered AND m.move_type = 'out_invoice'"""

_ORDER_LINES = """
    INSERT INTO sale_order_line (id, order_id, name, product_id, product_uom_id,
        product_uom_qty, qty_invoiced, price_unit, discount, price_subtotal,
        purchase_price, company_id, currency_id, state, customer_lead,
        order_partner_id, create_date, write_date)
    SELECT %(order_lines)s + l.id, o.id, 'Product',
           l.product, %(uom)s, l.quantity, l.quantity, l.price, l.discount, l.amount,
           18, %(company)s, %(currency)s, 'sale', 0, o.partner_id, now(), now()
      FROM bench_line l JOIN sale_order o ON o.name = 'S/' || l.move
       AND o.company_id = %(company)s"""

_LINKS = """
    INSERT INTO sale_order_line_invoice_rel (order_line_id, invoice_line_id)
    SELECT %(order_lines)s + l.id, l.id
      FROM bench_line l JOIN bench_move m ON m.id = l.move
     WHERE m.ordered AND m.move_type = 'out_invoice'"""


def load(database, number, mean):
    """Id of a new company, loaded, committed and vacuumed: ready for a run."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        company_id = seed(env, number, mean)[0].id
    vacuum(database, *TABLES, "res_partner")
    return company_id


def refresh(database, company_id, kind):
    """Refresh the values of a company, and commit."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        company = env["res.company"].browse(company_id)
        env["crm.value.run"].sudo()._start(company, kind, AS_OF)


def vacuum(database, *tables):
    """Leave the tables as autovacuum does, so that an index alone can answer."""
    with sql_db.db_connect(database).cursor() as cr:
        cr.connection.rollback()
        cr.connection.autocommit = True
        for table in tables:
            cr.connection.cursor().execute(f"VACUUM (ANALYZE) {table}")
        cr.connection.autocommit = False
