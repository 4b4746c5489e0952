"""Records that are added by the system in the middle of somebody's work.

One ``INSERT`` for all of them, without what ``create`` is for: defaults, rights,
rounding, computed fields. The caller has all values, ready for the database.
"""

import itertools

from psycopg2.extras import Json

from odoo.tools import SQL


def append_rows(model, rows, listed_by=()):
    """Insert ``rows`` of column values into ``model``, and return their records.

    :param rows: dicts: ids for many2one, dicts and lists for json fields, amounts
        rounded; what is missing or False is empty
    :param listed_by: many2one fields whose lists on the other side show the new ones
    """
    if not rows:
        return model.browse()
    log = {"create_uid": model.env.uid, "create_date": model.env.cr.now()}
    log |= {"write_uid": log["create_uid"], "write_date": log["create_date"]}
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = [[_to_cell(model, name, row.get(name)) for name in names] for row in rows]
    model.env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) VALUES %s RETURNING id",
            SQL.identifier(model._table),
            SQL(", ").join(map(SQL.identifier, [*names, *log])),
            SQL(", ").join((*map(_adapt, cells), *log.values()) for cells in table),
        )
    )
    records = model.browse(row[0] for row in model.env.cr.fetchall())
    columns = dict(zip(names, zip(*table, strict=True), strict=True))
    _remember(records, columns, log)
    for name in listed_by:
        for key, part in records.grouped(name).items():
            model._fields[name]._update_inverses(part, key.id or None)
    return records


def _to_cell(model, name, value):
    if value is False and model._fields[name].type != "boolean":
        return None
    return value


def _adapt(value):
    return Json(value) if isinstance(value, dict | list) else value


def _remember(records, columns, log):
    """Put all into the cache: whoever added the records reads them at once."""
    for name, field in records._fields.items():
        if field.store and field.column_type:
            nothing = itertools.repeat(log.get(name))
            field._insert_cache(records, columns.get(name, nothing))
