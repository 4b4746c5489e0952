from odoo import fields


class UncheckedMany2one(fields.Many2one):
    """What a derived row names, without a foreign key.

    For a key PostgreSQL looks up each row that is written, which takes as long as all
    else of it. Millions of rows name one company or one of ten groups. The company is
    kept by the documents they come from, the group by its ``unlink``; the customer has
    a real key.
    """

    def update_db_foreign_key(self, model, column):
        """Declare none."""
