"""``make run``: prepare, create or update the database, serve until Ctrl-C.

Environment: PORT (8069), DEMO=0 for an empty company, DB for another database
name, HTTP_INTERFACE (127.0.0.1).
"""

import contextlib
import fcntl
import os
import secrets
import time
import urllib.request

from . import addons, bootstrap, chromium, paths, ports, postgres, process
from .console import Failure, flag, say, step
from .odoo import LANGUAGES, Odoo, Record

SET_PASSWORD = """\
import os
env.ref("base.user_admin").password = os.environ["CRM_NEW_PASSWORD"]
env.cr.commit()
"""
PAGE_PATIENCE = 180  # seconds for the first page


def main(arguments):
    if arguments:
        raise Failure("make run takes variables, not arguments: see README.md")
    port = ports.parse(os.environ.get("PORT") or "8069")
    with only_one():
        check_port(port)
        bootstrap.ensure()
        server = postgres.for_users()
        try:
            with step("Start PostgreSQL"):
                server.start()
            odoo = Odoo(server, "run")
            interface = os.environ.get("HTTP_INTERFACE") or ports.LOCAL
            odoo.configure(port, interface=interface, max_cron_threads=1)
            database, secret = prepare(odoo, demo=flag("DEMO"))
            serve(odoo, database, port, secret)
        finally:
            server.stop()


@contextlib.contextmanager
def only_one():
    """Hold the lock of this checkout: two runs would share one database."""
    path = paths.run_folder() / "run.lock"
    with open(path, "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure(
                "the CRM of this checkout runs already: use it, or `make stop` first "
                "(a second checkout can run beside it on another PORT)."
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        stop_left_over()
        yield


def stop_left_over():
    """End an Odoo whose starter was killed before it could do so."""
    pid_file = paths.RUN / "odoo.pid"
    process.stop_recorded(pid_file, str(paths.RUN / "run" / "odoo.conf"))


def check_port(port):
    if not ports.is_free(port):
        raise Failure(
            f"port {port} is taken by another program: choose one that is free, for "
            f"example `make run PORT={port + 10 if port < 65000 else 8079}`."
        )


def database_name(server, demo):
    """The database of this checkout: demo and empty company lie side by side."""
    named = os.environ.get("DB")
    if named:
        return named
    name = "crm_demo" if demo else "crm_company"
    own = isinstance(server, postgres.Cluster)
    return name if own else f"{name}_{paths.checkout_id()}"


def prepare(odoo, demo):
    """Create or update the database; return its name and a new password, if any."""
    name = database_name(odoo.server, demo)
    record = Record(odoo.folder / f"{name}.json")
    found = addons.manifests()
    now = {"addons": addons.hashes(found), "pins": bootstrap.pins_hash()}
    if name not in odoo.databases():
        return name, create(odoo, name, demo, found, record, now)
    update(odoo, name, demo, record, now)
    return name, None


def create(odoo, name, demo, found, record, now):
    """Build under another name first: an interrupted start leaves nothing half done."""
    log = odoo.folder / "install.log"
    log.unlink(missing_ok=True)
    new = f"{name}_new"
    odoo.drop_database(new)
    odoo.create_database(new)
    with step(f"Install Odoo's applications and {', '.join(found)} (some minutes)"):
        odoo.install(new, found, log, language=LANGUAGES)
    secret = None
    if demo:
        with step("Load the demo company"):
            odoo.load_demo(new, log)
    else:
        secret = set_password(odoo, new, log)
    odoo.rename_database(new, name)
    record.write(now)
    return secret


def set_password(odoo, database, log):
    """Give the administrator a random password; it is printed once."""
    secret = secrets.token_urlsafe(12)
    script = odoo.folder / "password.py"
    script.write_text(SET_PASSWORD)
    with step("Set the administrator's password"), open(script) as stream:
        odoo.call(
            "shell",
            database,
            "--no-http",
            log=log,
            stdin=stream,
            environment={"CRM_NEW_PASSWORD": secret},
        )
    return secret


def update(odoo, name, demo, record, now):
    """Bring an existing database to the state of the addons on disk."""
    before = record.read()
    new, changed = addons.changes(before.get("addons", {}), now["addons"])
    if before.get("pins") != now["pins"]:
        changed = ["base"]  # everything stands on it, so all is updated
    if not new and not changed:
        return
    log = odoo.folder / "update.log"
    log.unlink(missing_ok=True)
    with step(f"Update the database ({', '.join(new + changed)})"):
        odoo.install(name, new, log, update=changed)
        if new and demo:
            odoo.load_demo(name, log)
    record.write(now)


def serve(odoo, database, port, secret):
    """Serve until the user stops it, or Odoo ends by itself."""
    log = paths.RUN / "odoo.log"
    with step("Start Odoo"):
        child = odoo.start_server(database, log)
        (paths.RUN / "odoo.pid").write_text(f"{child.pid}\n")
        try:
            wait_for_page(child, port, log)
        except BaseException:
            process.stop(child)
            raise
    try:
        announce(port, secret, log)
        code = child.wait()
        raise Failure(f"Odoo ended by itself (code {code}): read {log}")
    except KeyboardInterrupt:
        say("\nStopping ...")
    finally:
        process.stop(child)
        (paths.RUN / "odoo.pid").unlink(missing_ok=True)
    say("Stopped. Everything is saved; `make run` starts it again.")


def wait_for_page(child, port, log):
    """Wait until the login page answers; its first call builds the style sheets."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    address = f"http://{ports.LOCAL}:{port}/web/login"
    end = time.monotonic() + PAGE_PATIENCE
    while time.monotonic() < end:
        if child.poll() is not None:
            break
        # URLError is an OSError: nobody listens yet.
        with contextlib.suppress(OSError), opener.open(address, timeout=60):
            return
        time.sleep(0.2)
    raise Failure(f"Odoo did not start: read {log}")


def announce(port, secret, log):
    """Print the address and the login."""
    say(f"\n  The CRM is at  http://{ports.LOCAL}:{port}")
    if secret:
        say(f"  Log in as      admin, password {secret}   (shown only this time)")
    elif flag("DEMO"):
        say("  Log in as      admin, password admin")
    else:
        say("  Log in as      admin, with the password of the first start")
    if not chromium.find():
        say(f"  PDF printing needs Chromium: {chromium.HOW}, then start again.")
    say(f"  Log            {log}\n  Ctrl-C stops everything.")
