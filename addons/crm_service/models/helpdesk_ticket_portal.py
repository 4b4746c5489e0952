"""A request that a customer writes in the portal."""

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ..tools import portal_form


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    @api.model
    def _get_portal_choices(self):
        """Return the products and contracts this user may choose: rules decide."""
        ours = Domain("company_id", "in", (False, self.env.company.id))
        return {
            "assets": self.env["service.asset"].search(
                ours & Domain("state", "in", ("delivered", "active"))
            ),
            "contracts": self.env["contract.contract"].search(
                ours & Domain("state", "in", ("active", "suspended"))
            ),
        }

    @api.model
    def _read_portal_form(self, post):
        """Return the values of a new request out of the fields ``post`` of the form.

        :raise UserError: with one line for everything that is missing or wrong
        """
        category = self._read_portal_category(post)
        choices = self._get_portal_choices()
        asset = self._choose(choices["assets"], post.get("asset_id"))
        contract = self._choose(choices["contracts"], post.get("contract_id"))
        answers, wrong = portal_form.read_answers(
            category.service_question_ids._get_questions(),
            {
                int(name.removeprefix("question_")): text
                for name, text in post.items()
                if name.removeprefix("question_").isdigit()
            },
        )
        subject = (post.get("subject") or "").strip()[:200]
        description = (post.get("description") or "").strip()[:20000]
        problems = [self._explain_answer(problem) for problem in wrong]
        if not subject:
            problems.append(self.env._("Please write a subject."))
        if not description:
            problems.append(self.env._("Please describe what happened."))
        needed = category.service_asset == "required" and choices["assets"]
        if needed and not asset:
            problems.append(self.env._("Please choose the product it is about."))
        if problems:
            raise UserError("\n".join(problems))
        return {
            "name": subject,
            "category_id": category.id,
            "kind": category.service_kind or "incident",
            "asset_id": asset.id,
            "contract_id": contract.id,
            "description": self._render_answers(answers) + plaintext2html(description),
        }

    @api.model
    def _read_portal_category(self, post):
        categories = self.env["helpdesk.ticket.category"].sudo()  # names and questions
        chosen = self._choose(
            categories.search(
                [
                    ("show_in_portal", "=", True),
                    ("company_id", "in", (False, self.env.company.id)),
                ]
            ),
            post.get("category"),
        )
        if not chosen and self._needs_portal_category():
            raise UserError(self.env._("Please choose what it is about."))
        return chosen

    @api.model
    def _needs_portal_category(self):
        company = self.env.company
        return (
            company.helpdesk_mgmt_portal_select_category
            and company.helpdesk_mgmt_portal_category_id_required
        )

    @api.model
    def _choose(self, records, text):
        """Return the one of ``records`` whose id is ``text``, none without text.

        :raise UserError: when it is none of them: deleted meanwhile, or somebody else's
        """
        if not text:
            return records.browse()
        chosen = records.filtered(lambda record: str(record.id) == str(text))
        if not chosen:
            raise UserError(
                self.env._("What you chose is no longer there. Please choose again.")
            )
        return chosen

    @api.model
    def _explain_answer(self, problem):
        return {
            "missing": self.env._("Please answer: %(question)s", question=problem.name),
            "number": self.env._(
                "%(question)s: %(text)s is not a number.",
                question=problem.name,
                text=problem.text,
            ),
            "date": self.env._(
                "%(question)s: %(text)s is not a date.",
                question=problem.name,
                text=problem.text,
            ),
            "choice": self.env._(
                "%(question)s: please choose one of the answers.",
                question=problem.name,
            ),
        }[problem.code]

    @api.model
    def _render_answers(self, answers):
        """Return the answers as a table: what the agent reads first."""
        if not answers:
            return Markup()
        rows = Markup().join(
            Markup("<tr><td>%s</td><td>%s</td></tr>") % row for row in answers
        )
        return Markup('<table class="table table-sm"><tbody>%s</tbody></table>') % rows
