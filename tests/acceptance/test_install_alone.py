"""Our addons come and go in a database without the others of them.

Sales with insight and marketing on top of it, and service without sales.
"""

import os
import re
import subprocess
import sys

import psycopg2
import pytest

from odoo.tools import config

BASE = "BASE_DATABASE"  # a database with the dependencies and none of our addons
ADDONS = ("crm_b2b", "crm_credit")
INSIGHT = "crm_analytics"  # on top of them
MARKETING = "crm_marketing"  # on top of that
SERVICE = ("crm_service", "crm_credit")
USE_OF_SERVICE = """
customer = env["res.partner"].create({"name": "Alone", "is_company": True})
ticket = env["helpdesk.ticket"].create(
    {"name": "Pump stands", "description": "Still", "partner_id": customer.id}
)
assert ticket.number and ticket.decision_id
env.cr.commit()
"""
BAD_LINE = re.compile(r"^\d{4}-\d\d-\d\d \S+ \d+ (WARNING|ERROR|CRITICAL) .*")

# What an addon can leave behind: one line a thing, by name and never by id.
TRACES = {
    "tables": """
        SELECT table_type || ' ' || table_name FROM information_schema.tables
         WHERE table_schema = 'public'""",
    "columns": """
        SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE table_schema = 'public'""",
    "constraints": """
        SELECT conrelid::regclass || ' ' || conname FROM pg_constraint
         WHERE conrelid <> 0 AND contype <> 'n'""",
    "indexes": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "functions": """
        SELECT proname FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace""",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model || '.' || name FROM ir_model_fields",
    "external ids": "SELECT module || '.' || name FROM ir_model_data",
    "crons": "SELECT cron_name FROM ir_cron",
    "menus": "SELECT count(*)::text FROM ir_ui_menu",
    "places of menus": """
        SELECT concat_ws(' ', d.module || '.' || d.name, p.name->>'en_US', '/',
                         m.name->>'en_US', m.sequence, m.action, m.active,
                         (SELECT string_agg(g.module || '.' || g.name, ','
                                            ORDER BY g.module, g.name)
                            FROM ir_ui_menu_group_rel r
                            JOIN ir_model_data g
                              ON g.model = 'res.groups' AND g.res_id = r.gid
                           WHERE r.menu_id = m.id))
          FROM ir_ui_menu m
          JOIN ir_model_data d ON d.model = 'ir.ui.menu' AND d.res_id = m.id
          LEFT JOIN ir_ui_menu p ON p.id = m.parent_id""",
    "views": "SELECT count(*)::text FROM ir_ui_view",
    "actions": """
        SELECT concat_ws(' ', type, name->>'en_US', count(*))
          FROM ir_actions GROUP BY type, name->>'en_US'""",
    "rules": "SELECT count(*)::text FROM ir_rule",
    "access rights": "SELECT count(*)::text FROM ir_model_access",
    "groups": "SELECT count(*)::text FROM res_groups",
    "group links": "SELECT gid || ' ' || hid FROM res_groups_implied_rel",
    "activity types": "SELECT count(*)::text FROM mail_activity_type",
    "templates": "SELECT count(*)::text FROM mail_template",
    "sequences": "SELECT name || ' ' || coalesce(code, '') FROM ir_sequence",
    "parameters": "SELECT key FROM ir_config_parameter",
    "assets": "SELECT count(*)::text FROM ir_asset",
}
# Odoo itself keeps these when a module goes: what it is called, its category, and the
# names which the addon of a mixin gave to its parts on our models.
KEPT = re.compile(
    r"^base\.(module_|module_category_)"
    r"|^\w+\.(model_inherit|selection)__(crm|service)_"
)


class Server:
    """The PostgreSQL server of this test run, and Odoo processes on it."""

    def __init__(self):
        self.options = {
            name: config[f"db_{name}"]
            for name in ("host", "port", "user", "password")
            if config[f"db_{name}"]
        }

    def connect(self, database):
        connection = psycopg2.connect(dbname=database, **self.options)
        connection.autocommit = True
        return connection

    def execute(self, database, statement):
        connection = self.connect(database)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def find_base(self):
        """The database of dependencies that this one was made from, if there is one."""
        own = config["db_name"][0]
        pattern = own.split("_run_")[0].replace("_", r"\_") + r"\_dep\_%"
        found = self.execute(
            "postgres",
            f"SELECT datname FROM pg_database WHERE datname LIKE '{pattern}'",
        )
        return os.environ.get(BASE) or (found[0][0] if found else None)

    def odoo(self, subcommand, database, *arguments, script=None):
        """Run an Odoo command to its end and return its log.

        ``script`` is what a shell reads.
        """
        addons = ",".join(map(str, config["addons_path"]))
        command = [sys.executable, "-m", "odoo", f"--addons-path={addons}", subcommand]
        options = ["-c", config["config"], "-d", database]
        if subcommand == "module":
            command += [arguments[0], *options, *arguments[1:]]
        else:
            command += [*options, *arguments]
        done = subprocess.run(
            command,
            input=script,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stderr

    def traces(self, database):
        return {
            name: {row[0] for row in self.execute(database, statement)}
            for name, statement in TRACES.items()
        }


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def database(server):
    """A copy of the database of dependencies, deleted at the end."""
    base = server.find_base()
    if not base:
        pytest.skip(f"No database of the dependencies; name one in {BASE}")
    name = f"{config['db_name'][0]}_alone"
    server.execute("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    server.execute("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{base}"')
    yield name
    server.execute("postgres", f'DROP DATABASE "{name}" WITH (FORCE)')


def install(server, database, addon=ADDONS[0]):
    return server.odoo(
        "server", database, "-i", addon, "--stop-after-init", "--no-http"
    )


def uninstall(server, database, *addons):
    return server.odoo("module", database, "uninstall", *addons)


def bad_lines(log):
    return [line for line in log.splitlines() if BAD_LINE.match(line)]


def assert_same(before, after):
    """Nothing is left behind, and nothing that was there is gone."""
    left = [
        f"left in {name}: {trace}"
        for name, rows in before.items()
        for trace in sorted(after[name] - rows)
        if not KEPT.match(trace)
    ]
    lost = [
        f"gone from {name}: {trace}"
        for name, rows in before.items()
        for trace in sorted(rows - after[name])
    ]
    assert not left + lost, "\n".join(left + lost)


def test_installed_removed_and_installed_again_with_a_clean_log(server, database):
    """Covers: FRM-09"""
    before = server.traces(database)
    assert bad_lines(install(server, database)) == []
    installed = server.traces(database)
    assert installed["tables"] > before["tables"]

    # insight without service, marketing on top of it, and both away again
    assert bad_lines(install(server, database, INSIGHT)) == []
    insight = server.traces(database)
    assert insight["tables"] > installed["tables"]
    assert bad_lines(install(server, database, MARKETING)) == []
    assert server.traces(database)["tables"] > insight["tables"]
    assert bad_lines(uninstall(server, database, MARKETING)) == []
    assert_same(insight, server.traces(database))
    assert bad_lines(uninstall(server, database, INSIGHT)) == []
    assert_same(installed, server.traces(database))

    assert bad_lines(uninstall(server, database, *ADDONS)) == []
    assert_same(before, server.traces(database))

    assert bad_lines(install(server, database)) == []
    again = server.traces(database)
    assert again["tables"] == installed["tables"]
    assert again["columns"] == installed["columns"]


def test_service_without_sales_is_installed_used_and_removed(server, database):
    """Covers: FRM-09"""
    before = server.traces(database)
    assert bad_lines(install(server, database, SERVICE[0])) == []
    installed = server.traces(database)
    assert installed["tables"] > before["tables"]
    assert "crm.buying.role" not in installed["models"], "sales came with it"

    log = server.odoo("shell", database, "--no-http", script=USE_OF_SERVICE)
    assert bad_lines(log) == []

    assert bad_lines(uninstall(server, database, *SERVICE)) == []
    assert_same(before, server.traces(database))
