"""Covers: SRV-13"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_service.tools.portal_form import (
    MAX_TEXT,
    Problem,
    Question,
    read_answers,
    split_choices,
)

CHOICE = Question(1, "Does the line stand?", "choice", True, ("Yes", "No"))
HOURS = Question(2, "Hours", "number")
SINCE = Question(3, "Since", "date")
CODE = Question(4, "Code", "text")


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (CHOICE, "Yes", "Yes"),
        (HOURS, " 7,5 ", "7.5"),
        (HOURS, "6000", "6000"),
        (SINCE, "2026-02-28", "2026-02-28"),
        (CODE, " E-14 ", "E-14"),
        (CODE, "x" * (MAX_TEXT + 1), "x" * MAX_TEXT),
    ],
)
def test_an_answer_is_read(question, text, answer):
    assert read_answers([question], {question.key: text}) == (
        [(question.name, answer)],
        [],
    )


@pytest.mark.parametrize(
    ("question", "text", "code"),
    [
        (CHOICE, "", "missing"),
        (CHOICE, "   ", "missing"),
        (CHOICE, "Perhaps", "choice"),
        (HOURS, "many", "number"),
        (HOURS, "nan", "number"),
        (HOURS, "1e999", "number"),
        (SINCE, "2026-02-30", "date"),
        (SINCE, "yesterday", "date"),
    ],
)
def test_what_is_wrong_is_named(question, text, code):
    answers, problems = read_answers([question], {question.key: text})
    assert answers == []
    assert problems == [Problem(code, question.name, text.strip())]


def test_what_nobody_asked_is_left_out():
    assert read_answers([CODE], {99: "x", 4: ""}) == ([], [])


@given(st.dictionaries(st.integers(1, 5), st.text(max_size=30)))
def test_each_question_is_answered_or_named_or_left_empty(texts):
    questions = [CHOICE, HOURS, SINCE, CODE]
    answers, problems = read_answers(questions, texts)
    names = [name for name, _ in answers] + [problem.name for problem in problems]
    assert len(names) == len(set(names))
    for question in questions:
        filled = bool((texts.get(question.key) or "").strip())
        assert (question.name in names) == (filled or question.required)


@given(st.lists(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1)))
def test_choices_are_the_lines_once(lines):
    assert split_choices("\n".join(lines)) == tuple(dict.fromkeys(lines))
