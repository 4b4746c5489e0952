"""``make clean``: back to a fresh checkout. The data of `make run` go with it."""

import shutil
import sys

from . import command_stop, paths
from .console import Failure, flag, say


def main(_arguments):
    if (paths.RUN / "run").exists() and not flag("YES", default=False):
        confirm()
    command_stop.main([])
    for cluster in command_stop.clusters():
        cluster.destroy()
    for folder in (paths.RUN, paths.VENV):
        shutil.rmtree(folder, ignore_errors=True)
    say(f"Clean. Odoo itself stays in {paths.home()}; delete it by hand if you like.")


def confirm():
    """Ask before data of users are deleted; without a terminal, refuse."""
    question = "This deletes the databases of this checkout. Type yes to go on: "
    if not sys.stdin.isatty():
        raise Failure("this deletes the databases of this checkout: make clean YES=1")
    if input(question).strip().lower() != "yes":
        raise Failure("nothing was deleted")
