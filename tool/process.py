"""Child processes: run to the end with their output kept, or start and stop."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from .console import Failure

TAIL = 12  # lines of a log shown when a command fails


def run(command, *, log=None, sentence=None, **options):
    """Run ``command``; its output goes to the file ``log``, else it is returned.

    When it fails, raise Failure(``sentence``) with the end of the output.
    """
    command = [str(part) for part in command]
    options.setdefault("stdin", subprocess.DEVNULL)
    output = subprocess.PIPE
    with contextlib.ExitStack() as stack:
        if log:
            output = stack.enter_context(open(log, "ab"))
        try:
            done = subprocess.run(
                command, stdout=output, stderr=subprocess.STDOUT, check=False, **options
            )
        except FileNotFoundError:
            raise Failure(f"the program {command[0]} is missing: install it") from None
    if done.returncode and sentence is not None:
        raise Failure(sentence + _explain(done, log))
    return done


def text_of(command, **options):
    """Standard output of a command that must succeed, else None."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **options,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _explain(done, log):
    if log:
        lines = Path(log).read_text(errors="replace").splitlines()
    else:
        lines = done.stdout.decode(errors="replace").splitlines()
    tail = "\n".join("    " + line for line in lines[-TAIL:])
    where = f" (all of it in {log})" if log else ""
    return f"\n  What it said last{where}:\n{tail}" if tail else where


def stop(process, patience=15):
    """Ask a child to end, and end it if it does not."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)


def command_line(pid):
    """The command line of a process of this machine, or an empty string."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        return raw.replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return text_of(["ps", "-o", "command=", "-p", str(pid)]) or ""


def stop_recorded(pid_file, marker):
    """Stop the process named in ``pid_file`` if it is still ours (``marker``)."""
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return False
    alive = marker in command_line(pid)
    if alive:
        for number, patience in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            if _gone(pid, marker, patience):
                break
    pid_file.unlink(missing_ok=True)
    return alive


def _gone(pid, marker, patience):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if marker not in command_line(pid):
            return True
        time.sleep(0.1)
    return False
