"""Bring a table to the rows of a statement, writing only what differs.

The rows as they are and as they should be are joined once, both whole; what is left are
the few that differ. An upsert would lock every row, an insert that asks for conflicts
look each up in an index. An empty table is filled straight away.
"""

from collections.abc import Sequence

from odoo.tools import SQL

WORK_MEM = SQL("SET LOCAL work_mem = '256MB'")  # sorts and hashes of a run, each
# Groups as an index gives them: hashing decimals takes longer, and memory for each.
IN_ORDER = SQL("SET LOCAL enable_hashagg = off")
IN_ANY_ORDER = SQL("SET LOCAL enable_hashagg = on")
MORE_MEM = SQL("SET LOCAL work_mem = '512MB'")  # the sort of all lines of goods


def _names(names: Sequence[str], alias: str = "") -> SQL:
    return SQL(", ").join(
        SQL.identifier(alias, name) if alias else SQL.identifier(name) for name in names
    )


def _same_key(keys: Sequence[str], left: str, right: str) -> SQL:
    return SQL(" AND ").join(
        SQL("%s = %s", SQL.identifier(left, key), SQL.identifier(right, key))
        for key in keys
    )


def _before(name: str) -> SQL:
    return SQL("t.%s AS %s", SQL.identifier(name), SQL.identifier(f"{name}_before"))


def differences(table, query: SQL, keys, columns, scope: SQL, before=()) -> SQL:
    """What has to be done to bring the rows of ``scope`` to those of ``query``.

    Rows: ``target_id`` of the row to change, NULL for a new one; ``gone`` for one to
    delete; what it should be. One pass over both sides, whatever differs.

    :param scope: condition on ``t``: rows that may go
    :param before: columns of which what is there now is told as well, as
        ``<name>_before``
    """
    return SQL(
        """
        SELECT t.id AS target_id, s.%(key)s IS NULL AS gone, %(told)s
          FROM (%(query)s) s
     FULL JOIN (SELECT t.id, %(known)s FROM %(table)s t WHERE %(scope)s) t ON %(same)s
         WHERE s.%(key)s IS NULL OR t.id IS NULL
            OR ROW(%(old)s) IS DISTINCT FROM ROW(%(new)s)""",
        key=SQL.identifier(keys[0]),
        told=SQL(", ").join(
            [_names((*keys, *columns), "s")] + [_before(name) for name in before]
        ),
        query=query,
        known=_names((*keys, *columns), "t"),
        table=SQL.identifier(table),
        scope=scope,
        same=_same_key(keys, "t", "s"),
        old=_names(columns, "t"),
        new=_names(columns, "s"),
    )


def delete_gone(table, source) -> SQL:
    """Delete the rows that the differences lack."""
    return SQL(
        "DELETE FROM %s t USING %s s WHERE s.gone AND t.id = s.target_id",
        SQL.identifier(table),
        SQL.identifier(source),
    )


def update_changed(table, source, columns) -> SQL:
    """Update the rows that differ."""
    return SQL(
        "UPDATE %s t SET (%s) = ROW(%s) FROM %s s"
        " WHERE t.id = s.target_id AND NOT s.gone",
        SQL.identifier(table),
        _names(columns),
        _names(columns, "s"),
        SQL.identifier(source),
    )


def update_differing(table, query: SQL, keys, columns, scope: SQL) -> SQL:
    """Update the rows of ``scope`` that differ from those of ``query``; no others.

    :param query: rows with ``keys`` and ``columns``
    :param scope: condition on ``t``
    """
    return SQL(
        """
        UPDATE %(table)s t SET (%(names)s) = ROW(%(new)s) FROM (%(query)s) s
         WHERE %(scope)s AND %(same)s AND ROW(%(old)s) IS DISTINCT FROM ROW(%(new)s)""",
        table=SQL.identifier(table),
        names=_names(columns),
        new=_names(columns, "s"),
        old=_names(columns, "t"),
        query=query,
        scope=scope,
        same=_same_key(keys, "t", "s"),
    )


def insert_missing(table, source: SQL, columns) -> SQL:
    """Insert the rows of ``source``, a statement."""
    return SQL(
        "INSERT INTO %s (%s) SELECT %s FROM (%s) s",
        SQL.identifier(table),
        _names(columns),
        _names(columns, "s"),
        source,
    )


def leave_room(table) -> SQL:
    """Fill pages by half, so that a changed row finds room beside the old one.

    Then its entries in the indexes stay as they are, unless an indexed column changes.
    """
    return SQL("ALTER TABLE %s SET (fillfactor = 45)", SQL.identifier(table))


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
