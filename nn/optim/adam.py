"""Adam and AdamW: steps along the gradient's recent mean, divided by its recent size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from nn.checks import flag
from nn.optim import loops
from nn.optim.entries import entry_by_entry
from nn.optim.groups import Option, non_negative, two_below_one
from nn.optim.optimizer import Array, Optimizer, accumulator, count_step
from nn.optim.state import Memory


class Adam(Optimizer):
    """Steps along the gradient's mean, divided by its size, both over the recent past.

    m ← β₁·m + (1 - β₁)·g,  v ← β₂·v + (1 - β₂)·g²,  w ← w - η·m̂/(√v̂ + ε)

    with m̂ = m/(1 - β₁ᵗ) and v̂ = v/(1 - β₂ᵗ) after t steps, η = lr, betas = (β₁, β₂) and ε = eps.
    amsgrad takes the largest v so far for v. weight_decay λ adds λ·w to g; maximize takes -g for g.
    Whatever the size of a gradient, the first step is η long.

    >>> from autograd_lite import Tensor
    >>> w = Tensor([1.0, 1.0], requires_grad=True)
    >>> (w * [1.0, 1000.0]).sum().backward()
    >>> Adam([w], lr=0.1).step()
    >>> w.numpy()
    array([0.9, 0.9])

    Raises OperandError when an option is out of its range.

    Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2015; amsgrad: Reddi, Kale
    and Kumar, "On the convergence of Adam and beyond", 2018.
    """

    betas = Option(two_below_one)
    eps = Option(non_negative)
    amsgrad = Option(flag)
    accumulators = ("exp_avg", "exp_avg_sq")
    optional_accumulators = ("max_exp_avg_sq",)
    counts_steps = True

    def __init__(  # noqa: PLR0913 - torch's arguments
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        **torchs: Any,
    ) -> None:
        options = {
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
            "amsgrad": amsgrad, "maximize": maximize,
        }  # fmt: skip
        super().__init__(params, options, torchs)

    def _change(
        self, w: Array, g: Array, memory: Memory, options: dict[str, Any], scratch: Array
    ) -> None:
        t = count_step(memory)
        m, v = accumulator(memory, "exp_avg", w), accumulator(memory, "exp_avg_sq", w)
        largest = accumulator(memory, "max_exp_avg_sq", w) if options["amsgrad"] else v
        numbers = self._numbers(options, t)
        entry_by_entry(_rule, loops.adam, (w, g, m, v, largest), numbers, scratch)

    def _numbers(self, options: dict[str, Any], t: int) -> _Numbers:
        beta1, beta2 = options["betas"]
        # √v̂ + ε = (√v + ε·c)/c with c = √(1 - β₂ᵗ), which saves a pass over the array
        c = math.sqrt(1.0 - beta2**t)
        rate = options["lr"] * c / (1.0 - beta1**t)
        shrink, decay = self._shrink_and_decay(options)
        return _Numbers(
            beta1, 1.0 - beta1, beta2, 1.0 - beta2, options["eps"] * c, rate,
            shrink, decay, options["amsgrad"],
        )  # fmt: skip

    @staticmethod
    def _shrink_and_decay(options: dict[str, Any]) -> tuple[float, float]:
        """What multiplies the weights before the step, and the λ of λ·w that is added to the gradient."""
        return 1.0, options["weight_decay"]


class _Numbers(NamedTuple):
    """The numbers of one step of Adam, which are the same for each entry."""

    beta1: float
    rest1: float  # 1 - β₁
    beta2: float
    rest2: float  # 1 - β₂
    eps: float  # ε·√(1 - β₂ᵗ)
    rate: float  # η·√(1 - β₂ᵗ)/(1 - β₁ᵗ)
    shrink: float
    decay: float
    amsgrad: bool


def _rule(arrays: Sequence[Array], c: _Numbers, s: Array) -> None:
    """One step, in place: a temporary array would cost as much as the arithmetic."""
    w, g, m, v, largest = arrays
    if c.shrink != 1.0:
        w *= c.shrink
    if c.decay:
        g = g + c.decay * w
    m *= c.beta1
    m += np.multiply(g, c.rest1, out=s)
    v *= c.beta2
    np.multiply(g, g, out=s)
    s *= c.rest2
    v += s
    if c.amsgrad:
        v = np.maximum(v, largest, out=largest)
    np.sqrt(v, out=s)
    s += c.eps
    np.divide(m, s, out=s)
    s *= c.rate
    w -= s


class AdamW(Adam):
    """Adam whose weight decay shrinks the weights themselves: w ← (1 - η·λ)·w before each step.

    λ is weight_decay. It is not divided by the gradient's size, as it would be in `Adam`.

    >>> from autograd_lite import Tensor
    >>> w = Tensor([1.0], requires_grad=True)
    >>> (0.0 * w).sum().backward()
    >>> AdamW([w], lr=0.1, weight_decay=0.5).step()
    >>> w.numpy()
    array([0.95])

    Raises OperandError when an option is out of its range.

    Source: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.
    """

    def __init__(  # noqa: PLR0913 - torch's arguments
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        **torchs: Any,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize, **torchs)

    @staticmethod
    def _shrink_and_decay(options: dict[str, Any]) -> tuple[float, float]:
        return 1.0 - options["lr"] * options["weight_decay"], 0.0
