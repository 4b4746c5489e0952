"""Where things lie: inside the checkout, and in the cache that checkouts share."""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
TOOL = ROOT / "tool"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUN = ROOT / ".run"


def home():
    """The cache outside the checkout that holds Odoo itself."""
    named = os.environ.get("ODOO_HOME")
    if named:
        return Path(named).expanduser().absolute()
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser().absolute() / "odoo-19"


def run_folder():
    """The folder of this checkout's state, made if need be."""
    RUN.mkdir(exist_ok=True)
    return RUN


def checkout_id():
    """Eight characters that tell this checkout from every other one."""
    return hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]


def public_folder(name):
    """A folder that every system user can enter and no clean-up empties (for root)."""
    return Path("/var/lib") / f"crm-{checkout_id()}-{name}"
