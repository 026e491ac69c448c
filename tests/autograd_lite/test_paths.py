"""Every path with its product: their sum is the total derivative, and their number is guarded."""

import math

import numpy as np
import pytest

from autograd_lite import FlowGraph, Tensor, Value, sin
from autograd_lite.errors import GraphError
from tests.autograd_lite.dags import lecture_example, random_dag


def every_route(dag, source, target):
    """All sequences of named nodes from source to target, each step a path through unnamed nodes only."""
    named = set(dag.named)

    def steps(i):
        frontier, found = [i], set()
        while frontier:
            k = frontier.pop()
            for j in range(k + 1, target + 1):
                if k in dag.slopes[j]:
                    (found.add if j in named else frontier.append)(j)
        return found

    if source == target:
        return [[target]]
    return [[source, *rest] for j in sorted(steps(source)) for rest in every_route(dag, j, target)]


@pytest.mark.parametrize("seed", range(20))
def test_paths_are_all_there_and_their_products_add_up(seed):
    dag = random_dag(seed)
    flow = FlowGraph(dag.nodes[dag.output], variables=[dag.nodes[k] for k in dag.named])
    for k in dag.named:
        found = flow.paths(dag.nodes[k])
        routes = [[dag.nodes[j] for j in route] for route in every_route(dag, k, dag.output)]
        assert {tuple(map(id, p.variables)) for p in found} == {tuple(map(id, r)) for r in routes}
        assert len(found) == len(routes)
        total = sum(path.product for path in found)
        assert total == pytest.approx(dag.total(dag.output, k), rel=1e-11, abs=1e-13)
        for path in found:
            assert path.product == pytest.approx(math.prod(path.partials), rel=1e-13)
            steps = zip(path.variables, path.variables[1:], strict=False)
            assert list(path.partials) == [flow.partial(b, a) for a, b in steps]


def test_the_lectures_paths_in_order():
    *_, yhat = lecture_example()
    assert [str(path) for path in FlowGraph(yhat).paths("x")] == [
        "x → h_0 → h_1 → ŷ", "x → h_0 → ŷ", "x → h_1 → ŷ",
    ]  # fmt: skip


def test_the_path_of_the_output_to_itself_is_one():
    x = Value(2.0, name="x")
    flow = FlowGraph(sin(x).named("y"))
    assert [(p.variables, p.product) for p in flow.paths("y")] == [((flow.output,), 1.0)]


def diamonds(depth):
    y = Value(1.0, name="x")
    for k in range(depth):
        a, b = (y * 0.5).named(f"a_{k}"), (y * 0.5).named(f"b_{k}")
        y = (a + b).named(f"c_{k}")
    return FlowGraph(y)


def test_too_many_paths_are_counted_not_walked():
    flow = diamonds(20)
    with pytest.raises(
        GraphError, match=r"1,048,576 paths lead from x to c_19, more than the limit 1,000"
    ):
        flow.paths("x")
    assert len(diamonds(5).paths("x", limit=32)) == 32
    with pytest.raises(GraphError):
        diamonds(5).paths("x", limit=31)


def test_a_number_of_paths_with_thousands_of_digits_is_still_refused():
    with pytest.raises(GraphError, match="or more paths"):
        diamonds(15_000).paths("x")


def test_dead_ends_are_not_walked():
    """Forty variables beside the way, each with two ways on, would be 2⁴⁰ steps."""
    x = Value(1.0, name="x")
    side, aside = x, []
    for k in range(40):
        a, b = (side * 0.5).named(f"a_{k}"), (side * 0.5).named(f"b_{k}")
        side = (a + b).named(f"c_{k}")
        aside += [a, b, side]
    y = (x * 2).named("y")
    assert [p.product for p in FlowGraph(y, variables=[x, *aside]).paths(x)] == [2.0]


def test_paths_from_what_is_no_variable_are_refused():
    *_, yhat = lecture_example()
    with pytest.raises(GraphError, match="no variable"):
        FlowGraph(yhat).paths(Value(1.0))


def test_tensor_paths_multiply_jacobians_in_order_over_the_right_axes():
    """x (2,) → h (3,) → k (2, 3) → y (): each product is Jy·Jk·Jh, whose factors do not commute."""
    A = np.array([[1.0, 2.0], [-1.0, 0.5], [0.3, -0.7]])
    x = Tensor([0.3, -0.2], requires_grad=True, name="x")
    h = sin(A @ x).named("h")
    k = (x.reshape(2, 1) * h).named("k")
    flow = FlowGraph((k * k).sum().named("y"))
    v, u = x.numpy(), np.sin(A @ x.numpy())
    by_k = 2 * np.outer(v, u)
    by_path = {
        "x → h → k → y": (by_k * v[:, None]).sum(0) @ (np.cos(A @ v)[:, None] * A),
        "x → k → y": by_k @ u,
    }
    assert {str(path) for path in flow.paths(x)} == set(by_path)
    for path in flow.paths(x):
        np.testing.assert_allclose(path.product, by_path[str(path)], rtol=1e-12)
    np.testing.assert_allclose(sum(by_path.values()), flow.total(x), rtol=1e-12)
