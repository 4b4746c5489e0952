"""What the service benchmarks share: a database that is rolled back at the end."""

import argparse
import sys
import time
from contextlib import contextmanager

import odoo.init  # noqa: F401 (patches libraries, so it must come first)
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


@contextmanager
def environment(title):
    """Yield the environment of the database given by ``-d``; nothing is kept."""
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("-c", "--config")
    parser.add_argument("-d", "--database", required=True)
    args, rest = parser.parse_known_args()
    options = ["-d", args.database, "--log-level=error", "--no-http", *rest]
    config.parse_config([*(["-c", args.config] if args.config else []), *options])
    with Registry(args.database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if "service.clock" not in env:
            sys.exit("crm_service is not installed in this database.")
        print(title)
        yield env
        cr.rollback()


def seconds(function):
    """Return (wall seconds, result) of one call."""
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result
