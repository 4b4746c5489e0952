"""Translation files: a template out of an export, a translation brought up to date.

Runs with the Python of the environment, because it needs polib.
"""

import sys
from pathlib import Path

import polib

DATES = ("POT-Creation-Date", "PO-Revision-Date")
LANGUAGE = "zh_CN"
FORM = {
    "Content-Transfer-Encoding": "8bit",
    "Language": LANGUAGE,
    "Plural-Forms": "nplurals=1; plural=0;",
}


def clean_template(path):
    """Drop what changes with each export though no term did."""
    template = polib.pofile(str(path))
    for name in DATES:
        template.metadata.pop(name, None)
    template.sort(key=_key)
    template.save(str(path))


def merge(translation, template):
    """Bring ``translation`` (polib files) to the terms of ``template``.

    Translations of terms that stay are kept, new terms come untranslated, terms
    that are gone are dropped, and nothing is guessed.
    """
    known = {_key(entry): entry for entry in translation if not entry.obsolete}
    result = polib.POFile()
    result.metadata = dict(template.metadata) | FORM
    result.header = template.header
    for entry in template:
        before = known.get(_key(entry))
        keep = before and "fuzzy" not in before.flags
        result.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgctxt=entry.msgctxt,
                msgstr=before.msgstr if keep else "",
                occurrences=entry.occurrences,
                comment=entry.comment,
                flags=list(entry.flags),
            )
        )
    return result


def _key(entry):
    return entry.msgctxt or "", entry.msgid


def update(template_path):
    """Clean one template and merge the translation beside it; return open terms."""
    clean_template(template_path)
    path = Path(template_path).with_name(f"{LANGUAGE}.po")
    old = polib.pofile(str(path)) if path.exists() else polib.POFile()
    new = merge(old, polib.pofile(str(template_path)))
    new.save(str(path))
    return problems(path)


def problems(path):
    """What is wrong with a translation file, as sentences."""
    found = []
    for entry in polib.pofile(str(path)):
        if entry.obsolete:
            found.append(f"{path}: obsolete term {entry.msgid!r}")
        elif "fuzzy" in entry.flags:
            found.append(f"{path}: guessed translation of {entry.msgid!r}")
        elif not entry.msgstr:
            found.append(f"{path}: no translation of {entry.msgid!r}")
    return found


def differences(path, template_path):
    """Terms of the template that the translation lacks, and the other way round."""
    translated = {_key(e) for e in polib.pofile(str(path)) if not e.obsolete}
    wanted = {_key(e) for e in polib.pofile(str(template_path))}
    lacking = [f"{path}: lacks the term {key[1]!r}" for key in wanted - translated]
    surplus = [f"{path}: unknown term {key[1]!r}" for key in translated - wanted]
    return sorted(lacking) + sorted(surplus)


def check(addons_folder):
    """All problems of all addons that have a template."""
    found = []
    for template in sorted(Path(addons_folder).glob("*/i18n/*.pot")):
        path = template.with_name(f"{LANGUAGE}.po")
        if not path.exists():
            found.append(f"{path}: missing")
            continue
        found += problems(path) + differences(path, template)
    return found


if __name__ == "__main__":
    remaining = [line for name in sys.argv[1:] for line in update(name)]
    print(f"{len(remaining)} terms without translation")
