"""What benchmarks on a database share: its environment, rolled back at the end.

``make bench`` prepares a database and names it. By hand, on one of your own::

    python benchmarks/bench_rfm.py -c odoo.conf -d DATABASE
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import odoo.init  # noqa: F401 (patches libraries, so it must come first)
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def options(document: str) -> argparse.ArgumentParser:
    """A parser whose help is the first line of ``document``; add your own options."""
    parser = argparse.ArgumentParser(
        description=document.splitlines()[0],
        epilog="Odoo's own options are taken too: -c odoo.conf -d DATABASE.",
    )
    return parser


@contextmanager
def environment(
    document: str, model: str, parser: argparse.ArgumentParser | None = None
) -> Iterator[tuple[api.Environment, argparse.Namespace]]:
    """Yield (superuser's environment, options) of a database; nothing is kept.

    The database is named by ``-d``, ``PGDATABASE`` or the configuration file, and must
    have ``model``.
    """
    own, rest = (parser or options(document)).parse_known_args()
    config.parse_config(["--log-level=error", "--no-http", *rest])
    names = config["db_name"]
    if len(names) != 1:
        sys.exit("Name one database with -d DATABASE.")
    with Registry(names[0]).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if model not in env:
            sys.exit(f"The database {names[0]} does not have the model {model}.")
        print(document.splitlines()[0], flush=True)
        try:
            yield env, own
        finally:
            cr.rollback()


def seconds(function: Callable[[], object]) -> tuple[float, object]:
    """(wall seconds, result) of one call."""
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result
