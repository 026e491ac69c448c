"""Optimisers: each step moves every parameter against its gradient, in place.

The update rules and their numbers are those of torch.optim. Each works in one scratch array per
parameter, since at the size of a model every temporary array costs as much as the arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np

from autograd_lite import Tensor
from autograd_lite.errors import OperandError, ShapeError
from nn.module import is_parameter

Array: TypeAlias = np.ndarray[Any, Any]
Memory: TypeAlias = dict[str, Array]
"""What an optimiser keeps of one parameter between steps."""


class Optimizer:
    """What the optimisers share: parameters, learning rate, and a memory for each parameter.

    parameters  Tensors to train, such as `model.parameters()`; those without a gradient are skipped
    lr          learning rate η, which may be changed between steps

    Raises OperandError when there is no parameter, or one is no leaf with requires_grad=True.
    """

    def __init__(self, parameters: Iterable[Tensor], lr: float, weight_decay: float = 0.0) -> None:
        self.parameters = list(dict.fromkeys(_checked(parameters)))
        self.lr = _non_negative("lr", lr)
        self.weight_decay = _non_negative("weight_decay", weight_decay)
        self.steps = 0
        self._memories: list[Memory] = [{} for _ in self.parameters]

    def step(self) -> None:
        """Move every parameter that has a gradient."""
        self.steps += 1
        for parameter, memory in zip(self.parameters, self._memories, strict=True):
            if parameter.grad is not None:
                self._move(parameter, memory)

    def zero_grad(self) -> None:
        """Forget every gradient."""
        for parameter in self.parameters:
            parameter.grad = None

    def _move(self, parameter: Tensor, memory: Memory) -> None:
        g = np.asarray(parameter.grad, order="C")  # two orders of memory would make each pass slow
        if np.shape(g) != parameter.shape:
            raise ShapeError(
                f"{parameter.describe()} has shape {parameter.shape}, its gradient {np.shape(g)}"
            )
        if "scratch" not in memory:
            memory["scratch"] = np.empty_like(parameter._data)
        parameter.update_(lambda w: self._change(w, g, memory))

    def _change(self, w: Array, g: Array, memory: Memory) -> None:
        """Write the new weights into `w`; `g` is left as it is."""
        raise NotImplementedError(f"{type(self).__name__} has no update rule: write _change")

    def _decayed(self, w: Array, g: Array) -> Array:
        """The gradient with that of ½·weight_decay·|w|² added."""
        return g + self.weight_decay * w if self.weight_decay else g


class SGD(Optimizer):
    """Gradient descent: w ← w - η·b, where b = g, or with momentum b ← μ·b + (1 - dampening)·g.

    Nesterov's form takes b = g + μ·b. weight_decay λ adds λ·w to g.

    >>> w = Tensor([1.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> SGD([w], lr=0.1).step()
    >>> w
    Tensor([0.8], requires_grad=True, grad=[2.])
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        self.momentum = _non_negative("momentum", momentum)
        self.dampening = dampening
        self.nesterov = nesterov
        if nesterov and (momentum <= 0 or dampening != 0):
            raise OperandError("Nesterov's momentum needs momentum > 0 and dampening = 0")

    def _change(self, w: Array, g: Array, memory: Memory) -> None:
        step = self._with_momentum(self._decayed(w, g), memory)
        w -= np.multiply(step, self.lr, out=memory["scratch"])

    def _with_momentum(self, g: Array, memory: Memory) -> Array:
        if not self.momentum:
            return g
        if "momentum" not in memory:
            b = memory["momentum"] = np.array(g)
        else:
            b = memory["momentum"]
            b *= self.momentum
            b += (
                np.multiply(g, 1.0 - self.dampening, out=memory["scratch"]) if self.dampening else g
            )
        return g + self.momentum * b if self.nesterov else b


class RMSProp(Optimizer):
    """Steps divided by the gradient's recent size: v ← α·v + (1 - α)·g², w ← w - η·g/(√v + ε).

    With momentum μ the quotient q is gathered first: b ← μ·b + q, w ← w - η·b. weight_decay λ adds
    λ·w to g. The size of a gradient hardly counts: from v = 0 each first step is η/√(1 - α) long.

    >>> w = Tensor([1.0, 1.0], requires_grad=True)
    >>> (w * [1.0, 1000.0]).sum().backward()
    >>> RMSProp([w], lr=0.1, alpha=0.75).step()
    >>> w.numpy()
    array([0.8, 0.8])

    Source: Hinton, "Neural networks for machine learning", lecture 6e, 2012.
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        self.alpha = _below_one("alpha", alpha)
        self.eps = _non_negative("eps", eps)
        self.momentum = _non_negative("momentum", momentum)

    def _change(self, w: Array, g: Array, memory: Memory) -> None:
        g, s = self._decayed(w, g), memory["scratch"]
        v = _kept(memory, "v", w)
        v *= self.alpha
        np.multiply(g, g, out=s)
        s *= 1.0 - self.alpha
        v += s
        np.sqrt(v, out=s)
        s += self.eps
        np.divide(g, s, out=s)
        if self.momentum:
            b = _kept(memory, "momentum", w)
            b *= self.momentum
            b += s
            np.copyto(s, b)
        s *= self.lr
        w -= s


class Adam(Optimizer):
    """Steps along the gradient's mean, divided by its size, both over the recent past.

    m ← β₁·m + (1 - β₁)·g,  v ← β₂·v + (1 - β₂)·g²,  w ← w - η·m̂/(√v̂ + ε)

    with m̂ = m/(1 - β₁ᵗ) and v̂ = v/(1 - β₂ᵗ) after t steps, betas = (β₁, β₂). weight_decay λ adds
    λ·w to g. Whatever the size of a gradient, the first step is η long.

    >>> w = Tensor([1.0, 1.0], requires_grad=True)
    >>> (w * [1.0, 1000.0]).sum().backward()
    >>> Adam([w], lr=0.1).step()
    >>> w.numpy()
    array([0.9, 0.9])

    Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2015.
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        self.betas = (_below_one("betas[0]", betas[0]), _below_one("betas[1]", betas[1]))
        self.eps = _non_negative("eps", eps)

    def _change(self, w: Array, g: Array, memory: Memory) -> None:
        (beta1, beta2), t, s = self.betas, self._tick(memory), memory["scratch"]
        g = self._decayed(w, g)
        # m and v are kept without their factors 1 - β, which saves two passes over the arrays
        m, v = _kept(memory, "m", w), _kept(memory, "v", w)
        m *= beta1
        m += g
        v *= beta2
        v += np.multiply(g, g, out=s)
        size = math.sqrt((1.0 - beta2) / (1.0 - beta2**t))
        np.sqrt(v, out=s)
        s += self.eps / size
        np.divide(m, s, out=s)
        s *= self.lr * (1.0 - beta1) / (1.0 - beta1**t) / size
        w -= s

    @staticmethod
    def _tick(memory: Memory) -> int:
        memory["t"] = memory.get("t", np.zeros((), int)) + 1
        return int(memory["t"])


class AdamW(Adam):
    """Adam whose weight decay shrinks the weights themselves: w ← (1 - η·λ)·w before each step.

    λ is weight_decay. It is not divided by the gradient's size, as it would be in `Adam`.

    >>> w = Tensor([1.0], requires_grad=True)
    >>> (0.0 * w).sum().backward()
    >>> AdamW([w], lr=0.1, weight_decay=0.5).step()
    >>> w.numpy()
    array([0.95])

    Source: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(parameters, lr, betas, eps, weight_decay)

    def _change(self, w: Array, g: Array, memory: Memory) -> None:
        w *= 1.0 - self.lr * self.weight_decay
        super()._change(w, g, memory)

    def _decayed(self, w: Array, g: Array) -> Array:
        return g


def _kept(memory: Memory, name: str, w: Array) -> Array:
    """The array kept under `name`, zeros at first."""
    if name not in memory:
        memory[name] = np.zeros_like(w)
    return memory[name]


def _checked(parameters: Iterable[Tensor]) -> list[Tensor]:
    if isinstance(parameters, Tensor):
        raise OperandError(
            "an optimiser takes a list of parameters: write [w], or model.parameters()"
        )
    given = list(parameters)
    if not given:
        raise OperandError(
            "an optimiser needs parameters and was given none; a generator such as "
            "model.parameters() can be used only once"
        )
    for x in given:
        if not is_parameter(x):
            what = x.describe() if isinstance(x, Tensor) else f"{type(x).__name__} {x!r:.60}"
            raise OperandError(f"{what} is no parameter: a leaf Tensor with requires_grad=True is")
    return given


def _non_negative(name: str, x: float) -> float:
    if not 0.0 <= x < math.inf:
        raise OperandError(f"{name} is a number of at least 0, not {x!r}")
    return x


def _below_one(name: str, x: float) -> float:
    if not 0.0 <= x < 1.0:
        raise OperandError(f"{name} lies in [0, 1), and {x!r} does not")
    return x
