"""A constant behind an operation of constants that is changed: the right number, or a StaleError."""

import gc

import numpy as np
import pytest

from autograd_lite import FlowGraph, Tape, Tensor, Value, concatenate, no_grad, stack, where
from autograd_lite.errors import StaleError
from autograd_lite.origins import FEW

OPERATIONS = {
    "reshape": lambda c: c.reshape(2),
    "index": lambda c: c[:],
    "transpose": lambda c: c.T,
    "squeeze": lambda c: c.expand_dims(0).squeeze(0),
    "ravel": lambda c: c.ravel(),
    "swapaxes": lambda c: c.reshape(2, 1).swapaxes(0, 1).reshape(2),
    "c·1": lambda c: c * 1,
    "1·c": lambda c: 1 * c,
    "negative": lambda c: (-c) * -1.0,
    "np.exp": lambda c: np.log(np.exp(c)),
    "matmul": lambda c: np.eye(2) @ c,
    "concatenate": lambda c: concatenate([c[:1], c[1:]]),
    "stack": lambda c: stack([c[0], c[1]]),
    "where": lambda c: where([True, True], c, 0.0),
    "astype": lambda c: c.astype("float64"),
    "far behind": lambda c: sum([c * 0.0 for _ in range(3 * FEW)], c),
    "long ago": lambda c: long_chain(c),  # noqa: PLW0108 - defined below
}
CHANGES = {
    "data[:]": lambda c: c.data.__setitem__(slice(None), [5.0, 6.0]),
    "data": lambda c: setattr(c, "data", [5.0, 6.0]),
    "update_": lambda c: c.update_(lambda a: np.copyto(a, [5.0, 6.0])),
}


def long_chain(c):
    for _ in range(3 * FEW):
        c = c + 0.0
    return c


@pytest.fixture(params=[True, False], ids=["recording", "no_grad"])
def compute(request):
    def compute(operation, c):
        if request.param:
            return operation(c)
        with no_grad():
            return operation(c)

    return compute


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_a_changed_constant_behind_an_operation_is_noticed(operation, change, compute):
    w, c = Tensor([1.0, 1.0], requires_grad=True), Tensor([1.0, 2.0])
    d = compute(operation, c)
    y = (w * d).sum()
    assert Tape(y).evaluate() == 3.0
    change(c)
    for ask in (Tape(y).evaluate, y.backward):
        with pytest.raises(StaleError):
            ask()
    with pytest.raises(StaleError, match="compute both again"):
        Tape(y).evaluate()
    y = (w * compute(operation, c)).sum()
    y.backward()
    assert y.item() == 11.0
    np.testing.assert_array_equal(w.grad, [5.0, 6.0])


def test_a_flow_graph_notices_it_too_after_it_was_asked_before():
    c, w = Tensor([1.0, 2.0]), Tensor([3.0, 4.0], requires_grad=True, name="w")
    y = (w * (c + 1.0)).sum().named("y")
    flow = FlowGraph(y)
    assert list(flow.total(w)) == list(flow.partial(y, w)) == [2.0, 3.0]
    c.data = [5.0, 6.0]
    for ask in (lambda: flow.total(w), lambda: flow.partial(y, w)):
        with pytest.raises(StaleError, match="compute both again"):
            ask()


def test_a_changed_constant_value_is_followed_and_under_no_grad_a_result_is_a_snapshot():
    w, c = Value(1.0), Value(2.0, requires_grad=False)
    followed = w * (c * 1.0)
    with no_grad():
        d = c * 1.0
    kept = w * d
    c.data = 5.0
    assert Tape(followed).evaluate() == 5.0
    assert Tape(kept).evaluate() == 2.0


def test_an_intermediate_constant_that_is_changed_is_noticed():
    w, d = Tensor(1.0, requires_grad=True), Tensor(2.0) * 1.0
    y = w * (d + 1.0)
    d.data = 5.0
    with pytest.raises(StaleError):
        Tape(y).evaluate()
    z = w * d
    d.data = 6.0
    assert Tape(z).evaluate() == 6.0


def test_what_is_computed_after_the_change_is_a_snapshot():
    """A buffer that each batch is written into, and a running mean of what was in it."""
    w, batch, mean = Tensor([1.0, 1.0], requires_grad=True), Tensor([0.0, 0.0]), Tensor([0.0, 0.0])
    for k in range(3):
        batch.data[:] = k
        mean = 0.5 * mean + 0.5 * batch
        w.zero_grad()
        y = (w * (batch - mean)).sum()
        y.backward()
        np.testing.assert_array_equal(w.grad, batch.numpy() - mean.numpy())


def test_a_result_of_variables_under_no_grad_is_a_snapshot():
    w, u = Value(2.0), Tensor(3.0, requires_grad=True)
    with no_grad():
        average, other = w * 0.5, u * 0.5
    y, z = Value(1.0) * average, Tensor(1.0, requires_grad=True) * other
    w.data, u.data = 7.0, 7.0
    assert (Tape(y).evaluate(), Tape(z).evaluate()) == (1.0, 1.5)


def test_a_running_total_keeps_nothing_of_its_past():
    def reachable(origins):
        return 1 + sum(reachable(x) for x in origins[2:] if type(x) is tuple)

    total, window = Tensor([0.0]), []
    for _ in range(20 * FEW):
        total = total + Tensor([1.0])
        window = [*window[-3:], total]
    gc.collect()
    assert total.rest[0] <= FEW
    assert reachable(total.rest) <= FEW


def test_origins_that_many_constants_share_are_looked_at_once(monkeypatch):
    """Running totals that all live: looked at from each anew, time grew with the square of their number."""
    asked = []
    renew_if_written = Tensor.renew_if_written
    monkeypatch.setattr(
        Tensor, "renew_if_written", lambda x: asked.append(x) or renew_if_written(x)
    )
    x, total, totals = Tensor([1.0], requires_grad=True), Tensor([0.0]), []
    for _ in range(400):
        total = total + Tensor([1.0])
        totals.append(total)
    y = stack([x * t for t in totals]).sum()
    asked.clear()
    y.backward()
    assert x.grad == [400 * 401 / 2]
    assert len(asked) < 10 * 400
    totals[0].data = [7.0]
    with pytest.raises(StaleError):
        y.backward()
