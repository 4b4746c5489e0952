"""SQL that makes a table append-only for everybody, not for users of the ORM alone."""

from collections.abc import Sequence

from odoo.tools import SQL

FUNCTION = SQL.identifier("crm_customer_value_append_only")


def guard(table: str, free: Sequence[str]) -> SQL:
    """Let the server refuse to change, delete or truncate the rows of ``table``.

    Rows go with their company only. The ``free`` columns may change: references that
    follow their target when it is merged or deleted.
    """
    names = {
        "table": SQL.identifier(table),
        "function": FUNCTION,
        "row": SQL.identifier(f"{table}_append_only"),
        "all": SQL.identifier(f"{table}_never_truncate"),
    }
    return SQL(
        """
        CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV THEN
                    RETURN NEW;
                END IF;
            ELSIF TG_OP = 'DELETE' THEN
                IF NOT EXISTS (SELECT FROM res_company WHERE id = OLD.company_id) THEN
                    RETURN OLD;
                END IF;
            END IF;
            RAISE EXCEPTION 'rows of %% are kept as they were', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END $$;
        DROP TRIGGER IF EXISTS %(row)s ON %(table)s;
        CREATE TRIGGER %(row)s BEFORE UPDATE OR DELETE ON %(table)s
            FOR EACH ROW EXECUTE FUNCTION %(function)s(%(free)s);
        DROP TRIGGER IF EXISTS %(all)s ON %(table)s;
        CREATE TRIGGER %(all)s BEFORE TRUNCATE ON %(table)s
            FOR EACH STATEMENT EXECUTE FUNCTION %(function)s()""",
        **names,
        free=SQL(", ").join(SQL("%s", name) for name in free),
    )


def drop() -> SQL:
    """What :func:`guard` leaves behind when the table goes."""
    return SQL("DROP FUNCTION IF EXISTS %s CASCADE", FUNCTION)
