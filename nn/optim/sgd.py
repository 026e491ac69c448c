"""SGD: gradient descent, with momentum if wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd_lite.errors import OperandError
from nn.checks import flag, number
from nn.optim import loops
from nn.optim.entries import entry_by_entry
from nn.optim.groups import Option, non_negative
from nn.optim.optimizer import Array, Optimizer, accumulator
from nn.optim.state import Memory


class SGD(Optimizer):
    """Gradient descent: w ← w - η·b, where b = g, or with momentum b ← μ·b + (1 - dampening)·g.

    η is lr and μ momentum; b begins as the first g. Nesterov's form takes g + μ·b in place of b.
    weight_decay λ adds λ·w to g; maximize takes -g for g.

    >>> from autograd_lite import Tensor
    >>> w = Tensor([1.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> SGD([w], lr=0.1).step()
    >>> w
    Tensor([0.8], requires_grad=True, grad=[2.])

    Raises OperandError when an option is out of its range, or nesterov comes without momentum or
    with dampening.

    Source: Sutskever et al., "On the importance of initialization and momentum in deep learning",
    2013, in the form of torch, where η stands outside of b.
    """

    momentum = Option(non_negative)
    dampening = Option(number)
    nesterov = Option(flag)
    optional_accumulators = ("momentum_buffer",)

    def __init__(  # noqa: PLR0913 - torch's arguments
        self,
        params: Any,
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        **torchs: Any,
    ) -> None:
        options = {
            "lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay,
            "nesterov": nesterov, "maximize": maximize,
        }  # fmt: skip
        super().__init__(params, options, torchs)

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> None:
        if options["nesterov"] and (options["momentum"] <= 0 or options["dampening"] != 0):
            raise OperandError("Nesterov's momentum needs momentum > 0 and dampening = 0")

    def _change(
        self, w: Array, g: Array, memory: Memory, options: dict[str, Any], scratch: Array
    ) -> None:
        mu, is_first = options["momentum"], "momentum_buffer" not in memory
        b = accumulator(memory, "momentum_buffer", w) if mu else g
        rest = 1.0 if is_first else 1.0 - options["dampening"]
        numbers = _Numbers(options["lr"], options["weight_decay"], mu, rest, options["nesterov"])
        entry_by_entry(_rule, loops.sgd, (w, g, b), numbers, scratch)


class _Numbers(NamedTuple):
    """The numbers of one step, which are the same for each entry."""

    lr: float
    decay: float
    momentum: float
    rest: float  # 1 - dampening, after the first step
    nesterov: bool


def _rule(arrays: Sequence[Array], c: _Numbers, s: Array) -> None:
    w, g, b = arrays
    if c.decay:
        g = g + c.decay * w
    if c.momentum:
        b *= c.momentum
        b += g if c.rest == 1.0 else np.multiply(g, c.rest, out=s)
        g = g + c.momentum * b if c.nesterov else b
    w -= np.multiply(g, c.lr, out=s)
