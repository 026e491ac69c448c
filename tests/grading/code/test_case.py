"""Cases in which no mistake hides: sizes, upstream, time steps; and gradients that others agree with."""

import numpy as np
import pytest

from autograd_lite.errors import AssignmentError
from grading.assignments import load
from grading.code import cases, lint_code
from grading.code.case import case, varied
from grading.code.linting import against
from tests.grading.code.questions import (
    BATCH_NORM,
    CONVOLUTION,
    LINEAR,
    RNN,
    SCALAR,
    Equations,
    Question,
)


@pytest.mark.parametrize("question", [RNN, CONVOLUTION, BATCH_NORM, LINEAR])
@pytest.mark.parametrize("seed", range(5))
def test_sizes_differ_and_are_above_one(question, seed):
    sizes = varied(question.graph, np.random.default_rng(seed)).sizes
    free = [n for name, n in sizes.items() if name not in ("stride", "padding", "kernel_size", "T")]
    assert len(set(free)) == len(free)
    assert min(free) > 1
    assert sizes.get("T", 4) >= 4
    assert sizes.get("stride", 2) == 2


@pytest.mark.parametrize("question", [CONVOLUTION, BATCH_NORM, LINEAR])
def test_the_upstream_is_drawn_at_random(question):
    for made in cases(question, seed=1, submission="s"):
        upstream = made.inputs["G"]
        assert len(np.unique(upstream)) == upstream.size


@pytest.mark.parametrize("question", [SCALAR, RNN, CONVOLUTION, BATCH_NORM, LINEAR])
def test_the_right_gradients_are_those_of_differences(question):
    made = cases(question, seed=1, submission="s")[0]
    graph, step, rng = question.graph, 1e-6, np.random.default_rng(0)
    for name in set(made.wrt) & set(graph.draw(rng)):
        point = {k: v for k, v in made.inputs.items() if k in graph.draw(rng)}
        direction = rng.normal(size=np.shape(point[name]))
        ends = []
        for sign in (1, -1):
            y = graph.nodes({**point, name: point[name] + sign * step * direction})["y"].value
            ends.append(np.sum(np.asarray(y) * made.inputs.get("G", 1.0)))
        numerical = (ends[0] - ends[1]) / (2 * step)
        assert np.sum(made.right[name] * direction) == pytest.approx(numerical, rel=1e-5, abs=1e-7)


def test_a_question_without_a_finite_gradient_is_refused():
    question = Question(
        "function", Equations("y = log(x - 5)*0 + x*0", ("x",)), settings={"wrt": ("x",)}
    )
    with pytest.raises((AssignmentError, ValueError)):
        cases(question, seed=0)


@pytest.mark.parametrize("name", ["bptt", "convolution"])
def test_no_mistake_is_invisible_in_the_shipped_cases(name):
    paper = load(name).paper("ada")
    (question,) = (q.question for q in paper.questions if q.question.is_code)
    for variable, found in lint_code(question, seed=3).items():
        assert found.invisible == (), variable
        assert found.seen > 20


def test_lint_finds_what_bad_cases_hide():
    """One time step hides what happens between steps."""
    rng = np.random.default_rng(0)
    short = type(RNN.graph)(
        {"input_size": 3, "hidden_size": 4, "T": 1, "N": 2}, RNN.graph.shapes, RNN.graph.compute
    )
    one_step = [case(Question("function", short, settings={"wrt": ("W_xh",)}), rng, vary=False)]
    generic = [case(RNN, rng, vary=True)]
    hidden = {x.partition(":")[0] for x in against(one_step, generic, "W_xh").invisible}
    assert {"F1", "F8"} & hidden
    assert against([case(RNN, rng, vary=False)], generic, "W_xh").invisible == ()
