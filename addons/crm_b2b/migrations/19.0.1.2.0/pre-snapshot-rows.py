from odoo.tools import SQL

KEYS = ("company", "user", "team", "stage", "partner")


def migrate(cr, version):
    """Snapshots become rows with plain numbers; what is in them stays as it is."""
    cr.execute("SELECT relkind FROM pg_class WHERE relname = 'crm_forecast_snapshot'")
    if cr.fetchone() != ("r",):
        return
    old, new = "crm_forecast_snapshot", "crm_forecast_snapshot_row"
    for kind, suffix in (
        ("TABLE", ""),
        ("SEQUENCE", "_id_seq"),
        ("INDEX", "_pkey"),
        ("INDEX", "_unique_deal"),
    ):
        names = (SQL.identifier(old + suffix), SQL.identifier(new + suffix))
        cr.execute(SQL("ALTER %s IF EXISTS %s RENAME TO %s", SQL(kind), *names))
    table = SQL.identifier(new)
    for key in KEYS:
        constraint = SQL.identifier(f"{old}_{key}_id_fkey")
        cr.execute(
            SQL("ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s", table, constraint)
        )
        columns = (SQL.identifier(f"{key}_id"), SQL.identifier(f"{key}_key"))
        cr.execute(SQL("ALTER TABLE %s RENAME COLUMN %s TO %s", table, *columns))
    cr.execute("DELETE FROM ir_model_constraint WHERE name LIKE %s", [f"{old}\\_%"])
