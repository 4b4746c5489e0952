"""A headless Chromium driven over its debugging socket, for one print job."""

import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
import urllib.request

import websocket  # websocket-client

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-web-security",
    "--remote-debugging-port=0",
)
START_SECONDS = 20
ANSWER_SECONDS = 90


class Browser:
    """Context manager: one tab of a fresh Chromium with an empty profile."""

    def __init__(self, program):
        self.program = program
        self.counter = 0

    def __enter__(self):
        lift_memory_limit()
        self.profile = tempfile.mkdtemp(prefix="crm-print-")
        self.process = subprocess.Popen(
            [self.program, *FLAGS, f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self.socket = websocket.create_connection(
                self._tab_address(), suppress_origin=True, timeout=ANSWER_SECONDS
            )
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def _tab_address(self):
        end = time.monotonic() + START_SECONDS
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with open(os.path.join(self.profile, "DevToolsActivePort")) as stream:
                    port = int(stream.readline())
                with opener.open(f"http://127.0.0.1:{port}/json", timeout=5) as answer:
                    tabs = json.load(answer)
                return next(
                    tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page"
                )
            except (OSError, ValueError, StopIteration):
                time.sleep(0.05)
        raise RuntimeError("Chromium did not start")

    def call(self, method, **parameters):
        """One command of the DevTools protocol; returns its result."""
        self.counter += 1
        message = {"id": self.counter, "method": method, "params": parameters}
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") != self.counter:
                continue
            if "error" in answer:
                raise RuntimeError(f"{method}: {answer['error'].get('message')}")
            return answer["result"]

    def evaluate(self, expression):
        """The value of a JavaScript expression, promises awaited."""
        answer = self.call(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"].get("text", "script error"))
        return answer["result"].get("value")

    def open(self, address):
        """Load a page and wait until it is complete."""
        failed = self.call("Page.navigate", url=address).get("errorText")
        if failed:
            raise RuntimeError(f"{address}: {failed}")
        end = time.monotonic() + ANSWER_SECONDS
        while self.evaluate("document.readyState") != "complete":
            if time.monotonic() > end:
                raise RuntimeError(f"{address} did not load in time")
            time.sleep(0.02)


def lift_memory_limit():
    """Odoo limits its address space and children inherit that; Chromium needs more."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
