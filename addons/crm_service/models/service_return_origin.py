from odoo import api, fields, models


class ServiceReturnOrigin(models.AbstractModel):
    """A document of core with lines that belong to returns."""

    _name = "service.return.origin"
    _description = "Document of a Return"

    #: From the document to its lines of returns.
    _return_lines_path = None

    service_return_ids = fields.Many2many(
        "service.return", compute="_compute_service_return_ids"
    )
    service_return_count = fields.Integer(compute="_compute_service_return_ids")

    @api.depends(
        lambda self: [self._return_lines_path] if self._return_lines_path else []
    )
    def _compute_service_return_ids(self):
        for document in self:
            # who may not read returns sees their number only
            returns = document.sudo().mapped(self._return_lines_path).return_id
            document.service_return_ids = returns
            document.service_return_count = len(returns)

    def action_view_service_returns(self):
        self.ensure_one()
        returns = self.service_return_ids
        return returns._get_document_action(returns, self.env._("Returns"))
