"""``make test-deps``: the own tests of the pinned OCA addons, with Odoo's runner.

Once for a set of pins: FORCE=1 repeats. They run with demo data, which some of
them need, each in a database of its own without our addons.
"""

import re
import time

from . import bootstrap, chromium, logs, paths, postgres, process
from .console import Failure, flag, say, step
from .odoo import Odoo, Record

SUMMARY = re.compile(
    r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading database"
)


def main(arguments):
    bootstrap.ensure(development=True)
    names = arguments or pinned_addons()
    record = Record(paths.run_folder() / "test-deps.json")
    pins = bootstrap.pins_hash()
    known = not arguments and record.read().get("pins") == pins
    if known and not flag("FORCE", default=False):
        say("The addons' own tests passed for these pins; FORCE=1 repeats them.")
        return 0
    chromium.ensure("The browser tests of the OCA addons")
    with postgres.started_for_tests() as server:
        odoo = Odoo(server, "test")
        odoo.configure(max_cron_threads=0)
        failed = run_all(odoo, names)
    if failed:
        raise Failure(f"the tests of {', '.join(failed)} failed: see {odoo.folder}")
    if not arguments:
        record.write({"pins": pins, "addons": names})
    return 0


def pinned_addons():
    """The OCA addons named in requirements.txt."""
    rows = bootstrap.requirement_names(paths.ROOT / "requirements.txt")
    prefix = "odoo-addon-"
    return [n[len(prefix) :].replace("-", "_") for n, _ in rows if n.startswith(prefix)]


def run_all(odoo, names):
    """Test each addon; report them, and return those that failed."""
    rows = [test_one(odoo, name) for name in names]
    report(rows)
    return [name for name, failed, errors, _tests, _time in rows if failed or errors]


def test_one(odoo, name):
    """(addon, failures, errors, tests, seconds) of one addon's own tests.

    Each is installed alone in a new database, as its authors test it: among others,
    tests that run while it is installed would meet columns of addons not loaded yet.
    """
    database = f"t{paths.checkout_id()}_oca"
    log = odoo.folder / f"oca-{name}.log"
    log.unlink(missing_ok=True)
    start = time.monotonic()
    with step(f"Install {name} with demo data and test it"):
        odoo.drop_database(database)
        odoo.create_database(database)
        arguments = ["-i", name, "--with-demo", "--test-tags", f"/{name}"]
        command = odoo.command("server", database, *arguments, "--stop-after-init")
        # The exit code repeats what the log says in more detail.
        process.run(command, log=log, cwd=paths.ROOT, env=odoo.environment)
        odoo.drop_database(database)
    return name, *outcome(log.read_text(errors="replace")), time.monotonic() - start


def outcome(text):
    """(failures, errors, tests) that Odoo's runner reports; a crash is one error."""
    found = SUMMARY.findall(text)
    if found:
        return tuple(map(int, found[-1]))
    crashed = any(e.level != "WARNING" for e in logs.entries(text.splitlines()))
    return 0, int(crashed), 0


def report(rows):
    """Print one line an addon."""
    width = max(len(row[0]) for row in rows)
    say(f"\n{'addon'.ljust(width)}  tests  failed  errors  seconds")
    for name, failed, errors, tests, seconds in rows:
        say(f"{name.ljust(width)}  {tests:5}  {failed:6}  {errors:6}  {seconds:7.1f}")
