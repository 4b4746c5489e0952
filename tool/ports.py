"""TCP ports of this machine: is one free, pick one, remember it."""

import socket

from .console import Failure

LOCAL = "127.0.0.1"


def is_free(port, host=LOCAL):
    """Can a server listen on ``port`` of ``host``?"""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def pick():
    """A port nobody uses now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOCAL, 0))
        return probe.getsockname()[1]


def parse(text):
    """A port number out of what the user typed."""
    try:
        port = int(text)
    except ValueError:
        port = 0
    if not 0 < port < 65536:
        raise Failure(f"{text!r} is no port: give a number from 1 to 65535")
    return port


def remembered(path):
    """The port kept in file ``path``, else a free one that is kept from now on."""
    try:
        return parse(path.read_text().strip())
    except (OSError, Failure):
        return renew(path)


def renew(path):
    """Pick another port and keep it in file ``path``."""
    port = pick()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{port}\n")
    return port
