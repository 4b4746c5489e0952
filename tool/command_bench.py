"""``make bench``: run every benchmark, each prints its table.

Those that need a database get a copy of the one of `make test`; ARGS names some.
"""

import subprocess

from . import bootstrap, paths, postgres
from .command_test import Prepared, prepared_copy
from .console import Failure, say
from .odoo import Odoo


def main(arguments):
    scripts = sorted((paths.ROOT / "benchmarks").glob("bench_*.py"))
    if arguments:
        scripts = [s for s in scripts if any(a in s.name for a in arguments)]
    if not scripts:
        raise Failure("there is no such benchmark in benchmarks/")
    bootstrap.ensure(development=True)
    with postgres.started_for_tests() as server:
        odoo = Odoo(server, "test")
        odoo.configure(max_cron_threads=0)
        with prepared_copy(odoo, Prepared(odoo)) as database:
            return max([measure(odoo, script, database) for script in scripts])


def measure(odoo, script, database):
    """Run one benchmark; it finds its database by ODOO_RC and PGDATABASE."""
    say(f"\n== {script.stem}")
    named = {"ODOO_RC": str(odoo.config), "PGDATABASE": database}
    return subprocess.call(
        [paths.PYTHON, script], cwd=paths.ROOT, env=odoo.environment | named
    )
