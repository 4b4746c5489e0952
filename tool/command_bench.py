"""``make bench``: run every benchmark, each prints one table."""

import subprocess

from . import bootstrap, paths, postgres
from .console import Failure, say
from .odoo import Odoo


def main(arguments):
    scripts = sorted((paths.ROOT / "benchmarks").glob("bench_*.py"))
    if arguments:
        scripts = [s for s in scripts if any(a in s.name for a in arguments)]
    if not scripts:
        raise Failure("there is no such benchmark in benchmarks/")
    bootstrap.ensure(development=True)
    server = postgres.for_tests()
    try:
        server.start()
        odoo = Odoo(server, "test")
        odoo.configure(max_cron_threads=0)
        return max(map(lambda script: measure(odoo, script), scripts))
    finally:
        server.stop()


def measure(odoo, script):
    """Run one benchmark; it finds the server by PGHOST and its companions."""
    say(f"\n== {script.stem}")
    environment = odoo.environment | {"ODOO_RC": str(odoo.config)}
    return subprocess.call([paths.PYTHON, script], cwd=paths.ROOT, env=environment)
