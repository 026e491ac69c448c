"""Marks as CSV: a spreadsheet runs nothing, and what was not graded is no zero."""

import csv
import io

import pytest

from grading.reports.marks import marks
from grading.reports.names import page_of, shown
from grading.reports.sheet import Heading, Sheet
from grading.results import Item, Report

SHEET = Sheet("w", {"q1": Heading("Back"), "q2": Heading("Forth")})


def rows(*reports):
    return list(csv.DictReader(io.StringIO(marks(reports, SHEET))))


def test_points_stand_under_their_questions():
    items = (
        Item("q1", "x", "right", 1.0, 1.0),
        Item("q1", "y", "wrong", 0.5, 1.0),
        Item("q2", "x", "right", 2, 2),
    )
    (row,) = rows(Report("ada", "w", items, "B", ("late", "odd")))
    assert (row["q1"], row["q2"], row["points"], row["out_of"], row["percent"]) == (
        "1.5",
        "2",
        "3.5",
        "4",
        "87.5",
    )
    assert (row["tier"], row["warnings"]) == ("B", "late; odd")


def test_what_the_grader_failed_on_is_empty_and_no_zero():
    items = (Item("q1", "x", "grader_error", None, 1.0), Item("q2", "x", "wrong", 0.0, 2.0))
    (row,) = rows(Report("ada", "w", items))
    assert (row["q1"], row["q2"], row["out_of"], row["grader_errors"]) == ("", "0", "2", "1")


@pytest.mark.parametrize(
    "name", ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "%00"]
)
def test_no_cell_is_a_formula(name):
    for row in rows(Report(name, "w", (), warnings=(name,))):
        for cell in (row["student"], row["warnings"]):
            assert cell.startswith("'")


def test_names_stay_on_one_line_and_apart():
    text = marks([Report('a,"b"\nc\u202e\ud800', "w", ())], SHEET)
    assert text.count("\n") == 2
    assert rows(Report('a,"b"', "w", ()))[0]["student"] == 'a,"b"'
    text.encode("utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "../../etc/passwd",
        "a/b",
        "con",
        "NUL",
        "index",
        "",
        "a" * 300,
        "é",
        "\ud800",
        "\u202ex",
        "ada.",
        "A",
    ],
)
def test_pages_are_called_safely(name):
    found = page_of(name)
    assert found.isascii()
    assert len(found) <= 60
    assert all(c.isalnum() or c in "-_" for c in found)
    assert found.lower() not in ("con", "nul", "index")


def test_different_students_have_different_pages():
    names = ["ada", "Ada", "ADA", "äda", "a-da", "a_da", "a da", "a/da", "a.da", page_of("Ada")]
    assert len({page_of(name).lower() for name in names}) == len(names)


def test_what_is_not_seen_is_written_out():
    assert shown("a\u202e\u200bb\n") == "a\\u202e\\u200bb\\n"
    assert len(shown("x" * 999)) == 100
