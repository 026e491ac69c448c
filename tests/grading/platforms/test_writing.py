"""Results files are whole JSON or not there, and a number that is none is refused."""

import json
from dataclasses import asdict, replace

import pytest

from autograd_lite.errors import PictureError
from grading.platforms.writing import FORMS, write_results
from grading.results import Report
from tests.grading.platforms.reports import ALL, RIGHT, WHOLE


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ALL)
def test_every_report_can_be_written_and_read_back(form, name, tmp_path):
    path = write_results(tmp_path / "results.json", ALL[name], form)
    assert json.loads(path.read_text("ascii")) == json.loads(json.dumps(FORMS[form](ALL[name])))
    assert [path] == list(tmp_path.iterdir())


def test_plain_results_are_the_whole_record(tmp_path):
    path = write_results(tmp_path / "results.json", WHOLE)
    found = json.loads(path.read_text())
    assert (found["score"], found["out_of"]) == (3.5, 7)
    assert found["items"][2]["note"] == WHOLE.items[2].note
    assert {*asdict(WHOLE)} <= {*found}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("points", [float("nan"), float("inf")])
def test_a_mark_that_is_no_number_is_refused_and_the_old_file_stays(form, points, tmp_path):
    path = tmp_path / "results.json"
    path.write_text("old")
    with pytest.raises(ValueError):
        write_results(path, Report("a", "b", (replace(RIGHT, points=points),)), form)
    assert path.read_text() == "old"


def test_a_place_that_cannot_be_written_to_is_said(tmp_path):
    with pytest.raises(PictureError, match="results"):
        write_results(tmp_path / "no" / "results.json", WHOLE)
