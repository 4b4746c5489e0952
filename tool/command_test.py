"""``make test``: everything in one run of pytest on fresh copies of a database.

Three databases, each made from the one before and kept until what it is made of
changes: the dependencies; with our addons and the demo company; a copy for the
run, deleted afterwards. A whole run uses several processes with a copy each.
Environment: KEEP=1 keeps the copies, JOBS=1 uses one process.
"""

import contextlib
import os
import subprocess

from . import addons, bootstrap, chromium, paths, postgres, process, pytest_workers
from .console import flag, step
from .logs import INSTALL_LOGS
from .odoo import LANGUAGES, Odoo

FOLDERS = ("tests/unit", "addons", "tests/acceptance")
MOST_JOBS = 4  # each has a registry, a web server and a browser in memory


def main(arguments):
    bootstrap.ensure(development=True)
    chromium.ensure("The browser tours of `make test`")
    with postgres.started_for_tests() as server:
        odoo = Odoo(server, "test")
        odoo.configure(max_cron_threads=0)
        prepared = Prepared(odoo)
        jobs = number_of_jobs(arguments)
        with prepared_copies(odoo, prepared, jobs) as database:
            return pytest(odoo, database, arguments, prepared.install_logs(), jobs)


def number_of_jobs(arguments):
    """How many processes test side by side: one for what the user picked himself."""
    asked = os.environ.get("JOBS", "")
    if asked.isdigit() and int(asked):
        return int(asked)
    return 1 if arguments else max(1, min(os.cpu_count() or 1, MOST_JOBS))


class Prepared:
    """The two prepared databases, named after what they are made of."""

    def __init__(self, odoo):
        self.odoo = odoo
        self.found = addons.manifests()
        own = f"t{paths.checkout_id()}"
        needed = addons.foreign_dependencies(self.found)
        pins = bootstrap.pins_hash()
        self.dependencies = f"{own}_dep_{addons.combined(pins, needed)}"
        code = addons.hashes(self.found, translations=False)
        # Databases of the same code, whatever the translations, start alike.
        self.same_code = f"{own}_all_{addons.combined(self.dependencies, code)}_"
        self.full = self.same_code + addons.combined(addons.hashes(self.found))
        self.copy = f"{own}_run_{os.getpid()}"
        self.prefix = own

    def with_terms(self):
        """A prepared database that has the terms of the code, old translations or not.

        So `make i18n`, which changes the translations, need not prepare another.
        """
        present = [n for n in self.odoo.databases() if n.startswith(self.same_code)]
        if present:
            return present[0]
        self.make()
        return self.full

    def log(self, name):
        return self.odoo.folder / f"{name}.log"

    def make(self):
        """Make what is missing, delete what is out of date."""
        present = self.odoo.databases()
        self._drop_old(present)
        if self.full in present and self.log(self.full).exists():
            return
        if self.dependencies not in present:
            self._build(self.dependencies, self._install_dependencies)
        self._build(self.full, self._install_ours)

    def _build(self, name, fill):
        """Fill a database under a working name; only a finished one gets ``name``."""
        part = f"{self.prefix}_part"
        self.odoo.drop_database(part)
        self.odoo.drop_database(name)
        self.log(name).unlink(missing_ok=True)
        fill(part, self.log(name))
        self.odoo.rename_database(part, name)

    def _install_dependencies(self, part, log):
        self.odoo.create_database(part)
        needed = addons.foreign_dependencies(self.found)
        with step("Prepare a database with all dependencies (once for these pins)"):
            self.odoo.install(part, needed, log, language=LANGUAGES)

    def _install_ours(self, part, log):
        self.odoo.copy_database(self.dependencies, part)
        with step(f"Install {', '.join(self.found)} and the demo company"):
            self.odoo.install(part, self.found, log)
            self.odoo.load_demo(part, log)

    def _drop_old(self, present):
        keep = {self.dependencies, self.full}
        for name in present:
            if name.startswith(f"{self.prefix}_") and name not in keep:
                self.odoo.drop_database(name)
                self.log(name).unlink(missing_ok=True)

    def install_logs(self):
        """Logs of the preparation that exist."""
        logs = (self.log(self.dependencies), self.log(self.full))
        return [str(log) for log in logs if log.exists()]


@contextlib.contextmanager
def prepared_copy(odoo, prepared):
    """Yield the name of a copy of the prepared database; KEEP=1 leaves it."""
    with prepared_copies(odoo, prepared, 1) as name:
        yield name


@contextlib.contextmanager
def prepared_copies(odoo, prepared, jobs):
    """Yield the name of a copy, or the start of the names of one for each job."""
    names = [prepared.copy]
    if jobs > 1:
        names = pytest_workers.databases(prepared.copy, jobs)
    prepared.make()
    try:
        with step("Copy the prepared database"):
            for name in names:
                odoo.copy_database(prepared.full, name)
        yield prepared.copy
    finally:
        if not flag("KEEP", default=False):
            for name in names:
                odoo.drop_database(name)


def folders():
    """The folders with tests that exist."""
    return [name for name in FOLDERS if (paths.ROOT / name).is_dir()]


def split(arguments):
    """(options, paths) of what the user adds: paths replace the standard ones."""
    named = [a for a in arguments if (paths.ROOT / a.split("::")[0]).exists()]
    return [a for a in arguments if a not in named], named


def pytest(odoo, database, arguments, install_logs, jobs=1):
    """One run of pytest; each process of it has Odoo's web server in it."""
    options, named = split(arguments)
    command = [paths.PYTHON, "-m", "pytest", "-p", "no:cacheprovider", "--odoo-http"]
    command += [f"--odoo-config={odoo.config}", f"--odoo-database={database}"]
    # The plugin's standard is "critical", which would hide what the log check needs.
    command += ["--odoo-log-level=warn", *options, *(named or folders())]
    if jobs > 1:
        # Classes stay together; the order is that of pytest_workers.
        command += ["-n", jobs, "--dist", "loadscope", "--no-loadscope-reorder"]
    environment = odoo.environment | {INSTALL_LOGS: os.pathsep.join(install_logs)}
    child = subprocess.Popen(
        [str(part) for part in command],
        cwd=paths.ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return child.wait()
    finally:
        process.stop(child)
