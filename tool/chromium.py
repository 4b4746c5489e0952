"""Chromium: for PDF printing, for browser tours and for screenshots."""

import os
import shutil

from . import process
from .console import Failure, step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = (
    "install Chromium with the package manager, for example as root: "
    "apt-get install chromium"
)
FONT_PACKAGES = ("fonts-noto-cjk", "fonts-wqy-microhei")


def find():
    """The path of a Chromium on this machine, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def ensure(purpose):
    """The path of Chromium; as root it is installed, else the user is told how."""
    if not find() and _can_install():
        with step("Install Chromium with the package manager"):
            install("chromium") or install("chromium-browser")
    path = find()
    if not path:
        raise Failure(f"{purpose} needs Chromium, which is not installed: {HOW}")
    return path


def ensure_chinese_font():
    """As root, install a font with Chinese letters if there is none."""
    listing = process.text_of(["fc-list", ":lang=zh", "family"])
    if listing or not _can_install():
        return
    with step("Install a font with Chinese letters"):
        any(install(package) for package in FONT_PACKAGES)


def _can_install():
    return os.geteuid() == 0 and shutil.which("apt-get")


def install(package):
    """Install a package of the distribution; True when it worked."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-y", "-q", "--no-install-recommends", "install", package]
    if process.run(apt, env=environment).returncode == 0:
        return True
    process.run(["apt-get", "-q", "update"], env=environment)
    return process.run(apt, env=environment).returncode == 0
