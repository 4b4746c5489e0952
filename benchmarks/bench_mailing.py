"""Preparing a mailing: the core alone, to an audience, and with content per recipient.

    python benchmarks/bench_mailing.py -c odoo.conf -d DB [--mails N] [--done M,...]

Each line prepares N mails (the core's ``mail.mail`` and traces in batches of 50, not
sent) when M mails of the same mailing are already prepared. Memory is flat when the
last column does not grow with N, and the preparation is linear when the time of a mail
does not grow with M. "look-ups" is the time spent on finding who had the mail already
and who must not get it.
"""

import os
import random
import time

from database_bench import environment, options

from odoo.modules import module
from odoo.tools import SQL

BODY = '<p>Dear <t t-out="object.name"/></p><p>The new catalogue is there.</p>'
OWN = BODY + '<t t-out="object.one_to_one_content"/>'


def main():
    parser = options(__doc__)
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--done", default="0,99000")
    with environment(__doc__, "crm.audience", parser) as (env, chosen):
        module.current_test = True  # the core commits its batches but in a test
        try:
            run(env, chosen)
        finally:
            module.current_test = False


def run(env, chosen):
    partners = make_contacts(env, chosen.mails)
    print(f"{chosen.mails} mails each, ms a mail")
    print(f"{'preparation':<28}{'done':>8}{'all':>8}{'look-ups':>10}{'RSS MB':>8}")
    for label, make in KINDS.items():
        for done in map(int, chosen.done.split(",")):
            with env.cr.savepoint(flush=False) as savepoint:
                report(env, label, make, partners, done)
                savepoint.rollback()
            env.invalidate_all()


def make_contacts(env, count):
    """Ids of customers with values, half of them with a suggestion."""
    ids = (
        env["res.partner"]
        .with_context(tracking_disable=True)
        .create(
            [
                {
                    "name": f"Bench {number}",
                    "email": f"{number}@bench.example",
                    "is_company": True,
                }
                for number in range(count)
            ]
        )
        .ids
    )
    env["crm.customer.value"].create(
        [
            {
                "partner_id": partner,
                "company_id": env.company.id,
                "value_class": "growth" if number % 2 else "new",
            }
            for number, partner in enumerate(ids)
        ]
    )
    make_suggestions(env, ids[::2])
    env.flush_all()
    env.cr.execute("ANALYZE res_partner")
    return ids


def make_suggestions(env, ids):
    chance = random.Random(3)
    products = env["product.product"].create(
        [{"name": f"Bench product {n}", "list_price": 10 + n} for n in range(30)]
    )
    rules = env["crm.association.rule"].create(
        [
            {
                "company_id": env.company.id,
                "left_id": products[n].id,
                "product_id": products[n - 1].id,
                "count": 5,
                "left_count": 9,
            }
            for n in range(30)
        ]
    )
    env["crm.customer.suggestion"].create(
        [
            {
                "company_id": env.company.id,
                "partner_id": partner,
                "product_id": rule.product_id.id,
                "rule_id": rule.id,
                "place": place,
            }
            for partner in ids
            for place, rule in enumerate(chance.sample(list(rules), 3), 1)
        ]
    )


def plain(env, _partners):
    return make_mailing(env, body_html=BODY)


def guarded(env, partners):
    audience = env["crm.audience"].create(
        {
            "name": "Bench",
            "partner_domain": "[('name', '=like', 'Bench %')]",
            "holdout_percent": 0,
        }
    )
    return make_mailing(
        env,
        body_html=BODY,
        audience_id=audience.id,
        purpose_id=env.ref("crm_marketing.purpose_products").id,
    )


def personal(env, partners):
    mailing = guarded(env, partners)
    growth = env["crm.audience.option"].search([("code", "=", "growth")])
    mailing.block_ids = env["crm.content.block"].create(
        [
            {
                "name": "Growth",
                "body": '<p>Growth of <t t-out="object.name"/></p>',
                "value_class_ids": growth.ids,
            },
            {"name": "Offer", "kind": "products", "body": "<p>For you</p>"},
            {"name": "Else", "is_fallback": True, "body": "<p>News</p>"},
        ]
    )
    mailing.body_html = OWN
    return mailing


KINDS = {
    "core": plain,
    "to an audience": guarded,
    "with content per recipient": personal,
}


def make_mailing(env, **values):
    return env["mailing.mailing"].create(
        {
            "subject": "Bench",
            "mailing_model_id": env["ir.model"]._get_id("res.partner"),
            "mailing_domain": "[('name', '=like', 'Bench %')]",
            **values,
        }
    )


def pretend_done(env, mailing, count):
    """Traces of so many mails of the mailing that were prepared before."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO mailing_trace (
                   mass_mailing_id, campaign_id, model, res_id, email,
                   trace_status, trace_type, create_date)
            SELECT %s, NULL, 'res.partner', %s, 'done' || n || '@bench.example', 'sent',
                   'mail', now() - interval '90 days' FROM generate_series(1, %s) n""",
            mailing.id,
            env.user.partner_id.id,
            count,
        )
    )
    env.cr.execute("ANALYZE mailing_trace")


def report(env, label, make, partners, done):
    mailing = make(env, partners)
    env.flush_all()
    pretend_done(env, mailing, done)
    clock = Clock(env)
    before, start = memory(), time.perf_counter()
    with clock:
        mailing._action_send_mail()
    taken = time.perf_counter() - start
    env.flush_all()
    traces = env["mailing.trace"].search_count(
        [("mass_mailing_id", "=", mailing.id), ("trace_status", "=", "outgoing")]
    )
    assert traces == len(partners), (traces, len(partners))
    each = 1e3 / len(partners)
    print(
        f"{label:<28}{done:>8}{taken * each:>8.2f}{clock.seconds * each:>10.2f}"
        f"{memory() - before:>8.1f}",
        flush=True,
    )


class Clock:
    """Seconds spent on deciding the state of the mails of a batch."""

    def __init__(self, env):
        self.model = type(env["mail.compose.message"])
        self.original = self.model._process_mail_values_state
        self.seconds = 0.0

    def __enter__(self):
        clock = self

        def timed(composer, values):
            start = time.perf_counter()
            result = clock.original(composer, values)
            clock.seconds += time.perf_counter() - start
            return result

        self.model._process_mail_values_state = timed
        return self

    def __exit__(self, *_error):
        del self.model._process_mail_values_state


def memory():
    """Resident memory of the process in MB."""
    with open("/proc/self/statm") as pages:
        return int(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
