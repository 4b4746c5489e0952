"""Territory re-alignment: set-based preview and apply against a loop over the ORM.

    python benchmarks/bench_crm_territory.py -c odoo.conf -d DB [--accounts N]

Works in a copy of the database, made and deleted here. The loop finds the first
territory of the country and writes owner and territory, account by account: once so
that each account keeps a message with old and new value, as our hand-over keeps a line
(but without the e-mail to each new owner), and once without any log
(``tracking_disable``). The floor is one bare UPDATE of the two columns.
"""

import statistics

from database_bench import options, own_copy, seconds

from odoo.release import version

GOAL = 50
COUNTRIES = ("base.de", "base.fr", "base.it", "base.us", "base.cn")


def main():
    parser = options(__doc__)
    parser.add_argument("--accounts", type=int, default=50_000)
    parser.add_argument("--sample", type=int, default=300, help="of the loops")
    parser.add_argument("--rounds", type=int, default=3)
    with own_copy(__doc__, "crm.territory", parser) as (env, chosen):
        compare(env, chosen)


def compare(env, chosen):
    territories, ids = seed(env, chosen.accounts)
    quiet = env(context={"tracking_disable": True})
    logged = env(context={"mail_auto_subscribe_no_notify": True})
    sample = ids[: chosen.sample]
    variants = {
        "re-alignment": (lambda: realign(env, territories, len(ids)), len(ids)),
        "ORM loop": (lambda: loop(logged, territories, sample), len(sample)),
        "ORM loop, no log": (lambda: loop(quiet, territories, sample), len(sample)),
        "bare UPDATE": (lambda: update(env, ids), len(ids)),
    }
    times = {name: [] for name in variants}
    for _turn in range(chosen.rounds):
        for name, (run, count) in variants.items():
            took, _none = seconds(run)
            times[name].append(took / count)
            reset(env, ids)
    each = {name: statistics.median(values) for name, values in times.items()}
    print(f"Odoo {version}, {len(ids)} accounts, loops over {len(sample)}")
    for name, value in each.items():
        ratio = value / each["re-alignment"]
        print(
            f"{name:<18}{value * 1e6:>10.1f} us each{value * len(ids):>9.2f} s in all"
            f"{ratio:>8.2f}x"
        )
    print(f"goal: ORM loop {GOAL}x")


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
    reset(env, ids)
    return territories, ids


def reset(env, ids):
    """As before, committed and tidy."""
    env.flush_all()
    env.cr.execute("DELETE FROM crm_handover_line")
    env.cr.execute(
        "UPDATE res_partner SET user_id = NULL, territory_id = NULL WHERE id = ANY(%s)",
        [ids],
    )
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE res_partner, crm_handover_line")
    env.cr._cnx.autocommit = False
    env.invalidate_all()


def realign(env, territories, count):
    """Preview and apply, each in its transaction as the two buttons are."""
    handover = env["crm.handover"].create(
        {
            "kind": "territory",
            "territory_ids": [(6, 0, territories.ids)],
            "move_leads": False,
        }
    )
    handover.action_preview()
    env.cr.commit()
    handover.action_apply()
    env.flush_all()
    assert handover.account_count >= count
    env.cr.commit()


def update(env, ids):
    env.cr.execute(
        """
        UPDATE res_partner r SET user_id = t.user_id, territory_id = t.id
          FROM crm_territory t
          JOIN crm_territory_res_country_rel c ON c.crm_territory_id = t.id
         WHERE c.res_country_id = r.country_id AND t.active AND r.id = ANY(%s)
        """,
        [ids],
    )
    env.cr.commit()


def loop(env, territories, ids):
    """What a button that walks over the accounts would do."""
    for account in env["res.partner"].browse(ids):
        for territory in territories:
            if account.country_id in territory.country_ids:
                account.write(
                    {"user_id": territory.user_id.id, "territory_id": territory.id}
                )
                break
        env.flush_all()
    env.cr.commit()


if __name__ == "__main__":
    main()
