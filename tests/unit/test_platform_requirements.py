"""The files with pins: exact versions only, and in agreement with each other."""

import re
import tomllib

import pytest

from tool import bootstrap, paths

PINNED = (*bootstrap.RUNTIME, *bootstrap.DEVELOPMENT, bootstrap.CONSTRAINTS)


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.name)
def test_every_requirement_is_an_exact_pin(path):
    loose = [name for name, version in bootstrap.requirement_names(path) if not version]
    assert not loose


@pytest.mark.parametrize("path", PINNED[:-1], ids=lambda path: path.name)
def test_the_pins_agree_with_the_constraints(path):
    frozen = dict(bootstrap.requirement_names(bootstrap.CONSTRAINTS))
    pinned = dict(bootstrap.requirement_names(path))
    ours = {n: v for n, v in pinned.items() if not n.startswith("odoo-addon-")}
    assert ours == {name: frozen.get(name) for name in ours}


def test_pypdf2_is_not_installed_because_odoo_would_prefer_it():
    names = {name for path in PINNED for name, _ in bootstrap.requirement_names(path)}
    assert "pypdf" in names
    assert "pypdf2" not in names


def test_a_line_gives_a_normal_name_and_a_version(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text(
        "# note\nLxml_Html.Clean==0.4.4 ; python_version > '3'\n-c x\nfoo\n"
    )
    assert bootstrap.requirement_names(path) == [
        ("lxml-html-clean", "0.4.4"),
        ("foo", None),
    ]


def test_pip_errors_are_shown_without_the_warnings():
    text = "WARNING: Location '/x' is ignored\nERROR: No matching distribution for a\n"
    assert bootstrap.pip_errors(text) == ["    ERROR: No matching distribution for a"]


def test_the_linters_never_need_the_network():
    text = (paths.ROOT / ".pre-commit-config.yaml").read_text()
    assert re.findall(r"repo: (\S+)", text) == ["local"]


def test_pyproject_is_valid():
    settings = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())
    assert settings["tool"]["ruff"]["lint"]["mccabe"]["max-complexity"] == 10
