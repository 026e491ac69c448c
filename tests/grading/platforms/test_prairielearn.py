"""PrairieLearn's results.json: the documented fields, a score of 0 to 1, at most a megabyte."""

import json
from dataclasses import replace

import pytest

from grading.platforms.prairielearn import LARGEST, results
from grading.results import Report
from tests.grading.platforms.documented import PRAIRIELEARN, PRAIRIELEARN_TEST, complaints
from tests.grading.platforms.reports import ALL, BROKEN, FAILED, MISSING, PARTLY, WHOLE, WRONG


@pytest.mark.parametrize("name", ALL)
def test_every_field_is_documented(name):
    document = json.loads(json.dumps(results(ALL[name]), allow_nan=False))
    assert complaints(document, PRAIRIELEARN, PRAIRIELEARN_TEST) == []
    assert document["gradable"] is not True or 0 <= document["score"] <= 1


@pytest.mark.parametrize("name", ALL)
def test_every_test_has_points_and_their_maximum(name):
    tests = results(ALL[name]).get("tests", [])
    assert all({"points", "max_points"} <= {*test} for test in tests)


def test_the_score_is_the_share_of_the_points():
    assert results(WHOLE)["score"] == 3.5 / 7
    assert [t["points"] for t in results(WHOLE)["tests"]] == [2, 1, 0.5, 0]


def test_what_the_grader_failed_on_is_left_out_and_said():
    document = results(PARTLY)
    assert document["score"] == 2.5 / 5
    assert len(document["tests"]) == 2
    assert "1 of 3 items" in document["message"]
    assert FAILED.note not in json.dumps(document)


def test_where_nothing_could_be_graded_no_attempt_is_lost():
    document = results(BROKEN)
    assert document["gradable"] is False
    assert document["format_errors"]
    assert "score" not in document


def test_hidden_items_keep_their_feedback():
    hidden = replace(MISSING, feedback="secret")
    assert "secret" not in json.dumps(results(Report("ada", "hw1", (hidden, WRONG))))


@pytest.mark.parametrize(("count", "length"), [(3, 2_000_000), (5000, 500), (60_000, 10)])
def test_a_file_of_more_than_a_megabyte_is_shortened_and_keeps_its_score(count, length):
    item = replace(WRONG, feedback="é" * length, visibility="visible")
    document = results(Report("ada", "hw1", (item,) * count))
    assert len(json.dumps(document)) <= LARGEST
    assert document["score"] == pytest.approx(1 / 6)
