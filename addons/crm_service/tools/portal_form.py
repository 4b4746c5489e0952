"""The questions of a request form: what was answered, and what is wrong with it."""

import datetime
import math
from typing import NamedTuple

MAX_TEXT = 2000  # characters


class Question(NamedTuple):
    """One question; ``kind`` is text, number, date or choice (one of ``choices``)."""

    key: int
    name: str
    kind: str
    required: bool = False
    choices: tuple = ()


class Problem(NamedTuple):
    """What is wrong: ``code`` is missing, number, date or choice."""

    code: str
    name: str
    text: str = ""


def split_choices(text):
    """Return the choices of ``text``, one a line, without empty and double ones.

    >>> split_choices(" yes \\n\\nno\\nyes")
    ('yes', 'no')
    """
    return tuple(dict.fromkeys(filter(None, map(str.strip, (text or "").splitlines()))))


def read_answers(questions, given):
    """Return ``([(question name, answer)], [Problem])``.

    ``given`` is {key: text as typed}. Empty answers are left out, and what nobody
    asked. A number is finite and may have a comma; a date is YYYY-MM-DD.

    >>> read_answers([Question(1, "Hours", "number")], {1: "7,5", 2: "?"})
    ([('Hours', '7.5')], [])
    """
    answers, problems = [], []
    for question in questions:
        text = (given.get(question.key) or "").strip()[:MAX_TEXT]
        if not text:
            if question.required:
                problems.append(Problem("missing", question.name))
            continue
        answer = READERS[question.kind](text, question)
        if answer is None:
            problems.append(Problem(question.kind, question.name, text))
        else:
            answers.append((question.name, answer))
    return answers, problems


def _read_number(text, _question):
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return f"{number:g}" if math.isfinite(number) else None


def _read_date(text, _question):
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        return None


READERS = {
    "text": lambda text, _question: text,
    "number": _read_number,
    "date": _read_date,
    "choice": lambda text, question: text if text in question.choices else None,
}
