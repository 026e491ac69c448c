"""FIR and IIR filters: linear and time invariant; with a nonlinearity, what CNN and RNN are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import numpy as np

from autograd_lite import Tensor
from autograd_lite import functions as f
from autograd_lite.array_node import result
from autograd_lite.errors import FilterError, OperandError, ShapeError, brief
from autograd_lite.rules.leaves import constant
from autograd_lite.rules.namespaces import plain
from autograd_lite.written import detached
from nn.checks import function
from nn.module import Module
from nn.naming import automatic, called, counted
from nn.parameters import Parameter

Array: TypeAlias = np.ndarray[Any, Any]
Nonlinearity: TypeAlias = Callable[[Any], Any]

COEFFICIENTS: Final = "filter.b = node behind the constructor, or x.detach() for the numbers alone"


class FIRFilter(Module):
    r"""A finite impulse response: y[n] = g(Σ_m b_m·x[n-m]), m = 0 … N-1, with x[n] = 0 for n < 0.

    b             the impulse response, N coefficients: trained
    nonlinearity  g, such as nn.Tanh(); None is the linear filter

    x (…, T), time on the last axis, y (…, T), which is the variable \hat{y}[n] of the flow graph. The
    one-dimensional convolution of a CNN is this filter with several channels.

    >>> FIRFilter([1.0, 0.5])(np.array([1.0, 0.0, 4.0]))
    Tensor([1. , 0.5, 4. ], name='ŷ[n]')

    Raises ShapeError when b is no vector or x a single number, OperandError when b is empty.

    Source: lecture "Partial and Total Derivatives", FIR filters and CNN.
    """

    def __init__(self, b: Any, nonlinearity: Nonlinearity | None = None) -> None:
        self.b = _coefficients("b", b, 1)
        self.nonlinearity = None if nonlinearity is None else function("nonlinearity", nonlinearity)

    def excitation(self, x: Any) -> Any:
        """Σ_m b_m·x[n-m], before the nonlinearity."""
        return _convolved(self, x, self.b)

    def forward(self, x: Any) -> Any:
        return called(counted(False, self._response, x), r"\hat{y}[n]")

    def _response(self, x: Any) -> Any:
        return _activated(self.excitation(x), self.nonlinearity)

    def zeros(self) -> Array:
        """The zeros r_k of H(z) = Σ b_m·z^{-m} = b_0·Π (1 - r_k·z^{-1})."""
        return np.roots(self.b.numpy())

    def poles(self) -> Array:
        """The poles: none, apart from z = 0."""
        return np.zeros(0)

    def is_stable(self) -> bool:
        """Whether a finite x gives a finite y: always."""
        return True

    def frequency_response(self, omega: Any) -> Array:
        """H(e^{iω}) of the linear filter at the angular frequencies ω."""
        return _polynomial(self.b.numpy(), omega)

    def impulse_response(self, length: int) -> Array:
        """The linear filter's first `length` outputs for x = 1, 0, 0, …: its coefficients, then zeros."""
        return np.pad(self.b.numpy(), (0, max(0, length - len(self.b))))[:length]

    def extra_repr(self) -> str:
        return "" if self.nonlinearity is None else "nonlinear"


class IIRFilter(Module):
    r"""An infinite impulse response: y[n] = g(Σ_m b_m·x[n-m] + Σ_m a_m·y[n-m]), m from 0 and from 1.

    b             N coefficients of the input: trained
    a             a_1, a_2, …, the M-1 coefficients of the output before, with the lecture's sign: trained.
                  SciPy's denominator is [1, -a_1, -a_2, …]
    nonlinearity  g, such as nn.Tanh(): then this is a recurrent network; None is the linear filter

    x (…, T), time on the last axis, y (…, T); both are 0 for n < 0. Inputs, outputs and coefficients are
    variables of the flow graph: x[0], x[1], …, y[0], y[1], …, b_0, b_1, …, a_1, a_2, …

    >>> IIRFilter([1.0], [0.5])(np.array([1.0, 0.0, 0.0]))
    Tensor([1.  , 0.5 , 0.25])
    >>> IIRFilter([1.0], [0.5]).poles()
    array([0.5])

    Raises FilterError when a linear filter that is not stable is asked for its response; ShapeError when
    a or b is no vector or x a single number.

    Source: lecture "Partial and Total Derivatives", IIR filters, stability and RNN.
    """

    def __init__(self, b: Any, a: Any, nonlinearity: Nonlinearity | None = None) -> None:
        self.b = _coefficients("b", b, 1)
        self.a = _coefficients("a", a, 0)
        self.nonlinearity = None if nonlinearity is None else function("nonlinearity", nonlinearity)

    def forward(self, x: Any) -> Any:
        if self.nonlinearity is None:
            self._refuse_unstable()
        return self.unrolled(x)

    def unrolled(self, x: Any) -> Any:
        """The output, also of a filter that is not stable: it grows with n."""
        samples = _samples(self, x)
        if not samples:
            return _convolved(self, x, self.b)
        return f.stack(counted(False, self._recursion, samples), axis=-1)

    def _recursion(self, x: list[Any]) -> list[Any]:
        """The outputs y[n], each from the inputs and outputs up to it."""
        b, a = _entries("b", self.b, 0), _entries("a", self.a, 1)
        y: list[Any] = []
        for n in range(len(x)):
            xi = b[0] * x[n]
            for m in range(1, min(n + 1, len(b))):
                xi = f.multiply_add(b[m], x[n - m], xi)
            for m in range(1, min(n, len(a)) + 1):
                xi = f.multiply_add(a[m - 1], y[n - m], xi)
            y.append(called(_activated(xi, self.nonlinearity), f"y[{n}]"))
        return y

    def zeros(self) -> Array:
        """The zeros r_k of H(z), where Σ b_m·z^{-m} = b_0·Π (1 - r_k·z^{-1})."""
        return np.roots(self.b.numpy())

    def poles(self) -> Array:
        """The poles p_k of H(z), where 1 - Σ a_m·z^{-m} = Π (1 - p_k·z^{-1})."""
        return np.roots(np.concatenate([[1.0], -self.a.numpy()]))

    def is_stable(self) -> bool:
        """Whether every pole lies inside the unit circle: a finite x then gives a finite y."""
        return bool((np.abs(self.poles()) < 1.0).all())

    def frequency_response(self, omega: Any) -> Array:
        """H(e^{iω}) of the linear filter at the angular frequencies ω.

        Raises FilterError when the filter is not stable.
        """
        self._refuse_unstable()
        below = np.concatenate([[1.0], -self.a.numpy()])
        return _polynomial(self.b.numpy(), omega) / _polynomial(below, omega)

    def impulse_response(self, length: int) -> Array:
        """The linear filter's first `length` outputs for x = 1, 0, 0, …

        Raises FilterError when the filter is not stable.
        """
        self._refuse_unstable()
        impulse = np.zeros(length)
        impulse[:1] = 1.0
        return IIRFilter(self.b.numpy(), self.a.numpy()).unrolled(impulse).detach().data  # type: ignore[no-any-return]

    def _refuse_unstable(self) -> None:
        outside = [p for p in self.poles() if not abs(p) < 1.0]
        if outside:
            listed = ", ".join(f"{p:.4g} (|p| = {abs(p):.4g})" for p in outside)
            raise FilterError(
                f"{self.label} is not stable: of its poles {listed} lie on or outside the unit circle, so "
                f"y[n] → ∞ for a finite x; move them inside, or look at {self.label}.unrolled(x)"
            )

    def extra_repr(self) -> str:
        return "" if self.nonlinearity is None else "nonlinear"


def _convolved(module: Module, x: Any, b: Tensor) -> Any:
    """Σ_m b_m·x[n-m] for all n, as one product of the delayed signals."""
    shape = _signal_shape(module, x)
    N, T = len(b), shape[-1]
    padded = f.pad(x, [(0, 0)] * (len(shape) - 1) + [(N - 1, 0)])
    delayed = f.stack([padded[..., N - 1 - m : N - 1 - m + T] for m in range(N)], axis=-1)
    return f.matmul(delayed, b)


def _signal_shape(module: Module, x: Any) -> tuple[int, ...]:
    shape: tuple[int, ...] = np.shape(plain(x))
    if not shape:
        raise ShapeError(f"{module.label} expected a signal x of shape (…, T), got a single number")
    return shape


def _samples(module: Module, x: Any) -> list[Any]:
    """The signal's samples x[n], constants of an array."""
    T = _signal_shape(module, x)[-1]
    if isinstance(x, Tensor):
        entries = [x[..., n] for n in range(T)]
    else:
        signal = Tensor(x).value
        entries = [result(Tensor, constant, signal[..., n], None) for n in range(T)]
    return [_named(entry, "x", f"[{n}]") for n, entry in enumerate(entries)]


def _entries(symbol: str, coefficients: Tensor, first: int) -> list[Any]:
    """The coefficients one by one, such as a_1, a_2, …"""
    return [_named(coefficients[m], symbol, f"_{m + first}") for m in range(len(coefficients))]


def _named(entry: Any, symbol: str, at: str) -> Any:
    entry._name = automatic(symbol, at)
    return entry


def _activated(xi: Any, nonlinearity: Nonlinearity | None) -> Any:
    return xi if nonlinearity is None else nonlinearity(xi)


def _coefficients(name: str, values: Any, least: int) -> Tensor:
    try:
        array = np.array(detached(values, COEFFICIENTS), dtype=float)
    except (TypeError, ValueError, OverflowError):
        array = np.array(np.nan)
    if not np.isfinite(array).all():
        raise OperandError(f"{name} is a vector of finite coefficients, not {brief(values)}")
    if array.ndim != 1:
        raise ShapeError(f"{name} is a vector of coefficients, and this has shape {array.shape}")
    if len(array) < least:
        raise OperandError(f"{name} needs at least {least} coefficient")
    return Parameter(array)


def _polynomial(coefficients: Array, omega: Any) -> Array:
    """Σ_m c_m·z^{-m} at z = e^{iω}."""
    powers = np.exp(
        -1j * np.multiply.outer(np.asarray(omega, dtype=float), np.arange(len(coefficients)))
    )
    return np.asarray(powers @ coefficients)
