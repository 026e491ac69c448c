"""Reference numbers are found where they are planted, and nowhere in what students are given."""

import base64
import html
import json
import math
import re
import xml.etree.ElementTree as ET

import pytest

from grading import check
from grading.assignments import load
from grading.assignments.form import form_html
from grading.course.classroom import Options, grade_class
from grading.platforms.filling import bank
from grading.platforms.moodle import moodle_xml
from tests.grading.leaks import leaks

REFERENCE = 0.49191966


@pytest.mark.parametrize(
    "text",
    [
        "0.492",
        "is 0.4919.",
        "-0.49192",
        "<b>.492</b>",
        "4.919e-1",
        "49.2 %",
        "0,4919",
        "&#48;.4919",
        "\u22120.492",
        "title='0.4919'",
    ],
)
def test_planted_numbers_are_found(text):
    assert leaks(text, REFERENCE)


@pytest.mark.parametrize(
    "text",
    ["0.49", "0.5", "h_4919", "0.4932", "492", '<path d="M0.4919 3"/>', "no number", "v0.492"],
)
def test_other_numbers_are_not(text):
    assert not leaks(text, REFERENCE)


def test_what_is_known_anyway_may_stand_there():
    assert not leaks("you gave 0.4919", REFERENCE, own=["0.4919"])
    assert not leaks("x = 0.492", REFERENCE, givens=[0.492])
    assert leaks("you gave 0.4919, and 0.49192 is right", REFERENCE, own=["0.4919"]) == ["0.49192"]


def slopes(x):
    """By hand, of the shipped example: the values, the partial derivatives and the total ones."""
    h_0 = math.cos(x)
    h_1 = (h_0**3 + math.sin(x)) / math.sqrt(2)
    y = math.hypot(h_0, h_1)
    direct, other, link = h_0 / y, h_1 / y, 3 * h_0**2 / math.sqrt(2)
    total = direct + other * link
    down = -total * math.sin(x) + other * math.cos(x) / math.sqrt(2)
    return [h_0, h_1, y, direct, other, total, down], (other * link, direct)


@pytest.fixture(scope="module")
def homework():
    """The shipped example at its most talkative, two students' wrong answers, and what must stay hidden."""
    assignment = load("three_step")
    students = {}
    for name in ("ada", "ben"):
        (given, *_) = assignment.paper(name).questions[0].givens
        hidden, (one_path, direct) = slopes(given.value)
        wrong = {
            "forward": {"h_0": f"{-hidden[0]:.4g}", "h_1": "0.1234", "yhat": "3.21"},
            "held": {"h_0": f"{1 / direct:.4g}"},
            "moves": {"h_0": f"{one_path:.4g}", "x": "7.777"},
            "cut": {"h_0": f"{one_path:.4g}", "h_1": "9.876"},
            "formula": {"h_0": "h_0^2"},
        }
        students[name] = given.value, hidden, wrong
    return assignment, students


def shown(wrong):
    return [text for fields in wrong.values() for text in fields.values()]


def test_nothing_that_a_class_is_given_gives_a_number_away(homework, tmp_path):
    """Forms before, and reports after a run, for each student and each level of feedback."""
    assignment, students = homework
    (tmp_path / "in").mkdir()
    for name, (_, _, wrong) in students.items():
        (tmp_path / "in" / f"{name}.json").write_text(json.dumps(wrong))
    for level in ("variable", "kind", "path"):
        out = tmp_path / level
        grade_class(assignment, tmp_path / "in", out, Options(feedback=level))
        for name, (x, hidden, wrong) in students.items():
            page = (out / "students" / f"{name}.html").read_text()
            assert "7.777" in page
            assert not leaks(page, hidden, own=shown(wrong), givens=[x])
            assert leaks(page + f"<p>{hidden[5]:.4f}</p>", hidden, own=shown(wrong), givens=[x])
    for name, (x, hidden, _) in students.items():
        assert not leaks(form_html(assignment.paper(name)), hidden, givens=[x])


def test_nothing_that_a_notebook_prints_gives_a_number_away(homework, capsys):
    assignment, students = homework
    for name, (x, hidden, wrong) in students.items():
        for question, fields in wrong.items():
            check(question, fields, assignment=assignment, student=name)
        printed = capsys.readouterr().out
        assert "only the path through" in printed
        assert not leaks(printed, hidden, own=shown(wrong), givens=[x])


def test_nothing_that_a_question_bank_says_gives_a_number_away():
    """Of every variant the text and all feedback; the right number stands where Moodle compares alone."""
    held = bank(load("three_step"), variants=3)
    seen = 0
    quiz = ET.fromstring(moodle_xml(held.title, held.questions))  # noqa: S314 - written here
    for question in quiz.iter("question"):
        answers = question.findall("answer")
        if not answers:
            continue
        said = [e.text or "" for e in question.findall("questiontext/text")]
        said += [a.findtext("feedback/text") or "" for a in answers]
        said += [base64.b64decode(f.text or "").decode() for f in question.iter("file")]
        rights = [float(a.findtext("text")) for a in answers if a.get("fraction") == "100"]
        givens = re.findall(r"\bx = ([\d.]+)", html.unescape(said[0]))
        assert rights
        assert len(givens) == 1
        assert not leaks("\n".join(said), rights, givens=givens)
        seen += 1
    assert seen == 3 * 8
