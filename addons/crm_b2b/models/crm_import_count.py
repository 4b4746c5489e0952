from odoo import fields, models


class CrmImportCount(models.Model):
    _name = "crm.import.count"
    _description = "Counts of a CRM import by kind of record"
    _order = "sequence, id"
    _rec_name = "kind"

    KINDS = [
        ("accounts", "Accounts"),
        ("products", "Products"),
        ("agents", "Sales agents"),
        ("managers", "Managers"),
        ("teams", "Sales teams"),
        ("deals", "Opportunities"),
        ("orders", "Orders"),
        ("invoices", "Invoices"),
        ("payments", "Payments"),
    ]

    run_id = fields.Many2one(
        "crm.import.run", string="Import", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    row_count = fields.Integer("Rows read", readonly=True)
    created = fields.Integer(readonly=True)
    existing = fields.Integer(
        readonly=True, help="Imported before, or the same name existed."
    )
    rejected = fields.Integer(readonly=True)
    warnings = fields.Integer(readonly=True)
    done = fields.Integer(readonly=True, help="Rows worked on, created or refused.")
    seconds = fields.Float(readonly=True)

    _kind_uniq = models.Constraint(
        "UNIQUE (run_id, kind)", "An import counts each kind of record once."
    )
