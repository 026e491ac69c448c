"""The catalogue: one entry a mistake, each with a sentence without a number."""

from grading.catalogue.mistake import Candidate, Mistake


def test_a_candidate_is_named_by_row_and_place():
    row = Mistake(
        "A4", "one path only", "You followed one path only: {where}.", 4, lambda asked: ()
    )
    assert Candidate(row, ("h_0", "h_1", "ŷ"), None).identifier == "A4:h_0>h_1>ŷ"
    assert Candidate(row, (), None).identifier == "A4"
