"""The virtual environment: made, linked to Odoo, filled with the exact pins."""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import sys
from pathlib import Path

from . import paths, process, source
from .console import Failure, step

CONSTRAINTS = paths.TOOL / "constraints.txt"
RUNTIME = (paths.TOOL / "requirements-odoo.txt", paths.ROOT / "requirements.txt")
DEVELOPMENT = (paths.ROOT / "requirements-dev.txt",)
HOME_BYTES = 1_000_000_000  # package, unpacked tree, apt lists
VENV_BYTES = 1_500_000_000  # environment, databases, files
STAMP = paths.VENV / ".requirements"


def pins_hash():
    """A key that changes with any pin, with Odoo's tree and with the languages."""
    files = (*RUNTIME, CONSTRAINTS)
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in files))
    digest.update(repr((source.languages(), linked_root())).encode())
    return digest.hexdigest()[:12]


def ensure(development=False):
    """Make or complete the environment; nothing to do takes a tenth of a second."""
    with _locked(paths.home()):
        _make_venv()
        root = source.provide()
        if root:
            _link(root)
        _install(RUNTIME + (DEVELOPMENT if development else ()))


@contextlib.contextmanager
def _locked(home):
    """Two checkouts fill the shared cache one after the other."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = open(home / ".lock", "w")  # noqa: SIM115 (held until the block ends)
    except OSError as error:
        raise Failure(
            f"{home} cannot be written ({error.strerror}): set ODOO_HOME to a folder "
            "of yours with 1 GB of room."
        ) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def check_room(folder, needed):
    """Refuse early when the disk is too small."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Failure(
            f"{folder} has {free / 1e9:.1f} GB free and {needed / 1e9:.1f} GB are "
            "needed: free some space, or set ODOO_HOME to a folder on another disk."
        )


def _works(python):
    return process.text_of([python, "-c", "import pip"], cwd="/") is not None


def _make_venv():
    if paths.PYTHON.exists() and _works(paths.PYTHON):
        return
    check_room(paths.home(), HOME_BYTES)
    check_room(paths.ROOT, VENV_BYTES)
    with step(f"Make the virtual environment {paths.VENV.name}"):
        shutil.rmtree(paths.VENV, ignore_errors=True)
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        process.run(
            [sys.executable, "-m", "venv", paths.VENV],
            sentence=(
                f"{sys.executable} cannot make a virtual environment: install its venv "
                f"module (on Debian and Ubuntu: apt-get install python{version}-venv) "
                "and start again."
            ),
        )


def site_packages():
    """The folder of the environment's packages."""
    return next((paths.VENV / "lib").glob("python3*")) / "site-packages"


def linked_root():
    """The Odoo tree the environment points at, as text ("" for its own)."""
    with contextlib.suppress(OSError, StopIteration):
        return (site_packages() / "odoo-source.pth").read_text().strip()
    return ""


def _link(root):
    """Let Python import the tree, let pip count it, and give it a command."""
    site = site_packages()
    if linked_root() != str(root):
        (site / "odoo-source.pth").write_text(f"{root}\n")
    info = site / f"odoo-{source.SERIES}.dist-info"
    info.mkdir(exist_ok=True)
    metadata = f"Metadata-Version: 2.1\nName: odoo\nVersion: {source.SERIES}\n"
    (info / "METADATA").write_text(metadata)
    (info / "INSTALLER").write_text("tool\n")
    (info / "RECORD").write_text("")


def requirement_names(path):
    """(name, version or None) of each line of a requirements file."""
    rows = []
    for line in Path(path).read_text().splitlines():
        text = line.split("#")[0].split(";")[0].strip()
        if text and not text.startswith("-"):
            name, _, version = text.partition("==")
            rows.append((re.sub(r"[-_.]+", "-", name.strip()).lower(), version.strip()))
    return [(name, version or None) for name, version in rows]


def _install(files):
    """Install the pins unless this very set, or more, is in already."""
    lines = {_stamp_of(path) for path in (*files, CONSTRAINTS)}
    done = set(STAMP.read_text().split()) if STAMP.exists() else set()
    if lines <= done:
        return
    log = paths.run_folder() / "pip.log"
    log.unlink(missing_ok=True)
    arguments = ["-c", CONSTRAINTS]
    for path in files:
        arguments += ["-r", path]
    with step("Install the pinned Python packages"):
        _pip(log, *arguments)
        if sys.version_info >= (3, 13):
            # Barcodes: its dependency pycairo has no wheel, cairocffi serves.
            _pip(log, "-c", CONSTRAINTS, "--no-deps", "rlPyCairo")
    kept = {line for line in done if line.split(":")[0] not in _names(lines)}
    STAMP.write_text("\n".join(sorted(kept | lines)) + "\n")


def _names(lines):
    return {line.split(":")[0] for line in lines}


def _stamp_of(path):
    return f"{path.name}:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def _pip(log, *arguments):
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    environment.pop("PYTHONPATH", None)
    done = process.run(
        [paths.PYTHON, "-m", "pip", "install", *arguments],
        log=log,
        env=environment,
        cwd=paths.ROOT,
    )
    if done.returncode:
        raise Failure(
            "pip could not install the pinned packages: check the network or the "
            "package index of pip, then start again.\n"
            + "\n".join(pip_errors(log.read_text(errors="replace")))
            + f"\n    (all of it in {log})"
        )


def pip_errors(text):
    """The lines of pip's output that say what went wrong, without the noise."""
    lines = [line.strip() for line in text.splitlines()]
    errors = [line for line in lines if line.startswith(("ERROR", "error:"))]
    return ["    " + line for line in errors[:8] or lines[-8:]]
