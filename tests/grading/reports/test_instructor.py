"""The instructor's page: what needs a look first; marks, mistakes and clusters as counted by hand."""

import re

import pytest

from grading.reports.histogram import BINS, histogram
from grading.reports.instructor import instructor_page
from grading.reports.sheet import Heading, Sheet
from grading.results import Item, Report

SHEET = Sheet("Week 3", {"q1": Heading("Back", "", {"x": "dŷ/dx"})})


def report(student, status="wrong", points=0.0, ids=(), answer="0.8127", **rest):
    return Report(
        student, "w", (Item("q1", "x", status, points, 2.0, "Said.", ids, answer, **rest),)
    )


CLASS = [
    *(report(f"a{k}", "right", 2.0, answer="1.5") for k in range(3)),
    *(report(f"b{k}", ids=("A1",), answer="0.6") for k in range(2)),
    report("c0", ids=("A3:x>h>ŷ", "A10:x>h", "A17:h", "A18"), answer="2"),
    *(report(f"d{k}", answer="0.8127") for k in range(14)),
    report("e0", answer="0,813"),
    report("f0", answer="99"),
    report("g0", "grader_error", None, note="it burnt"),
]


def text_of(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html.partition("<body>")[2]).split())


@pytest.fixture(scope="module")
def page():
    return instructor_page(CLASS, SHEET, {f"d{k}": f"students/d{k}.html" for k in range(14)})


def test_failures_come_first(page):
    text = text_of(page)
    assert -1 < text.find("The grader failed") < text.find("it burnt") < text.find("Marks")
    assert "need a look 1" in text


def test_numbers_are_those_counted_by_hand(page):
    text = text_of(page)
    assert "submissions 23" in text
    assert "mean 14 %" in text  # 3 of 22: what the grader failed on is not counted
    assert "all points 3" in text
    assert "3 right, 19 not right, 1 could not be graded" in text


def test_mistakes_are_counted_and_the_commonest_is_first(page):
    rows = re.findall(r"<tr><td>(\d+)</td><td>dŷ/dx</td><td>(.*?)</td>", page)
    assert [(n, re.findall("<code>(.*?)</code>", ids)) for n, ids in rows][:2] == [
        ("2", ["A1"]),
        ("1", ["A3:x&gt;h&gt;ŷ", "A10:x&gt;h", "A17:h"]),
    ]
    assert "+ 1 more" in page
    assert re.findall(r"<td>(\d+)</td><td>dŷ/dx</td><td></td><td>wrong, and no mistake", page) == [
        "16"
    ]


def test_equal_unexplained_answers_stand_together(page):
    text = text_of(page)
    assert "15 students gave it" in text
    assert "15 names" in text  # folded away, but there
    assert 'href="students/d13.html"' in page
    assert "99" not in text.partition("Unexplained")[2].partition("Students")[0]


def test_an_empty_class_has_a_page_too():
    assert "submissions 0" in text_of(instructor_page([], SHEET, {}))


@pytest.mark.parametrize(
    ("shares", "counts"),
    [
        ([], {}),
        ([0, 0.05, 0.1], {0: 2, 1: 1}),
        ([1, 0.999, 0.9], {9: 3}),
        ([0.3, 0.7, -1, 2], {3: 1, 7: 1, 0: 1, 9: 1}),
    ],
)
def test_bars_are_as_high_as_students_are_many(shares, counts):
    svg = histogram(shares)
    heights = [float(x) for x in re.findall(r'height="([\d.]+)"', svg)]
    assert len(heights) == len(counts) <= BINS
    told = dict(re.findall(r"(\d+) to \d+ %: (\d+)", svg))
    assert {int(k) // 10: int(n) for k, n in told.items()} == counts
    most = max(counts.values(), default=0)
    assert sorted(heights) == pytest.approx(
        sorted(max(heights) * n / most for n in counts.values())
    )
