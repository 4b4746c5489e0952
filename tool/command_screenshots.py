"""``make screenshots``: the pictures of docs/screenshots.toml from a demo server."""

import os
import shutil
import subprocess

from . import bootstrap, chromium, command_run, paths, ports, postgres, process
from .console import flag, step
from .odoo import Odoo, font_configuration


def main(arguments):
    bootstrap.ensure(development=True)
    program = chromium.ensure("Taking screenshots")
    chromium.ensure_chinese_font()
    with command_run.only_one():
        server = postgres.for_users()
        try:
            with step("Start PostgreSQL"):
                server.start()
            return photograph(server, program, arguments)
        finally:
            server.stop()


def photograph(server, program, arguments):
    """Serve the demo company on a free port and take the pictures."""
    odoo = Odoo(server, "run")
    port = ports.pick()
    odoo.configure(port, max_cron_threads=0)
    database, _secret = command_run.prepare(odoo, demo=flag("DEMO"))
    log = paths.RUN / "odoo.log"
    child = odoo.start_server(database, log)
    try:
        command_run.wait_for_page(child, port, log)
        fonts = font_configuration(bootstrap.linked_root(), odoo.folder)
        command = [paths.PYTHON, "-m", "tool.screenshots", program]
        return subprocess.call(
            [*command, f"http://{ports.LOCAL}:{port}", *arguments],
            cwd=paths.ROOT,
            env=os.environ | fonts,
        )
    finally:
        process.stop(child)
        shutil.rmtree(odoo.folder / "browser", ignore_errors=True)
