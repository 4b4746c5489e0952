from datetime import datetime, time

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.crm_import_match import is_unpaid, payment_date


class CrmImportLoader(models.AbstractModel):
    _inherit = "crm.import.loader"

    @api.model
    def _import_deals(self, job, rows):
        """Import one batch of deals with the documents of the won ones, or none of it."""
        leads = self._create_leads(job, rows)
        self._mark_imported(job.profile, "deals", [row.key for row in rows], leads)
        job.count("deals", len(leads))
        won = [
            (row, lead)
            for row, lead in zip(rows, leads, strict=True)
            if row.values["outcome"] == "won" and lead.partner_id
        ]
        if not won:
            return
        won_rows = [row for row, _lead in won]
        orders = self._create_orders(job, won)
        job.count("orders", len(orders))
        if job.profile.options["documents"] == "order":
            return
        invoices = self._create_invoices(job, won_rows, orders)
        job.count("invoices", len(invoices))
        if job.profile.options["documents"] == "payment":
            job.count("payments", len(self._pay_invoices(job, won_rows, invoices)))

    @api.model
    def _noon(self, day):
        """Return the datetime of ``day`` at noon UTC: the same day nearly everywhere."""
        return datetime.combine(day, time(12))

    # opportunities

    @api.model
    def _create_leads(self, job, rows):
        leads = self.env["crm.lead"].create([self._prepare_lead(job, r) for r in rows])
        self._backdate_leads(rows, leads)
        return leads

    @api.model
    def _prepare_lead(self, job, row):
        values = row.values
        stage = job.profile.stages[values["stage"]]
        agent = values.get("agent")
        prepared = {
            "type": "opportunity",
            "name": self._get_deal_name(job.profile, row),
            "partner_id": job.ids["accounts"].get(values.get("account")),
            "user_id": job.ids["agents"].get(agent, False),
            "team_id": job.ids["teams"].get(agent, False),
            "company_id": self.env.company.id,
            "expected_revenue": self._get_revenue(job, values),
            "stage_id": job.cache["stages"][stage].id,
            "tag_ids": self._get_tags(job, values),
        }
        if values["close_date"]:
            prepared["date_deadline"] = values["close_date"]
        if values["outcome"] != "open":
            prepared["date_closed"] = self._noon(values["close_date"])
        if values["outcome"] == "won":
            prepared["probability"] = 100
        elif values["outcome"] == "lost":
            prepared |= {
                "active": False,
                "probability": 0,
                "lost_reason_id": job.cache["lost_reasons"][
                    self._get_lost_reason_name(job.profile, stage)
                ].id,
            }
        return prepared

    @api.model
    def _get_deal_name(self, profile, row):
        if row.values.get("name"):
            return row.values["name"]
        name = profile.options["deal_name"].replace("{id}", row.key)
        for key in ("product", "account", "agent"):
            name = name.replace(f"{{{key}}}", row.values.get(key) or "")
        return name.strip(" -") or row.key

    @api.model
    def _get_revenue(self, job, values):
        amount = float(values["amount"] or 0)
        if amount or values["outcome"] == "won":
            return amount
        if job.profile.options["missing_amount"] == "list_price":
            return job.cache["prices"].get(values.get("product"), 0.0)
        return amount

    @api.model
    def _prepare_cache(self, job):
        """Look up or make once what every batch needs.

        Records are made here and not within a batch, which may be rolled back.
        """
        products = self.env["product.product"]
        job.cache["prices"] = {
            name: products.browse(product_id).list_price
            for name, product_id in job.ids["products"].items()
        }
        job.cache["tags"] = self._get_or_create("crm.tag", job.ids["products"])
        job.cache["term"] = self._get_payment_term(job.profile)
        stages = job.profile.stages.values()
        job.cache["stages"] = {spec: self._find_stage(spec) for spec in stages}
        job.cache["lost_reasons"] = self._get_or_create(
            "crm.lost.reason",
            [
                self._get_lost_reason_name(job.profile, spec)
                for spec in stages
                if spec.outcome == "lost"
            ],
        )
        if job.profile.options["documents"] == "payment":
            job.cache["payment"] = self._get_payment_defaults()

    @api.model
    def _get_tags(self, job, values):
        """Return the product of a deal as a tag, since a core opportunity has no product."""
        tag = job.cache["tags"].get(values.get("product"))
        return [Command.set(tag.ids)] if tag else []

    @api.model
    def _find_stage(self, spec):
        Stage = self.env["crm.stage"]
        if spec.outcome == "won":
            stage = Stage.search([("is_won", "=", True)], limit=1)
        elif spec.outcome == "lost" and not spec.stage:
            stage = Stage.search([("is_won", "=", False)], limit=1)
        elif "." in spec.stage:
            stage = self.env.ref(spec.stage, raise_if_not_found=False)
        else:
            stage = Stage.search([("name", "=", spec.stage)], limit=1)
        if not stage:
            raise UserError(
                self.env._(
                    "The profile puts deals into the stage %(stage)s, which does not "
                    "exist. Create the stage or name another one in the profile.",
                    stage=spec.stage or spec.outcome,
                )
            )
        return stage

    @api.model
    def _get_lost_reason_name(self, profile, spec):
        return spec.lost_reason or profile.options["lost_reason"]

    @api.model
    def _backdate_leads(self, rows, leads):
        """Set the dates of the past in one statement: create_date is not for the ORM."""
        dates = []
        for row, lead in zip(rows, leads, strict=True):
            opened = row.values["open_date"] or row.values["close_date"]
            final = row.values["outcome"] != "open"
            closed = row.values["close_date"] if final else None
            if opened:
                dates.append(
                    SQL(
                        "(%s, %s::timestamp, %s::timestamp)",
                        lead.id,
                        self._noon(opened),
                        self._noon(closed) if closed else None,
                    )
                )
        if not dates:
            return
        leads.flush_recordset()
        self.env.execute_query(
            SQL(
                """UPDATE crm_lead
                      SET create_date = past.opened,
                          date_open = CASE WHEN user_id IS NULL THEN NULL
                                           ELSE past.opened END,
                          day_open = CASE WHEN user_id IS NULL THEN NULL ELSE 0 END,
                          date_closed = past.closed,
                          day_close = past.closed::date - past.opened::date,
                          date_last_stage_update = coalesce(past.closed, past.opened)
                     FROM (VALUES %s) AS past (id, opened, closed)
                    WHERE crm_lead.id = past.id
                RETURNING crm_lead.id""",
                SQL(", ").join(dates),
            )
        )
        leads.invalidate_recordset()

    # orders and deliveries

    @api.model
    def _create_orders(self, job, won):
        orders = self.env["sale.order"].create(
            [self._prepare_order(job, row, lead) for row, lead in won]
        )
        orders.action_confirm()
        self._backdate_orders([row for row, _lead in won], orders)
        if job.profile.options["deliver"]:
            self._deliver(orders)
        return orders

    @api.model
    def _prepare_order(self, job, row, lead):
        line = {
            "product_id": job.ids["products"][row.values["product"]],
            "product_uom_qty": 1,
            "price_unit": float(row.values["amount"]),
            "discount": 0,
        }
        if job.profile.options["taxes"] == "none":
            line["tax_ids"] = [Command.clear()]
        return {
            "partner_id": lead.partner_id.id,
            "opportunity_id": lead.id,
            "user_id": lead.user_id.id,
            "team_id": lead.team_id.id,
            "company_id": self.env.company.id,
            "client_order_ref": row.key,
            "date_order": self._noon(row.values["close_date"]),
            "validity_date": False,
            "tag_ids": [Command.set(lead.tag_ids.ids)],
            "order_line": [Command.create(line)],
            **(
                {"payment_term_id": job.cache["term"].id}
                if job.cache.get("term")
                else {}
            ),
        }

    @api.model
    def _backdate_orders(self, rows, orders):
        """Undo that confirming dates an order today, one write a day."""
        by_day = {}
        for row, order in zip(rows, orders, strict=True):
            by_day.setdefault(row.values["close_date"], []).append(order.id)
        for day, ids in by_day.items():
            self.env["sale.order"].browse(ids).write({"date_order": self._noon(day)})

    @api.model
    def _deliver(self, orders):
        """Let the goods leave the warehouse at the date of their order."""
        moves = orders.picking_ids.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        if not moves:
            return
        for move in moves:
            move.quantity = move.product_uom_qty
        moves.picked = True
        moves._action_done()
        self._backdate_moves(moves)

    @api.model
    def _backdate_moves(self, moves):
        """Set move and transfer dates to the order's, in one statement a table."""
        self.env.flush_all()
        moved = SQL("date = so.date_order, date_deadline = so.date_order")
        sent = SQL("date_done = so.date_order, scheduled_date = so.date_order")
        for table, dates, link in (
            ("stock_move", moved, "stock_move.id = move.id"),
            ("stock_move_line", SQL("date = so.date_order"), "move_id = move.id"),
            ("stock_picking", sent, "stock_picking.id = move.picking_id"),
        ):
            self.env.execute_query(
                SQL(
                    """UPDATE %s SET %s
                         FROM stock_move move
                         JOIN sale_order_line line ON line.id = move.sale_line_id
                         JOIN sale_order so ON so.id = line.order_id
                        WHERE %s AND move.id = ANY(%s)
                    RETURNING so.id""",
                    SQL.identifier(table),
                    dates,
                    SQL(link),
                    moves.ids,
                )
            )
        moves.invalidate_recordset(["date", "date_deadline"])
        moves.move_line_ids.invalidate_recordset(["date"])
        moves.picking_id.invalidate_recordset(["date_done", "scheduled_date"])

    # invoices and payments

    @api.model
    def _create_invoices(self, job, rows, orders):
        Move = self.env["account.move"].with_context(default_move_type="out_invoice")
        invoices = Move.create(
            [
                self._prepare_invoice(job, row, order)
                for row, order in zip(rows, orders, strict=True)
            ]
        )
        invoices._post(soft=False)
        return invoices

    @api.model
    def _prepare_invoice(self, job, row, order):
        days = job.profile.options["invoice_after_days"]
        return {
            **order._prepare_invoice(),
            "invoice_date": fields.Date.add(row.values["close_date"], days=days),
            "invoice_line_ids": [
                Command.create(
                    line._prepare_invoice_line(quantity=line.product_uom_qty)
                )
                for line in order.order_line
            ],
        }

    @api.model
    def _get_payment_term(self, profile):
        name = profile.options["payment_term"]
        if not name:
            return self.env["account.payment.term"]
        term = (
            self.env.ref(name, raise_if_not_found=False)
            if "." in name
            else self.env["account.payment.term"].search([("name", "=", name)], limit=1)
        )
        if not term:
            raise UserError(
                self.env._(
                    "The profile names the payment term %(term)s, which does not exist. "
                    "Create it or name another one in the profile.",
                    term=name,
                )
            )
        return term

    @api.model
    def _pay_invoices(self, job, rows, invoices):
        """Pay each invoice but the seeded share; what falls due later stays open."""
        today = fields.Date.context_today(self)
        options = job.profile.options
        dates = {}
        for row, invoice in zip(rows, invoices, strict=True):
            day = payment_date(
                options["seed"],
                row.key,
                invoice.invoice_date_due,
                options["payment_delay_days"],
            )
            day = max(day, invoice.invoice_date)
            open_share = is_unpaid(options["seed"], row.key, options["unpaid_share"])
            if invoice.amount_residual and not open_share and day <= today:
                dates[invoice] = day
        if not dates:
            return self.env["account.payment"]
        return self._create_payments(job, dates)

    @api.model
    def _create_payments(self, job, dates):
        """Create, post and reconcile one payment for each {invoice: date}."""
        Payment = self.env["account.payment"]
        defaults = job.cache["payment"]
        receivables = [
            invoice.line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            )
            for invoice in dates
        ]
        payments = Payment.create(
            [
                {
                    **defaults,
                    "partner_id": invoice.commercial_partner_id.id,
                    "amount": invoice.amount_residual,
                    "currency_id": invoice.currency_id.id,
                    "date": day,
                    "memo": invoice.name,
                    "destination_account_id": lines.account_id[:1].id,
                }
                for (invoice, day), lines in zip(
                    dates.items(), receivables, strict=True
                )
            ]
        )
        payments.action_post()
        self.env["account.move.line"]._reconcile_plan(
            [
                lines
                + payment.move_id.line_ids.filtered(
                    lambda line, account=payment.destination_account_id: (
                        line.account_id == account
                    )
                )
                for payment, lines in zip(payments, receivables, strict=True)
            ]
        )
        return payments

    @api.model
    def _get_payment_defaults(self):
        """Return journal, method and account of the payments."""
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)],
            limit=1,
        )
        method = journal.inbound_payment_method_line_ids[:1]
        if not method:
            raise UserError(
                self.env._(
                    "The company %(company)s has no bank journal for payments. "
                    "Create one, or set documents: invoice in the profile.",
                    company=self.env.company.name,
                )
            )
        payment = self.env["account.payment"].new(
            {"journal_id": journal.id, "payment_type": "inbound"}
        )
        account = method.payment_account_id or payment._get_outstanding_account(
            "inbound"
        )
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "journal_id": journal.id,
            "payment_method_line_id": method.id,
            "outstanding_account_id": account.id,
        }
