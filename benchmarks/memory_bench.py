"""Memory that something takes while it runs."""

import resource
import threading


class Peak:
    """Memory of the process (MB) above what it had at the beginning, sampled."""

    def __enter__(self):
        self._base = self.peak = self._now()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._done.set()
        self._thread.join()
        self.grown = (max(self.peak, self._now()) - self._base) / 1e6

    def _watch(self):
        while not self._done.wait(0.01):
            self.peak = max(self.peak, self._now())

    @staticmethod
    def _now():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
