"""What benchmarks on a database share: its environment, rolled back at the end.

``make bench`` prepares a database and names it. By hand, on one of your own::

    python benchmarks/bench_rfm.py -c odoo.conf -d DATABASE
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import odoo.init  # noqa: F401 (patches libraries, so it must come first)
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db, db_connect
from odoo.tools import SQL, config


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
    own, name = named(document, parser)
    with _opened(document, model, name) as env:
        yield env, own


@contextmanager
def own_copy(
    document: str, model: str, parser: argparse.ArgumentParser | None = None
) -> Iterator[tuple[api.Environment, argparse.Namespace]]:
    """As :func:`environment`, in a copy of the database in which one may commit.

    PostgreSQL checks all foreign keys of a changed row that the same transaction has
    inserted, else those of changed columns only: what updates rows made by the
    benchmark is measured right only after a commit.
    """
    own, name = named(document, parser)
    with copy_with(name, []) as copy, _opened(document, model, copy) as env:
        yield env, own


def named(document, parser):
    """Return (the benchmark's own options, the name of the database)."""
    own, rest = (parser or options(document)).parse_known_args()
    config.parse_config(["--log-level=error", "--no-http", *rest])
    names = config["db_name"]
    if len(names) != 1:
        sys.exit("Name one database with -d DATABASE.")
    return own, names[0]


@contextmanager
def _opened(document, model, name):
    with Registry(name).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if model not in env:
            sys.exit(f"The database {name} does not have the model {model}.")
        print(document.splitlines()[0], flush=True)
        try:
            yield env
        finally:
            cr.rollback()


def bare_database(name: str) -> str:
    """The database of dependencies that ``make`` keeps beside ``name``, that of a run.

    ``BASE_DATABASE`` names another.
    """
    found = os.environ.get("BASE_DATABASE")
    if not found:
        prefix = name.split("_run_")[0].replace("_", r"\_")
        with db_connect("postgres").cursor() as cr:
            cr.execute(
                "SELECT min(datname) FROM pg_database WHERE datname LIKE %s",
                [prefix + r"\_dep\_%"],
            )
            [found] = cr.fetchone()
    return found or sys.exit("Name the database without our addons: BASE_DATABASE=...")


@contextmanager
def entered(name: str) -> Iterator[api.Environment]:
    """Yield the superuser's environment of another database; nothing is kept."""
    with Registry(name).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})
        cr.rollback()


@contextmanager
def copy_with(name: str, modules: list[str]) -> Iterator[str]:
    """Yield the name of a copy of a database with more modules; deleted afterwards."""
    copy = f"{name}_peer"
    close_db(name)
    _administer(SQL("DROP DATABASE IF EXISTS %s", SQL.identifier(copy)))
    _administer(
        SQL("CREATE DATABASE %s TEMPLATE %s", *map(SQL.identifier, (copy, name)))
    )
    try:
        if modules:
            Registry.new(copy, update_module=True, install_modules=modules)
        yield copy
    finally:
        close_db(copy)
        _administer(SQL("DROP DATABASE %s WITH (FORCE)", SQL.identifier(copy)))


def _administer(statement: SQL) -> None:
    """Run what PostgreSQL does not do inside a transaction."""
    with db_connect("postgres").cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute(statement)


def seconds(function: Callable[[], object]) -> tuple[float, object]:
    """(wall seconds, result) of one call."""
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result
