"""The command line that Odoo gives to wkhtmltopdf, as a value.

>>> job = parse(["--page-size", "A4", "--margin-top", "10", "a.html", "out.pdf"])
>>> job.bodies, job.target, job.margin_top
(('a.html',), 'out.pdf', 10.0)
"""

import re
from typing import NamedTuple

SIZES = {  # millimetres, width by height
    "A3": (297, 420),
    "A4": (210, 297),
    "A5": (148, 210),
    "LEGAL": (215.9, 355.6),
    "LETTER": (215.9, 279.4),
}
FLAGS = {
    "--quiet",
    "--disable-local-file-access",
    "--enable-local-file-access",
    "--disable-smart-shrinking",
    "--disable-javascript",
    "--print-media-type",
    "--footer-line",
    "--header-line",
}
PAIRS = {"--cookie", "--custom-header", "--post"}  # take a name and a value
SIDE_MARGIN = 7.0  # millimetres; Odoo's formats have less, made for wkhtmltopdf


class Job(NamedTuple):
    """What to print and how; lengths in millimetres."""

    bodies: tuple
    target: str
    width: float
    height: float
    margin_top: float = 0.0
    margin_bottom: float = 0.0
    margin_left: float = 0.0
    margin_right: float = 0.0
    header: str | None = None
    footer: str | None = None
    cookie_jar: str | None = None
    cookies: tuple = ()


def parse(arguments):
    """Read a wkhtmltopdf command line; raises ValueError when files are missing."""
    options, pairs, files = _split(arguments)
    if len(files) < 2:
        raise ValueError("one or more pages and a target file are needed")
    width, height = _paper(options)
    return Job(
        bodies=tuple(files[:-1]),
        target=files[-1],
        width=width,
        height=height,
        margin_top=length(options.get("--margin-top", "0")),
        margin_bottom=length(options.get("--margin-bottom", "0")),
        margin_left=max(length(options.get("--margin-left", "0")), SIDE_MARGIN),
        margin_right=max(length(options.get("--margin-right", "0")), SIDE_MARGIN),
        header=options.get("--header-html"),
        footer=options.get("--footer-html"),
        cookie_jar=options.get("--cookie-jar"),
        cookies=tuple(pair[1:] for pair in pairs if pair[0] == "--cookie"),
    )


def _split(arguments):
    """({option: value}, [(option, name, value)], [file]) of a command line."""
    options, pairs, files = {}, [], []
    rest = iter(arguments)
    for argument in rest:
        if argument in FLAGS:
            continue
        if argument in PAIRS:
            pairs.append((argument, next(rest, ""), next(rest, "")))
        elif argument.startswith("--"):
            options[argument] = next(rest, "")
        else:
            files.append(argument)
    return options, pairs, files


def length(text):
    """Millimetres out of ``10``, ``10mm``, ``1cm`` or ``1in``."""
    found = re.fullmatch(r"([\d.]+)\s*(mm|cm|in)?", text.strip().lower())
    if not found:
        raise ValueError(f"{text!r} is no length")
    return float(found[1]) * {"cm": 10, "in": 25.4}.get(found[2], 1)


def _paper(options):
    """(width, height) of the paper in millimetres, orientation considered."""
    size = SIZES.get(options.get("--page-size", "A4").upper(), SIZES["A4"])
    if "--page-width" in options and "--page-height" in options:
        size = length(options["--page-width"]), length(options["--page-height"])
    width, height = map(float, size)
    if options.get("--orientation", "").lower() == "landscape":
        width, height = height, width
    return width, height


def cookie(text):
    """(name, value, domain) of the session in a cookie jar written by Odoo."""
    parts = (part.strip().split("=", 1) for part in text.split(";") if "=" in part)
    (name, value), *rest = parts
    return name, value, dict(rest).get("domain", "")
