from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import decision as kernel


class ContractContract(models.Model):
    """What the check asks of contracts."""

    _inherit = "contract.contract"

    @api.model
    def _fetch_for_requests(self, domain):
        """Return contracts with what the check reads of them, in one statement."""
        columns = ("commercial_partner_id", "company_id", "name", "state")
        columns += ("date_end", "service_level_id")
        # as these lists are kept in the cache: in order, with what is archived
        lists = {
            "suspension_ids": "date_from DESC, id DESC",
            "entitlement_ids": "sequence, id",
        }
        self.env["service.entitlement"].flush_model(["contract_id", "sequence"])
        self.env["service.contract.suspension"].flush_model(
            ["contract_id", "date_from"]
        )
        query = self._search(domain)
        rows = self.env.execute_query(
            query.select(
                SQL.identifier(query.table, "id"),
                *(self._field_to_sql(query.table, name, query) for name in columns),
                *(self._list_ids(query.table, *item) for item in lists.items()),
            )
        )
        if not rows:
            return self.browse()
        ids, *values = zip(*rows, strict=True)
        contracts = self.browse(ids)
        for name, column in zip((*columns, *lists), values, strict=True):
            cells = map(tuple, column) if name in lists else column
            self._fields[name]._insert_cache(contracts, cells)
        return contracts

    def _list_ids(self, alias, name, order):
        return SQL(
            "ARRAY(SELECT id FROM %s WHERE contract_id = %s ORDER BY %s)",
            SQL.identifier(self.env[self._fields[name].comodel_name]._table),
            SQL.identifier(alias, "id"),
            SQL(order),
        )

    def _get_service_entitlements(self, ticket):
        """Return {key: kernel entitlement} of what these contracts owe ``ticket``.

        The key is the entitlement that pays. A running contract with a service level
        and without any entitlement covers its requests without limit: then the key
        is the contract.
        """
        result = {}
        booked = ticket._get_booked_requests()
        for contract in self:
            if contract._get_service_state() != "active":
                continue
            if not contract.entitlement_ids and contract.service_level_id:
                end = contract.date_end or None
                result[contract] = kernel.Entitlement(contract, None, end)
            for entitlement in contract.entitlement_ids:
                if entitlement._pays_for(ticket):
                    result[entitlement] = kernel.Entitlement(
                        entitlement,
                        None
                        if entitlement.unlimited
                        else entitlement.remaining + booked.get(entitlement, 0.0),
                        entitlement.date_end or None,
                        2 * bool(entitlement.product_ids) + bool(entitlement.site_ids),
                    )
        return result

    def _get_payer_values(self, verdict):
        """Return (contract, values of the decision about it)."""
        payer = verdict.payer
        if not payer:
            state = {"suspended": "suspended", "ended": "ended"}.get(verdict.rule)
            contract = self.filtered(lambda c: c._get_service_state() == state)[:1]
            return contract, {}
        counted = payer._name == "service.entitlement"
        contract = payer.contract_id if counted else payer
        return contract, {
            "contract_line_id": payer.contract_line_id.id if counted else False,
            "entitlement_id": payer.id if counted else False,
            "entitlement_name": payer.name if counted else self.env._("Service"),
            "remainder": verdict.remainder or 0.0,
            "unlimited": verdict.remainder is None,
            "unit": payer.kind if counted else False,
        }


class ServiceEntitlement(models.Model):
    _inherit = "service.entitlement"

    #: What may pay for a request of a kind; incidents are the rule.
    _PAYING_KINDS = {"visit": ("visits", "hours"), None: ("requests", "hours")}

    def _pays_for(self, ticket):
        """Tell whether this entitlement is about the kind, product, site and day."""
        self.ensure_one()
        kinds = self._PAYING_KINDS.get(ticket.kind, self._PAYING_KINDS[None])
        today = fields.Date.context_today(ticket)
        return (
            self.kind in kinds
            and self.date_start <= today
            and (not self.date_end or self.date_end >= today)
            and self._covers(
                ticket.product_id, ticket.asset_id.site_id or ticket.partner_id
            )
        )
