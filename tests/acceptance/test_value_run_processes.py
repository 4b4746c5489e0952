"""A refresh between real processes: seen, refused, cancelled, killed and resumed."""

import contextlib
import os
import re
import subprocess
import sys
import time

import psycopg2
import pytest

from odoo.tools import config

FULL = "FULL_DATABASE"  # a database with our addons and the demo company
WAIT = 30  # seconds until something that should happen must have happened
WORKER = """
import sys
import odoo
from odoo import api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config
config.parse_config(sys.argv[2:])
registry = Registry(sys.argv[1])
def say(text):
    print(text, flush=True)
def start(env):
    try:
        Run = env["crm.value.run"].with_context(crm_value_commit=True)
        run = Run._start(env.company, kind="full")
        say(f"{run.id} {run.state}")
    except UserError:
        say("refused")
def progress(env):
    seen = env["crm.value.run"].start_in_steps()
    doing = [s["code"] for s in seen["steps"] if not s["done"]][:1]
    say(f"{seen['id']} {seen['busy']} {seen['percent'] > 0} {doing}")
def cancel(env):
    run = env["crm.value.run"]._get_open(env.company)
    retrying(run.action_cancel, env)
    say(f"{run.id} {run.state}")
def steps(env):
    seen = env["crm.value.run"].start_in_steps()
    while seen["state"] == "running":
        env.cr.commit()
        seen = env["crm.value.run"].browse(seen["id"]).do_next_step()
    env.cr.commit()  # what is said has been done
    say(f"{seen['id']} {seen['state']}")
say("ready")
for line in sys.stdin:
    with registry.cursor() as cr:
        env = api.Environment(cr, odoo.SUPERUSER_ID, {})
        globals()[line.strip()](env)
        cr.commit()
"""


def connect(database, **options):
    wanted = {
        name: config[f"db_{name}"]
        for name in ("host", "port", "user", "password")
        if config[f"db_{name}"]
    }
    connection = psycopg2.connect(dbname=database, **wanted, **options)
    connection.autocommit = True
    return connection


class Watcher:
    """What the test sees of the database while others work in it."""

    def __init__(self, database):
        self.connection = connect(database)

    def rows(self, statement, *values):
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def until(self, statement):
        """Wait until a statement answers something."""
        end = time.monotonic() + WAIT
        while not (found := self.rows(statement)):
            assert time.monotonic() < end, f"never true: {statement}"
            time.sleep(0.05)
        return found

    def run(self, number):
        [(state,)] = self.rows("SELECT state FROM crm_value_run WHERE id = %s", number)
        steps = self.rows(
            "SELECT code, state, seconds, row_count FROM crm_value_run_step"
            " WHERE run_id = %s ORDER BY sequence",
            number,
        )
        return state, {code: tuple(rest) for code, *rest in steps}


@pytest.fixture
def database():
    """A copy of the prepared database, deleted at the end."""
    own = config["db_name"][0]
    with contextlib.closing(connect("postgres")) as server, server.cursor() as cursor:
        pattern = re.sub(r"_run_.*", "", own).replace("_", r"\_") + r"\_all\_%"
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern]
        )
        found = cursor.fetchone()
        full = os.environ.get(FULL) or (found and found[0])
        if not full:
            pytest.skip(f"No prepared database; name one in {FULL}")
        name = f"{own}_value_run"
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{full}"')
        yield name
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def workers(database):
    """Two processes with the registry of the database."""
    addons = ",".join(map(str, config["addons_path"]))
    options = ["-c", config["config"]] if config["config"] else []
    options += [f"--addons-path={addons}", "-d", database, "--no-http"]
    for name in ("host", "port", "user", "password"):
        if config[f"db_{name}"]:
            options.append(f"--db_{name}={config[f'db_{name}']}")
    command = [sys.executable, "-c", WORKER, database, *options]
    pipe = subprocess.PIPE
    started = [
        subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
        )
        for _number in range(2)
    ]
    for worker in started:
        assert worker.stdout.readline().strip() == "ready"
    yield started
    for worker in started:
        worker.kill()
        worker.communicate()


def tell(worker, word):
    worker.stdin.write(f"{word}\n")
    worker.stdin.flush()


def ask(worker, word):
    tell(worker, word)
    return worker.stdout.readline().strip()


@contextlib.contextmanager
def findings_barred(database):
    """Nobody gets past the step of findings; what waits there shows its place."""
    with contextlib.closing(connect(database)) as connection:
        connection.autocommit = False
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE crm_finding IN ACCESS EXCLUSIVE MODE")
            yield
        connection.rollback()


AT_WORK = (
    "SELECT pid FROM pg_stat_activity WHERE application_name LIKE"
    " 'crm_value_run % findings %' AND wait_event_type = 'Lock'"
    " AND datname = current_database()"
)
FREE = (
    "SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_locks l JOIN pg_database d"
    " ON d.oid = l.database AND d.datname = current_database()"
    " WHERE l.locktype = 'advisory')"
)


def test_a_run_is_seen_refused_cancelled_killed_and_resumed(database, workers):
    """Covers: ANA-01"""
    one, two = workers
    watcher = Watcher(database)
    with contextlib.closing(watcher.connection):
        with findings_barred(database):
            tell(one, "start")
            watcher.until(AT_WORK)

            # another process sees the run within its step, and may not start one
            number, busy, some, doing = ask(two, "progress").split()
            assert (busy, some, doing) == ("True", "True", "['findings']")
            assert ask(two, "start") == "refused"

            # and cancels it though a statement is under way
            assert ask(two, "cancel") == f"{number} cancelled"
            assert one.stdout.readline().split()[0] == number
            state, steps = watcher.run(number)
            assert state == "cancelled"
            assert steps["bucket"][0] == "done"
            assert steps["findings"][0] == "pending"

            # a killed process leaves the finished steps and the run open
            tell(one, "start")
            watcher.until(AT_WORK)
            one.kill()
            one.wait()
        watcher.until(FREE)
        [(killed,)] = watcher.rows("SELECT id FROM crm_value_run WHERE state='running'")
        assert killed > int(number)
        _state, before = watcher.run(killed)

        # the next starter goes on with it, and repeats nothing that was done
        assert ask(two, "steps") == f"{killed} done"
        state, after = watcher.run(killed)
        assert {step[0] for step in after.values()} == {"done"}
        done = {code: step for code, step in before.items() if step[0] == "done"}
        assert done.keys() >= {"facts", "months", "values", "bucket"}
        assert {code: after[code] for code in done} == done
        assert watcher.rows("SELECT 1 FROM crm_customer_dirty LIMIT 1") == []
