"""``make unit``: the pure Python tests, without a database, in seconds."""

import subprocess

from . import bootstrap, paths


def main(arguments):
    bootstrap.ensure(development=True)
    command = [paths.PYTHON, "-m", "pytest", "-p", "no:odoo", "tests/unit", *arguments]
    return subprocess.call(command, cwd=paths.ROOT)
