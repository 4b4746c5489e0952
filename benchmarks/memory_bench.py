"""Memory that something takes while it runs."""

import multiprocessing
import re
import resource
import threading
from collections.abc import Callable
from pathlib import Path


class Peak:
    """Memory (MB) above what was there at the beginning, sampled: ``grown``.

    Of this process; with a cursor also of the process of the server that answers it,
    what it has of its own (not the buffers that all share): ``server``. The server has
    to run on this machine.
    """

    def __init__(self, cr=None):
        self._readers = {"grown": _own}
        self.server = None
        if cr is not None:
            cr.execute("SELECT pg_backend_pid()")
            status = Path(f"/proc/{cr.fetchone()[0]}/status")
            if status.exists():
                self._readers["server"] = lambda: _private(status)

    def __enter__(self):
        self._base = {name: read() for name, read in self._readers.items()}
        self._peaks = dict(self._base)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._done.set()
        self._thread.join()
        self._look()
        for name, base in self._base.items():
            setattr(self, name, (self._peaks[name] - base) / 1e6)

    def _watch(self):
        while not self._done.wait(0.01):
            self._look()

    def _look(self):
        for name, read in self._readers.items():
            self._peaks[name] = max(self._peaks[name], read())


def _own():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def _private(status):
    [kilobytes] = re.findall(r"^RssAnon:\s+(\d+) kB", status.read_text(), re.MULTILINE)
    return int(kilobytes) * 1024


def grown(call: Callable[[], object]) -> float:
    """MB that ``call`` takes at its peak, in a child: nothing is left from before."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def measured():
        with Peak() as memory:
            call()
        theirs.send(memory.grown)

    child = context.Process(target=measured)
    child.start()
    child.join()
    return ours.recv()
