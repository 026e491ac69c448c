"""What a linear (or affine) map's derivatives must be, said with values of the map alone.

J·t = f(x + t) - f(x) exactly, so these checks need no step size: forward sweep, reverse sweep by
⟨g, J·t⟩ = ⟨Jᵀ·g, t⟩, and the second order by E(x) = Σ f(x)³, whose Hessian is Jᵀ·diag(6·f(x))·J.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_lite import Tensor
from autograd_lite.derivatives import hvp, jvp
from autograd_lite.rules import RULES
from tests.autograd_lite.rules.cases import Case


def parts(case: Case) -> list[tuple[Callable[[Any], Any], Any]]:
    """The case as a function of each operand alone that has a derivative, and that operand."""

    def of(i: int) -> Callable[[Any], Any]:
        before, after = case.operands[:i], case.operands[i + 1 :]
        return lambda x: RULES[case.rule](*before, x, *after, **case.static)

    return [(of(i), case.operands[i]) for i, yes in enumerate(case.differentiable) if yes]


def pulled(f: Callable[[Any], Any], x: Any, g: Any) -> Any:
    """gᵀ·∂f/∂x by one reverse sweep."""
    node = Tensor(x, requires_grad=True)
    f(node).backward(g)
    return node.grad


def assert_affine(f: Callable[[Any], Any], x: Any) -> None:
    rng = np.random.default_rng(7)
    y = np.asarray(f(x))
    t, s, g = rng.normal(size=np.shape(x)), rng.normal(size=np.shape(x)), rng.normal(size=y.shape)
    move, other = np.asarray(f(x + t)) - y, np.asarray(f(x + s)) - y
    value, tangent = jvp(f, (x,), (t,))
    np.testing.assert_array_equal(value, y)
    np.testing.assert_allclose(tangent, move, rtol=1e-12, atol=1e-12)
    adjoint = pulled(f, x, g)
    assert adjoint.shape == np.shape(x)
    np.testing.assert_allclose(np.vdot(adjoint, t), np.vdot(g, move), rtol=1e-10, atol=1e-10)
    bent = np.vdot(hvp(lambda x: cubes(f(x)), (x,), (t,)), s)
    np.testing.assert_allclose(bent, np.sum(6 * y * move * other), rtol=1e-9, atol=1e-9)


def cubes(y: Any) -> Any:
    """E = Σ y³."""
    return (y * y * y).sum()


def assert_single_precision(case: Case) -> None:
    """float32 stays float32, in the value and in each gradient."""
    single = [x.astype(np.float32) if np.asarray(x).dtype == float else x for x in case.operands]
    nodes = [
        Tensor(x, requires_grad=yes) if yes else x
        for x, yes in zip(single, case.differentiable, strict=True)
    ]
    y = RULES[case.rule](*nodes, **case.static)
    if case.rule != "astype":
        assert y.dtype == np.float32
    y.backward(np.ones(y.shape))
    for node, yes in zip(nodes, case.differentiable, strict=True):
        assert not yes or (node.grad.dtype == np.float32 and node.grad.shape == node.shape)
