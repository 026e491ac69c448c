"""The engines that take part, each in its own idiom behind one function: gradient(f, inputs)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

Gradient = Callable[[Callable[..., Any], Sequence[Any]], list[Any]]


@dataclass(frozen=True)
class Engine:
    """A library that builds a graph and goes back over it.

    functions   its own tanh, exp, sin and sum, for nodes
    gradient    (f, inputs) -> the derivatives of f(*nodes) by each input; builds, then goes back
    """

    name: str
    functions: SimpleNamespace
    gradient: Gradient


def _with_leaves(leaf: Callable[[Any], Any]) -> Gradient:
    """The gradient of engines whose leaves carry a `.grad` after `y.backward()`."""

    def gradient(f: Callable[..., Any], inputs: Sequence[Any]) -> list[Any]:
        leaves = [leaf(x) for x in inputs]
        f(*leaves).backward()
        return [x.grad for x in leaves]

    return gradient


def _functions(module: Any) -> SimpleNamespace:
    names = ("tanh", "exp", "sin", "sum", "relu")
    found = {name: getattr(module, name) for name in names if hasattr(module, name)}
    return SimpleNamespace(**found)


# --- this project --------------------------------------------------------------------------------


def here(arrays: bool) -> Engine:
    """The engine of this project, on Tensors or on Values."""
    import autograd_lite as al

    leaf = (lambda x: al.Tensor(x, requires_grad=True)) if arrays else al.Value
    return Engine("autograd_lite", _functions(al), _with_leaves(leaf))


# --- its peers -----------------------------------------------------------------------------------


def _torch() -> Engine:
    import torch

    torch.set_num_threads(1)

    def leaf(x: Any) -> Any:
        dtype = getattr(torch, str(getattr(x, "dtype", "float64")))
        return torch.tensor(x, dtype=dtype, requires_grad=True)

    return Engine("torch", _functions(torch), _with_leaves(leaf))


def _micrograd() -> Engine:
    from micrograd.engine import Value

    def unary(f: Callable[[float], float], slope: Callable[[float, float], float]) -> Any:
        """An operation micrograd lacks, written as micrograd writes its own."""

        def apply(x: Any) -> Any:
            out = Value(f(x.data), (x,), f.__name__)

            def _backward() -> None:
                x.grad += slope(x.data, out.data) * out.grad

            out._backward = _backward
            return out

        return apply

    functions = SimpleNamespace(
        tanh=unary(math.tanh, lambda x, y: 1 - y * y),
        exp=unary(math.exp, lambda x, y: y),
        sin=unary(math.sin, lambda x, y: math.cos(x)),
    )
    return Engine("micrograd", functions, _with_leaves(Value))


def _mygrad() -> Engine:
    import mygrad

    return Engine("mygrad", _functions(mygrad), _with_leaves(mygrad.tensor))


def _hips() -> Engine:
    import autograd
    import autograd.numpy as anp

    def gradient(f: Callable[..., Any], inputs: Sequence[Any]) -> list[Any]:
        return list(autograd.grad(lambda xs: f(*xs))(tuple(inputs)))

    return Engine("autograd", _functions(anp), gradient)


PEERS = {"torch": _torch, "micrograd": _micrograd, "mygrad": _mygrad, "autograd": _hips}


def peers(arrays: bool) -> Iterator[Engine]:
    """Every peer that is installed and can do this work; a line for each that is not installed."""
    for name, load in PEERS.items():
        if arrays and name == "micrograd":
            continue  # it has scalars only
        try:
            engine = load()
        except ImportError:
            print(f"  {name} is not installed: skipped")
            continue
        yield engine


def agree(engine: Engine, other: Engine, f: Callable[..., Any], inputs: Sequence[Any]) -> None:
    """Check that two engines find the same gradient, or stop: times of different work say nothing.

    Raises AssertionError naming the two when they differ by more than 1e-9 of the largest entry.
    """

    def flat(e: Engine) -> Any:
        gradient = e.gradient(lambda *x: f(e, *x), inputs)
        return np.concatenate([np.ravel(0.0 if g is None else g) for g in gradient])

    ours, theirs = flat(engine), flat(other)
    slack = 1e-9 * np.abs(theirs).max()
    np.testing.assert_allclose(ours, theirs, 1e-9, slack, err_msg=f"{other.name} disagrees")
