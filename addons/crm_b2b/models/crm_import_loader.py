from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import SQL

from ..tools.crm_import_match import external_name
from ..tools.crm_import_parse import Parsed
from ..tools.crm_import_profile import Profile

#: nobody is told about records of the past; approvals, credit and stage gates concern
#: new ones (the import runs as superuser, for whom alone the last key counts)
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_auto_subscribe_no_notify": True,
    "no_reset_password": True,
    "skip_validation_check": True,
    "bypass_risk": True,
    "crm_b2b_skip_gates": True,
    "crm_import": True,
}


@dataclass
class Job:
    """What the steps of one import share: the input, and ids by kind and key."""

    profile: Profile
    parsed: Parsed
    ids: dict = field(default_factory=dict)
    created: dict = field(default_factory=dict)
    cache: dict = field(default_factory=dict)
    warnings: list = field(default_factory=list)

    def count(self, kind, number):
        self.created[kind] = self.created.get(kind, 0) + number


class CrmImportLoader(models.AbstractModel):
    _name = "crm.import.loader"
    _description = "Import of a CRM export: writes records from parsed rows"

    @api.model
    def _get_namespace(self, profile):
        """Return the module name of the external ids: no installed module has it."""
        return f"__import_crm_{profile.name}__"

    @api.model
    def _get_known_ids(self, profile, kind, keys):
        """Return {key: id} of the ``keys`` imported before, in one query."""
        names = {external_name(kind, key): key for key in keys}
        if not names:
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT name, res_id FROM ir_model_data
                    WHERE module = %s AND name = ANY(%s)""",
                self._get_namespace(profile),
                list(names),
            )
        )
        return {names[name]: res_id for name, res_id in rows}

    @api.model
    def _mark_imported(self, profile, kind, keys, records):
        """Give each record the external id of its key: the mark that it is imported."""
        self.env["ir.model.data"].create(
            [
                {
                    "module": self._get_namespace(profile),
                    "name": external_name(kind, key),
                    "model": records._name,
                    "res_id": record.id,
                    "noupdate": True,
                }
                for key, record in zip(keys, records, strict=True)
            ]
        )

    @api.model
    def _import_kind(self, job, kind, rows, match, create):
        """Import ``rows`` of one kind: known, else matched by name, else created.

        :param match: names -> {name: record} of existing records
        :param create: rows -> recordset in the same order
        """
        known = self._get_known_ids(job.profile, kind, [row.key for row in rows])
        left = [row for row in rows if row.key not in known]
        matched = match([row.values["name"] for row in left]) if left else {}
        found = [row for row in left if row.values["name"] in matched]
        new = [row for row in left if row.values["name"] not in matched]
        for row in found:
            record = matched[row.values["name"]]
            self._mark_imported(job.profile, kind, [row.key], record)
            known[row.key] = record.id
        if new:
            records = create(new)
            self._mark_imported(job.profile, kind, [row.key for row in new], records)
            known.update(zip([row.key for row in new], records.ids, strict=True))
            job.count(kind, len(records))
        return {row.values["name"]: known[row.key] for row in rows}, new

    @api.model
    def _find_by_name(self, model, names, domain=()):
        """Return {name: record}, the oldest where several carry the same name."""
        records = self.env[model].search_fetch(
            [("name", "in", list(names)), *domain], ["name"], order="id desc"
        )
        return {record.name: record for record in records}

    @api.model
    def _get_or_create(self, model, names, **values):
        """Return {name: record} for ``names``, made where they do not exist."""
        names = [name for name in dict.fromkeys(names) if name]
        records = self._find_by_name(model, names)
        missing = [name for name in names if name not in records]
        created = self.env[model].create([{"name": n, **values} for n in missing])
        return records | dict(zip(missing, created, strict=True))
