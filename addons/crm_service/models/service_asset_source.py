"""Where installed products come from and where they are seen."""

from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    service_installed_base = fields.Boolean(
        "Track as installed product",
        help="A delivery of a serial number to a customer opens an installed product.",
    )
    service_warranty_months = fields.Integer("Warranty (months)")
    service_warranty_terms = fields.Html("Warranty terms", translate=True)

    _warranty_months = models.Constraint(
        "CHECK (service_warranty_months >= 0)",
        "The months of a warranty cannot be negative.",
    )


class ProductProduct(models.Model):
    _inherit = "product.product"

    service_asset_count = fields.Integer(compute="_compute_service_asset_count")

    def _compute_service_asset_count(self):
        counts = dict(
            self.env["service.asset"]._read_group(
                [("product_id", "in", self.ids)], ["product_id"], ["__count"]
            )
        )
        for product in self:
            product.service_asset_count = counts.get(product, 0)

    def action_view_service_assets(self):
        return self.env["service.asset"]._get_list_action(
            [("product_id", "in", self.ids)], {"default_product_id": self[:1].id}
        )


class StockLot(models.Model):
    _inherit = "stock.lot"

    service_asset_count = fields.Integer(compute="_compute_service_asset_count")

    def _compute_service_asset_count(self):
        counts = dict(
            self.env["service.asset"]._read_group(
                [("lot_id", "in", self.ids)], ["lot_id"], ["__count"]
            )
        )
        for lot in self:
            lot.service_asset_count = counts.get(lot, 0)

    def action_view_service_assets(self):
        return self.env["service.asset"]._get_list_action(
            [("lot_id", "in", self.ids)], {}
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    service_asset_count = fields.Integer(compute="_compute_service_asset_count")

    def _compute_service_asset_count(self):
        counts = dict(
            self.env["service.asset"]._read_group(
                [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.service_asset_count = counts.get(partner.commercial_partner_id, 0)

    def action_view_service_assets(self):
        return self.env["service.asset"]._get_list_action(
            [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
            {"default_partner_id": self[:1].id},
        )


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        self.filtered(lambda picking: picking.state == "done")._update_service_assets()
        return result

    def _update_service_assets(self):
        """Open installed products for what customers got, close what came back."""
        # Stock users need not be allowed to write the installed base.
        assets = self.env["service.asset"].sudo()
        lines = self.move_line_ids.filtered(
            lambda line: line.lot_id and line.product_id.service_installed_base
        )
        known = assets.search(
            [
                ("lot_id", "in", lines.lot_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "in", ("delivered", "active")),
            ]
        ).grouped("lot_id")
        out = lines.filtered(lambda line: line.location_dest_id.usage == "customer")
        new = out.filtered(lambda line: line.lot_id not in known)
        back = (lines - out).filtered(
            lambda line: line.location_id.usage == "customer" and line.lot_id in known
        )
        for line in back:
            known[line.lot_id].state = "returned"
            known[line.lot_id]._message_log(
                body=self.env._(
                    "Came back with %(picking)s.", picking=line.picking_id.name
                )
            )
        return assets.create(
            [
                vals
                for line in new
                if (vals := line._prepare_service_asset())["partner_id"]
            ]
        )


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _prepare_service_asset(self):
        picking = self.picking_id
        site = picking.partner_id
        return {
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "quantity": self.quantity,
            "partner_id": site.commercial_partner_id.id,
            "site_id": site.id,
            "company_id": picking.company_id.id,
            "delivery_date": fields.Date.context_today(self, picking.date_done),
            "picking_id": picking.id,
        }


class ServiceAsset(models.Model):
    _inherit = "service.asset"

    @api.model
    def _get_list_action(self, domain, context):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_service.service_asset_action"
        )
        return action | {"domain": domain, "context": context}
