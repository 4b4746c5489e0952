"""Odoo itself: its configuration file, its commands, its databases."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from . import chromium, paths, ports, process

# The first becomes the default language of the database and its users.
LANGUAGES = "en_US,zh_CN"
STAND_IN = """\
#!/bin/sh
# Prints with Chromium what Odoo hands to wkhtmltopdf; written by the set-up.
exec "{python}" "{script}" "$@"
"""


class Odoo:
    """Odoo with our addons against one PostgreSQL server.

    ``name`` tells configurations apart: run, test.
    """

    def __init__(self, server, name):
        self.server = server
        self.folder = paths.run_folder() / name
        self.folder.mkdir(exist_ok=True)
        self.data = self.folder / "data"
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.config = self.folder / "odoo.conf"

    # -- configuration ----------------------------------------------------------

    def configure(self, port=8069, interface=ports.LOCAL, **more):
        """Write odoo.conf for this server; readable by its owner only."""
        options = {
            "addons_path": paths.ADDONS,
            "data_dir": self.data,
            "db_host": self.server.host,
            "db_port": self.server.port,
            "db_user": self.server.user,
            "db_password": self.server.password or False,
            # The same server: read-only routes get real read-only transactions.
            "db_replica_host": self.server.host,
            "db_replica_port": self.server.port,
            "pg_path": self.server.binaries,
            "bin_path": self.bin_folder,
            "http_interface": interface,
            "http_port": port,
            "gevent_port": port + 3 if port + 3 < 65536 else port - 3,
            "list_db": False,
            "server_wide_modules": "base,rpc,web",
        } | more
        lines = [f"{key} = {value}" for key, value in options.items()]
        self.config.touch(0o600)
        self.config.write_text("[options]\n" + "\n".join(lines) + "\n")
        install_stand_in(self.bin_folder)

    @property
    def bin_folder(self):
        return paths.run_folder() / "bin"

    @property
    def environment(self):
        """The environment of an Odoo process: its programs first, UTC, UTF-8."""
        path = [self.bin_folder, paths.VENV / "bin", self.server.binaries]
        path.append(os.environ.get("PATH", "/usr/bin:/bin"))
        values = {"PATH": os.pathsep.join(map(str, path)), "PYTHONUTF8": "1"}
        inherited = {
            key: value
            for key, value in self.server.environment.items()
            if key not in ("ODOO_RC", "OPENERP_SERVER", "PYTHONPATH", "PYTHONHOME")
        }
        return inherited | values

    def command(self, subcommand, database, *arguments):
        """The command line of an Odoo subcommand, ours included."""
        start = [paths.PYTHON, "-m", "odoo", f"--addons-path={paths.ADDONS}"]
        options = [subcommand, "-c", self.config, "-d", database, *arguments]
        return [str(part) for part in start + options]

    def call(self, subcommand, database, *arguments, log, **options):
        """Run an Odoo subcommand to its end; its output is added to ``log``."""
        process.run(
            self.command(subcommand, database, *arguments),
            log=log,
            cwd=paths.ROOT,
            env=self.environment | options.pop("environment", {}),
            sentence=f"Odoo stopped with an error ({subcommand})",
            **options,
        )

    def install(self, database, names, log, language=None, update=()):
        """Install addons without demo data, and update others."""
        arguments = ["--stop-after-init", "--no-http"]
        if names:
            arguments += ["-i", ",".join(names)]
        if update:
            arguments += ["-u", ",".join(update)]
        if language:
            arguments.append(f"--load-language={language}")
        self.call("server", database, *arguments, log=log)

    def load_demo(self, database, log):
        """Load the demo company of our addons, where the command for it exists."""
        if any(paths.ADDONS.glob("*/cli/crm_demo.py")):
            self.call("crm_demo", database, log=log)

    def start_server(self, database, log):
        """Start serving; the child has its own session, so Ctrl-C is ours alone."""
        with open(log, "ab") as stream:
            return subprocess.Popen(
                self.command("server", database),
                cwd=paths.ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    # -- databases --------------------------------------------------------------

    def databases(self):
        """Names of the databases of the server."""
        rows = self.server.query("SELECT datname FROM pg_database")
        return {row[0] for row in rows}

    def create_database(self, name):
        """An empty database; Odoo adds its tables."""
        self.server.query(
            f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0"
        )

    def copy_database(self, template, name):
        """Copy a database and its files; files are shared by hard links."""
        self.drop_database(name)
        self.server.query(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        files = self.data / "filestore"
        if (files / template).exists():
            shutil.copytree(files / template, files / name, copy_function=_link)

    def rename_database(self, old, new):
        """Give a finished database and its files their name."""
        files = self.data / "filestore"
        if (files / old).exists():
            (files / old).rename(files / new)
        self.server.query(f'ALTER DATABASE "{old}" RENAME TO "{new}"')

    def drop_database(self, name):
        """Delete a database and its files, whether they exist or not."""
        self.server.query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.data / "filestore" / name, ignore_errors=True)


def _link(source, target):
    """Odoo never changes a file of its store, so copies may share it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def install_stand_in(folder):
    """Put our ``wkhtmltopdf`` into ``folder`` when there is a Chromium for it."""
    program = folder / "wkhtmltopdf"
    if not chromium.find():
        program.unlink(missing_ok=True)
        return
    folder.mkdir(exist_ok=True)
    script = paths.TOOL / "pdf" / "wkhtmltopdf.py"
    program.write_text(STAND_IN.format(python=paths.PYTHON, script=script))
    program.chmod(0o755)


def font_configuration(root, folder):
    """A fontconfig file that adds Odoo's own Roboto; returns the environment."""
    fonts = Path(root) / "odoo" / "addons" / "web" / "static" / "fonts" / "google"
    target = folder / "fonts.conf"
    target.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n'
        "<fontconfig><include>/etc/fonts/fonts.conf</include>"
        f"<dir>{fonts}</dir></fontconfig>\n"
    )
    return {"FONTCONFIG_FILE": str(target)}


class Record:
    """A small JSON file of facts, such as what a database was made of."""

    def __init__(self, path):
        self.path = path

    def read(self):
        try:
            return json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}

    def write(self, facts):
        part = self.path.with_name(self.path.name + ".part")
        part.write_text(json.dumps(facts, indent=1, sort_keys=True))
        part.replace(self.path)
