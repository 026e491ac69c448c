"""Derivatives as plain numbers, taken inside a derivative: refused, since their own derivative would be 0."""

import numpy as np
import pytest

from autograd_lite import FlowGraph, Tape, Tensor, Value, grad, jacobian, jvp, partial, total, vjp
from autograd_lite.errors import OperandError


def by_backward(y, x):
    y.backward()
    return x.grad


def by_flow(y, x):
    return FlowGraph(y, [x]).total(x)


NUMBERS = {
    "backward": by_backward,
    "Tape.backward": lambda y, x: (Tape(y).backward(), x.grad)[1],
    "Tape.adjoints": lambda y, x: Tape(y).adjoints()[x],
    "Tape.tangents": lambda y, x: Tape(y).tangents({x: np.ones_like(x.numpy())})[y],
    "Tape.steps": lambda y, x: list(Tape(y).steps())[-1].total,
    "total": total,
    "partial": partial,
    "FlowGraph.total": by_flow,
    "Edge.partial": lambda y, x: FlowGraph(y, [x]).edges[0].partial,
}
AROUND = {
    "grad": lambda f, x: grad(f)(x),
    "jacobian": lambda f, x: jacobian(f)(x),
    "jvp": lambda f, x: jvp(f, (x,), (np.ones_like(x),)),
    "vjp": vjp,
}


@pytest.mark.parametrize("inner", NUMBERS)
@pytest.mark.parametrize("outer", AROUND)
def test_numbers_that_depend_on_the_argument_are_refused(inner, outer):
    def f(x):
        x = x * 1.0
        return x * NUMBERS[inner](x * x * x, x)

    with pytest.raises(OperandError, match="derivatives as numbers would have derivative 0"):
        AROUND[outer](f, np.array(2.0))


def test_the_partials_of_a_value_are_refused():
    with pytest.raises(OperandError, match="derivatives as numbers"):
        grad(lambda x: (x * x).partials[0] * 1.0)(Value(2.0))


def test_a_weight_outside_is_refused_when_its_derivative_depends_on_the_argument():
    def f(x):
        w = Tensor([2.0], requires_grad=True)
        return (x * by_backward((w * w * x).sum(), w)).sum()

    with pytest.raises(OperandError, match=r"adjoints\(graph=True\)"):
        grad(f)(3.0)


def test_what_does_not_depend_on_the_argument_is_a_number():
    w = Value(2.0)
    assert grad(lambda x: x * total(w * w, w))(3.0) == 4.0


def test_the_ways_that_the_message_names_are_right():
    """d/dx [x·d(x³)/dx] = 9x²."""
    assert grad(lambda x: x * grad(lambda u: u**3)(x))(2.0) == 36.0

    def by_nodes(x):
        x = x * 1.0
        return x * Tape(x**3).adjoints(graph=True)[x]

    assert grad(by_nodes)(2.0) == 36.0
