"""Which Odoo 19.0 to use; the first that fits wins.

1. ``ODOO_SOURCE``: a checkout or an unpacked tree;
2. an Odoo 19 that the virtual environment can import (kept from last time, or
   installed there by the user);
3. the Debian package from the machine's own mirror;
4. an Odoo 19 installed on the system;
5. a shallow clone of ``ODOO_GIT_URL``.
"""

import os
import re
from pathlib import Path

from . import debian, paths, process
from .console import Failure, say, step
from .mirror import Unavailable

SERIES = "19.0"
GIT_URL = "https://github.com/odoo/odoo"
SYSTEM = Path("/usr/lib/python3/dist-packages")
DEFAULT_LANGUAGES = "de,fr,es,ja"
ALWAYS_KEPT = "zh"  # zh_CN and zh_TW; English is the source language
FIND = (
    "import odoo.release as r, os;"
    "print(r.version_info[0], r.version_info[1]);"
    "print(os.path.dirname(os.path.dirname(os.path.abspath(r.__file__))))"
)


def languages():
    """Translations to keep: Chinese always, the rest from ``ODOO_LANGS``."""
    chosen = os.environ.get("ODOO_LANGS") or DEFAULT_LANGUAGES
    return sorted({ALWAYS_KEPT, *re.findall(r"[A-Za-z_@]+", chosen)})


def series_of(root):
    """The series of the Odoo tree at ``root``, such as "19.0", or None."""
    release = Path(root, "odoo", "release.py")
    if not release.is_file():
        return None
    found = re.search(r"^version_info = \((\d+), (\d+)", release.read_text(), re.M)
    return found and f"{found[1]}.{found[2]}"


def named():
    """The tree the user names by ``ODOO_SOURCE``, or None."""
    text = os.environ.get("ODOO_SOURCE")
    if not text:
        return None
    root = Path(text).expanduser().resolve()
    series = series_of(root)
    if series != SERIES:
        found = f"Odoo {series}" if series else "no Odoo"
        raise Failure(
            f"ODOO_SOURCE={text} holds {found}: name the folder of an Odoo {SERIES} "
            "checkout, the one with odoo/release.py in it."
        )
    return root


def importable():
    """(found, root) of the Odoo the environment can import.

    ``root`` is None when it lies in the environment itself and needs no link.
    """
    answer = process.text_of([paths.PYTHON, "-c", FIND], cwd="/")
    if not answer:
        return False, None
    version, root = answer.splitlines()[:2]
    if version.replace(" ", ".") != SERIES:
        return False, None
    return True, None if "site-packages" in Path(root).parts else Path(root)


def _is_ours(root):
    return root is not None and root.is_relative_to(paths.home() / "src")


def _from_system():
    """The system's Odoo, linked alone: dist-packages itself holds other versions."""
    if series_of(SYSTEM) != SERIES:
        return None
    root = paths.home() / "src" / "system"
    root.mkdir(parents=True, exist_ok=True)
    if not (root / "odoo").exists():
        (root / "odoo").symlink_to(SYSTEM / "odoo")
    return root


def _from_git(reason):
    root = paths.home() / "src" / f"git-{SERIES}"
    if series_of(root) == SERIES:
        return root
    url = os.environ.get("ODOO_GIT_URL") or GIT_URL
    say(f"  (no Debian package: {reason})")
    with step(f"Clone Odoo {SERIES}"):
        clone = ["git", "clone", "--depth", "1", "--single-branch", "-b", SERIES, url]
        process.run(
            [*clone, root],
            env=os.environ | {"GIT_TERMINAL_PROMPT": "0"},
            sentence=(
                f"Odoo {SERIES} could not be had: {reason}, and {url} could not be "
                "cloned. Connect to a network, or get a checkout on another way and "
                "name it: make run ODOO_SOURCE=/path/to/odoo"
            ),
        )
    return root


def provide():
    """The root of an Odoo tree to link, or None if the environment has its own."""
    root = named()
    if root:
        return root
    kept = debian.existing(paths.home(), languages())
    found, root = importable()
    if found and (not _is_ours(root) or root == kept or "system" in root.name):
        return root
    if kept:
        return kept
    try:
        with step(f"Get Odoo {SERIES} from the Debian mirror of this machine"):
            return debian.provide(paths.home(), languages())
    except Unavailable as reason:
        return _from_system() or _from_git(reason)
