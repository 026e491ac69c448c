"""Gradescope's results.json: documented fields, no mark lowered by the grader's failures, no reference."""

import json

import pytest

from grading.platforms.gradescope import results
from grading.results import TIERS
from tests.grading.platforms.documented import GRADESCOPE, GRADESCOPE_TEST, complaints
from tests.grading.platforms.reports import ALL, BROKEN, FAILED, PARTLY, WHOLE


@pytest.mark.parametrize("name", ALL)
def test_every_field_is_documented(name):
    document = json.loads(json.dumps(results(ALL[name]), allow_nan=False))
    assert complaints(document, GRADESCOPE, GRADESCOPE_TEST) == []
    assert {"score", "execution_time", "tests"} <= {*document} | {"score"}


def test_the_table_of_fields_notices_what_is_wrong():
    bad = {"score": True, "grade": 1, "tests": [{"status": "ok", "max_score": "3"}]}
    assert len(complaints(bad, GRADESCOPE, GRADESCOPE_TEST)) == 4


def test_points_status_and_feedback_of_each_item():
    document = results(WHOLE)
    assert [(t["score"], t["max_score"], t["status"]) for t in document["tests"]] == [
        (2, 2, "passed"), (1, 1, "passed"), (0.5, 3, "failed"), (0, 1, "failed")
    ]  # fmt: skip
    assert document["score"] == 3.5
    assert document["execution_time"] == 1.25
    assert document["tests"][2]["output"] == "You gave only the path through h_1."
    assert [t["visibility"] for t in document["tests"]][2:] == ["after_due_date", "hidden"]
    assert document["tests"][2]["extra_data"]["mistakes"] == ["A4:h_0>h_1>ŷ"]


def test_what_the_grader_failed_on_is_no_zero():
    document = results(PARTLY)
    *_, failed = document["tests"]
    assert "score" not in failed
    assert "status" not in failed
    assert document["score"] == pytest.approx(2.5 / 5 * 9)
    assert "1 of 3 items" in document["output"]


def test_where_nothing_could_be_graded_there_is_no_mark():
    document = results(BROKEN)
    assert "score" not in document
    assert all("score" not in test for test in document["tests"])


def test_the_instructors_notes_stay_out():
    for report in ALL.values():
        text = json.dumps(results(report))
        assert "0.7315" not in text
        assert FAILED.note not in text


def test_the_tier_and_warnings_are_said():
    assert TIERS["C"] in results(PARTLY)["output"]
    assert "late by 2 h" in results(PARTLY)["output"]
