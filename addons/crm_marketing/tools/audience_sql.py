"""An audience as one statement: accounts, their contacts, and who is left out and why.

Everything is told: ids, codes and dates. Criteria that are empty do not restrict; those
that are given must all hold.
"""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from . import consent_sql

REASONS = (
    "no_email",
    "duplicate",
    "blacklist",
    "refused",
    "no_consent",
    "channel",
    "cap",
)


class Bought(NamedTuple):
    """Products and categories (with their children) bought since a day, or not."""

    product_ids: tuple[int, ...] = ()
    categ_ids: tuple[int, ...] = ()
    since: date | None = None


class Criteria(NamedTuple):
    """Codes and ids of an audience; ``partners``: a query of accounts' ids or None.

    ``asset_product_ids`` and ``contract_until`` ask for tables of crm_service and must
    be empty where it is not installed.
    """

    company_id: int
    today: date
    value_classes: tuple[str, ...] = ()
    lifecycles: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    group_ids: tuple[int, ...] = ()
    industry_ids: tuple[int, ...] = ()
    territory_ids: tuple[int, ...] = ()
    country_ids: tuple[int, ...] = ()
    user_ids: tuple[int, ...] = ()
    langs: tuple[str, ...] = ()
    bought: Bought = Bought()
    not_bought: Bought = Bought()
    asset_product_ids: tuple[int, ...] = ()
    contract_until: date | None = None
    suggestion: bool = False
    suggestion_product_ids: tuple[int, ...] = ()
    partners: SQL | None = None
    contact_choice: str = "all"
    role_ids: tuple[int, ...] = ()
    use_account_address: bool = True


def members(criteria: Criteria, limits: consent_sql.Limits | None = None) -> SQL:
    """Rows ``(partner_id, commercial_partner_id, email_normalized, lang,
    value_class, cell, tier, excluded_reason)``; an address is free of a reason once.

    Without ``limits`` (no purpose) the black list and the contact's channel still hold.
    """
    limits = limits or consent_sql.Limits(0, False, False, 0, 0, None)
    return SQL(
        """
        WITH ma_account AS MATERIALIZED (%(accounts)s),
        ma_chosen AS MATERIALIZED (%(contacts)s),
        ma_contact AS MATERIALIZED (%(completed)s),
        ma_ranked AS MATERIALIZED (
            SELECT c.*, row_number() OVER (
                       PARTITION BY email_normalized ORDER BY partner_id
                   ) AS place
              FROM ma_contact c WHERE %(langs)s
        ), ma_refusal AS MATERIALIZED (%(refusals)s)
        SELECT r.partner_id, r.commercial_partner_id, r.email_normalized, r.lang,
               a.value_class, a.cell, a.tier,
               CASE WHEN r.email_normalized IS NULL THEN 'no_email'
                    WHEN r.place > 1 THEN 'duplicate'
                    ELSE f.reason END AS excluded_reason
          FROM ma_ranked r
          JOIN ma_account a ON a.id = r.commercial_partner_id
     LEFT JOIN ma_refusal f ON f.email = r.email_normalized""",
        accounts=_accounts(criteria),
        contacts=_contacts(criteria),
        completed=_completed(criteria),
        langs=(
            SQL("c.lang = ANY(%s)", list(criteria.langs))
            if criteria.langs
            else SQL("TRUE")
        ),
        refusals=consent_sql.refusals(
            SQL("SELECT email_normalized AS email FROM ma_ranked"), limits
        ),
    )


def _accounts(criteria):
    return SQL(
        """
        SELECT p.id, p.lang, p.email_normalized, v.value_class, v.cell, v.tier
          FROM res_partner p
     LEFT JOIN crm_customer_value v ON v.partner_id = p.id AND v.company_id = %s
         WHERE p.commercial_partner_id = p.id AND p.active AND p.partner_share
           AND coalesce(p.company_id, %s) = %s AND %s""",
        criteria.company_id,
        criteria.company_id,
        criteria.company_id,
        SQL(" AND ").join([SQL("TRUE"), *_conditions(criteria)]),
    )


def _conditions(criteria):
    columns = {
        "v.value_class": criteria.value_classes,
        "v.lifecycle": criteria.lifecycles,
        "v.tier": criteria.tiers,
        "v.cell": criteria.cells,
        "v.group_id": criteria.group_ids,
        "p.industry_id": criteria.industry_ids,
        "p.territory_id": criteria.territory_ids,
        "p.country_id": criteria.country_ids,
        "p.user_id": criteria.user_ids,
    }
    for column, values in columns.items():
        if values:
            alias, name = column.split(".")
            yield SQL("%s = ANY(%s)", SQL.identifier(alias, name), list(values))
    if criteria.bought.product_ids or criteria.bought.categ_ids:
        yield SQL("p.id IN (%s)", _bought(criteria.company_id, criteria.bought))
    if criteria.not_bought.product_ids or criteria.not_bought.categ_ids:
        yield SQL(
            "NOT EXISTS (SELECT FROM (%s) n WHERE n.partner_id = p.id)",
            _bought(criteria.company_id, criteria.not_bought),
        )
    if criteria.asset_product_ids:
        yield SQL(
            "p.id IN (SELECT s.commercial_partner_id FROM service_asset s"
            " WHERE s.active AND s.company_id = %s AND s.product_id = ANY(%s))",
            criteria.company_id,
            list(criteria.asset_product_ids),
        )
    if criteria.contract_until:
        yield SQL(
            "p.id IN (SELECT k.commercial_partner_id FROM contract_contract k"
            " WHERE k.active AND k.contract_type = 'sale' AND k.company_id = %s"
            " AND k.is_terminated IS NOT TRUE AND k.date_end BETWEEN %s AND %s)",
            criteria.company_id,
            criteria.today,
            criteria.contract_until,
        )
    if criteria.suggestion or criteria.suggestion_product_ids:
        yield SQL(
            "p.id IN (SELECT g.partner_id FROM crm_customer_suggestion g"
            " WHERE g.company_id = %s AND %s)",
            criteria.company_id,
            (
                SQL("g.product_id = ANY(%s)", list(criteria.suggestion_product_ids))
                if criteria.suggestion_product_ids
                else SQL("TRUE")
            ),
        )
    if criteria.partners:
        yield SQL("p.id IN (%s)", criteria.partners)


def _bought(company_id, bought):
    """Customers with a posted invoice that holds one of the products."""
    chosen = [SQL("FALSE")]
    if bought.product_ids:
        chosen.append(SQL("l.product_id = ANY(%s)", list(bought.product_ids)))
    if bought.categ_ids:
        chosen.append(SQL("t.categ_id = ANY(%s)", list(bought.categ_ids)))
    return SQL(
        """
        SELECT m.commercial_partner_id AS partner_id
          FROM account_move_line l
          JOIN account_move m ON m.id = l.move_id
          JOIN product_product u ON u.id = l.product_id
          JOIN product_template t ON t.id = u.product_tmpl_id
         WHERE m.move_type IN ('out_invoice', 'out_receipt') AND m.state = 'posted'
           AND m.company_id = %s AND m.commercial_partner_id IS NOT NULL
           AND %s AND (%s)""",
        company_id,
        SQL("m.invoice_date >= %s", bought.since) if bought.since else SQL("TRUE"),
        SQL(" OR ").join(chosen),
    )


def _contacts(criteria):
    """Contacts of the accounts that were asked for."""
    people = SQL("c.id <> a.id AND c.type IN ('contact', 'other')")
    chosen = {
        "account": SQL("c.id = a.id"),
        "all": SQL("(c.id = a.id OR %s)", people),
        "marketing": SQL("c.marketing_contact"),
        "role": SQL(
            "EXISTS (SELECT FROM crm_buying_role o"
            " WHERE o.partner_id = c.id AND o.role_id = ANY(%s))",
            list(criteria.role_ids),
        ),
    }[criteria.contact_choice]
    return SQL(
        """
        SELECT c.id AS partner_id, a.id AS commercial_partner_id,
               c.email_normalized, coalesce(c.lang, a.lang) AS lang
          FROM ma_account a
          JOIN res_partner c ON c.commercial_partner_id = a.id AND c.active
         WHERE %s AND (c.id <> a.id OR %s)""",
        chosen,
        SQL("TRUE")
        if criteria.contact_choice == "account"
        else SQL("a.email_normalized IS NOT NULL"),
    )


def _completed(criteria):
    """The chosen contacts, and the account itself where it has none of them."""
    if not criteria.use_account_address or criteria.contact_choice == "account":
        return SQL("SELECT * FROM ma_chosen")
    return SQL(
        """
        SELECT * FROM ma_chosen
     UNION ALL
        SELECT a.id, a.id, a.email_normalized, a.lang FROM ma_account a
         WHERE NOT EXISTS (
               SELECT FROM ma_chosen c WHERE c.commercial_partner_id = a.id)"""
    )
