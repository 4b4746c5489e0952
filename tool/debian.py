"""Odoo 19 out of its Debian package: unpacked without root, trimmed, repaired.

Debian replaces 41 fonts and scripts by links into /usr/share. Without the real
files the login page answers HTTP 500, so they are put back from their packages.
"""

import contextlib
import hashlib
import io
import json
import lzma
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

from .mirror import PrivateApt, Unavailable

PACKAGE = "odoo-19"
SUITE = "sid"
# Not sid: its Font Awesome is 7, Odoo needs 4.7.
ASSET_SUITES = ("trixie", "stable")
ASSET_PACKAGES = (
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
PREFIX = "./usr/lib/python3/dist-packages/"
LINKS = "links.json"
REPAIRED = "assets-repaired"
# Left out by Debian (not free); a missing file is a console error on every page.
STUB = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
STUB_TEXT = "// Not in the Debian package; only blurs the background of video calls.\n"
ODOO_BIN = """\
#!/usr/bin/env python3
__import__("os").environ["TZ"] = "UTC"
import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
"""


def is_wanted(member, languages):
    """Whether to unpack ``member``: code always, translations of ``languages``.

    ``dist-packages/addons`` repeats the code without its data and would be taken
    for the community addons, so it stays out.
    """
    if not member.startswith(PREFIX + "odoo/") or member.endswith(".pot"):
        return False
    if not member.endswith(".po"):
        return True
    language = member.rsplit("/", 1)[1][:-3]
    return language in languages or language.split("_")[0] in languages


def folder_name(deb_name, languages):
    """A folder name for a version and its languages.

    Only letters, digits, dots and underscores: Odoo's ``--test-tags`` does not
    accept paths with ``+`` or ``~``.
    """
    version = deb_name.split("_")[1]
    trim = hashlib.sha256(",".join(sorted(languages)).encode()).hexdigest()[:8]
    return re.sub(r"[^\w.]+", "_", f"{version}_{trim}")


@contextlib.contextmanager
def members(deb):
    """The stream of a package's files, with dpkg-deb or without."""
    if shutil.which("dpkg-deb"):
        command = ["dpkg-deb", "--fsys-tarfile", str(deb)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            with tarfile.open(fileobj=child.stdout, mode="r|", bufsize=1 << 20) as tar:
                yield tar
            if child.wait():
                raise Unavailable(f"{deb} cannot be unpacked: delete it and try again")
        return
    with open(deb, "rb") as stream:
        with tarfile.open(fileobj=_data_part(stream), mode="r|") as tar:
            yield tar


def _data_part(stream):
    """The decompressed ``data.tar`` of an ar archive."""
    if stream.read(8) != b"!<arch>\n":
        raise Unavailable("a downloaded package is no Debian package")
    while header := stream.read(60):
        name, size = header[:16].decode().strip(" /"), int(header[48:58])
        if name.startswith("data.tar"):
            return io.BufferedReader(lzma.open(stream)) if ".xz" in name else stream
        stream.seek(size + size % 2, os.SEEK_CUR)
    raise Unavailable("a downloaded package has no data")


def unpack(deb, target, languages):
    """Unpack the wanted part of ``deb`` as folder ``target``, all or nothing."""
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    links = []
    with members(deb) as tar:
        for member in tar:
            if not is_wanted(member.name, languages):
                continue
            relative = member.name[len(PREFIX) :]
            if member.issym():
                folder = os.path.dirname(member.name)[1:]
                aim = os.path.normpath(os.path.join(folder, member.linkname))
                links.append([relative, aim])
            else:
                _write_member(tar, member, part / relative)
    (part / LINKS).write_text(json.dumps(links, indent=0))
    (part / "odoo-bin").write_text(ODOO_BIN)
    (part / "odoo-bin").chmod(0o755)
    part.rename(target)


def _write_member(tar, member, path):
    if member.isdir():
        path.mkdir(parents=True, exist_ok=True)
    elif member.isreg():
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as stream:
            shutil.copyfileobj(tar.extractfile(member), stream, 1 << 18)


def repair(tree, debs):
    """Put real files where Debian left links; return how many are still missing."""
    files, aliases = _read_assets(debs)
    missing = 0
    for relative, aim in json.loads((tree / LINKS).read_text()):
        content = None
        for name in (_original_name(relative, aim), aim):
            content = content or files.get(aliases.get(name, name))
        if content is None and os.path.isfile(aim):
            content = Path(aim).read_bytes()
        if content is None:
            missing += 1
            continue
        _put(tree / relative, content)
    if not (tree / STUB).exists():
        _put(tree / STUB, STUB_TEXT.encode())
    return missing


def _read_assets(debs):
    """The files and the links of the asset packages, by absolute path."""
    files, aliases = {}, {}
    for deb in debs:
        with members(deb) as tar:
            for member in tar:
                name = member.name[1:]
                if member.isreg():
                    files[name] = tar.extractfile(member).read()
                elif member.issym():
                    folder = os.path.dirname(name)
                    aim = os.path.normpath(os.path.join(folder, member.linkname))
                    aliases[name] = aim
    return files, aliases


def _original_name(relative, aim):
    """Debian swapped woff and woff2 of Font Awesome: take the name of the link."""
    if "lib/fontawesome/fonts/" in relative:
        return os.path.join(os.path.dirname(aim), os.path.basename(relative))
    return aim


def _put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def _asset_debs(home):
    reasons = []
    for suite in ASSET_SUITES:
        try:
            return PrivateApt(home, suite).fetch(ASSET_PACKAGES).values()
        except Unavailable as reason:
            reasons.append(str(reason))
    raise Unavailable("; ".join(reasons))


def _package(home):
    """The package from the mirror, or the one kept from an earlier time."""
    try:
        return PrivateApt(home, SUITE).fetch([PACKAGE])[PACKAGE]
    except Unavailable:
        kept = sorted((home / "debs").glob(f"{PACKAGE}_*_all.deb"))
        if not kept:
            raise
        return kept[-1]


def existing(home, languages):
    """The newest repaired tree in the cache with these languages, or None."""
    trim = folder_name("_", languages)
    trees = sorted((home / "src").glob(f"*{trim}"))
    return next((t for t in reversed(trees) if (t / REPAIRED).exists()), None)


def provide(home, languages):
    """Path of a tree with Odoo, unpacked and repaired below ``home``."""
    deb = _package(home)
    tree = home / "src" / folder_name(deb.name, languages)
    if not tree.exists():
        unpack(deb, tree, languages)
    if not (tree / REPAIRED).exists():
        missing = repair(tree, _asset_debs(home))
        if missing:
            raise Unavailable(f"{missing} fonts or scripts of Odoo were not found")
        (tree / REPAIRED).touch()
    return tree
