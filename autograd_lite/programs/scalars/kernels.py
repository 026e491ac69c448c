"""The two loops of scalar programs, compiled by Numba: the same for all graphs.

Indices are unsigned, so that none is asked whether it counts from the end.
"""

from __future__ import annotations

import math
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from autograd_lite.programs.scalars.primitives import Op
from autograd_lite.rules.tails import ENOUGH

_ADD, _SUBTRACT, _MULTIPLY, _DIVIDE = map(int, (Op.ADD, Op.SUBTRACT, Op.MULTIPLY, Op.DIVIDE))
_MULTIPLY_ADD, _SQRT, _TANH, _SECH2 = map(int, (Op.MULTIPLY_ADD, Op.SQRT, Op.TANH, Op.SECH2))
_LESS, _LESS_EQUAL, _EQUAL, _WHERE = map(int, (Op.LESS, Op.LESS_EQUAL, Op.EQUAL, Op.WHERE))
_MAXIMUM, _MINIMUM, _CALL = map(int, (Op.MAXIMUM, Op.MINIMUM, Op.CALL))


def _calling(arity: int) -> tuple[Any, Any]:
    """Types and code of a call of the C function of `arity` numbers that stands at an address."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        function = ir.FunctionType(ir.DoubleType(), [ir.DoubleType()] * arity)
        pointer = builder.inttoptr(arguments[0], function.as_pointer())
        return builder.call(pointer, arguments[1:])

    return types.float64(types.int64, *[types.float64] * arity), code


def _calling_1(context: Any, address: Any, x: Any) -> tuple[Any, Any]:
    return _calling(1)


def _calling_2(context: Any, address: Any, x: Any, y: Any) -> tuple[Any, Any]:
    return _calling(2)


_call: Any = intrinsic(_calling_1)
_call_2: Any = intrinsic(_calling_2)


@njit(error_model="numpy")
def _tanh(x: Any) -> Any:
    """Within two units in the last place; twice as fast as C's, whose latency chains of steps wait for."""
    size = abs(x)
    if size < 0.625:  # the rational function of Moshier's Cephes library
        z = x * x
        above = ((-0.9643991794250523 * z - 99.28772310019187) * z - 1614.6876844170845) * z
        below = ((z + 112.81167849163293) * z + 2235.4883906010045) * z + 4844.063053251255
        y = size + size * (above / below)
    else:
        y = 1.0 - 2.0 / (math.exp(2.0 * size) + 1.0)
    return math.copysign(y, x)


@njit(error_model="numpy")
def _sech2(x: Any, y: Any) -> Any:
    """1/cosh² x, as 1 - y² where that has kept its digits."""
    rest = 1.0 - y * y
    if rest >= ENOUGH:
        return rest
    e = math.exp(-2.0 * abs(x))
    return 4.0 * e / ((1.0 + e) * (1.0 + e))


@njit(
    "void(uint32[:, ::1], float64[::1], uint64, int64[::1], int64[::1])",
    cache=True, nogil=True, error_model="numpy",
)  # fmt: skip
def evaluate(rows: Any, v: Any, first: Any, functions: Any, functions_2: Any) -> None:  # noqa: C901, PLR0912 - one switch
    """v[first + i] = the i-th row's operation on v[a], v[b], v[c]."""
    for i in range(rows.shape[0]):
        op, a, b, c = rows[i, 0], v[rows[i, 1]], rows[i, 2], rows[i, 3]
        if op == _MULTIPLY_ADD:
            y = a * v[b] + v[c]
        elif op == _MULTIPLY:
            y = a * v[b]
        elif op == _ADD:
            y = a + v[b]
        elif op == _SUBTRACT:
            y = a - v[b]
        elif op == _DIVIDE:
            y = a / v[b]
        elif op == _SQRT:
            y = math.sqrt(a)
        elif op == _LESS:
            y = 1.0 if a < v[b] else 0.0
        elif op == _LESS_EQUAL:
            y = 1.0 if a <= v[b] else 0.0
        elif op == _EQUAL:
            y = 1.0 if a == v[b] else 0.0
        elif op == _WHERE:
            y = v[b] if a != 0.0 else v[c]
        elif op == _MAXIMUM:
            y = a if a >= v[b] or a != a else v[b]
        elif op == _MINIMUM:
            y = a if a <= v[b] or a != a else v[b]
        elif op == _TANH:
            y = _tanh(a)
        elif op == _SECH2:
            y = _sech2(a, v[b])
        elif op == _CALL:
            y = _call(functions[c], a)
        else:
            y = _call_2(functions_2[c], a, v[b])
        v[first + i] = y


@njit(
    "void(uint32[:, ::1], float64[::1], float64[::1])", cache=True, nogil=True, error_model="numpy"
)
def sweep(edges: Any, v: Any, g: Any) -> None:
    """Adjoints back, or tangents on: g[to] += g[from]·v[partial], edge by edge."""
    for k in range(edges.shape[0]):
        g[edges[k, 1]] += g[edges[k, 0]] * v[edges[k, 2]]
