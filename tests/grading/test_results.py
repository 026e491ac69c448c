"""One record of results: what the grader failed on costs nobody points."""

from grading.results import Item, Report


def test_a_graders_error_is_in_no_sum():
    items = (
        Item("q1", "x", "right", 2.0, 2.0),
        Item("q1", "h_0", "wrong", 0.0, 1.0),
        Item("q2", "f", "grader_error", None, 5.0),
    )
    report = Report("s1", "week 3", items)
    assert (report.score, report.out_of) == (2.0, 3.0)
