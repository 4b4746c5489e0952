"""Reports and exports come from a real streaming replica, when there is one.

The replica is made of the server of this run, follows it, and is held back while a
customer gets another name: who still answers the old name has asked the replica.
"""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import psycopg2
import pytest
import requests

from odoo.tools import config

from tool import ports, postgres

FULL = "FULL_DATABASE"  # a database with our addons and the demo company
LARGEST = 6 << 30  # bytes of a server that is copied for a test
WAIT = 30
OLD, NEW = "Held Back Coatings", "Renamed On The Primary"


class Standby(postgres.Cluster):
    """A replica of the server of this run."""

    def __init__(self, folder, account):
        super().__init__(folder, durable=False)
        self._primary = account

    def _initialise(self):
        self._password_file.touch(0o600)
        self._password_file.write_text(self._primary["password"] or "none")
        source = " ".join(f"{k}='{v}'" for k, v in self._primary.items() if v)
        self._as_server(
            [self.binaries / "pg_basebackup", "-D", self.data, "-d", source, "-R"]
            + ["-X", "stream", "-c", "fast", "--no-sync", "--no-manifest"],
            sentence="the test's replica could not be made",
        )

    def destroy(self):
        self._control("-m", "immediate", "-w", "stop")
        super().destroy()


def account():
    """How libpq reaches the server of this run."""
    return {
        "host": config["db_host"] or os.environ.get("PGHOST"),
        "port": str(config["db_port"] or os.environ.get("PGPORT") or 5432),
        "user": config["db_user"] or os.environ.get("PGUSER"),
        "password": config["db_password"] or os.environ.get("PGPASSWORD"),
    }


def query(statement, *values, database="postgres", **where):
    options = {k: v for k, v in (account() | where).items() if v}
    with contextlib.closing(psycopg2.connect(dbname=database, **options)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
def database():
    """A copy of the prepared database with a customer of a known name."""
    own = config["db_name"][0]
    pattern = re.sub(r"_run_.*", "", own).replace("_", r"\_") + r"\_all\_%"
    found = query("SELECT datname FROM pg_database WHERE datname LIKE %s", pattern)
    full = os.environ.get(FULL) or (found and found[0][0])
    if not full:
        pytest.skip(f"No prepared database; name one in {FULL}")
    [(size,)] = query("SELECT sum(pg_database_size(oid))::bigint FROM pg_database")
    [(may,)] = query("SELECT rolreplication FROM pg_roles WHERE rolname = current_user")
    if size > LARGEST or not may or account()["host"] != ports.LOCAL:
        pytest.skip("The server is not the small local one that a test may copy")
    name = f"{own}_replica"
    query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    query(f'CREATE DATABASE "{name}" TEMPLATE "{full}" STRATEGY FILE_COPY')
    yield name
    query(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def standby(database, tmp_path):
    """A replica to be, with its port; not started yet."""
    [(customer,)] = query(
        "SELECT partner_id FROM crm_customer_value ORDER BY contribution DESC LIMIT 1",
        database=database,
    )
    rename(database, customer, OLD)
    replica = Standby(tmp_path / "replica", account())
    replica.customer = customer
    replica.port = ports.remembered(replica.port_file)
    return replica


def rename(database, customer, name):
    query(
        "UPDATE res_partner SET name = %s, complete_name = %s WHERE id = %s",
        name,
        name,
        customer,
        database=database,
    )


@pytest.fixture
def server(database, standby, tmp_path):
    """The address of an Odoo that knows the replica; both start side by side."""
    port = ports.pick()
    addons = ",".join(map(str, config["addons_path"]))
    command = [sys.executable, "-m", "odoo", "server", "-c", config["config"]]
    command += ["-d", database, f"--addons-path={addons}", "--max-cron-threads=0"]
    command += ["--db_replica_host", ports.LOCAL]
    command += ["--db_replica_port", str(standby.port)]
    command += ["--http-interface", ports.LOCAL, "--http-port", str(port)]
    command += ["--data-dir", str(tmp_path / "data"), "--log-level", "warn"]
    with open(tmp_path / "odoo.log", "wb") as log:
        child = subprocess.Popen(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
    try:
        expected = standby.port
        standby.start()
        assert standby.port == expected, "somebody took the port of the replica"
        yield wait_for(f"http://{ports.LOCAL}:{port}", tmp_path / "odoo.log")
    finally:
        child.kill()
        child.wait()
        standby.destroy()


def wait_for(address, log):
    end = time.monotonic() + 6 * WAIT
    while time.monotonic() < end:
        with contextlib.suppress(requests.ConnectionError):
            if requests.get(f"{address}/web/health", timeout=WAIT).ok:
                return address
        time.sleep(0.1)
    raise AssertionError(Path(log).read_text())


class Client:
    """The web client of the administrator."""

    def __init__(self, address, database):
        self.address = address
        self.session = requests.Session()
        self.rpc(
            "/web/session/authenticate",
            {"db": database, "login": "admin", "password": "admin"},
        )

    def rpc(self, path, params):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.session.post(self.address + path, json=body, timeout=WAIT).json()
        assert "error" not in answer, answer
        return answer["result"]

    def call(self, model, method, *args, **kwargs):
        """A call of the web client, as text."""
        found = self.rpc(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )
        return json.dumps(found)

    def workbook(self, path):
        answer = self.session.get(self.address + path, timeout=WAIT)
        assert answer.status_code == 200, answer.text[-2000:]
        book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
        cells = (cell for sheet in book for row in sheet.values for cell in row)
        return "\n".join(str(cell) for cell in cells if cell is not None)


def answers(client, customer):
    """Name of a report or export, and the text that it answers."""
    domain = [["partner_id", "=", customer]]
    names = {"partner_id": {"fields": {"display_name": {}}}}
    search = {"domain": domain, "specification": names, "limit": 5}
    group = {"domain": domain, "groupby": ["partner_id"], "aggregates": ["__count"]}
    return {
        "customer workbook": client.workbook("/crm_analytics/customer_value.xlsx"),
        "curves": client.call("crm.insight", "get_curves"),
        "list of values": client.call(
            "crm.customer.value", "web_search_read", **search
        ),
        "pivot of sales": client.call(
            "crm.sales.fact", "formatted_read_group", **group
        ),
        "list of sales": client.call("crm.sales.fact", "web_search_read", **search),
        "customer equity": client.call(
            "crm.customer.equity", "web_search_read", **search
        ),
    }


def test_reports_and_exports_are_answered_by_the_replica(database, standby, server):
    """Covers: ANA-12, ANA-13"""
    replica = {
        "host": ports.LOCAL,
        "port": str(standby.port),
        "database": database,
    }
    assert query("SELECT pg_is_in_recovery()", **replica) == [(True,)]
    client = Client(server, database)
    query("SELECT pg_wal_replay_pause()", **replica)
    rename(database, standby.customer, NEW)
    try:
        for name, text in answers(client, standby.customer).items():
            assert OLD in text, name
            assert NEW not in text, name
        # what writes goes to the primary
        written = client.call(
            "res.partner", "write", [standby.customer], {"ref": "primary"}
        )
        assert written == "true"
        connected = query(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
            " AND pid <> pg_backend_pid()",
            database,
            **replica,
        )
        assert connected[0][0] > 0
    finally:
        query("SELECT pg_wal_replay_resume()", **replica)
    end = time.monotonic() + WAIT
    while NEW not in client.call("crm.insight", "get_curves"):
        assert time.monotonic() < end, "the replica never followed"
        time.sleep(0.1)
