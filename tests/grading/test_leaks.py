"""The finder of reference numbers finds them where they are planted."""

import pytest

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
