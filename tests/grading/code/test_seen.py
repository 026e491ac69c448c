"""Whatever a call seems to have shown, forged or not, is looked at without failing on it."""

import random

import numpy as np
import pytest

from autograd_lite.errors import AnswerError
from grading.code.case import cases
from grading.code.functions import verdict
from grading.code.returned import gradients
from grading.code.seen import look
from grading.sandbox import Result
from tests.grading.code.questions import CONVOLUTION, LINEAR, RNN

ODD = [
    None, True, 0, -1, 10**399, 5e-324, float("nan"), float("-inf"), "", "x", "9**9**9**9", "1e999", "(",
    np.array([1, 2]), np.array([]), np.zeros((2**30, 0)), np.ones((1,) * 16), np.array([True]),
    np.float32([[1, np.inf]]), np.full((2, 2), 2**64 - 1, np.uint64), np.array(1.7e308),
]  # fmt: skip


def forged(rng, depth=3):
    """Values such as may come through the wall, nested."""
    kind, inside = rng.random(), range(rng.randrange(4))
    if not depth or kind < 0.5:
        return rng.choice(ODD)
    if kind < 0.8:
        return rng.choice([list, tuple])([forged(rng, depth - 1) for _ in inside])
    names = ["x", "W", "b", "value", "missing", "\ud800"]
    return {rng.choice(names): forged(rng, depth - 1) for _ in inside}


def results(rng, case):
    """Without end: what is forged around a value, or within it."""
    while True:
        value = {x: rng.choice([right, forged(rng)]) for x, right in case.right.items()}
        parts = {
            "value": rng.choice([value, tuple(value.values()), forged(rng)]),
            "changed": rng.choice([[forged(rng)], forged(rng)]),
            "forward": rng.choice([case.forward, forged(rng)]),
            "takes": rng.choice([True, forged(rng)]),
        }
        yield Result("ok", rng.choice([parts, parts, parts, forged(rng)]))


@pytest.mark.parametrize(
    "question", [CONVOLUTION, LINEAR, RNN], ids=["operation", "module", "function"]
)
def test_forged_results_earn_nothing_and_do_not_stop_the_grader(question):
    rng = random.Random(3)  # noqa: S311 – no secret
    made = cases(question, 1, "forged")
    for _ in range(150):
        told = verdict(question, made, [next(results(rng, c)) for c in (*made, made[0])])
        assert told.share < 1
        assert all(says.isprintable() for says in told.says)


@pytest.mark.parametrize(
    "said", [[np.array([1, 2])], [np.array([])], [["x"], {"x": 1}, None], "x", 1.0]
)
def test_what_is_said_to_be_changed_is_names_or_nothing(said):
    case = cases(CONVOLUTION, 1, "forged")[0]
    seen = look(
        "f", case, Result("ok", {"value": dict(case.right), "changed": said}), is_module=False
    )
    assert seen.changed == ()
    assert all(c.status == "right" for c in seen.checks.values())


def test_rows_without_end_are_counted_and_not_made():
    with pytest.raises(AnswerError, match="one array of shape"):
        gradients(np.zeros((2**40, 0)), ["x", "W"], "f")
