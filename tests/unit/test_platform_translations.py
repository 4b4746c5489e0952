"""Translation files: merged without guessing, and complete."""

import polib

from tool import paths, translations


def _file(*terms):
    result = polib.POFile()
    for msgid, msgstr, flags in terms:
        result.append(polib.POEntry(msgid=msgid, msgstr=msgstr, flags=flags))
    return result


def test_a_merge_keeps_translations_and_drops_what_is_gone_or_guessed():
    old = _file(("kept", "留", []), ("gone", "去", []), ("guess", "猜", ["fuzzy"]))
    template = _file(("kept", "", []), ("guess", "", []), ("new", "", []))
    merged = translations.merge(old, template)
    found = {entry.msgid: entry.msgstr for entry in merged}
    assert found == {"kept": "留", "guess": "", "new": ""}
    assert not any(entry.flags for entry in merged)


def test_a_template_has_no_dates(tmp_path):
    path = tmp_path / "x.pot"
    template = _file(("a", "", []))
    template.metadata = {"POT-Creation-Date": "now", "Project-Id-Version": "x"}
    template.save(str(path))
    translations.clean_template(path)
    assert "Date" not in path.read_text()
    assert "Project-Id-Version" in path.read_text()


def test_open_terms_are_reported(tmp_path):
    path = tmp_path / "zh_CN.po"
    _file(("open", "", []), ("done", "好", [])).save(str(path))
    assert len(translations.problems(path)) == 1


def test_the_chinese_translation_of_our_addons_is_complete():
    assert translations.check(paths.ADDONS) == []


def test_a_new_translation_says_its_language_and_plurals():
    merged = translations.merge(_file(), _file(("term", "", [])))
    assert merged.metadata["Language"] == "zh_CN"
    assert merged.metadata["Plural-Forms"] == "nplurals=1; plural=0;"


def test_a_template_is_the_same_in_whatever_order_it_was_exported(tmp_path):
    path, other = tmp_path / "x.pot", tmp_path / "y.pot"
    _file(("b", "", []), ("a", "", [])).save(str(path))
    _file(("a", "", []), ("b", "", [])).save(str(other))
    for name in (path, other):
        translations.clean_template(name)
    assert path.read_text() == other.read_text()
