"""``odoo crm_import``: import a CRM export from a folder.

Loaded by Odoo's command line before any addon: nothing of ours is imported at the top.
"""

import argparse
import sys
import time
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config


class crm_import(Command):  # the command is named after the class and the file
    """Import a CRM export (CSV files) with a profile; a second run doubles nothing."""

    name = "crm_import"

    def run(self, cmdargs):
        args = self._parse_args(cmdargs)
        with Registry(args.db_name).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if "crm.import.run" not in env:
                sys.exit(f"B2B Sales is not installed in the database {args.db_name}.")
            try:
                runs = env["crm.import.run"]
                text = runs._read_profile(args.profile)
                if args.dry_run:
                    self._print_check(*runs._check_folder(text, args.folder))
                    return
                run = runs._get_folder_run(text, args.folder)
            except UserError as error:
                sys.exit(str(error))
            bar = _Bar()
            if run._process(show=bar.show, limit=args.limit) is False:
                sys.exit("Another import is at work in this database. Try again later.")
            bar.end()
            self._print_run(run)
            if run.state == "failed":
                sys.exit(run.error)

    def _parse_args(self, cmdargs):
        parser = self.parser
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.add_argument("-c", "--config", help="configuration file")
        parser.add_argument("-d", "--database", dest="db_name", help="database")
        parser.add_argument("--addons-path", help="folders of addons")
        parser.add_argument(
            "--profile",
            required=True,
            help="name of a profile that comes with the addon, or a YAML file",
        )
        parser.add_argument("--folder", required=True, help="folder of the CSV files")
        parser.add_argument(
            "--dry-run", action="store_true", help="read, count, report; write nothing"
        )
        parser.add_argument("--limit", type=int, help="at most so many new deals")
        args, rest = parser.parse_known_args(cmdargs)
        options = ["--no-http", *rest]
        for name, value in (
            ("-c", args.config),
            ("-d", args.db_name),
            ("--addons-path", args.addons_path),
        ):
            if value:
                options += [name, value]
        if "--log-level" not in " ".join(rest):
            options.append("--log-level=warn")
        config.parse_config(options, setup_logging=True)
        names = config["db_name"]
        if len(names) != 1:
            sys.exit("Name one database with -d.")
        args.db_name = names[0]
        if not Path(args.folder).is_dir():
            sys.exit(f"The folder {args.folder} does not exist.")
        if args.limit is not None and args.limit < 1:
            sys.exit("--limit must be at least 1.")
        return args

    def _print_check(self, counts, issues):
        out("kind", "read", "usable", "rejected", "warnings")
        for row in counts:
            out(*row)
        self._print_issues(issues)

    def _print_run(self, run):
        out("kind", "read", "created", "already there", "rejected", "warnings")
        for count in run.count_ids:
            out(
                *(count.kind, count.row_count, count.created),
                *(count.existing, count.rejected, count.warnings),
            )
        self._print_issues(
            [
                (i.level, i.file, i.line, i.column, i.value, i.reason, i.suggestion)
                + (i.count,)
                for i in run.issue_ids
            ]
        )
        sys.stdout.write(
            f"{run.state} in {run.seconds:.1f} s (import {run.id} in the database)\n"
        )

    def _print_issues(self, issues, most=50):
        for level, file, line, column, value, reason, suggestion, count in issues[
            :most
        ]:
            near = f" - did you mean {suggestion}?" if suggestion else ""
            if reason.startswith("Corrected"):
                near = f": {suggestion}"
            sys.stdout.write(
                f"{level}: {file}:{line} {column or ''} {value!r}: {reason}{near}"
                f" ({count} rows)\n"
            )
        if len(issues) > most:
            sys.stdout.write(f"... and {len(issues) - most} more\n")


def out(first, *cells):
    sys.stdout.write(f"{first:<12}" + "".join(f"{cell:>15}" for cell in cells) + "\n")


class _Bar:
    """A progress bar on the terminal; a line every ten percent where there is none."""

    def __init__(self):
        self.started = time.monotonic()
        self.tty = sys.stderr.isatty()
        self.shown = -1

    def show(self, done, total):
        percent = 100 * done // max(total, 1)
        if not self.tty and percent // 10 == self.shown // 10:
            return
        self.shown = percent
        spent = time.monotonic() - self.started
        rest = spent / max(done, 1) * (total - done)
        text = (
            f"[{'#' * (percent * 30 // 100):<30}] {percent:3d}% {done}/{total}"
            f" deals, {spent:.0f} s, {rest:.0f} s left"
        )
        sys.stderr.write(f"\r{text}" if self.tty else f"{text}\n")
        sys.stderr.flush()

    def end(self):
        if self.tty and self.shown >= 0:
            sys.stderr.write("\n")
