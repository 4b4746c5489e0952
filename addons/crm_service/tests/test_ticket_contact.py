from odoo.tests import TransactionCase


class TestTicketContact(TransactionCase):
    """Name and address of the contact are filled whichever way a ticket comes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create(
            {"name": "Ann Acme", "email": "ann@acme.example"}
        )

    def _ticket(self, **values):
        return self.env["helpdesk.ticket"].create(
            {"name": "Leak", "description": "Leaks", "partner_id": self.partner.id}
            | values
        )

    def test_create_fills_name_and_address(self):
        """Covers: SRV-01"""
        self.assertRecordValues(
            self._ticket(),
            [{"partner_name": "Ann Acme", "partner_email": "ann@acme.example"}],
        )

    def test_create_keeps_what_was_given(self):
        """The address in a mail says more than the one on the contact."""
        ticket = self._ticket(partner_email="ann@home.example")
        self.assertRecordValues(
            ticket, [{"partner_name": "Ann Acme", "partner_email": "ann@home.example"}]
        )

    def test_create_without_contact_leaves_both_empty(self):
        ticket = self._ticket(partner_id=False)
        self.assertRecordValues(
            ticket, [{"partner_name": False, "partner_email": False}]
        )

    def test_create_in_batch_reads_each_contact(self):
        other = self.partner.create({"name": "Bob", "email": "bob@b.example"})
        tickets = self.env["helpdesk.ticket"].create(
            [
                {"name": "1", "description": "1", "partner_id": partner.id}
                for partner in (self.partner, other)
            ]
        )
        self.assertEqual(tickets.mapped("partner_name"), ["Ann Acme", "Bob"])
