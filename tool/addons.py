"""Our addons on disk: which there are, what they need, whether they changed."""

import ast
import hashlib
from pathlib import Path

from . import paths

# Neither compiled code nor tests change what is installed in a database.
IGNORED = {"__pycache__", "tests", "README.md"}


def manifests(folder=paths.ADDONS):
    """{addon: manifest} of every folder below ``folder`` with a manifest."""
    found = {}
    for path in sorted(Path(folder).glob("*/__manifest__.py")):
        found[path.parent.name] = ast.literal_eval(path.read_text())
    return {
        name: manifest
        for name, manifest in found.items()
        if manifest.get("installable", True)
    }


def foreign_dependencies(found):
    """The addons of others that ours need, sorted."""
    needed = {name for manifest in found.values() for name in manifest["depends"]}
    return sorted(needed - set(found))


def tree_hash(folder, ignored=frozenset(IGNORED)):
    """A key of all files of an addon that matter to its database."""
    digest = hashlib.sha256()
    for path in sorted(Path(folder).rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not ignored.intersection(relative.parts):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{relative.as_posix()}\0{content}\n".encode())
    return digest.hexdigest()[:16]


def hashes(found, folder=paths.ADDONS, translations=True):
    """{addon: key of its files}, of those without translations if so wished."""
    ignored = frozenset(IGNORED if translations else {*IGNORED, "i18n"})
    return {name: tree_hash(Path(folder) / name, ignored) for name in found}


def combined(*parts):
    """One short key out of anything with a stable text form."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def changes(before, now):
    """(new, changed) addon names between two ``hashes``."""
    new = [name for name in now if name not in before]
    changed = [n for n in now if n in before and before[n] != now[n]]
    return new, changed
