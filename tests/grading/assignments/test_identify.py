"""What an author is told of a question: counts, ties and what looks right, on candidates made by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from grading.assignments import identify
from grading.assignments.identify import known


@pytest.fixture(autouse=True)
def no_chance(monkeypatch):
    monkeypatch.setattr(identify, "chance", lambda *_, **__: 0.25)


def asked(right, **values):
    candidates = [
        SimpleNamespace(identifier=name, value=np.array(v, float)) for name, v in values.items()
    ]
    return SimpleNamespace(right=np.array(right, float), candidates=candidates, is_array=False)


def test_each_class_counts_once_and_the_right_one_not():
    q = asked([1.0, 2.0], A=[3, 4], A_again=[3, 4], B=[5, 6], none=[1, 2])
    found = known(q, range(2), 4)
    assert (found.mistakes, found.classes, found.right) == (4, 2, ("none",))
    assert (found.alone, found.tied, found.looking, found.chance) == (1.0, 0.0, 0.0, 0.25)


def test_a_tie_at_the_asked_digits_is_none_at_more():
    q = asked([1.0], A=[3.0001], B=[3.0002], C=[7.0])
    assert known(q, range(1), 4).tied == pytest.approx(2 / 3)
    assert known(q, range(1), 6).tied == 0.0


def test_what_looks_right_is_counted_and_named():
    q = asked([1.0, 1.0], A=[1.0001, 2], B=[3, 4], C=[1.0002, 1.0001])
    found = known(q, range(2), 4)
    assert found.looking == pytest.approx(3 / 6)
    assert found.looks == ("C", "A")


def test_an_array_agrees_where_every_entry_does():
    q = asked([[1.0, 2.0]], A=[[1.00001, 9.0]], B=[[1.00001, 2.00001]], shape=[[1.0, 2.0, 3.0]])
    found = known(q, range(1), 4)
    assert (found.mistakes, found.classes, found.looks) == (3, 2, ("B",))


def test_where_nothing_can_go_wrong_nothing_is_said():
    found = known(asked([1.0], same=[1.0]), range(1), 4)
    assert (found.classes, found.alone, found.looks) == (0, 0.0, ())
