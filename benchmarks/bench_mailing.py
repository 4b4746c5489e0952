"""Preparing a mailing: the core alone, to an audience, and with content per recipient.

    python benchmarks/bench_mailing.py -c odoo.conf -d DB [--mails N] [--done M,...]
        [--core N] [--kinds core,audience,content]

Each line prepares N mails (the core's ``mail.mail`` and traces in batches of 50, not
sent) when M mails of the same mailing are already prepared. Memory is flat when the
peak above the beginning does not grow with N; the preparation is linear when the last
tenth of the mails costs what the first did. "look-ups" is the time spent on finding who
had the mail already and who must not get it. ``--core`` gives the core fewer mails.
"""

import random
import time

from database_bench import environment, options
from memory_bench import Peak

from odoo.modules import module
from odoo.tools import SQL

BODY = '<p>Dear <t t-out="object.name"/></p><p>The new catalogue is there.</p>'
OWN = BODY + '<t t-out="object.one_to_one_content"/>'


def main():
    parser = options(__doc__)
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--done", default="0,99000")
    parser.add_argument("--core", type=int, help="mails of the core, if fewer")
    parser.add_argument("--kinds", default="core,audience,content")
    with environment(__doc__, "crm.audience", parser) as (env, chosen):
        module.current_test = True  # the core commits its batches but in a test
        try:
            run(env, chosen)
        finally:
            module.current_test = False


def run(env, chosen):
    make_contacts(env, chosen.mails)
    print("ms a mail; cpu of the process only, the database's is in 'all'")
    print(
        f"{'preparation':<28}{'mails':>8}{'done':>8}{'all':>8}{'cpu':>8}"
        f"{'first/10':>10}{'last/10':>9}{'look-ups':>10}{'peak MB':>9}",
        flush=True,
    )
    for kind in chosen.kinds.split(","):
        mails = chosen.mails if kind != "core" else chosen.core or chosen.mails
        for done in map(int, chosen.done.split(",")):
            with env.cr.savepoint(flush=False) as savepoint:
                report(env, kind, mails, done)
                savepoint.rollback()
            env.invalidate_all()


def make_contacts(env, count):
    """Customers with values, half of them with suggestions.

    One of each is made by the ORM and copied in the database, so that the memory of
    the process is not that of having made them.
    """
    partner = env["res.partner"].create({"name": "Bench", "is_company": True})
    value = env["crm.customer.value"].create(
        {
            "partner_id": partner.id,
            "company_id": env.company.id,
            "value_class": "growth",
        }
    )
    env.flush_all()
    number = SQL("'Bench ' || n")
    address = SQL("n || '@bench.example'")
    copy_rows(
        env,
        partner,
        SQL("generate_series(1, %s) n", count),
        name=number,
        complete_name=number,
        email=address,
        email_normalized=address,
        commercial_partner_id=SQL("lastval()"),
    )
    made = SQL("res_partner p WHERE p.name LIKE 'Bench %%'")
    copy_rows(
        env,
        value,
        made,
        partner_id=SQL("p.id"),
        value_class=SQL("CASE WHEN p.id %% 2 = 0 THEN 'growth' ELSE 'new' END"),
    )
    make_suggestions(env, partner)
    env.invalidate_all()
    for table in ("res_partner", "crm_customer_value", "crm_customer_suggestion"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))


def copy_rows(env, record, source, **values):
    """A row like that of the record for each row of ``source``, but for ``values``."""
    table = record._table
    columns = [
        name
        for [name] in env.execute_query(
            SQL(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = %s AND column_name <> 'id'",
                table,
            )
        )
    ]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (id, %s) SELECT nextval(%s), %s FROM %s r, %s",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, columns)),
            f"{table}_id_seq",
            SQL(", ").join(
                values.get(name, SQL.identifier("r", name)) for name in columns
            ),
            SQL("(SELECT * FROM %s WHERE id = %s)", SQL.identifier(table), record.id),
            source,
        )
    )


def make_suggestions(env, partner):
    """Three products for every second customer, of thirty."""
    chance = random.Random(3)
    products = env["product.product"].create(
        [{"name": f"Bench product {n}", "list_price": 10 + n} for n in range(30)]
    )
    rules = env["crm.association.rule"].create(
        [
            {
                "company_id": env.company.id,
                "left_id": products[n].id,
                "product_id": products[n - 1].id,
                "count": 5,
                "left_count": 9,
            }
            for n in range(30)
        ]
    )
    chosen = chance.sample(list(rules), 3)
    suggestions = env["crm.customer.suggestion"].create(
        [
            {
                "company_id": env.company.id,
                "partner_id": partner.id,
                "product_id": rule.product_id.id,
                "rule_id": rule.id,
                "place": place,
            }
            for place, rule in enumerate(chosen, 1)
        ]
    )
    env.flush_all()
    for suggestion in suggestions:
        copy_rows(
            env,
            suggestion,
            SQL("res_partner p WHERE p.name LIKE 'Bench %%' AND p.id %% 4 < 2"),
            partner_id=SQL("p.id"),
        )


def plain(env):
    return make_mailing(env, body_html=BODY)


def guarded(env):
    audience = env["crm.audience"].create(
        {
            "name": "Bench",
            "partner_domain": "[('name', '=like', 'Bench %')]",
            "holdout_percent": 0,
        }
    )
    return make_mailing(
        env,
        body_html=BODY,
        audience_id=audience.id,
        purpose_id=env.ref("crm_marketing.purpose_products").id,
    )


def personal(env):
    mailing = guarded(env)
    growth = env["crm.audience.option"].search([("code", "=", "growth")])
    mailing.block_ids = env["crm.content.block"].create(
        [
            {
                "name": "Growth",
                "body": '<p>Growth of <t t-out="object.name"/></p>',
                "value_class_ids": growth.ids,
            },
            {"name": "Offer", "kind": "products", "body": "<p>For you</p>"},
            {"name": "Else", "is_fallback": True, "body": "<p>News</p>"},
        ]
    )
    mailing.body_html = OWN
    return mailing


KINDS = {
    "core": ("core", plain),
    "audience": ("to an audience", guarded),
    "content": ("with content per recipient", personal),
}


def make_mailing(env, **values):
    return env["mailing.mailing"].create(
        {
            "subject": "Bench",
            "mailing_model_id": env["ir.model"]._get_id("res.partner"),
            "mailing_domain": "[('name', '=like', 'Bench %')]",
            **values,
        }
    )


def pretend_done(env, mailing, count):
    """Traces of so many mails of the mailing that were prepared before."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO mailing_trace (
                   mass_mailing_id, campaign_id, model, res_id, email,
                   trace_status, trace_type, create_date)
            SELECT %s, NULL, 'res.partner', %s, 'done' || n || '@bench.example', 'sent',
                   'mail', now() - interval '90 days' FROM generate_series(1, %s) n""",
            mailing.id,
            env.user.partner_id.id,
            count,
        )
    )
    env.cr.execute("ANALYZE mailing_trace")


def report(env, kind, mails, done):
    label, make = KINDS[kind]
    mailing = make(env)
    env.flush_all()
    pretend_done(env, mailing, done)
    ids = None  # as many as there are
    if kind == "core":
        ids = env["res.partner"].search([("name", "=like", "Bench %")], limit=mails).ids
    env.invalidate_all()
    clock = Clock(env)
    started, cpu = time.perf_counter(), time.process_time()
    with clock, Peak() as peak:
        mailing._action_send_mail(ids)
    taken, cpu = time.perf_counter() - started, time.process_time() - cpu
    env.flush_all()
    traces = env["mailing.trace"].search_count(
        [("mass_mailing_id", "=", mailing.id), ("trace_status", "=", "outgoing")]
    )
    assert traces == mails, (traces, mails)
    each = 1e3 / mails
    first, last = clock.tenths(started)
    print(
        f"{label:<28}{mails:>8}{done:>8}{taken * each:>8.2f}{cpu * each:>8.2f}"
        f"{first:>10.2f}{last:>9.2f}{clock.seconds * each:>10.2f}{peak.grown:>9.1f}",
        flush=True,
    )


class Clock:
    """Seconds spent on deciding the state of the mails of a batch, and its moments."""

    def __init__(self, env):
        self.model = type(env["mail.compose.message"])
        self.original = self.model._process_mail_values_state
        self.seconds = 0.0
        self.moments = []  # (end of the look-ups, mails of the batch)

    def __enter__(self):
        clock = self

        def timed(composer, values):
            start = time.perf_counter()
            result = clock.original(composer, values)
            now = time.perf_counter()
            clock.seconds += now - start
            clock.moments.append((now, len(values)))
            return result

        self.model._process_mail_values_state = timed
        return self

    def __exit__(self, *_error):
        del self.model._process_mail_values_state

    def tenths(self, started):
        """Milliseconds a mail in the first and in the last tenth of the batches."""
        count = max(len(self.moments) // 10, 1)
        parts = [(started, 0), *self.moments]
        return [
            1e3 * (part[-1][0] - part[0][0]) / max(sum(n for _t, n in part[1:]), 1)
            for part in (parts[: count + 1], parts[-count - 1 :])
        ]


if __name__ == "__main__":
    main()
