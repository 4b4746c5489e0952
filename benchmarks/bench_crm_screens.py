"""Opening pipeline, account list and account form: with our addon against bare core.

Two databases of the same server, one with crm_b2b and one with the dependencies only,
get the same deals and accounts by SQL. The calls are those of the web client, with the
fields of each database's own views, made in turns; everything is rolled back.

    BASE_DATABASE=BARE python benchmarks/bench_crm_screens.py -c odoo.conf -d DB

``make bench`` finds the other database by itself. Goal: at most 1.10 times.
"""

import statistics
import time

from database_bench import bare_database, entered, environment, options
from lxml import etree

from odoo.release import version

GOAL = 1.10
OPENED = 80  # records which the client reads of each column, or of a list


def main():
    parser = options(__doc__)
    parser.add_argument("--deals", type=int, default=200_000)
    parser.add_argument("--accounts", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=9)
    with (
        environment(__doc__, "crm.stage.criterion", parser) as (env, chosen),
        entered(bare_database(env.cr.dbname)) as core,
    ):
        compare(env, core, chosen)


def compare(env, core, chosen):
    with_ours = seed(env, chosen)
    bare = seed(core, chosen)
    print(
        f"Odoo {version}, {chosen.deals} deals, {chosen.accounts} accounts,"
        f" medians of {chosen.rounds} rounds in ms"
    )
    print(f"{'screen':<24}{'bare core':>10}{'crm_b2b':>10}{'ratio':>8}")
    worst = 0
    for label, screens in SCREENS.items():
        theirs, ours = (
            screen(e) for screen, e in zip(screens, (bare, with_ours), strict=True)
        )
        times = ([], [])
        for turn in range(chosen.rounds + 1):
            for side, opened in enumerate((theirs, ours)):
                seconds = measure((bare, with_ours)[side], opened)
                if turn:  # the first call fills caches of views and rules
                    times[side].append(seconds * 1000)
        core_ms, our_ms = map(statistics.median, times)
        worst = max(worst, our_ms / core_ms)
        print(f"{label:<24}{core_ms:>10.1f}{our_ms:>10.1f}{our_ms / core_ms:>7.2f}x")
    print(f"worst {worst:.2f}x (goal {GOAL:.2f}x)")


def measure(env, opened):
    env.invalidate_all()
    started = time.perf_counter()
    opened()
    return time.perf_counter() - started


def seed(env, chosen):
    """Fill the database and return the environment of a sales manager in it."""
    user = env["res.users"].create(
        {
            "name": "Benchmark",
            "login": "bench_screens",
            "group_ids": [
                (4, env.ref("base.group_user").id),
                (4, env.ref("sales_team.group_sale_manager").id),
            ],
        }
    )
    env.flush_all()
    env.cr.execute(
        """
        WITH added AS (
            INSERT INTO res_partner (
                name, complete_name, is_company, active, type, lang, user_id,
                company_registry, customer_rank, autopost_bills, create_date)
            SELECT 'Account ' || n, 'Account ' || n, true, true, 'contact', 'en_US',
                   %s, NULL, 1, 'ask', now()
              FROM generate_series(1, %s) AS n
            RETURNING id
        )
        SELECT count(*) FROM added
        """,
        [user.id, chosen.accounts],
    )
    env.cr.execute(
        """
        UPDATE res_partner SET commercial_partner_id = id
         WHERE commercial_partner_id IS NULL
        """
    )
    env.cr.execute(
        """
        INSERT INTO crm_lead (
               name, type, active, won_status, user_id, stage_id, company_id,
               partner_id, expected_revenue, prorated_revenue, probability,
               automated_probability, priority, date_deadline, create_date)
        SELECT 'Deal ' || n, 'opportunity', true, 'pending', %s,
               s.ids[1 + n %% array_length(s.ids, 1)], %s,
               p.first + n %% %s, 1000 + n %% 997, 500, n %% 100, n %% 90, '1',
               current_date + n %% 200, now()
          FROM generate_series(1, %s) AS n,
               (SELECT array_agg(id) AS ids FROM crm_stage
                 WHERE NOT coalesce(is_won, false)
                   AND id NOT IN (SELECT crm_stage_id FROM crm_stage_crm_team_rel)) s,
               (SELECT min(id) AS first FROM res_partner
                 WHERE name = 'Account 1') p
        """,
        [user.id, env.company.id, chosen.accounts, chosen.deals],
    )
    env.cr.execute("ANALYZE crm_lead")
    env.cr.execute("ANALYZE res_partner")
    env.invalidate_all()
    return env(user=user.id, context={"lang": "en_US", "uid": user.id})


def specification(env, model, arch):
    """The fields which the client reads for a view, as it asks for them."""
    found = {}
    for node in arch.iter("field"):
        if any(parent.tag == "field" for parent in node.iterancestors()):
            continue
        if node.get("optional") == "hide" or node.get("column_invisible") == "True":
            continue
        name = node.get("name")
        field = env[model]._fields[name]
        found[name] = {}
        if field.type == "many2one":
            found[name] = {"fields": {"display_name": {}}}
        elif field.type in ("one2many", "many2many"):
            inner = {}
            for view in node:
                if view.tag in ("list", "kanban"):
                    inner = specification(env, field.comodel_name, view)
            if node.get("widget") == "many2many_tags":
                inner = {"display_name": {}}
            found[name] = {"fields": inner, "limit": 40}
    return found


def view(env, model, kind, xmlid=None):
    view_id = env.ref(xmlid).id if xmlid else False
    got = env[model].get_views([(view_id, kind)])
    arch = etree.fromstring(got["views"][kind]["arch"])
    return specification(env, model, arch)


def pipeline(env):
    """The kanban of all open deals by stage."""
    Lead = env["crm.lead"]
    wanted = view(env, "crm.lead", "kanban", "crm.crm_case_kanban_view_leads")
    domain = [("type", "=", "opportunity")]
    bar = {
        "field": "activity_state",
        "colors": {"planned": "success", "today": "warning", "overdue": "danger"},
    }

    def opened():
        Lead.web_read_group(
            domain,
            ["stage_id"],
            ["expected_revenue:sum"],
            auto_unfold=True,
            unfold_read_specification=wanted,
            unfold_read_default_limit=OPENED,
        )
        Lead.read_progress_bar(domain, "stage_id", bar)

    return opened


def deals(env):
    return listed(env, "crm.lead", "crm.crm_case_tree_view_oppor", "opportunity")


def contacts(env):
    return listed(env, "res.partner", "base.view_partner_tree")


def accounts(env):
    return listed(env, "res.partner", "crm_b2b.res_partner_account_view_list")


def listed(env, model, xmlid, kind=None):
    """A list with its first page and its count."""
    wanted = view(env, model, "list", xmlid)
    domain = [("type", "=", kind)] if kind else [("is_company", "=", True)]

    def opened():
        env[model].web_search_read(domain, wanted, limit=OPENED, count_limit=10001)

    return opened


def form(model, xmlid, domain):
    def screen(env):
        wanted = view(env, model, "form", xmlid)
        record = env[model].search(domain, limit=1)

        def opened():
            record.web_read(wanted)

        return opened

    return screen


account = form("res.partner", "base.view_partner_form", [("name", "=", "Account 7")])
deal = form("crm.lead", "crm.crm_lead_view_form", [("name", "=", "Deal 7")])
# label: (screen of bare core, screen of ours)
SCREENS = {
    "pipeline kanban": (pipeline, pipeline),
    "deal list": (deals, deals),
    "contact list": (contacts, contacts),
    "account list": (contacts, accounts),
    "account form": (account, account),
    "deal form": (deal, deal),
}


if __name__ == "__main__":
    main()
