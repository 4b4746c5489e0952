"""Bring a table to the rows of a temporary table, writing only what differs.

Measured: ``UPDATE .. WHERE .. IS DISTINCT FROM`` writes nothing when nothing
changed, whereas an upsert locks every row; ``INSERT .. ON CONFLICT DO NOTHING``
avoids the nested loop that an anti-join over an empty target falls into.
"""

from collections.abc import Sequence

from odoo.tools import SQL

WORK_MEM = SQL("SET LOCAL work_mem = '256MB'")  # sorts and hashes of a run, each


def _names(names: Sequence[str], alias: str = "") -> SQL:
    return SQL(", ").join(
        SQL.identifier(alias, name) if alias else SQL.identifier(name) for name in names
    )


def _same_key(keys: Sequence[str], left: str, right: str) -> SQL:
    return SQL(" AND ").join(
        SQL("%s = %s", SQL.identifier(left, key), SQL.identifier(right, key))
        for key in keys
    )


def update_changed(table, source, keys, columns, always=()) -> SQL:
    """Update the rows whose ``columns`` differ; ``always`` follow but do not decide."""
    written = (*columns, *always)
    return SQL(
        "UPDATE %s t SET (%s) = ROW(%s) FROM %s s"
        " WHERE %s AND (%s) IS DISTINCT FROM (%s)",
        SQL.identifier(table),
        _names(written),
        _names(written, "s"),
        SQL.identifier(source),
        _same_key(keys, "t", "s"),
        SQL("ROW(%s)", _names(columns, "t")),
        SQL("ROW(%s)", _names(columns, "s")),
    )


def insert_missing(table, source, keys, columns) -> SQL:
    """Insert the rows whose key is not there yet."""
    written = (*keys, *columns)
    return SQL(
        "INSERT INTO %s (%s) SELECT %s FROM %s s ON CONFLICT (%s) DO NOTHING",
        SQL.identifier(table),
        _names(written),
        _names(written, "s"),
        SQL.identifier(source),
        _names(keys),
    )


def delete_gone(table, source, keys, scope: SQL) -> SQL:
    """Delete the rows of ``scope`` (a condition on ``t``) that the source lacks."""
    return SQL(
        "DELETE FROM %s t WHERE %s AND NOT EXISTS (SELECT FROM %s s WHERE %s)",
        SQL.identifier(table),
        scope,
        SQL.identifier(source),
        _same_key(keys, "t", "s"),
    )


def known_rows(table) -> SQL:
    """Rows that the planner believes a table to have; -1 when it was never told."""
    return SQL("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", table)


def is_stale(known: int, written: int) -> bool:
    """Whether so much was written that the planner must be told before going on.

    Within a transaction autovacuum tells nothing: with the statistics of an empty table
    the next step joins every customer with every row.

    >>> is_stale(known=-1, written=1), is_stale(known=100_000, written=2_000)
    (True, False)
    """
    return written > 0.1 * max(known, 0)
