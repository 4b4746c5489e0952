from odoo import fields, models


class CrmValueRunStep(models.Model):
    """A step of a run: what is done is not done again when a run is resumed."""

    _name = "crm.value.run.step"
    _description = "Customer Value Run Step"
    _order = "run_id, sequence, id"
    _rec_name = "code"

    run_id = fields.Many2one("crm.value.run", required=True, ondelete="cascade")
    sequence = fields.Integer()
    code = fields.Selection(
        [
            ("facts", "Customer facts"),
            ("months", "Monthly facts"),
            ("features", "Loyalty and risk"),
            ("values", "Scores and classes"),
            ("rules", "Association rules and suggestions"),
            ("bucket", "Leaking bucket"),
            ("findings", "Findings"),
            ("checks", "Proof against the ledger"),
            ("snapshot", "Month-end snapshot"),
            ("playbooks", "Playbooks"),
            ("alarms", "Alarms"),
        ],
        string="Step",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [("pending", "To Do"), ("done", "Done"), ("failed", "Failed")],
        default="pending",
        readonly=True,
    )
    seconds = fields.Float(readonly=True, digits=(10, 3))
    row_count = fields.Integer("Rows Written", readonly=True)

    _run_idx = models.Index("(run_id, sequence)")
