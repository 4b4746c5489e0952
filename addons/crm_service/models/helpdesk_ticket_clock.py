from odoo import api, fields, models
from odoo.fields import Domain

from .service_clock import OPEN


class HelpdeskTicketStage(models.Model):
    _inherit = "helpdesk.ticket.stage"

    service_void = fields.Boolean(
        "Clocks become void",
        help="A request that ends here was cancelled: its clocks count neither as "
        "met nor as missed.",
    )


class HelpdeskTicketTeam(models.Model):
    _inherit = "helpdesk.ticket.team"

    service_level_id = fields.Many2one(
        "service.level",
        "Service level",
        check_company=True,
        help="For requests that no contract promises more to.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "service_level_id" in vals:
            tickets = self.env["helpdesk.ticket"].search(
                [("team_id", "in", self.ids), ("closed", "=", False)]
            )
            tickets._retarget_clocks(self.env._("Service level of the team changed"))
        return result


class ContractContract(models.Model):
    _inherit = "contract.contract"

    service_level_id = fields.Many2one("service.level", "Service level", tracking=True)

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"service_level_id", "state"}:
            tickets = self.env["helpdesk.ticket"].search(
                [
                    ("decision_id.contract_id", "in", self.ids),
                    ("closed", "=", False),
                ]
            )
            if "state" in vals:
                tickets._follow_stage()  # a suspended contract stops its clocks
            if "service_level_id" in vals:
                reason = self.env._("Service level of the contract changed")
                tickets._retarget_clocks(reason)
        return result


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    service_level_id = fields.Many2one(
        "service.level", "Service level", readonly=True, copy=False, index=True
    )
    clock_ids = fields.One2many("service.clock", "ticket_id", "Clocks", readonly=True)
    service_deadline = fields.Datetime(
        "Next deadline",
        compute="_compute_service_deadline",
        store=True,
        index=True,
        help="The earliest deadline of the clocks that are still open.",
    )
    service_late = fields.Boolean(
        "Late", compute="_compute_service_late", search="_search_service_late"
    )

    @api.depends("clock_ids.deadline", "clock_ids.state")
    def _compute_service_deadline(self):
        for ticket in self:
            ticket.service_deadline = min(
                (
                    clock.deadline
                    for clock in ticket.clock_ids
                    if clock.state in OPEN and clock.deadline
                ),
                default=False,
            )

    @api.depends("clock_ids.state", "clock_ids.deadline")
    def _compute_service_late(self):
        for ticket in self:
            ticket.service_late = any(ticket.clock_ids.mapped("breached"))

    def _search_service_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("clock_ids.breached", "=", True)
        return Domain.OR(late if flag else ~late for flag in set(value))

    # -- life of the clocks ------------------------------------------------------

    def _get_service_level(self):
        """Return the level that holds: of the contract, else team, else company."""
        self.ensure_one()
        decision = self.decision_id
        pays = decision.rule not in ("suspended", "ended")
        contract = decision.contract_id
        return self._choose_level(contract if pays else contract.browse())

    def _choose_level(self, contract):
        return (
            contract.service_level_id
            or self.team_id.service_level_id
            or self.company_id.service_level_id
        )

    def _get_promises(self, level):
        response, resolution = level._get_promise(self.kind, self.priority)
        return {"response": response, "resolution": resolution}

    def _get_clock_mode(self):
        """Return (running, reason) for the stage the request is in."""
        contract, stage = self.decision_id.contract_id, self.stage_id
        if contract and contract._get_service_state() == "suspended":
            return False, self.env._("Contract suspended")
        return not self.service_level_id._is_paused_in(stage), stage.name

    def _start_clocks(self):
        clocks = self.env["service.clock"].sudo()  # agents read clocks only
        vals_list = []
        for ticket in self.sudo():  # levels of contracts the creator may not read
            level = ticket.service_level_id
            if not level or ticket.closed:
                continue
            running, reason = ticket._get_clock_mode()
            vals_list += [
                clocks._prepare_clock(ticket, kind, hours, level, running, reason)
                for kind, hours in ticket._get_promises(level).items()
                if hours
            ]
        return clocks._start(vals_list)

    def _follow_stage(self):
        """Let the clocks follow the new stage: run, pause, stop, void, reopen."""
        now = fields.Datetime.now()
        for ticket in self.sudo():  # agents read clocks only
            clocks, stage = ticket.clock_ids, ticket.stage_id
            if stage.closed:
                clocks._stop(void=stage.service_void, at=now)
                if stage.service_void:
                    ticket._give_back_requests()
                continue
            running, reason = ticket._get_clock_mode()
            reopened = clocks.filtered(
                lambda clock: clock.state not in OPEN and clock._is_reopened()
            )
            (clocks.filtered(lambda c: c.state in OPEN) | reopened)._turn(
                running, reason, now
            )

    def _follow_team(self, vals):
        if not vals.keys() & self._DECIDING_FIELDS:
            self._register_decisions("changed")
        self._retarget_clocks(self.env._("Moved to another team"))

    def _retarget_clocks(self, reason):
        """Bring clocks in line with level, kind and priority; say so in a note."""
        for ticket in self.sudo():  # agents read clocks and levels only
            level = ticket._get_service_level()
            notes = ticket._retarget(level, reason) if level else []
            if ticket.service_level_id != level:
                ticket.service_level_id = level
            if notes:
                ticket._message_log(body=f"{reason}. {'; '.join(notes)}")

    def _retarget(self, level, reason):
        notes, promises = [], self._get_promises(level)
        for clock in self.clock_ids.filtered(lambda clock: clock.state in OPEN):
            hours, before = promises[clock.kind], clock.deadline
            if not hours:
                clock._stop(void=True)
            elif (level, hours, level.calendar_id) != (
                clock.level_id,
                clock.target_hours,
                clock.calendar_id,
            ):
                clock._retarget(level, hours, reason)
            if clock.deadline != before or clock.state not in OPEN:
                notes.append(clock._get_moved_note(before))
        return notes + self._start_missing_clocks(level, promises)

    def _start_missing_clocks(self, level, promises):
        """Start clocks for promises that the request did not have before."""
        if self.closed:
            return []
        clocks = self.env["service.clock"]
        kinds = {kind for kind, hours in promises.items() if hours}
        kinds -= set(self.clock_ids.mapped("kind"))
        if self.first_response_date:
            kinds.discard("response")
        self.service_level_id = level
        running, reason = self._get_clock_mode()
        new = clocks._start(
            [
                clocks._prepare_clock(
                    self, kind, promises[kind], level, running, reason
                )
                for kind in sorted(kinds)
            ]
        )
        return [clock._get_moved_note(False) for clock in new]

    # -- first answer --------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if self._is_answer(message):
            now = fields.Datetime.now()
            ticket = self.sudo()  # agents read clocks only
            ticket.clock_ids.filtered(lambda c: c.kind == "response")._stop(at=now)
            if not ticket.first_response_date:
                ticket.first_response_date = now
        return result

    def _is_answer(self, message):
        """An answer is what a colleague writes and the customer can read."""
        author = message.author_id
        return (
            message.message_type in ("comment", "email_outgoing")
            and not message.is_internal
            and message.subtype_id == self.env.ref("mail.mt_comment")
            and any(not user.share for user in author.sudo().user_ids)  # own staff?
            and author.commercial_partner_id != self.commercial_partner_id
        )
