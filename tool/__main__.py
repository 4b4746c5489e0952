"""Entry point of ``python3 -m tool COMMAND``; ``make help`` lists the same commands.

This file must be readable by any Python 3, so that an old one gets a sentence
and not a syntax error.
"""

import importlib
import sys

MINIMUM = (3, 11)
COMMANDS = {
    "bootstrap": "make the virtual environment, get Odoo and the pinned packages",
    "run": "start the CRM with its demo company and serve the web client",
    "import": "load a CRM export (CSV files) into the database of `make run`",
    "test": "run all tests; further arguments go to pytest",
    "test-deps": "run the own tests of the pinned OCA addons",
    "lint": "check format, style and translations",
    "stop": "stop whatever this checkout left running",
    "clean": "stop, and delete the environment and the databases of this checkout",
    "bench": "run the benchmarks",
    "screenshots": "take the screenshots of the documentation again",
    "i18n": "write the translation templates and update the translations",
    "unit": "test the pure Python parts, without a database",
}


def usage():
    """The help text: one line a command."""
    width = max(map(len, COMMANDS))
    lines = ["  %s  %s" % (name.ljust(width), text) for name, text in COMMANDS.items()]
    return "usage: python3 -m tool COMMAND [OPTION...]\n\n" + "\n".join(lines)


def main(arguments):
    """Run one command; return the exit code of the process."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    command, rest = arguments[0], arguments[1:]
    if command not in COMMANDS:
        print("There is no command %r.\n\n%s" % (command, usage()), file=sys.stderr)
        return 2
    if sys.version_info < MINIMUM:
        found = ".".join(map(str, sys.version_info[:3]))
        print(
            "Error: Python 3.11 or newer is needed and this is %s: install a newer "
            "one and name it, for example `make run PYTHON=python3.12`." % found,
            file=sys.stderr,
        )
        return 1
    # Imported late: the modules use forms an older Python cannot read.
    console = importlib.import_module("tool.console")
    name = "tool.command_%s" % command.replace("-", "_")
    return console.guarded(importlib.import_module(name).main, rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
