"""Printing through the Chromium in the place of wkhtmltopdf."""

import io

from pypdf import PdfReader

from odoo import Command
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestPdfPrinting(HttpCase):
    """Quotations reach the customer as PDF with the company's stationery."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write(
            {"name": "Print House", "report_footer": "<p>footer-of-the-house</p>"}
        )
        customer = cls.env["res.partner"].create({"name": "Paper Buyer"})
        product = cls.env["product.product"].create(
            {"name": "Resin", "type": "consu", "list_price": 10}
        )
        cls.orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "order_line": [
                        Command.create(
                            {"product_id": product.id, "name": f"{item} {n}"}
                        )
                        for n in range(lines)
                    ],
                }
                for item, lines in (("Epoxy", 2), ("Acrylic", 60))
            ]
        )

    def _print(self, orders):
        """The text of each page of the printed quotations."""
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        # Chromium loads the style sheets from the server of the test.
        self.env["ir.config_parameter"].sudo().set_param("report.url", self.base_url())
        content, kind = report._render_qweb_pdf(
            "sale.action_report_saleorder", orders.ids
        )
        self.assertEqual(kind, "pdf")
        return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]

    def test_two_quotations_are_printed_with_header_footer_and_page_numbers(self):
        """Both documents are there, each page with the company's footer."""
        pages = self._print(self.orders)
        text = "\n".join(pages)
        self.assertGreater(len(pages), 2, "the long quotation takes several pages")
        for order in self.orders:
            self.assertIn(order.name, text)
        self.assertIn("Epoxy 1", text)
        self.assertIn("Acrylic 59", text)
        for page in pages:
            self.assertIn("Print House", page)
            self.assertIn("footer-of-the-house", page)
        self.assertIn(f"{len(pages) - 1} / {len(pages) - 1}", pages[-1])
