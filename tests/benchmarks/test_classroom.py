"""The benchmark of classes runs, small, and says what came of it."""

import pytest

from benchmarks import classroom


@pytest.mark.parametrize("row", ["tables", "seeds", "code", "cells"])
def test_a_row_is_graded_and_every_submission_journalled_once(row, capsys):
    classroom.WORKS[row](6)
    told = capsys.readouterr().out
    assert "; all journalled once;" in told
    assert "grader_error" not in told
