"""``python3 -m tool bootstrap [--dev]``: only prepare the environment."""

from . import bootstrap
from .console import say


def main(arguments):
    bootstrap.ensure(development="--dev" in arguments)
    say(f"Odoo is at {bootstrap.linked_root() or bootstrap.site_packages()}")
