"""RMSprop and Adagrad: steps divided by the gradient's recent, or whole, size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from nn.checks import flag
from nn.optim import loops
from nn.optim.entries import entry_by_entry
from nn.optim.groups import Option, below_one, non_negative
from nn.optim.optimizer import Array, Optimizer, accumulator, count_step, decayed
from nn.optim.state import Memory


class RMSprop(Optimizer):
    """Steps divided by the gradient's recent size: v ← α·v + (1 - α)·g², w ← w - η·g/(√v + ε).

    η is lr, α alpha and ε eps. centered divides by the deviation instead, √(v - a²) + ε with
    a ← α·a + (1 - α)·g. With momentum μ the quotient q is gathered first: b ← μ·b + q, w ← w - η·b.
    weight_decay λ adds λ·w to g; maximize takes -g for g. The size of a gradient hardly counts: from
    v = 0 each first step is η/√(1 - α) long. `RMSProp` is another spelling of the name.

    >>> from autograd_lite import Tensor
    >>> w = Tensor([1.0, 1.0], requires_grad=True)
    >>> (w * [1.0, 1000.0]).sum().backward()
    >>> RMSprop([w], lr=0.1, alpha=0.75).step()
    >>> w.numpy()
    array([0.8, 0.8])

    Raises OperandError when an option is out of its range.

    Source: Hinton, "Neural networks for machine learning", lecture 6e, 2012; centered: Graves,
    "Generating sequences with recurrent neural networks", 2013.
    """

    alpha = Option(below_one)
    eps = Option(non_negative)
    momentum = Option(non_negative)
    centered = Option(flag)
    accumulators = ("square_avg",)
    optional_accumulators = ("grad_avg", "momentum_buffer")
    counts_steps = True

    def __init__(  # noqa: PLR0913, PLR0917 - torch's arguments
        self,
        params: Any,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        *,
        maximize: bool = False,
        **torchs: Any,
    ) -> None:
        options = {
            "lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay,
            "momentum": momentum, "centered": centered, "maximize": maximize,
        }  # fmt: skip
        super().__init__(params, options, torchs)

    def _change(
        self, w: Array, g: Array, memory: Memory, options: dict[str, Any], scratch: Array
    ) -> None:
        count_step(memory)
        v = accumulator(memory, "square_avg", w)
        a = accumulator(memory, "grad_avg", w) if options["centered"] else v
        b = accumulator(memory, "momentum_buffer", w) if options["momentum"] else v
        numbers = _Numbers(
            options["lr"], options["weight_decay"], options["alpha"], 1.0 - options["alpha"],
            options["eps"], options["momentum"], options["centered"],
        )  # fmt: skip
        entry_by_entry(_rule, loops.rmsprop, (w, g, v, a, b), numbers, scratch)


class _Numbers(NamedTuple):
    """The numbers of one step of RMSprop, which are the same for each entry."""

    lr: float
    decay: float
    alpha: float
    rest: float  # 1 - α
    eps: float
    momentum: float
    centered: bool


def _rule(arrays: Sequence[Array], c: _Numbers, s: Array) -> None:
    w, g, v, a, b = arrays
    if c.decay:
        g = g + c.decay * w
    v *= c.alpha
    np.multiply(g, g, out=s)
    s *= c.rest
    v += s
    if c.centered:
        a += c.rest * (g - a)
        # rounding can take it below 0, where there is no root
        v = np.maximum(v - a * a, 0.0)
    np.sqrt(v, out=s)
    s += c.eps
    np.divide(g, s, out=s)
    if c.momentum:
        b *= c.momentum
        b += s
        np.copyto(s, b)
    s *= c.lr
    w -= s


class Adagrad(Optimizer):
    """Steps divided by the gradient's whole size so far: v ← v + g², w ← w - η_t·g/(√v + ε).

    η_t = η/(1 + (t - 1)·lr_decay) in step t, η is lr and ε eps; v begins at
    initial_accumulator_value. weight_decay λ adds λ·w to g; maximize takes -g for g.

    >>> from autograd_lite import Tensor
    >>> w = Tensor([1.0, 1.0], requires_grad=True)
    >>> (w * [1.0, 1000.0]).sum().backward()
    >>> Adagrad([w], lr=0.1).step()
    >>> w.numpy()
    array([0.9, 0.9])

    Raises OperandError when an option is out of its range.

    Source: Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and
    stochastic optimization", 2011.
    """

    lr_decay = Option(non_negative)
    initial_accumulator_value = Option(non_negative)
    eps = Option(non_negative)
    accumulators = ("sum",)
    counts_steps = True

    def __init__(  # noqa: PLR0913 - torch's arguments
        self,
        params: Any,
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
        **torchs: Any,
    ) -> None:
        options = {
            "lr": lr, "lr_decay": lr_decay, "weight_decay": weight_decay, "eps": eps,
            "initial_accumulator_value": initial_accumulator_value, "maximize": maximize,
        }  # fmt: skip
        super().__init__(params, options, torchs)

    def _change(
        self, w: Array, g: Array, memory: Memory, options: dict[str, Any], scratch: Array
    ) -> None:
        t = count_step(memory)
        v = accumulator(memory, "sum", w, options["initial_accumulator_value"])
        g, s = decayed(w, g, options), scratch
        v += np.multiply(g, g, out=s)
        np.sqrt(v, out=s)
        s += options["eps"]
        np.divide(g, s, out=s)
        s *= options["lr"] / (1.0 + (t - 1) * options["lr_decay"])
        w -= s
