from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext

from ..tools import likeness

#: Candidates that the trigram index hands to the kernel.
CANDIDATES = 60


class ServiceArticle(models.Model):
    """A known problem with its cause and its remedy."""

    _name = "service.article"
    _description = "Solution"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "used_count desc, id desc"
    _rec_names_search = ["name", "symptom"]

    name = fields.Char("Problem", required=True, tracking=True)
    symptom = fields.Text(help="What the customer sees, in the words he uses.")
    cause = fields.Text()
    remedy = fields.Html(sanitize_style=True)
    product_ids = fields.Many2many("product.product", string="Products")
    category_id = fields.Many2one("helpdesk.ticket.category")
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        default=lambda self: self.env.lang or self.env.user.lang,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("checked", "Checked"), ("published", "On the portal")],
        default="draft",
        required=True,
        tracking=True,
        index=True,
    )
    active = fields.Boolean(default=True)
    author_id = fields.Many2one("res.users", default=lambda self: self.env.user)
    ticket_id = fields.Many2one("helpdesk.ticket", "Written from", readonly=True)
    ticket_ids = fields.Many2many(
        "helpdesk.ticket",
        "helpdesk_ticket_service_article_rel",
        "article_id",
        "ticket_id",
        "Used for",
        readonly=True,
    )
    used_count = fields.Integer("Used", compute="_compute_used_count", store=True)
    helpful_count = fields.Integer("Helpful", readonly=True, copy=False)
    unhelpful_count = fields.Integer("Not helpful", readonly=True, copy=False)
    search_text = fields.Text(
        compute="_compute_search_text", store=True, index="trigram"
    )

    @api.depends("name", "symptom", "cause")
    def _compute_search_text(self):
        for article in self:
            article.search_text = likeness.searchable(
                " ".join(filter(None, [article.name, article.symptom, article.cause]))
            )

    @api.depends("ticket_ids")
    def _compute_used_count(self):
        for article in self:
            article.used_count = len(article.ticket_ids)

    def action_check(self):
        return self.write({"state": "checked"})

    def action_publish(self):
        return self.write({"state": "published"})

    def action_draft(self):
        return self.write({"state": "draft"})

    def action_helpful(self):
        return self._vote("helpful_count")

    def action_not_helpful(self):
        return self._vote("unhelpful_count")

    def _vote(self, field):
        """Count a vote; whoever reads an article may vote, agents and portal users."""
        self.check_access("read")
        for article in self.sudo():  # readers do not write articles
            article[field] += 1
        return True

    # -- suggestions -----------------------------------------------------------------

    @api.model
    @api.readonly
    def suggest(self, text, product_id=False, limit=5):
        """Return the solutions most like ``text``, best first, for the form."""
        query = likeness.searchable(text)
        if len(query) < 3:
            return []
        liked = []
        for article in self._get_candidates(query):
            alike = likeness.likeness(query, article.search_text)
            if alike >= 0.2:
                score = article._get_score(alike, product_id)
                liked.append((score, -article.id, alike, article))
        return [
            {
                "id": article.id,
                "name": article.name,
                "symptom": article.symptom or "",
                "cause": article.cause or "",
                "used": article.used_count,
                "helpful": article.helpful_count,
                "state": article.state,
                "percent": round(100 * alike),
            }
            for _score, _order, alike, article in sorted(liked, reverse=True)[:limit]
        ]

    def _get_score(self, alike, product_id):
        return likeness.score(
            alike,
            bool(product_id) and product_id in self.product_ids.ids,
            self.used_count,
            self.helpful_count,
            self.unhelpful_count,
        )

    @api.model
    def _get_candidates(self, query):
        """Return articles that share words with ``query``, best first.

        The longest words say most; of those no article has nothing is asked further.
        Articles with all words come before any other, so the index is asked for these
        first: while they are enough, no other article is read.
        """
        words = sorted(set(query.split()), key=len, reverse=True)[:12]
        words = self._get_known_words(words)
        if not words:
            return self.browse()
        wanted = [Domain("search_text", "like", word) for word in words]
        best = self.search(Domain.AND(wanted), order="id", limit=CANDIDATES)
        if len(best) == CANDIDATES or len(words) == 1:
            return best
        found = self._search(Domain.OR(wanted))
        text = self._field_to_sql(self._table, "search_text", found)
        weight = SQL(" + ").join(
            SQL("%s * (%s LIKE %s)::int", len(word), text, f"%{word}%")
            for word in words
        )
        found.order = SQL("%s DESC, %s", weight, SQL.identifier(self._table, "id"))
        found.limit = CANDIDATES
        return self.browse(row[0] for row in self.env.execute_query(found.select()))

    def _get_known_words(self, words):
        """Return those of ``words`` that occur in an article, in one query."""
        one_each = [
            self._search([("search_text", "like", word)], limit=1).select(
                SQL("%s::text", word)
            )
            for word in words
        ]
        union = SQL(" UNION ALL ").join(SQL("(%s)", query) for query in one_each)
        known = {word for (word,) in self.env.execute_query(union)}
        return [word for word in words if word in known]

    def action_use(self, ticket_id):
        """Note that this solution was used for the request."""
        self.ensure_one()
        ticket = self.env["helpdesk.ticket"].browse(ticket_id)
        ticket.check_access("write")
        ticket.article_ids |= self
        return True


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def action_create_article(self):
        """Open the draft of a solution made from this request."""
        self.ensure_one()
        article = self.env["service.article"].search(
            [("ticket_id", "=", self.id)], limit=1
        )
        if not article:
            article = article.create(self._prepare_article())
        return article._get_records_action()

    def _prepare_article(self):
        return {
            "name": self.name,
            "symptom": html2plaintext(self.description or ""),
            "cause": self.cause,
            "remedy": self.resolution,
            "product_ids": self.product_id.ids,
            "category_id": self.category_id.id,
            "company_id": self.company_id.id,
            "ticket_id": self.id,
        }
