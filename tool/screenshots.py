"""Takes the screenshots listed in docs/screenshots.toml with playwright.

Called by ``make screenshots``: CHROMIUM ADDRESS [NAME...]. Each picture is

    [[picture]]
    name = "pipeline"            # docs/screenshots/pipeline-1440.png
    path = "/odoo/crm"           # or action = "crm.crm_lead_action_pipeline"
    wait = ".o_kanban_record"    # taken when this is visible
    click = [".o_filter"]        # optional: pressed one after the other before
    login = "admin"              # optional, also the password
    lang = "zh_CN"               # optional: language of that user meanwhile
    widths = [1440, 390]         # optional
    record = "module.name"       # optional: its id is appended to path

or of a workbook, as LibreOffice prints it:

    [[picture]]
    name = "workbook"            # docs/screenshots/workbook.png
    workbook = "/route.xlsx"
"""

import shutil
import subprocess
import sys
import tempfile
import tomllib
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import TimeoutError, sync_playwright

from tool import paths

LIST = paths.ROOT / "docs" / "screenshots.toml"
TARGET = paths.ROOT / "docs" / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HEIGHTS = {1440: 900, 390: 844}
PATIENCE = 90_000  # milliseconds; the first page builds its bundles
SHORT_PATIENCE = 8_000
NARROW = 700  # pixels; what Odoo takes for a phone is less
SETTLE = 800  # milliseconds for charts and images to be drawn


def main(program, address, names):
    """Take the named pictures, or all."""
    pictures = tomllib.loads(LIST.read_text()).get("picture", [])
    TARGET.mkdir(exist_ok=True)
    for picture in pictures:
        if names and picture["name"] not in names:
            continue
        if "workbook" in picture:
            print_workbook(program, address, picture)
            continue
        for width in picture.get("widths", list(HEIGHTS)):
            take(program, address, picture, width)


@contextmanager
def browser_page(program, width):
    """A page of a fresh browser of that width, in CSS pixels."""
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as play:
        context = play.chromium.launch_persistent_context(
            profile,
            executable_path=program,
            headless=True,
            args=FLAGS,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            locale="en-US",
        )
        context.set_default_timeout(PATIENCE)
        yield context.pages[0]
        context.close()


def take(program, address, picture, width):
    """Log in, open the screen, and write docs/screenshots/NAME-WIDTH.png."""
    with browser_page(program, width) as page:
        log_in(page, address, picture.get("login", "admin"))
        lang = picture.get("lang", "en_US")
        set_language(page, lang)
        try:
            page.goto(address + path_of(picture) + record_id(page, picture))
            for selector in picture.get("click", []):
                press(page, selector, width)
            page.wait_for_selector(picture["wait"])
            page.wait_for_timeout(SETTLE)
            target = TARGET / f"{picture['name']}-{width}.png"
            page.screenshot(path=str(target))
            print(f"  {target.relative_to(paths.ROOT)}", flush=True)
        finally:
            if lang != "en_US":
                set_language(page, "en_US")


def press(page, selector, width):
    """Click; on a phone some things are not there to be clicked."""
    if width > NARROW:
        page.click(selector)
        return
    with suppress(TimeoutError):
        page.click(selector, timeout=SHORT_PATIENCE)


def print_workbook(program, address, picture):
    """Download a workbook and keep its first page as LibreOffice shows it."""
    if not (shutil.which("soffice") and shutil.which("pdftoppm")):
        print(f"  {picture['name']}: needs soffice and pdftoppm", flush=True)
        return
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder, "book.xlsx")
        with browser_page(program, 1440) as page:
            log_in(page, address, picture.get("login", "admin"))
            book.write_bytes(page.request.get(address + picture["workbook"]).body())
        convert = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder]
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run([*convert, profile, book], check=True, capture_output=True)
        target = TARGET / picture["name"]
        render = ["pdftoppm", "-png", "-r", "80", "-singlefile"]
        subprocess.run([*render, Path(folder, "book.pdf"), target], check=True)
        print(f"  {target.relative_to(paths.ROOT)}.png", flush=True)


def record_id(page, picture):
    """The id of the record a picture names by its external id, as text."""
    if "record" not in picture:
        return ""
    module, name = picture["record"].split(".")
    domain = [["module", "=", module], ["name", "=", name]]
    found = call(page, "ir.model.data", "search_read", [domain, ["res_id"]])
    return str(found[0]["res_id"]) if found else ""


def path_of(picture):
    """The address of a screen below the server's."""
    if "action" in picture:
        return f"/odoo/action-{picture['action']}"
    return picture["path"]


def log_in(page, address, login):
    page.goto(f"{address}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.click("form.oe_login_form button[type=submit]")
    page.wait_for_selector(".o_main_navbar, .o_portal")


def set_language(page, lang):
    """Set the language of the logged-in user."""
    user = (
        page.evaluate("odoo.__session_info__?.uid ?? 0")
        or rpc(page, "/web/session/get_session_info", {})["uid"]
    )
    call(page, "res.users", "write", [[user], {"lang": lang}])


def call(page, model, method, arguments):
    """Call a method of the server as the logged-in user."""
    parameters = {"model": model, "method": method, "args": arguments, "kwargs": {}}
    return rpc(page, "/web/dataset/call_kw", parameters)


def rpc(page, route, parameters):
    """The answer of the server to a JSON call of the page's session."""
    return page.evaluate(
        """async ([route, params]) => {
            const answer = await fetch(route, {method: "POST",
                headers: {"Content-Type": "application/json"},
                body: JSON.stringify({jsonrpc: "2.0", method: "call", params})});
            const body = await answer.json();
            if (body.error) throw new Error(body.error.data.message);
            return body.result;
        }""",
        [route, parameters],
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], set(sys.argv[3:]))
