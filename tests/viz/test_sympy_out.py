"""To sympy: the equation of a variable as an expression, and from there in again."""

import numpy as np
import pytest

from autograd_lite import (
    FlowGraph,
    GraphError,
    PictureError,
    Tape,
    Tensor,
    Value,
    equations,
    example,
    grad,
)
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import on_floats
from tests.viz.sympy_formulas import (
    BY_CASES,
    ELEMENTARY,
    POINTS,
    SERIES,
    XYZ,
    S,
    by_mpmath,
    expected,
    slopes_of,
    x,
)
from viz.symbols import expression, lambdify

IN_AND_OUT = [e for e in ELEMENTARY + BY_CASES + SERIES if not e.has(S.Eq, S.Ne)]


@pytest.mark.parametrize("formula", IN_AND_OUT, ids=[str(e)[:60] for e in IN_AND_OUT])
@pytest.mark.parametrize("at", POINTS[:2], ids=str)
def test_in_and_out_again_is_the_same_function_nearby(formula, at):
    """A choice comes back as the branch that was taken, so the point is left by 1e-3 alone."""
    nodes = [Value(number, name) for number, name in zip(at, "xyz", strict=True)]
    result = lambdify(XYZ, formula)(*nodes)
    if not isinstance(result, Value) or result.is_leaf or not np.isfinite(result.data):
        return
    back = expression(
        FlowGraph(result, variables=[n for n in nodes if n in set(Tape(result).nodes)])
    )
    assert back.free_symbols <= set(XYZ)
    for moved in (at, tuple(n + 1e-3 for n in at)):
        right, slopes = expected(formula, moved)
        closed = S.expand_func(back)
        np.testing.assert_allclose(by_mpmath(closed, moved), right, rtol=1e-13, atol=1e-14)
        for i, slope in enumerate(slopes):
            np.testing.assert_allclose(
                by_mpmath(slopes_of(closed)[i], moved), slope, rtol=1e-12, atol=1e-13
            )


def test_an_expression_is_of_a_graph_a_cut_or_a_node():
    of = equations(example("three_step"))
    flow = FlowGraph(of["yhat"])
    h_0, h_1 = S.symbols("h_0 h_1", real=True)
    whole = S.sqrt(h_0**2 + h_1**2)
    assert (
        expression(flow) == expression(of["yhat"]) == expression(flow.cut(["h_0", "h_1"])) == whole
    )
    assert expression(flow, "yhat") == expression(flow, of["yhat"]) == whole
    assert expression(flow, "h_0") == S.cos(x)
    assert expression(flow, "x") == x
    whole = expression(FlowGraph(of["yhat"], variables=[of["x"]]))
    assert whole.free_symbols == {x}
    assert float(whole.diff(x).subs(x, of["x"].data)) == pytest.approx(flow.total("x"), rel=1e-12)


def test_what_is_no_expression_is_refused():
    with pytest.raises(GraphError, match="whole arrays"):
        expression((Tensor(np.ones((2, 2)), requires_grad=True) @ np.ones(2)).named("y"))
    v = y_ = Value(1.0, "x")
    for _ in range(300):
        y_ = y_ * 1.01 + v
    with pytest.raises(GraphError, match="more than 200 operations"):
        expression(y_.named("y"))
    with pytest.raises(GraphError):
        expression(FlowGraph(v * 2.0, variables=[v]), "no such name")
    with pytest.raises(PictureError):
        expression("x + 1")


@pytest.mark.parametrize(
    "name",
    [
        n
        for n, r in RULES.items()
        if r.is_elementwise and r.partials and n not in {"masked_product", "alias", "unsmooth"}
    ],
)
def test_what_expression_writes_of_an_operation_comes_back_as_it(name):
    """Out by its record, in again to its numbers: also for those that sympy has no function for."""
    rule = RULES[name]
    at = [0.7, 0.45, 0.3][: rule.arity]
    if name == "arccosh":
        at = [1.7]
    letters = XYZ[: rule.arity]
    nodes = [Value(number, str(s)) for number, s in zip(at, letters, strict=True)]
    result = rule(*nodes)
    right = on_floats(rule, tuple(at))
    if isinstance(result, Value) and not result.is_leaf:
        back = lambdify(letters, expression(FlowGraph(result, variables=nodes)))
        assert back(*at) == pytest.approx(right, rel=1e-14)
        assert grad(back)(*at) == pytest.approx(float(grad(rule)(*at)), rel=1e-13)
