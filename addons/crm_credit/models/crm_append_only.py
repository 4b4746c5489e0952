import itertools

from psycopg2.extras import Json

from odoo import models
from odoo.tools import SQL


class CrmAppendOnly(models.AbstractModel):
    """Records that are added by the system in the middle of somebody's work.

    One ``INSERT`` for all of them, without what ``create`` is for: defaults, rights,
    rounding, computed fields. The caller has all values, ready for the database.
    """

    _name = "crm.append.only"
    _description = "Rows Added by the System"

    #: Many2one fields whose lists of records on the other side show the new ones.
    _append_to = frozenset()

    def _append(self, rows):
        """Insert ``rows`` of column values, and return their records.

        Ids for many2one, dicts and lists for json fields, amounts rounded; what is
        missing or False is empty.
        """
        if not rows:
            return self.browse()
        log = {"create_uid": self.env.uid, "create_date": self.env.cr.now()}
        log |= {"write_uid": log["create_uid"], "write_date": log["create_date"]}
        names = list(dict.fromkeys(name for row in rows for name in row))
        names = [name for name in names if name not in log]
        table = [[self._to_cell(name, row.get(name)) for name in names] for row in rows]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(self._table),
                SQL(", ").join(map(SQL.identifier, [*names, *log])),
                SQL(", ").join((*map(_adapt, cells), *log.values()) for cells in table),
            )
        )
        records = self.browse(row[0] for row in self.env.cr.fetchall())
        columns = dict(zip(names, zip(*table, strict=True), strict=True))
        self._remember(records, columns, log)
        return records

    def _to_cell(self, name, value):
        if value is False and self._fields[name].type != "boolean":
            return None
        return value

    def _remember(self, records, columns, log):
        """Put all into the cache: whoever added the records reads them at once."""
        for name, field in self._fields.items():
            if field.store and field.column_type:
                nothing = itertools.repeat(log.get(name))
                field._insert_cache(records, columns.get(name, nothing))
        for name in columns.keys() & self._append_to:
            for key, part in records.grouped(name).items():
                self._fields[name]._update_inverses(part, key.id)


def _adapt(value):
    return Json(value) if isinstance(value, dict | list) else value
