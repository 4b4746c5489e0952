"""``make i18n``: export the templates, bring the Chinese translations up to date.

``ARGS=--check`` only tells what is missing, without a database.
"""

import subprocess

from . import addons, bootstrap, paths, postgres, process
from .command_test import Prepared
from .console import Failure, say, step
from .odoo import Odoo

CHECK = (
    "import sys; from tool import translations, paths;"
    "found = translations.check(paths.ADDONS); print('\\n'.join(found));"
    "sys.exit(bool(found))"
)


def main(arguments):
    bootstrap.ensure(development=True)
    if "--check" in arguments:
        return subprocess.call([paths.PYTHON, "-c", CHECK], cwd=paths.ROOT)
    with postgres.started_for_tests() as server:
        odoo = Odoo(server, "test")
        odoo.configure(max_cron_threads=0)
        templates = export(odoo)
    merge = [paths.PYTHON, "-m", "tool.translations", *templates]
    done = process.run(merge, cwd=paths.ROOT, sentence="the merge failed")
    say(done.stdout.decode().strip())
    return 0


def export(odoo):
    """Write <addon>/i18n/<addon>.pot of our addons; return the paths."""
    database = Prepared(odoo).with_terms()
    names = list(addons.manifests())
    for name in names:
        (paths.ADDONS / name / "i18n").mkdir(exist_ok=True)
    log = odoo.folder / "i18n.log"
    log.unlink(missing_ok=True)
    command = [paths.PYTHON, "-m", "odoo", "i18n", "export", "-c", odoo.config]
    with step("Export the terms"):
        process.run(
            [*command, "-d", database, *names],
            log=log,
            cwd=paths.ROOT,
            env=odoo.environment,
            sentence="the terms could not be exported",
        )
    templates = [paths.ADDONS / name / "i18n" / f"{name}.pot" for name in names]
    found = [path for path in templates if path.exists()]
    if not found:
        raise Failure("our addons have no terms to translate yet")
    return found
