"""Print what Odoo hands to ``wkhtmltopdf``, with Chromium.

Debian's wkhtmltopdf loses headers, footers and all documents but the first. This
program understands the options Odoo uses and keeps them all. It runs with the
Python of the environment (it needs websocket-client and pypdf).
"""

import base64
import io
import json
import re
import sys
from pathlib import Path

if __package__ in (None, ""):  # called by its path, through a small shell script
    sys.path[0] = str(Path(__file__).resolve().parent.parent.parent)

from tool import chromium
from tool.pdf import arguments as command_line

VERSION = "wkhtmltopdf 0.12.6 (with patched qt)"  # Odoo reads this
LAYOUT = Path(__file__).with_name("layout.js")
MILLIMETRES = 25.4  # in an inch
PIXELS = 96  # in an inch, by the definition of CSS
PAGE_NUMBER = (
    "<div style='font-size:8px;width:100%;text-align:right;padding-right:10mm'>"
    "<span class=pageNumber></span> / <span class=totalPages></span></div>"
)


def main(arguments):
    """Print; return the exit code."""
    if "--version" in arguments or "-V" in arguments:
        print(VERSION)
        return 0
    try:
        job = command_line.parse(arguments)
        program = chromium.find()
        if not program:
            raise ValueError("Chromium is not installed")
        pages = print_documents(job, program)
    except (ValueError, RuntimeError, OSError) as error:
        print(f"PDF printing: {error}", file=sys.stderr)
        return 1
    Path(job.target).write_bytes(pages)
    return 0


def print_documents(job, program):
    """The PDF file, as bytes, of all documents of ``job`` one after the other."""
    # Late: `--version` is asked at each start of Odoo and needs neither.
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415

    from tool.pdf.browser import Browser  # noqa: PLC0415

    writer = PdfWriter()
    headers, footers = _text(job.header), _text(job.footer)
    with Browser(program) as browser:
        _prepare(browser, job)
        for index, body in enumerate(job.bodies):
            browser.open(_address(body))
            parts = [headers, footers, index, job.margin_top]
            parts += [job.margin_left, job.margin_right]
            values = ", ".join(json.dumps(part) for part in parts)
            browser.evaluate(f"({LAYOUT.read_text()})({values})")
            document = _print(browser, job)
            for page in PdfReader(io.BytesIO(document)).pages:
                writer.add_page(page)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _prepare(browser, job):
    if job.cookie_jar:
        name, value, domain = command_line.cookie(_text(job.cookie_jar))
        _set_cookie(browser, name, value, domain)
    for name, value in job.cookies:
        _set_cookie(browser, name, value, _domain(job))
    browser.call("Page.enable")
    browser.call("Emulation.setEmulatedMedia", media="print")
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        width=round(job.width * PIXELS / MILLIMETRES),
        height=round(job.height * PIXELS / MILLIMETRES),
        deviceScaleFactor=1,
        mobile=False,
    )


def _set_cookie(browser, name, value, domain):
    browser.call("Network.setCookie", name=name, value=value, domain=domain, path="/")


def _domain(job):
    """The host the pages load their style sheets from."""
    base = re.search(r'<base href="\w+://([^/:"]+)', _text(job.bodies[0]))
    return base[1] if base else "127.0.0.1"


def _print(browser, job):
    answer = browser.call(
        "Page.printToPDF",
        printBackground=True,
        paperWidth=job.width / MILLIMETRES,
        paperHeight=job.height / MILLIMETRES,
        marginTop=0.3,
        marginBottom=0.4,
        marginLeft=0,
        marginRight=0,
        displayHeaderFooter=True,
        headerTemplate="<span></span>",
        footerTemplate=PAGE_NUMBER,
    )
    return base64.b64decode(answer["data"])


def _text(path):
    return Path(path).read_text(encoding="utf-8") if path else ""


def _address(body):
    """A file or an address as an address."""
    return body if re.match(r"\w+://", body) else Path(body).absolute().as_uri()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
