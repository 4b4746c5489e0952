"""Which files a customer may hand in with a return: pictures and PDF.

The type is read from the first bytes, never from the name or from what the browser
says. Nothing here knows the database; the caller puts the problems into words.
"""

from typing import NamedTuple

MEGABYTE = 1024 * 1024
#: First bytes of each type; those of WebP and HEIC stand behind a length.
SIGNATURES = (
    ("image/jpeg", 0, (b"\xff\xd8\xff",)),
    ("image/png", 0, (b"\x89PNG\r\n\x1a\n",)),
    ("image/gif", 0, (b"GIF87a", b"GIF89a")),
    ("image/webp", 8, (b"WEBP",)),
    ("image/heic", 4, (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1")),
    ("application/pdf", 0, (b"%PDF-",)),
)


class Limits(NamedTuple):
    """How many files, and bytes of each and of all."""

    number: int = 10
    size: int = 10 * MEGABYTE
    total: int = 40 * MEGABYTE


class Problem(NamedTuple):
    """``code``: number, total, size, empty or type; ``name`` that of the file."""

    code: str
    name: str = ""


def sniff(content: bytes) -> str | None:
    """Return the media type of ``content``, None if it is none of those allowed.

    >>> sniff(b"%PDF-1.7 ...")
    'application/pdf'
    >>> sniff(b"<svg onload='alert(1)'/>") is None
    True
    """
    for kind, offset, starts in SIGNATURES:
        fits = content[offset : offset + 16].startswith(starts)
        if fits and (kind != "image/webp" or content.startswith(b"RIFF")):
            return kind
    return None


def find_problems(files, limits: Limits) -> tuple[Problem, ...]:
    """Return what is wrong with ``files``, [(name, content)]; nothing if all fit."""
    found = []
    if len(files) > limits.number:
        found.append(Problem("number"))
    if sum(len(content) for _name, content in files) > limits.total:
        found.append(Problem("total"))
    for name, content in files:
        if not content:
            found.append(Problem("empty", name))
        elif len(content) > limits.size:
            found.append(Problem("size", name))
        elif not sniff(content):
            found.append(Problem("type", name))
    return tuple(found)
