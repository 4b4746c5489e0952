from odoo import models


class ServiceReturn(models.Model):
    _inherit = "service.return"
