"""A student's page: what was asked, answered, said and earned; nothing that is not for the student."""

import base64
import re

from grading.reports.sheet import Heading, Sheet
from grading.reports.student import student_page
from grading.results import Item, Report

SHEET = Sheet("Week 3", {"q1": Heading("Back", "Compute.", {"x": "dŷ/dx"}), "q2": Heading("Forth")})


def items():
    return (
        Item("q1", "x", "wrong", 0.0, 2.0, "A path is missing.", ("A3:x>h",), "0.4919", "1.0994", ("x", "h")),
        Item("q1", "h", "right", 1.0, 1.0, "Right.", answer="7"),
        Item("q2", "h", "missing", 0.0, 1.0, "There is no answer here."),
    )  # fmt: skip


def text_of(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html.partition("<body>")[2]).split())


def test_it_says_what_was_asked_answered_and_earned():
    page = text_of(student_page(Report("ada", "w", items()), SHEET))
    for said in (
        "Week 3",
        "ada",
        "1 of 4 points",
        "Back",
        "dŷ/dx",
        "0.4919",
        "A path is missing.",
        "0 / 2",
        "1 / 1",
    ):
        assert said in page


def test_what_is_for_the_instructor_is_not_on_it():
    page = student_page(Report("ada", "w", items(), extra={"k": "secret"}), SHEET)
    for unsaid in ("1.0994", "A3", "secret"):
        assert unsaid not in page


def test_a_path_is_drawn_once_for_each_question():
    drawn = []

    def pictures(question, path):
        drawn.append((question, path))
        return "<svg/>"

    twice = (*items(), items()[0])
    page = student_page(Report("ada", "w", twice), Sheet("w", SHEET.questions, pictures))
    assert drawn == [("q1", ("x", "h"))]
    assert base64.b64encode(b"<svg/>").decode() in page
    assert "Look at: x, h" in page


def test_hidden_items_are_counted_and_not_shown():
    hidden = Item("q2", "h", "wrong", 0.0, 5.0, "Later.", visibility="after_due_date")
    report = Report("ada", "w", (*items()[:2], hidden))
    page = text_of(student_page(report, SHEET))
    assert "Later." not in page
    assert "1 of 3 points" in page
    assert "1 more of your answers" in page
    later = Sheet("w", SHEET.questions, shows=frozenset({"visible", "after_due_date"}))
    assert "Later." in student_page(report, later)


def test_what_the_grader_failed_on_is_excused():
    failed = Item("q1", "x", "grader_error", None, 2.0, note="Traceback: 1.0994")
    page = text_of(student_page(Report("ada", "w", (failed, items()[1])), SHEET))
    assert "It costs you no points" in page
    assert "1 of 1 points" in page
    assert "Traceback" not in page


def test_unsafe_tiers_are_loud():
    loud = {
        tier: "caution loud" in student_page(Report("ada", "w", items(), tier), SHEET)
        for tier in "ABCD"
    }
    assert loud == {"A": False, "B": False, "C": True, "D": True}


def test_what_is_said_above_is_not_repeated_for_each_item():
    said = "a.csv is no text"
    broken = tuple(Item("q1", str(k), "format", 0.0, 1.0, f"{said}.") for k in range(5))
    assert student_page(Report("ada", "w", broken, warnings=(said,)), SHEET).count(said) == 1
