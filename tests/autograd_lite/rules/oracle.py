"""PyTorch as the reference, where it is installed: values, first and second derivatives."""

from typing import Any

import numpy as np
import pytest

from autograd_lite import Tensor
from autograd_lite.derivatives import grad
from tests.autograd_lite.rules.cases import numbers
from tests.autograd_lite.rules.maps import cubes


def assert_like_torch(ours: Any, theirs: Any, *xs: Any) -> None:
    """ours(*xs) and theirs(torch.nn.functional, *xs): values, gradients of E = Σ f³, and Hessians."""
    torch = pytest.importorskip("torch")
    leaves = [torch.tensor(x, requires_grad=True) for x in xs]
    y = theirs(torch.nn.functional, *leaves)
    np.testing.assert_allclose(ours(*xs), y.detach().numpy(), rtol=1e-10, atol=1e-12)
    directions = [numbers(*x.shape, seed=20 + i) for i, x in enumerate(xs)]
    first = torch.autograd.grad((y**3).sum(), leaves, create_graph=True)
    slope = sum((g * torch.tensor(t)).sum() for g, t in zip(first, directions, strict=True))
    second = torch.autograd.grad(slope, leaves)

    nodes = [Tensor(x, requires_grad=True) for x in xs]
    argnums = tuple(range(len(xs)))
    cubes(ours(*nodes)).backward()
    bent = grad(lambda *xs: along(lambda *xs: cubes(ours(*xs)), xs, directions), argnums)(*xs)
    for node, g, h, h_torch in zip(nodes, first, bent, second, strict=True):
        np.testing.assert_allclose(node.grad, g.detach().numpy(), rtol=1e-10, atol=1e-10)
        np.testing.assert_allclose(h, h_torch.numpy(), rtol=1e-9, atol=1e-9)


def along(f: Any, xs: Any, directions: Any) -> Any:
    """The derivative of f along the directions, one for each operand."""
    slopes = grad(f, tuple(range(len(directions))))(*xs)
    return sum((g * t).sum() for g, t in zip(slopes, directions, strict=True))
