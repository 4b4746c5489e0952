"""What the user sees: numbered steps with their time, and one sentence on failure."""

import contextlib
import os
import signal
import sys
import threading
import time

HEARTBEAT = 15  # seconds between two signs of life of a long step


class Failure(Exception):
    """Something the user can act on: one sentence that says what to do."""


def guarded(main, arguments):
    """Call ``main(arguments)``; turn known failures into a sentence and a code."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)  # SIGINT is ignored in a background job
    try:
        return main(arguments) or 0
    except Failure as failure:
        print(f"Error: {failure}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr, flush=True)
        return 130
    except OSError as error:
        if error.errno != 28:  # ENOSPC
            raise
        print(
            "Error: the disk is full: free some space, or point ODOO_HOME and the "
            "checkout at a larger disk, and start again.",
            file=sys.stderr,
        )
        return 1


def _interrupt(_signal, _frame):
    raise KeyboardInterrupt


def say(text):
    """One line for the user, at once."""
    print(text, flush=True)


@contextlib.contextmanager
def step(title):
    """Announce a step, show that it lives, and print how long it took."""
    start = time.monotonic()
    finished = threading.Event()
    print(f"* {title} ...", end="", flush=True)

    def beat():
        while not finished.wait(HEARTBEAT):
            print(f" {time.monotonic() - start:.0f} s ..", end="", flush=True)

    beater = threading.Thread(target=beat, daemon=True)
    beater.start()
    outcome = "failed after"
    try:
        yield
        outcome = "done in"
    finally:
        finished.set()
        beater.join()
        print(f" {outcome} {time.monotonic() - start:.1f} s", flush=True)


def flag(name, default=True):
    """The boolean meaning of environment variable ``name``."""
    value = os.environ.get(name, "").strip().lower()
    return default if not value else value not in ("0", "no", "false", "off")
