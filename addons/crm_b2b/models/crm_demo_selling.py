import random
from datetime import datetime, time

from odoo import Command, api, models

from ..tools import demo_catalog as catalog
from ..tools import demo_selling

SCORECARDS = {"europe": "meddicc", "americas": "meddicc", "asia": "bant"}
PROOF = "Document of the customer, filed on paper"


class CrmDemoCompany(models.AbstractModel):
    # One builder in several files, by subject.
    _inherit = "crm.demo.company"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_steps(self):
        return [
            *super()._get_steps(),
            self._build_process,
            self._build_selling,
            self._build_reviews,
            self._build_territories,
        ]

    @api.model
    def _build_process(self, plan, refs):
        """One process a team: a stage of its own, scorecard, reviews, exit criteria.

        Stages of all teams only get criteria that advise: other data and tests of a
        database with demo data move their deals through them.
        """
        for team, scorecard in SCORECARDS.items():
            self.env["crm.team"].browse(refs[f"team_{team}"]).write(
                {
                    "scorecard_id": self.env.ref(f"crm_b2b.scorecard_{scorecard}").id,
                    "review_required": True,
                }
            )
        shared = self.env["crm.stage"].search([("team_ids", "=", False)])
        for number, stage in enumerate(shared, 1):
            stage.sequence = number * 10
        before = self.env["crm.stage"].browse(refs["stage_qualified"]).sequence
        stages = {
            f"stage_{stage.key}": {
                "name": stage.name,
                "sequence": before + 5,
                "team_ids": [Command.set([refs[f"team_{stage.team}"]])],
                "min_score": stage.min_score,
                "rotting_threshold_days": 30,
                "required_role_ids": [
                    Command.set(
                        [self._get_data_id(f"buying_role_{r}") for r in stage.roles]
                    )
                ],
            }
            for stage in demo_selling.STAGES
        }
        self._ensure("crm.stage", stages, refs)
        # by id: names of roles are translated
        roles = {
            role: self._get_data_id(f"buying_role_{role}")
            for role in demo_selling.ROLES
        }
        criteria = {
            f"criterion_{criterion.key}": {
                "name": criterion.name,
                "stage_id": refs[f"stage_{criterion.stage}"],
                "description": criterion.description,
                "kind": "automatic" if criterion.domain else "manual",
                "domain": criterion.domain.format(**roles),
                "proof_required": criterion.proof,
                "mandatory": criterion.mandatory,
                "sequence": number,
            }
            for number, criterion in enumerate(demo_selling.CRITERIA)
        }
        self._ensure("crm.stage.criterion", criteria, refs)

    @api.model
    def _get_data_id(self, name):
        return self.env.ref(f"crm_b2b.{name}").id

    @api.model
    def _plan_selling(self, plan):
        rng = random.Random("selling")
        return demo_selling.build_selling(rng, plan.customers, plan.deals, plan.today)

    @api.model
    def _build_selling(self, plan, refs):
        """Products, people, competitors and answers of the deals."""
        selling = self._plan_selling(plan)
        Lead = self.env["crm.lead"]
        by_stage = {}
        for deal, stage in selling.own_stage.items():
            by_stage.setdefault(stage, []).append(refs[f"deal_{deal}"])
        for stage, ids in by_stage.items():
            Lead.browse(ids).stage_id = refs[f"stage_{stage}"]
        self._build_lead_lines(plan, refs)
        self.env["crm.buying.role"].create(
            [self._prepare_person(person, refs) for person in selling.people]
        )
        self._ensure(
            "res.partner",
            {
                f"competitor_{key}": {
                    "name": name,
                    "is_company": True,
                    "is_competitor": True,
                    "country_id": self.env.ref(f"base.{country.lower()}").id,
                }
                for key, (name, country) in demo_selling.COMPETITORS.items()
            },
            refs,
        )
        amounts = {deal.key: deal.revenue for deal in plan.deals}
        rate = self._get_dollar_rate("USD")
        self.env["crm.lead.competitor"].create(
            [
                {
                    "lead_id": refs[f"deal_{rival.deal}"],
                    "partner_id": refs[f"competitor_{rival.competitor}"],
                    "status": rival.status,
                    "price": round(amounts[rival.deal] * rival.share * rate, -1),
                    "strengths": rival.strengths,
                    "weaknesses": rival.weaknesses,
                    "counter": rival.counter,
                    "is_winner": rival.winner,
                }
                for rival in selling.rivals
            ]
        )
        self._build_sightings(plan, selling, refs)
        self._build_answers(selling, refs)
        self._build_ticks(selling, refs)

    @api.model
    def _build_lead_lines(self, plan, refs):
        rate = self._get_dollar_rate("USD")
        prices = {item.key: item.price for item in catalog.PRODUCTS}
        self.env["crm.lead.line"].create(
            [
                {
                    "lead_id": refs[f"deal_{deal.key}"],
                    "product_id": refs[f"product_{deal.product}"],
                    "quantity": deal.quantity,
                    "price_unit": prices[deal.product] * rate,
                }
                for deal in plan.deals
                if deal.status != "won"
            ]
        )

    @api.model
    def _prepare_person(self, person, refs):
        return {
            "lead_id": refs[f"deal_{person.deal}"],
            "partner_id": refs[f"contact_{person.contact}"],
            "role_id": self._get_data_id(f"buying_role_{person.role}"),
            "stance": person.stance,
            "influence": person.influence,
            "note": person.note,
        }

    @api.model
    def _build_sightings(self, plan, selling, refs):
        deals = {deal.key: deal for deal in plan.deals}
        rate = self._get_dollar_rate("USD")
        prices = {item.key: item.price * rate for item in catalog.PRODUCTS}
        self.env["crm.price.sighting"].create(
            [
                {
                    "competitor_id": refs[f"competitor_{row.competitor}"],
                    "partner_id": refs[f"partner_{deals[row.deal].customer}"],
                    "lead_id": refs[f"deal_{row.deal}"],
                    "product_id": refs[f"product_{deals[row.deal].product}"],
                    "price": round(
                        prices[deals[row.deal].product] * row.share * rate, 2
                    ),
                    "date": row.date,
                    "source": row.source,
                    "user_id": refs[f"user_{deals[row.deal].seller}"],
                }
                for row in selling.sightings
            ]
        )

    @api.model
    def _build_answers(self, selling, refs):
        """Answer the scorecards of late deals, the better the higher their grade."""
        leads = self.env["crm.lead"].browse(
            [refs[f"deal_{deal}"] for deal in selling.answers]
        )
        for team, group in leads.grouped("team_id").items():
            group.scorecard_id = team.scorecard_id
        self.env.flush_all()
        grades = {
            refs[f"deal_{deal}"]: grade for deal, grade in selling.answers.items()
        }
        chosen = {}
        for lead in leads:
            for number, row in enumerate(lead.answer_ids):
                options = row.question_id.option_ids.sorted("points")
                grade = grades[lead.id] - (number % 3) * 0.2
                option = options[int(max(0.0, min(0.99, grade)) * len(options))]
                chosen.setdefault(option, []).append(row.id)
        for option, ids in chosen.items():
            self.env["crm.lead.answer"].browse(ids).option_id = option

    @api.model
    def _build_ticks(self, selling, refs):
        """Tick none, the first half or all of what is ticked by hand."""
        shares = {refs[f"deal_{deal}"]: share for deal, share in selling.ticks.items()}
        rows = self.env["crm.lead.criterion"].search(
            [("lead_id", "in", list(shares)), ("criterion_id.kind", "=", "manual")]
        )
        for lead, group in rows.grouped("lead_id").items():
            done = group[: round(len(group) * shares[lead.id])]
            if done:
                owner = lead.user_id or self.env.user
                done.with_user(owner).sudo().write({"done": True, "note": PROOF})

    @api.model
    def _build_reviews(self, plan, refs):
        reasons = {
            key: self._get_data_id(f"review_reason_{key}")
            for key in {*demo_selling.WHY_LOST, *demo_selling.WHY_WON}
        }
        sellers = {deal.key: deal.seller for deal in plan.deals}
        self.env["crm.lead.review"].create(
            [
                {
                    "lead_id": refs[f"deal_{review.deal}"],
                    "date": review.date,
                    "reviewer_id": refs[f"user_{sellers[review.deal]}"],
                    "reason_ids": [Command.set([reasons[k] for k in review.reasons])],
                    "competitor_id": refs.get(f"competitor_{review.competitor}"),
                    "price_gap": review.gap,
                    "customer_view": review.customer,
                    "lessons": review.lessons,
                }
                for review in self._plan_selling(plan).reviews
            ]
        )
        self._backdate_stages(plan, refs)

    @api.model
    def _backdate_stages(self, plan, refs):
        """Moving a deal into its own stage stamped today on it; put the day back."""
        moved = {
            refs[f"deal_{deal.key}"]: datetime.combine(deal.moved, time(11))
            for deal in plan.deals
        }
        self._backdate("crm.lead", "date_last_stage_update", moved)
        leads = self.env["crm.lead"].with_context(active_test=False).browse(moved)
        self.env.add_to_compute(leads._fields["business_kind"], leads)

    @api.model
    def _build_territories(self, plan, refs):
        """One territory for the countries of each team, and accounts that lie in it."""
        codes = {item.code: item.id for item in self.env["res.country"].search([])}
        first = {}
        for person in catalog.PEOPLE:
            if person.role == "sales":
                first.setdefault(person.team, person.login)
        self._ensure(
            "crm.territory",
            {
                f"territory_{team.key}": {
                    "name": team.name,
                    "country_ids": [Command.set([codes[c] for c in team.countries])],
                    "user_id": refs[f"user_{first[team.key]}"],
                    "team_id": refs[f"team_{team.key}"],
                    "company_id": self.env.company.id,
                    "sequence": number * 10,
                }
                for number, team in enumerate(catalog.TEAMS, 1)
            },
            refs,
        )
        for customer in plan.customers:
            partner = self.env["res.partner"].browse(refs[f"partner_{customer.key}"])
            partner.territory_id = refs[f"territory_{customer.team}"]
