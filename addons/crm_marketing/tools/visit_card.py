"""What the code on a visitor's badge or business card says: vCard, MECARD or a number.

RFC 6350 (vCard), and the MECARD form of QR codes. Only what a booth needs is read.

>>> read("MECARD:N:Doe,Jane;ORG:ACME;TEL:+49123;EMAIL:jane@acme.example;;").name
'Jane Doe'
"""

import re
from typing import NamedTuple

LIMIT = 4000


class Card(NamedTuple):
    """A person as the card says it; empty where it says nothing.

    ``code`` is the text itself where it is no card: the number of a badge.
    """

    name: str = ""
    company: str = ""
    email: str = ""
    phone: str = ""
    function: str = ""
    code: str = ""


def read(text: str) -> Card:
    """Read a scanned text; unknown text is taken as the number of a badge.

    >>> read("  4711 ").code
    '4711'
    """
    text = (text or "").strip()[:LIMIT]
    upper = text.upper()
    if upper.startswith("MECARD:"):
        return _read_mecard(text[7:])
    if upper.startswith("BEGIN:VCARD"):
        return _read_vcard(text)
    return Card(code=text)


def _read_mecard(text: str) -> Card:
    values: dict[str, str] = {}
    for part in re.split(r"(?<!\\);", text):
        key, found, value = part.partition(":")
        if found:
            values.setdefault(key.strip().upper(), _plain(value))
    last, _comma, first = values.get("N", "").partition(",")
    return Card(
        name=" ".join(filter(None, (first.strip(), last.strip()))),
        company=values.get("ORG", ""),
        email=values.get("EMAIL", ""),
        phone=values.get("TEL", ""),
        function=values.get("TITLE", ""),
    )


def _read_vcard(text: str) -> Card:
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    values: dict[str, str] = {}
    for line in unfolded.splitlines():
        head, found, value = line.partition(":")
        # a group may stand before the name, parameters after it
        key = head.split(";")[0].rpartition(".")[2].strip().upper()
        if found and value.strip():
            values.setdefault(key, value.strip())
    company = re.split(r"(?<!\\);", values.get("ORG", ""))[0]
    phone = values.get("TEL", "").removeprefix("tel:")
    return Card(
        name=_plain(values.get("FN", "")) or _join_name(values.get("N", "")),
        company=_plain(company),
        email=_plain(values.get("EMAIL", "")).removeprefix("mailto:"),
        phone=_plain(phone),
        function=_plain(values.get("TITLE", "")),
    )


def _join_name(value: str) -> str:
    parts = [_plain(part) for part in re.split(r"(?<!\\);", value)]
    parts += [""] * (3 - len(parts))
    return " ".join(filter(None, (parts[1], parts[2], parts[0])))


def _plain(value: str) -> str:
    """Text without the escapes of the format."""
    value = re.sub(r"\\[nN]", " ", value)
    return re.sub(r"\\(.)", r"\1", value).strip()
