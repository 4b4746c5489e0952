"""Packages from the Debian mirror this machine already uses, signatures checked.

No host is named here: apt itself is asked which archive it is configured for.
A private apt root below the cache is used, so neither root rights nor changes to
the system are needed.
"""

import hashlib
import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from . import process

TARGET_FORMAT = "$(REPO_URI)|$(RELEASE)|$(CREATED_BY)"
KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
)
APT_CONF = """\
Dir::State "{root}/state";
Dir::State::Lists "{root}/lists";
Dir::State::status "{root}/status";
Dir::Cache "{root}/cache";
Dir::Log "{root}/log";
Dir::Etc::SourceList "{root}/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear Acquire::Languages;
Acquire::Languages "none";
#clear APT::Architectures;
APT::Architecture "all";
APT::Sandbox::User "root";
Debug::NoLocking "1";
"""


class Unavailable(Exception):
    """The mirror cannot give this; the reason is the message."""


class Download(NamedTuple):
    """One package file the index promises: name, size in bytes, ALGO:HASH."""

    name: str
    size: int
    digest: str

    @property
    def package(self):
        return self.name.split("_")[0]


def main_archive(rows):
    """The address of the Debian archive among ``indextargets`` rows, or None."""
    for row in rows:
        address, release, kind = (row.split("|") + ["", ""])[:3]
        if kind != "Packages" or "security" in release:
            continue
        if re.search(r"/debian/?$", address):
            return address
    return None


def parse_downloads(listing):
    """Read ``apt-get download --print-uris``: one ``'uri' name size hash`` a line."""
    pattern = re.compile(r"'.+' (\S+) (\d+) (\S+:\S+)$")
    matches = (pattern.match(line.strip()) for line in listing.splitlines())
    return [Download(m[1], int(m[2]), m[3]) for m in matches if m]


def archive():
    """The machine's Debian archive; raises Unavailable with the reason."""
    named = os.environ.get("ODOO_DEBIAN_MIRROR")
    if named:
        return named
    if not shutil.which("apt-get"):
        raise Unavailable("there is no apt-get on this machine")
    listing = process.text_of(
        ["apt-get", "--no-release-info", "indextargets", "--format", TARGET_FORMAT]
    )
    address = main_archive((listing or "").splitlines())
    if not address:
        raise Unavailable("apt is not configured for a Debian archive")
    return address


def keyring():
    """The keys that sign the Debian archive, as this machine has them."""
    for name in KEYRINGS:
        if os.access(name, os.R_OK):
            return name
    raise Unavailable("the package debian-archive-keyring is not installed")


class PrivateApt:
    """apt with all its state below ``home``, for one suite of the archive."""

    def __init__(self, home, suite):
        self.home = Path(home)
        self.suite = suite
        self.root = self.home / "apt" / suite
        self.debs = self.home / "debs"

    def _configure(self):
        for name in ("lists/partial", "cache/archives/partial", "state", "log"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        (self.root / "status").touch()
        source = f"deb [signed-by={keyring()} arch=all] {archive()} {self.suite} main\n"
        (self.root / "sources.list").write_text(source)
        # Given by -c, read after the machine's own files: their proxies stay in
        # force while their hooks, which need root, can be cleared.
        self.conf = self.root / "apt.conf"
        self.conf.write_text(APT_CONF.format(root=self.root))

    def _apt(self, *arguments, **options):
        done = process.run(["apt-get", "-c", self.conf, "-qq", *arguments], **options)
        if done.returncode:
            lines = done.stdout.decode(errors="replace").splitlines()
            reason = next((line for line in lines if line.startswith("E:")), "failed")
            raise Unavailable(f"apt-get {arguments[0]} {self.suite}: {reason}")
        return done.stdout.decode(errors="replace")

    def fetch(self, packages):
        """Bring the newest ``packages`` of the suite; return {package: file}.

        apt checks the signature of the index, and files kept from before are
        checked against the hashes of that index.
        """
        self._configure()
        self._apt("update")
        listing = self._apt("download", "--print-uris", *packages)
        promised = parse_downloads(listing)
        self.debs.mkdir(exist_ok=True)
        missing = [d.package for d in promised if not self._is_whole(d)]
        if missing:
            self._apt("download", *missing, cwd=self.debs)
        wrong = set(packages) - {d.package for d in promised if self._is_whole(d)}
        if wrong:
            raise Unavailable(f"{self.suite} lacks {', '.join(sorted(wrong))}")
        return {d.package: self.debs / d.name for d in promised}

    def _is_whole(self, download):
        path = self.debs / download.name
        if not path.is_file() or path.stat().st_size != download.size:
            return False
        algorithm, _, expected = download.digest.partition(":")
        with open(path, "rb") as stream:
            found = hashlib.file_digest(stream, algorithm.lower())
        return found.hexdigest() == expected
