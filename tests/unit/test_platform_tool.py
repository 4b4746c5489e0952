"""The set-up's own logic: keys, ports, the log filter, the print command line."""

import logging
import os
import socket

import pytest

from tool import addons, command_test, command_test_deps, logs, ports, postgres
from tool.console import Failure, flag
from tool.pdf import arguments as command_line
from tool.pytest_checks import Collector, is_standard

ODOO_ARGUMENTS = """
    --disable-local-file-access --cookie-jar jar --cookie key value --quiet
    --page-size Letter
    --margin-top 52.0 --dpi 90 --zoom 1.06 --header-spacing 52
    --margin-left 0 --margin-bottom 32.0 --margin-right 9mm
    --orientation Landscape --header-html h.html --footer-html f.html
    one.html two.html out.pdf
"""
LINE = "2026-01-02 03:04:05,678 99 {} db odoo.models: message {}"


@pytest.fixture
def addon(tmp_path):
    folder = tmp_path / "crm_x"
    (folder / "tests").mkdir(parents=True)
    manifest = {"name": "X", "depends": ["sale", "crm_y"]}
    (folder / "__manifest__.py").write_text(repr(manifest))
    (folder / "model.py").write_text("a = 1\n")
    return folder


def test_the_key_of_an_addon_changes_with_its_code_but_not_with_its_tests(addon):
    before = addons.tree_hash(addon)
    (addon / "tests" / "test_x.py").write_text("pass\n")
    assert addons.tree_hash(addon) == before
    (addon / "model.py").write_text("a = 2\n")
    assert addons.tree_hash(addon) != before


def test_a_translation_changes_the_key_of_the_addon_but_not_of_its_code(addon):
    found, folder = addons.manifests(addon.parent), addon.parent
    whole = addons.hashes(found, folder)
    code = addons.hashes(found, folder, translations=False)
    (addon / "i18n").mkdir()
    (addon / "i18n" / "zh_CN.po").write_text("")
    assert addons.hashes(found, folder) != whole
    assert addons.hashes(found, folder, translations=False) == code


def test_a_renamed_file_changes_the_key(addon):
    before = addons.tree_hash(addon)
    (addon / "model.py").rename(addon / "other.py")
    assert addons.tree_hash(addon) != before


def test_dependencies_of_others_leave_our_own_out(addon):
    found = addons.manifests(addon.parent) | {"crm_y": {"depends": ["crm"]}}
    assert addons.foreign_dependencies(found) == ["crm", "sale"]


def test_an_addon_that_cannot_be_installed_is_left_out(addon):
    manifest = {"name": "X", "depends": [], "installable": False}
    (addon / "__manifest__.py").write_text(repr(manifest))
    assert addons.manifests(addon.parent) == {}


def test_new_and_changed_addons_are_told_apart():
    changes = addons.changes({"a": "1", "b": "1"}, {"a": "1", "b": "2", "c": "1"})
    assert changes == (["c"], ["b"])


def test_a_used_port_is_not_free_and_a_picked_one_is():
    with socket.socket() as taken:
        taken.bind((ports.LOCAL, 0))
        taken.listen()
        assert not ports.is_free(taken.getsockname()[1])
    assert ports.is_free(ports.pick())


def test_a_port_is_remembered(tmp_path):
    path = tmp_path / "port"
    first = ports.remembered(path)
    assert ports.remembered(path) == first
    path.write_text("nonsense")
    assert 0 < ports.remembered(path) < 65536


@pytest.mark.parametrize("text", ["", "0", "70000", "http"])
def test_a_wrong_port_is_refused_with_a_sentence(text):
    with pytest.raises(Failure, match="is no port"):
        ports.parse(text)


@pytest.mark.parametrize(
    "text, expected", [("0", False), ("no", False), ("", True), ("1", True)]
)
def test_a_variable_is_read_as_yes_or_no(monkeypatch, text, expected):
    monkeypatch.setenv("CRM_FLAG", text)
    assert flag("CRM_FLAG") is expected


def test_only_warnings_and_errors_of_a_log_are_found():
    lines = [LINE.format("INFO", 1), LINE.format("WARNING", 2), "Traceback", ""]
    assert logs.entries(lines) == [logs.Entry("WARNING", "odoo.models", "message 2")]


def test_an_allowed_line_passes_and_another_does_not(tmp_path):
    path = tmp_path / "allowed.toml"
    path.write_text(
        '[[allowed]]\npattern = "models: message [12]$"\nreason = "known"\n'
    )
    found = logs.entries(LINE.format("ERROR", number) for number in (1, 3, 3))
    left = logs.unexpected(found, logs.load_allowed(path))
    assert [str(entry) for entry in left] == ["ERROR odoo.models: message 3"]


@pytest.mark.parametrize("text", ['pattern = "x"', 'pattern = "x"\nreason = " "'])
def test_an_allowed_line_needs_a_reason(tmp_path, text):
    path = tmp_path / "allowed.toml"
    path.write_text(f"[[allowed]]\n{text}\n")
    with pytest.raises(ValueError, match="reason"):
        logs.load_allowed(path)


def test_the_collector_keeps_warnings_that_reach_it():
    collector = Collector()
    logger = logging.getLogger("crm.collector")
    logger.addHandler(collector)
    logger.propagate = False
    logger.warning("careful %s", 1)
    logger.info("fine")
    assert collector.found == [logs.Entry("WARNING", "crm.collector", "careful 1")]


def test_what_odoo_hands_to_wkhtmltopdf_is_understood():
    job = command_line.parse(ODOO_ARGUMENTS.split())
    assert job.bodies == ("one.html", "two.html")
    assert (job.target, job.header, job.footer) == ("out.pdf", "h.html", "f.html")
    assert (job.width, job.height) == (279.4, 215.9)
    assert (job.margin_top, job.margin_bottom) == (52, 32)
    assert (job.margin_left, job.margin_right) == (command_line.SIDE_MARGIN, 9)
    assert job.cookie_jar == "jar"
    assert job.cookies == (("key", "value"),)


def test_an_own_paper_size_is_taken():
    job = command_line.parse(
        ["--page-width", "10cm", "--page-height", "50mm", "a", "b"]
    )
    assert (job.width, job.height) == (100, 50)


def test_a_print_job_without_pages_is_refused():
    with pytest.raises(ValueError, match="pages and a target"):
        command_line.parse(["--quiet", "out.pdf"])


def test_the_session_cookie_is_read():
    jar = "session_id=abc==; HttpOnly; domain=127.0.0.1; path=/;"
    assert command_line.cookie(jar) == ("session_id", "abc==", "127.0.0.1")


def test_options_and_files_of_pytest_are_told_apart():
    arguments = ["-k", "foo", "tests::test_x", "-x"]
    assert command_test.split(arguments) == (
        ["-k", "foo", "-x"],
        ["tests::test_x"],
    )


def test_the_result_of_odoos_runner_is_read():
    text = (
        "odoo.tests.result: 2 failed, 1 error(s) of 30 tests when loading database 'x'"
    )
    assert command_test_deps.outcome(text) == (2, 1, 30)
    assert command_test_deps.outcome(LINE.format("CRITICAL", 1)) == (0, 1, 0)


def test_oca_addons_are_read_from_the_pins():
    assert "helpdesk_mgmt" in command_test_deps.pinned_addons()


def test_what_users_write_is_never_kept_in_a_cluster_without_fsync():
    assert "fsync" not in postgres.COMMON
    assert postgres.THROW_AWAY["fsync"] == "off"
    assert postgres.locale_arguments(18)[0] == "--locale-provider=builtin"
    assert postgres.locale_arguments(15) == ["--locale=C.UTF-8"]


@pytest.mark.parametrize(
    "pid", [os.getpid(), 2**22 + 1, "none"], ids=["other", "free", "none"]
)
def test_a_pid_file_of_something_else_is_no_running_server(tmp_path, pid):
    cluster = object.__new__(postgres.Cluster)
    cluster.data = tmp_path
    (tmp_path / "postmaster.pid").write_text(f"{pid}\n{tmp_path}\n")
    assert not cluster.is_running()


def test_odoo_tests_outside_an_addon_are_run_and_others_only_if_standard():
    def item(module, tags):
        case = type("Case", (), {"__module__": module, "test_tags": tags})
        return type("Item", (), {"cls": case})()

    assert is_standard(item("tests.acceptance.test_x", {"post_install"}))
    assert is_standard(item("odoo.addons.crm_x.tests.test_x", {"standard"}))
    assert not is_standard(item("odoo.addons.crm_x.tests.test_x", {"benchmark"}))
    assert is_standard(type("Item", (), {"cls": None})())
