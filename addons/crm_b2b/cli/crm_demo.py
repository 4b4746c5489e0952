# A command talks to its terminal.
# pylint: disable=print-used
import sys
import threading
import time
from pathlib import Path

from odoo import api
from odoo.cli import Command
from odoo.modules import get_module_path
from odoo.modules.loading import load_data
from odoo.modules.module_graph import ModuleGraph
from odoo.modules.registry import Registry
from odoo.tools import config


class CrmDemo(Command):
    """Load the demo company into a database that has our addons without demo data.

    Loads the demo files of the installed addons that live beside crm_b2b, in the order
    of their dependencies, in one transaction. Core's own demo data are not needed and
    not touched. A second call does nothing.
    """

    name = "crm_demo"

    def run(self, args):
        config.parser.prog = self.prog
        config.parse_config(args, setup_logging=True)
        names = config["db_name"]
        if len(names) != 1:
            sys.exit(
                "Name one database with -d, for example: odoo crm_demo -d mycompany"
            )
        started = time.monotonic()
        threading.current_thread().dbname = names[0]  # for the log lines
        registry = Registry(names[0])
        with registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            packages = self._get_packages(env)
            if not packages:
                sys.exit(f"The addon crm_b2b is not installed in {names[0]}.")
            for number, package in enumerate(packages, 1):
                self._load(env, package, f"[{number}/{len(packages)}]")
        registry.signal_changes()
        print(
            f"Demo data complete after {time.monotonic() - started:.0f} s", flush=True
        )

    def _get_packages(self, env):
        """Return the installed addons of our folder, those others depend on first."""
        folder = Path(get_module_path("crm_b2b")).resolve().parent
        modules = env["ir.module.module"].search([("state", "=", "installed")])
        graph = ModuleGraph(env.cr, mode="load")
        graph.extend(modules.mapped("name"))
        return [
            package
            for package in graph
            if Path(get_module_path(package.name)).resolve().parent == folder
        ]

    def _load(self, env, package, position):
        module = env["ir.module.module"].search([("name", "=", package.name)])
        if module.demo:
            print(f"{position} {package.name}: demo data are there already", flush=True)
            return
        print(f"{position} {package.name}: loading demo data", flush=True)
        load_data(env(su=True), {}, "init", kind="demo", package=package)
        module.demo = True
        env.flush_all()
