from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _first_invoice_exception_msg(self):
        """Posting is never stopped: what was delivered is owed.

        The gate decides before goods or people move. Stopping here would let one
        customer over the limit hold up a whole batch of invoices.
        """
        return False, False
