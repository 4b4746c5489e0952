"""Territory re-alignment: set-based preview and apply against a loop over the ORM.

Accounts are made by SQL, and everything is rolled back at the end. The loop finds
the first territory of the country and writes owner and territory, account by account.

    python benchmarks/bench_crm_territory.py -c odoo.conf -d DB [--accounts N]
"""

import statistics

from database_bench import environment, options, seconds

from odoo.release import version

GOAL = 50
COUNTRIES = ("base.de", "base.fr", "base.it", "base.us", "base.cn")


def main():
    parser = options(__doc__)
    parser.add_argument("--accounts", type=int, default=50_000)
    parser.add_argument("--sample", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    with environment(__doc__, "crm.territory", parser) as (env, chosen):
        compare(env(context={"tracking_disable": True}), chosen)


def compare(env, chosen):
    territories, ids = seed(env, chosen.accounts)
    fast, slow = [], []
    for _turn in range(chosen.rounds):
        took, moved = seconds(lambda: realign(env, territories))
        fast.append(took / moved)
        reset(env, ids)
        sample = env["res.partner"].browse(ids[: chosen.sample])
        took, _none = seconds(lambda: loop(env, territories, sample))  # noqa: B023
        slow.append(took / chosen.sample)
        reset(env, ids)
    ours, theirs = statistics.median(fast), statistics.median(slow)
    print(f"Odoo {version}, {moved} accounts moved, loop over {chosen.sample}")
    print(f"{'re-alignment':<16}{ours * 1e6:>10.1f} us each{ours * moved:>10.2f} s")
    print(f"{'ORM loop':<16}{theirs * 1e6:>10.1f} us each{theirs * moved:>10.2f} s")
    print(f"ratio {theirs / ours:.0f}x (goal {GOAL}x)")


def seed(env, accounts):
    countries = [env.ref(name).id for name in COUNTRIES]
    env["crm.territory"].search([]).active = False
    users = env["res.users"].create(
        [
            {"name": f"Bench {n}", "login": f"bench_territory_{n}"}
            for n in range(len(countries))
        ]
    )
    territories = env["crm.territory"].create(
        [
            {"name": f"Bench {n}", "country_ids": [(6, 0, [country])], "user_id": u.id}
            for n, (country, u) in enumerate(zip(countries, users, strict=True))
        ]
    )
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO res_partner (
            name, complete_name, is_company, active, type, lang, country_id,
            autopost_bills, create_date)
        SELECT 'Account ' || n, 'Account ' || n, true, true, 'contact', 'en_US',
               (%s)[1 + n %% %s], 'ask', now()
          FROM generate_series(1, %s) AS n
        RETURNING id
        """,
        [countries, len(countries), accounts],
    )
    ids = [row[0] for row in env.cr.fetchall()]
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [ids]
    )
    env.cr.execute("ANALYZE res_partner")
    env.invalidate_all()
    return territories, ids


def reset(env, ids):
    env.flush_all()
    env.cr.execute(
        "UPDATE res_partner SET user_id = NULL, territory_id = NULL WHERE id = ANY(%s)",
        [ids],
    )
    env.invalidate_all()


def realign(env, territories):
    """Preview and apply; return how many accounts changed."""
    handover = env["crm.handover"].create(
        {
            "kind": "territory",
            "territory_ids": [(6, 0, territories.ids)],
            "move_leads": False,
        }
    )
    handover.action_preview()
    handover.action_apply()
    env.flush_all()
    return handover.account_count


def loop(env, territories, accounts):
    """What a button that walks over the accounts would do."""
    for account in accounts:
        for territory in territories:
            if account.country_id in territory.country_ids:
                account.write(
                    {"user_id": territory.user_id.id, "territory_id": territory.id}
                )
                break
        env.flush_all()


if __name__ == "__main__":
    main()
