"""partial and total without a flow graph: what is held is an argument, not a property of the graph."""

import numpy as np
import pytest

from autograd_lite import FlowGraph, Tensor, Value, partial, sin, total
from autograd_lite.between import derivative
from autograd_lite.errors import DerivativeError, OperandError, StaleError
from autograd_lite.order import upstream
from tests.autograd_lite.dags import random_dag


def kind(thing):
    return type(thing).__name__


def test_the_users_example_y_is_2x_z_is_xy():
    """∂z/∂x "supposed to be y … rather than 4x": y = 2x, z = xy at x = 3."""
    x = Value(3.0)
    y = 2 * x
    z = x * y
    assert partial(z, x) == partial(z, x, hold=[y]) == partial(z, x, hold=y) == 6.0
    assert total(z, x) == partial(z, x, hold=[]) == 12.0


def test_by_default_zs_own_other_operands_are_held():
    x = Value(3.0)
    z = x * x
    assert partial(z, x) == 6.0  # both operands are x itself
    w = sin(x) + x
    assert partial(w, x) == 1.0
    with pytest.raises(DerivativeError, match="no operand of sin .* hold="):
        partial(sin(x + 1.0), x)  # its one operand is x + 1
    with pytest.raises(DerivativeError, match="no path leads there"):
        partial(sin(Value(1.0)), x)  # x moves nothing there


def shares(node, known):
    return any(n in known for nodes in upstream(node) for n in nodes)


@pytest.mark.parametrize("seed", range(10))
def test_any_partial_is_a_sum_over_paths_that_avoid_the_held(seed):
    dag = random_dag(seed)
    z, n = dag.nodes[dag.output], dag.output
    known = {node for nodes in upstream(z) for node in nodes}
    for k in range(n):
        if dag.nodes[k] not in known:
            with pytest.raises(DerivativeError, match="no path leads there"):
                total(z, dag.nodes[k])
            continue
        held = {j for j in range(n) if j % 2 and j != k and shares(dag.nodes[j], known)}
        nodes = [dag.nodes[j] for j in held]
        by_hand = dag.by_paths(n, k, held)
        assert partial(z, dag.nodes[k], hold=nodes) == pytest.approx(by_hand, rel=1e-12, abs=1e-14)
        by_hand = dag.total(n, k)
        assert total(z, dag.nodes[k]) == pytest.approx(by_hand, rel=1e-12, abs=1e-14)


def test_what_lies_beside_z_in_the_same_system_may_be_held():
    """A cut's other members: y moves with x and z does not depend on it, so it is held without effect."""
    x = Value(3.0)
    y, z = 2 * x, x * x
    assert partial(z, x, hold=[y]) == 6.0


def test_holding_x_or_z_themselves_changes_nothing():
    """x moves and z follows whatever is held, so that all variables of a graph may be given."""
    x = Value(3.0, name="x")
    h = (x * 2).named("h")
    z = (h * x).named("z")
    flow = FlowGraph(z)
    assert partial(z, x, hold=[x, z]) == 12.0
    assert partial(z, x, hold=flow.variables) == flow.partial(z, x, hold=flow.variables) == 6.0
    assert flow.limit(z, x, hold=flow.variables) == pytest.approx(6.0)


def test_no_path_means_no_answer_and_by_itself_means_one():
    x, other = Value(3.0), Value(4.0)
    with pytest.raises(DerivativeError, match="no path leads there"):
        total(x * 2, other)
    assert total(x, x) == 1.0
    assert FlowGraph(x * 2, variables=[other]).total(other) == 0.0


def test_jacobians_have_the_shapes_of_both():
    """y = A·x with x (3,): ∂y/∂x = A, ∂y_i/∂A_jk = δ_ij·x_k; z = y² by y is diag(2y)."""
    A = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    x = Tensor([1.0, -2.0, 0.5], requires_grad=True)
    y = A @ x
    z = y * y
    np.testing.assert_array_equal(total(y, x), A.numpy())
    np.testing.assert_array_equal(total(y, A), np.einsum("ij,k->ijk", np.eye(2), x.numpy()))
    np.testing.assert_array_equal(total(z, y), np.diag(2 * y.numpy()))
    np.testing.assert_array_equal(partial(z, x, hold=[y]), np.zeros((2, 3)))
    assert total(z.sum(), x).shape == (3,)
    assert total(z.sum(), A).shape == (2, 3)


def test_holding_a_tensor_is_not_holding_its_rows():
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    z = x * y
    np.testing.assert_array_equal(partial(z, x, hold=y), np.diag([2.0, 4.0]))


def test_a_jacobian_keeps_float32():
    x = Tensor([1.0, 2.0], requires_grad=True, dtype="float32")
    assert total(x * x, x).dtype == np.float32


def test_a_jacobian_that_is_too_large_is_refused_with_its_size():
    x = Tensor(np.zeros(4000), requires_grad=True)
    with pytest.raises(DerivativeError, match="16,000,000 entries"):
        total(x * 2, x)
    assert derivative(x[:2] * 2, x, cap=8000).shape == (2, 4000)
    with pytest.raises(DerivativeError, match="8,000 entries"):
        derivative(x[:2] * 2, x, cap=7999)


@pytest.mark.parametrize("bad", ["x", 1.0, None, [Value(1.0)]], ids=kind)
def test_only_nodes_have_derivatives(bad):
    x = Value(1.0)
    for ask in (
        lambda: total(bad, x),
        lambda: total(x, bad),
        lambda: partial(x * 2, x, hold=[bad]),
    ):
        with pytest.raises(OperandError, match="between nodes of a graph"):
            ask()


def test_a_derivative_by_a_constant_does_not_exist():
    """Zero would be a wrong answer, not a missing one."""
    x = Tensor([1.0, 2.0], requires_grad=True)
    c = Tensor([3.0, 4.0])
    z = (x * c).sum()
    for ask in (total, partial):
        with pytest.raises(DerivativeError, match="is a constant.*requires_grad=True"):
            ask(z, c)
    with pytest.raises(DerivativeError):
        total(Value(2.0) * Value(3.0, requires_grad=False), Value(3.0, requires_grad=False))


def test_stale_numbers_are_refused_also_behind_held_nodes():
    x, v = Value(1.0, name="x"), Value(2.0)
    w = x * 2
    z = w * v
    x.data = 5.0
    for ask in (lambda: total(z, v), lambda: partial(z, v), lambda: partial(z, v, hold=[w])):
        with pytest.raises(StaleError):
            ask()
