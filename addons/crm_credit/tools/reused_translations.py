"""Translations of reused addons that have none of their own.

A file ``<our addon>/i18n_oca/<reused addon>/i18n_extra/<language>.po`` completes the
reused addon's own file: Odoo reads ``i18n_extra`` after ``i18n`` in every folder of
an addon's package, and a Python package may have several folders. So terms in the
database, in code and in the browser are all found by Odoo's own means.
"""

from importlib import import_module
from pathlib import Path

from odoo.tools.translate import code_translations

FOLDER = "i18n_oca"
_reused = {}  # {our addon: (reused addon, ...)}, filled as the addons load


def register(addon):
    """Make the translations in ``addon`` part of the addons which they are for.

    To be called in ``post_load``: the reused addons are loaded then, as ``addon``
    depends on them.
    """
    home = Path(import_module(f"odoo.addons.{addon}").__file__).parent
    folders = sorted(path for path in (home / FOLDER).iterdir() if path.is_dir())
    for folder in folders:
        package = import_module(f"odoo.addons.{folder.name}")
        if str(folder) not in package.__path__:
            package.__path__.append(str(folder))
        _forget(folder.name)
    _reused[addon] = tuple(folder.name for folder in folders)


def _forget(addon):
    """Terms in code read before the folder was known are read again."""
    for known in (
        code_translations.python_translations,
        code_translations.web_translations,
    ):
        for key in [key for key in known if key[0] == addon]:
            del known[key]


def complete(addons):
    """Return ``addons`` and the reused ones whose translations they bring."""
    reused = (name for addon in addons for name in _reused.get(addon, ()))
    return list(dict.fromkeys([*addons, *reused]))
