"""``make import FOLDER=...``: load a CRM export into the database of ``make run``.

Environment: FOLDER (the CSV files), PROFILE (the shipped one of the demo export, or a
path), DEMO=0 and DB as for ``make run``. Further arguments: --dry-run, --limit N.
"""

import os
import subprocess
from pathlib import Path

from . import bootstrap, command_run, paths, postgres
from .console import Failure, flag, say, step
from .odoo import Odoo

PROFILE = "maven_crm_opportunities"


def main(arguments):
    folder = os.environ.get("FOLDER")
    if not folder or not Path(folder).is_dir():
        raise Failure(
            f"FOLDER={folder or ''} is no folder: name the one with the CSV files, for "
            "example `make import FOLDER=../export`."
        )
    bootstrap.ensure()
    server = postgres.for_users()
    was_running = isinstance(server, postgres.Cluster) and server.is_running()
    try:
        with step("Start PostgreSQL"):
            server.start()
        odoo = Odoo(server, "run")
        if not odoo.config.exists():
            odoo.configure(max_cron_threads=0)
        database, secret = command_run.prepare(odoo, demo=flag("DEMO"))
        if secret:
            say(f"  The administrator's password is {secret}   (shown only this time)")
        profile = os.environ.get("PROFILE") or PROFILE
        options = ["--profile", profile, "--folder", str(Path(folder).resolve())]
        command = odoo.command("crm_import", database, *options, *arguments)
        return subprocess.call(command, cwd=paths.ROOT, env=odoo.environment)
    finally:
        if not was_running:
            server.stop()
