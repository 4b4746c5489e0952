"""``make stop``: end whatever this checkout left running."""

import fcntl
import os
import signal
import time

from . import command_run, paths, postgres
from .console import say

PATIENCE = 40  # seconds for a run to end by itself


def main(_arguments):
    if not paths.RUN.exists():
        say("Nothing runs.")
        return
    interrupt_run()
    command_run.stop_left_over()
    for server in clusters():
        server.stop()
    say("Stopped.")


def interrupt_run():
    """Ask the process that holds the lock to end, and wait for it."""
    path = paths.RUN / "run.lock"
    if not path.exists():
        return
    with open(path) as lock:
        end = time.monotonic() + PATIENCE
        asked = False
        while not _acquire(lock) and time.monotonic() < end:
            if not asked:
                os.kill(int(path.read_text()), signal.SIGTERM)
                asked = True
            time.sleep(0.2)


def _acquire(lock):
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def clusters():
    """The private clusters this checkout has made."""
    for name, durable in (("postgres", True), ("postgres-test", False)):
        if paths.PYTHON.exists() and (paths.RUN / name).exists():
            yield postgres.Cluster(paths.RUN / name, durable)
