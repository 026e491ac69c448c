"""torch in float64 as the reference: the same weights and inputs, outputs and gradients."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd_lite import Tensor
from autograd_lite.rules.namespaces import plain
from nn import Module

torch = pytest.importorskip("torch")

RELATIVE = 1e-10


def assert_close(ours: Any, theirs: Any, what: str = "", relative: float = RELATIVE) -> None:
    """Equal up to a part of the largest entry."""
    ours = np.asarray(plain(ours))
    theirs = theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else np.asarray(theirs)
    assert ours.shape == theirs.shape, what
    size = np.max(np.abs(theirs), initial=0.0)
    wrong = np.max(np.abs(ours - theirs), initial=0.0)
    assert wrong <= relative * max(size, 1e-30) + 1e-15, f"{what}: off by {wrong:.3g} of {size:.3g}"


def assert_same_function(
    ours: Callable[..., Any], theirs: Callable[..., Any], *inputs: Any
) -> None:
    """The same value, and the same gradient of a random linear function of it, at float inputs."""
    xs = [Tensor(x, requires_grad=True) for x in inputs]
    ts = [torch.tensor(x, requires_grad=True) for x in inputs]
    y, u = ours(*xs), theirs(*ts)
    assert_close(y, u, "value")
    direction = np.random.default_rng(7).normal(size=y.shape)
    y.backward(direction)
    u.backward(torch.tensor(direction))
    for i, (x, t) in enumerate(zip(xs, ts, strict=True)):
        assert_close(x.grad, t.grad, f"gradient of input {i}")


def assert_same_module(ours: Module, theirs: Any, *inputs: Any) -> None:
    """`assert_same_function` with torch's weights loaded, and the gradient of every parameter."""
    ours.load_state_dict(theirs.state_dict())
    ours.zero_grad()
    theirs.zero_grad()
    assert_same_function(ours, theirs, *inputs)
    expected = dict(theirs.named_parameters())
    found = dict(ours.named_parameters())
    assert found.keys() == expected.keys()
    for name, parameter in found.items():
        assert_close(parameter.grad, expected[name].grad, f"gradient of {name}")
