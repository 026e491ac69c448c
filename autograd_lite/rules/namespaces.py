"""The namespaces a rule can be run in: `floats` (math), `arrays` (NumPy) and `graph` (recording).

    floats   Python numbers, at the speed of `math`
    arrays   NumPy arrays and scalars
    graph    nodes: the rules themselves, which record what they compute

`arrays` has NumPy's functions under NumPy's names, `floats` those of `math` and, for the rest, NumPy's on
single numbers. A record named like none of them is added to both, its value bound to the namespace. In
the value of a record called log2, `xp.log2` is NumPy's: no value calls itself.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import partial, wraps
from types import SimpleNamespace
from typing import Any, Final

import numpy as np

from autograd_lite.errors import NamespaceError, OperandError
from autograd_lite.node import Node
from autograd_lite.not_arrays import refuse_nodes_in
from autograd_lite.record import Record
from autograd_lite.rules.failures import project_error


class Namespace(SimpleNamespace):
    """Functions by name; asking for one that it lacks says what to write."""

    def __getattr__(self, name: str) -> Any:
        raise NamespaceError(
            f"a rule asks for xp.{name}, which is neither NumPy's nor an operation of this project: write "
            f"it in terms of other operations, or call an operation of your own by its plain name"
        )


class _Graph(Namespace):
    """Operations that record."""

    def __getattr__(self, name: str) -> Any:
        raise NamespaceError(
            f"a derivative is written with xp.{name}, which records nothing, so it has no derivative in "
            f"turn: write it in terms of y and other operations, or call an operation of your own by its "
            f"plain name"
        )


class _Floats(Namespace):
    """Functions of Python numbers: what is not given is NumPy's, looked up once."""

    def __getattr__(self, name: str) -> Any:
        found = _on_numbers(native(name))
        setattr(self, name, found)
        return found


class _ForValueOf(Namespace):
    """The namespace `space` as the value of the record `name` sees it, looked up once."""

    def __init__(self, space: Namespace, name: str) -> None:
        super().__init__(_space=space, _name=name)

    def __getattr__(self, key: str) -> Any:
        if key != self._name:
            found = getattr(self._space, key)
        else:
            found = native(key) if self._space is arrays else _on_numbers(native(key))
        setattr(self, key, found)
        return found


def native(name: str) -> Any:
    """NumPy's function of this name.

    Raises NamespaceError when it has none.
    """
    return _NUMPY[name] if name in _NUMPY else Namespace.__getattr__(arrays, name)


def _on_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """NumPy's function as one of Python numbers, which raises and warns at no pole."""

    def on_numbers(*xs: Any, **static: Any) -> Any:
        with np.errstate(all="ignore"):
            y = function(*xs, **static)
        return y.item() if isinstance(y, (np.generic, np.ndarray)) and y.ndim == 0 else y

    return on_numbers


# vars, not dir: asking for what NumPy loads lazily (testing, f2py) doubles the import's time
_NUMPY: Final = {f: g for f, g in vars(np).items() if callable(g) and not f.startswith("_")}
floats: Final = _Floats(
    add=operator.add, subtract=operator.sub, multiply=operator.mul, divide=operator.truediv,
    power=math.pow, negative=operator.neg, absolute=abs, exp=math.exp, log=math.log, log1p=math.log1p,
    expm1=math.expm1, sqrt=math.sqrt, sin=math.sin, cos=math.cos, tan=math.tan, tanh=math.tanh,
    sinh=math.sinh, cosh=math.cosh, arcsin=math.asin, arccos=math.acos, arctan=math.atan, erf=math.erf,
    log2=math.log2, log10=math.log10, hypot=math.hypot,
    where=lambda c, a, b: a if c else b, maximum=lambda a, b: a if a >= b or a != a else b,
    minimum=lambda a, b: a if a <= b or a != a else b,
    sign=lambda x: float((x > 0) - (x < 0)) if x == x else x,
    isnan=math.isnan, pi=math.pi, logical_and=lambda a, b: a and b, logical_or=lambda a, b: a or b,
    logical_not=operator.not_,
)  # fmt: skip
arrays: Final = Namespace(pi=math.pi, **_NUMPY)
arrays.astype = lambda x, dtype: np.asarray(x).astype(dtype)  # np.astype is NumPy 2.1's


def _sum(x: Any, axis: Any = None, **more: Any) -> Any:
    """np.sum without its detours, which cost twice as much as the sum of a small array."""
    return np.add.reduce(x, axis=axis, **more)


def _power(a: Any, n: Any) -> Any:
    """aⁿ as a product where n is small and whole: a hundred times as fast as the general power."""
    if isinstance(n, (int, float)) and 2 < n < 17 and n == int(n):
        return _by_squaring(a, int(n))
    return a**n  # unlike np.power, fast for the exponents 2, 0.5 and -1


def _by_squaring(a: Any, n: int) -> Any:
    if n == 1:
        return a
    root = _by_squaring(a, n // 2)
    return root * root * a if n % 2 else root * root


arrays.power, arrays.sum = _power, _sum
graph: Final = _Graph(
    pi=math.pi,
    isnan=lambda x: np.isnan(plain(x)),
    logical_not=np.logical_not,
    logical_and=np.logical_and,
    logical_or=np.logical_or,
)

WRITERS: Final[dict[type, Callable[[Record, tuple[Any, ...]], Any]]] = {}
"""By the class of a piece of writing: how an elementwise rule that is called on one writes itself."""
_NUMPYS: Final = np.ndarray.__array_function__
NUMBERS: Final = (int, float, np.number, np.bool_)


def plain(x: Any) -> Any:
    """The number or array of a node, not a view of it as `.value` is; anything else as it is."""
    # not by the attribute: masked arrays have one of that name, without the mask
    return x._data if isinstance(x, Node) else x


def dispatched(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function of arrays ask the first what to do, as NumPy's do: a recording notes it as one call."""

    @wraps(function)
    def asking(x: Any, *args: Any, **options: Any) -> Any:
        ask = getattr(type(x), "__array_function__", _NUMPYS)
        if ask is _NUMPYS:
            return function(x, *args, **options)
        return ask(x, function, (type(x),), (x, *args), options)

    return asking


def register(rule: Record) -> None:
    """Make `rule` known by name in every namespace, unless the namespace has it natively."""
    setattr(graph, rule.name, rule)
    for space in (floats, arrays):
        if rule.name not in vars(space):
            value = partial(rule.value, _ForValueOf(space, rule.name))
            setattr(space, rule.name, value)


def on_floats(rule: Record, operands: tuple[Any, ...]) -> float:
    """The rule on numbers, with NumPy's answer (inf, nan) where `math` would raise.

    >>> from autograd_lite.rules.elementwise import log
    >>> on_floats(log, (0.0,))
    -inf
    """
    try:
        y = rule.value(floats, *operands)
    except (ArithmeticError, ValueError):
        with np.errstate(all="ignore"):
            return float(rule.value(arrays, *map(np.float64, operands)))
    if type(y) is np.float64 and not any(isinstance(x, np.generic) for x in operands):
        return float(y)  # of a value that calls NumPy itself
    return y  # type: ignore[no-any-return]


def on_plain(rule: Record, operands: tuple[Any, ...], static: dict[str, Any]) -> Any:
    """The rule on numbers, arrays and pieces of writing, none of them a node: nothing is recorded."""
    if rule.is_elementwise and all(isinstance(x, NUMBERS) for x in operands):
        return on_floats(rule.fixed(**static) if static else rule, operands)
    try:
        xs = tuple(x if isinstance(x, NUMBERS) else _as_array(rule, x) for x in operands)
    except OperandError:
        for kind, write in WRITERS.items():
            if any(isinstance(x, kind) for x in operands):
                if rule.is_elementwise:
                    return write(rule.fixed(**static), operands)
                return write(rule, operands, **static)
        raise
    try:
        return rule.value(arrays, *xs, **static)
    except (ValueError, TypeError, IndexError) as error:
        raise project_error(rule, xs, static, error) from error


def _as_array(rule: Record, x: Any) -> Any:
    refuse_nodes_in(x)
    array = np.asarray(x)
    if array.dtype.kind not in "fiub":
        raise OperandError(
            f"{rule.name} takes numbers and arrays of numbers, not {type(x).__name__} {x!r:.60}"
        )
    return array
