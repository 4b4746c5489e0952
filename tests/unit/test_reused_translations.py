"""What our users see of the reused addons is Chinese too."""

import re
import string
from pathlib import Path

import polib
import pytest

from odoo.modules.module import Manifest

from tool import paths

FILES = sorted(paths.ADDONS.glob("*/i18n_oca/*/i18n_extra/zh_CN.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\{.*?\}\}")
TAG = re.compile(r"<\s*(/?\w+)")


def _reused():
    """The OCA addons which ours depend on, directly or not."""
    ours = {path.parent.name for path in paths.ADDONS.glob("*/__manifest__.py")}
    found, open_ = set(), set(ours)
    while open_:
        manifest = Manifest.for_addon(open_.pop())
        for name in set(manifest["depends"]) - found - ours:
            found.add(name)
            open_.add(name)
    return sorted(
        name for name in found if "OCA" in str(Manifest.for_addon(name)["author"])
    )


REUSED = _reused()


def _read(path):
    if not Path(path).exists():
        return {}
    return {
        entry.msgid: entry.msgstr
        for entry in polib.pofile(str(path))
        if entry.msgstr and not entry.obsolete and "fuzzy" not in entry.flags
    }


def _template(addon):
    folder = Path(Manifest.for_addon(addon).path) / "i18n"
    terms = {entry.msgid for entry in polib.pofile(str(folder / f"{addon}.pot"))}
    return terms, _read(folder / "zh_CN.po")


def test_we_know_the_reused_addons():
    assert {"contract", "helpdesk_mgmt", "sale_financial_risk"} <= set(REUSED)
    assert len(REUSED) == 13


@pytest.mark.parametrize("addon", REUSED)
def test_every_term_of_a_reused_addon_is_chinese(addon):
    """Covers: FRM-03"""
    terms, own = _template(addon)
    ours = {}
    for path in FILES:
        if path.parts[-3] == addon:
            ours |= _read(path)
    assert sorted(terms - own.keys() - ours.keys()) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parts[-3])
def test_a_translation_is_of_a_term_that_is_still_there(path):
    terms, _own = _template(path.parts[-3])
    assert sorted(_read(path).keys() - terms) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parts[-3])
def test_a_translation_keeps_placeholders_and_markup(path):
    for term, translation in _read(path).items():
        found = sorted(PLACEHOLDER.findall(translation))
        if "{{" not in term:
            assert found == sorted(PLACEHOLDER.findall(term)), term
        allowed = set(TAG.findall(term))
        assert set(TAG.findall(translation)) <= allowed, term
        if term.strip(string.whitespace) and "%" not in term:
            assert translation.endswith("\n") == term.endswith("\n"), term
