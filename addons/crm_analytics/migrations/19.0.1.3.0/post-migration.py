from odoo.tools import SQL

KEYS = (
    ("crm_customer_fact", "company_id"),
    ("crm_customer_month", "company_id"),
    ("crm_customer_value", "company_id"),
    ("crm_customer_value", "group_id"),
    ("crm_customer_bridge", "company_id"),
    ("crm_customer_flow", "company_id"),
    ("crm_basket_line", "company_id"),
)


def migrate(cr, version):
    """Derived rows have no key to their company; the policy is looked up."""
    if not version:
        return
    cr.execute("ALTER TABLE crm_customer_value DROP COLUMN IF EXISTS policy_id")
    names = [f"{table}_{column}_fkey" for table, column in KEYS]
    for (table, _column), name in zip(KEYS, names, strict=True):
        cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )
    names.append("crm_customer_value_policy_id_fkey")
    cr.execute("DELETE FROM ir_model_constraint WHERE name = ANY(%s)", [names])
