import subprocess
import sys
from datetime import date

from odoo import api
from odoo.fields import Command
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, config

DAY = date(2025, 3, 5)
COUNT = 40
#: A process of its own: loads the registry, then works when told to.
WORKER = """
import sys
from datetime import date
import odoo
from odoo import api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config
config.parse_config(sys.argv[3:])
registry = Registry(sys.argv[1])
import odoo.addons.crm_service.models.contract_contract_billing as billing
DAY = date(2025, 3, 5)
def say(text):
    print(text, flush=True)
with registry.cursor() as cr:
    env = api.Environment(cr, odoo.SUPERUSER_ID, {})
"""
BILL = """
    model = env["contract.contract"]
    bill_chunk = type(model)._bill_chunk
    def tell(self, ids, day):
        bill_chunk(self, ids, day)
        say("chunk")
    type(model)._bill_chunk = tell
    billing.CHUNK = int(sys.argv[2])
    say("ready")
    sys.stdin.readline()
    cr.rollback()
    model._bill_due(DAY)
say("done")
"""
TAKE = """
    hours = env["service.entitlement"].browse(int(sys.argv[2]))
    say(f"sees {hours.remaining:g}")
    sys.stdin.readline()
    try:
        retrying(lambda: hours._consume(1, date=DAY), env)
        say("taken")
    except UserError:
        say("refused")
        cr.rollback()
"""


class RealCursors(TransactionCase):
    """Records that are committed, seen by other connections, and removed again."""

    def setUp(self):
        super().setUp()
        self.dbname = self.env.cr.dbname
        with self.environment() as env:
            self.make(env)
        self.addCleanup(self.clean)

    def environment(self):
        return _Environment(self.dbname)

    def make_contract(self, env, count=1):
        company = env["res.company"].search(
            [("chart_template", "!=", False)], order="id", limit=1
        )
        if not company:
            self.skipTest("needs a company with a chart of accounts")
        partner = env["res.partner"].create({"name": "Committed customer"})
        contracts = (
            env["contract.contract"]
            .with_company(company)
            .create(
                [
                    {
                        "name": f"Committed {number}",
                        "partner_id": partner.id,
                        "company_id": company.id,
                        "contract_line_ids": [
                            Command.create(
                                {
                                    "name": "Care",
                                    "price_unit": 10,
                                    "date_start": date(2025, 1, 1),
                                    "recurring_rule_type": "monthly",
                                }
                            )
                        ],
                    }
                    for number in range(count)
                ]
            )
        )
        contracts.action_activate()
        self.partner_id, self.contract_ids = partner.id, contracts.ids
        return contracts

    def clean(self):
        with self.environment() as env:
            contracts = env["contract.contract"].browse(self.contract_ids)
            lines = contracts.contract_line_ids
            moves = (
                env["account.move.line"]
                .search([("contract_line_id", "in", lines.ids)])
                .move_id
            )
            moves.with_context(force_delete=True).unlink()
            for table in ("service_entitlement_move", "service_entitlement"):
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE contract_id IN %s",
                        SQL.identifier(table),
                        tuple(self.contract_ids),
                    )
                )
            lines.last_date_invoiced = False
            contracts.unlink()
            env["res.partner"].browse(self.partner_id).unlink()

    def start(self, script, argument, count):
        """Start processes; return them when all have said what they say first."""
        options = [
            f"--addons-path={','.join(config['addons_path'])}",
            f"--db_host={config['db_host']}",
            f"--db_port={config['db_port']}",
            f"--db_user={config['db_user']}",
            "--log-level=critical",
        ]
        workers = [
            subprocess.Popen(
                [sys.executable, "-c", WORKER + script, self.dbname, str(argument)]
                + options,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _number in range(count)
        ]
        for worker in workers:
            self.addCleanup(worker.stdout.close)
            worker.first_words = worker.stdout.readline().strip()
        return workers

    def go(self, workers):
        for worker in workers:
            worker.stdin.write("go\n")
            worker.stdin.close()

    def finish(self, workers):
        """Wait for the processes and return the last word of each."""
        words = [worker.stdout.read().split()[-1] for worker in workers]
        for worker in workers:
            worker.wait(timeout=120)
        return sorted(words)

    def bill(self, chunk, count=1):
        workers = self.start(BILL, chunk, count)
        self.go(workers)
        self.assertEqual(self.finish(workers), ["done"] * count)

    def billed(self):
        """Return how many contracts have how many billed periods."""
        with self.environment() as env:
            env.cr.execute(
                SQL(
                    """
                    SELECT line.contract_id, COUNT(aml.id),
                           COUNT(DISTINCT aml.service_period_start)
                      FROM contract_line line
                 LEFT JOIN account_move_line aml ON aml.contract_line_id = line.id
                     WHERE line.contract_id IN %s GROUP BY line.contract_id
                    """,
                    tuple(self.contract_ids),
                )
            )
            return sorted((rows, periods) for _id, rows, periods in env.cr.fetchall())


class _Environment:
    """A real connection with its own transaction, committed at the end."""

    def __init__(self, dbname):
        self.dbname = dbname

    def __enter__(self):
        self.cr = db_connect(self.dbname).cursor()
        return api.Environment(self.cr, api.SUPERUSER_ID, {"tracking_disable": True})

    def __exit__(self, kind, *rest):
        if kind is None:
            self.cr.transaction.flush() if self.cr.transaction else None
            self.cr.commit()  # pylint: disable=invalid-commit
        else:
            self.cr.rollback()
        self.cr.close()


@tagged("post_install", "-at_install", "real_processes")
class TestBillingProcesses(RealCursors):
    """Two real processes on the same contracts; one killed in the middle."""

    def make(self, env):
        self.make_contract(env, COUNT)

    def test_two_processes_bill_each_period_once(self):
        """Covers: SRV-02"""
        self.bill(chunk=4, count=2)
        self.bill(chunk=100)  # what both left to each other
        self.assertEqual(self.billed(), [(3, 3)] * COUNT)

    def test_after_a_kill_in_the_middle_nothing_is_lost_or_doubled(self):
        """Covers: SRV-02"""
        workers = self.start(BILL, 4, 1)
        self.go(workers)
        for _number in range(2):
            self.assertEqual(workers[0].stdout.readline(), "chunk\n")
        workers[0].kill()
        workers[0].wait(timeout=30)
        before = self.billed()
        self.assertGreater(before.count((3, 3)), 3)
        self.assertGreater(before.count((0, 0)), 3)
        self.assertFalse(set(before) - {(0, 0), (3, 3)})
        self.bill(chunk=100)
        self.assertEqual(self.billed(), [(3, 3)] * COUNT)


@tagged("post_install", "-at_install", "real_processes")
class TestLastHour(RealCursors):
    """Two agents, two connections, one hour left."""

    def make(self, env):
        contract = self.make_contract(env)
        self.hours_id = (
            env["service.entitlement"]
            .create(
                {
                    "name": "Hours",
                    "contract_line_id": contract.contract_line_ids.id,
                    "quantity": 1,
                }
            )
            .id
        )
        env["service.entitlement"].browse(self.hours_id)._grant_due(DAY)

    def test_one_of_two_agents_gets_the_last_hour(self):
        """Both have read that one hour is left before either of them books.

        Covers: SRV-03
        """
        agents = self.start(TAKE, self.hours_id, 2)
        self.assertEqual([agent.first_words for agent in agents], ["sees 1"] * 2)
        self.go(agents)
        self.assertEqual(self.finish(agents), ["refused", "taken"])
        with self.environment() as env:
            hours = env["service.entitlement"].browse(self.hours_id)
            self.assertEqual(hours.remaining, 0)
            self.assertEqual(sum(hours.move_ids.mapped("quantity")), 0)
