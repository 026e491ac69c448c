"""NumPy's functions on nodes: `np.exp(t)` records, `np.shape(t)` answers, the rest is refused.

Refusing matters as much as recording: a function that saw only the numbers would cut the graph
without a word.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Final, NoReturn

from autograd_lite import functions, linalg
from autograd_lite.arguments import explained
from autograd_lite.errors import OperandError
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.rule import Rule
from autograd_lite.trees import tree_map

QUESTIONS: Final = frozenset(
    "equal not_equal less less_equal greater greater_equal isnan isinf isfinite signbit "
    "logical_and logical_or logical_xor logical_not isclose allclose array_equal array_equiv "
    "shape ndim size any all argmax argmin argsort nonzero flatnonzero count_nonzero zeros_like "
    "ones_like empty_like result_type may_share_memory shares_memory array_repr "
    "array_str array2string isneginf isposinf isreal iscomplex isrealobj iscomplexobj searchsorted "
    "digitize argwhere argpartition lexsort einsum_path matrix_rank".split()
)
"""What is answered from the numbers alone, because the answer has no derivative."""

UFUNC_OPTIONS: Final = frozenset({"axis"})
"""What a call of a ufunc may say besides its operands: `np.vecdot(a, b, axis=0)`."""


def on_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """What `np.exp(t)`, `t_array + t` and the like give when an operand is a node.

    Raises OperandError for `out=`, `reduce` and what is not among the rules.
    """
    name = ufunc.__name__
    if method == "__call__" and name in QUESTIONS:
        return ufunc(*map(plain, inputs), **options)
    if method != "__call__":
        _refuse(f"np.{name}.{method}", "only the plain call is recorded")
    if options.keys() - UFUNC_OPTIONS:
        _refuse(f"np.{name}(…, {', '.join(options)}=…)", "only the plain call is recorded")
    if name in RULES:
        return RULES[name](*inputs, **options)
    return _public(functions, name, f"np.{name}")(*inputs, **options)


def on_function(function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """What `np.sum(t, axis=0)` and the like give when an argument is a node.

    Raises OperandError for `out=` and for what is not among this project's functions.
    """
    name, is_linalg = function.__name__, function.__module__.startswith("numpy.linalg")
    if name in QUESTIONS:
        return explained(function)(*tree_map(plain, args), **tree_map(plain, kwargs))
    way = f"np.linalg.{name}" if is_linalg else f"np.{name}"
    if kwargs.pop("out", None) is not None:
        _refuse(f"{way}(…, out=…)", "a node is never written to")
    ours = _public(linalg if is_linalg else functions, name, way)
    args, kwargs = _renamed(function, ours, args, kwargs)
    return ours(*args, **kwargs)


def _public(module: Any, name: str, way: str) -> Callable[..., Any]:
    if name not in module.__all__ and name != "trace":
        _refuse(way, "there is no rule for it")
    return getattr(module, name)  # type: ignore[no-any-return]


def _renamed(
    theirs: Callable[..., Any], ours: Callable[..., Any], args: Any, kwargs: Any
) -> tuple[Any, Any]:
    """Operands that go by NumPy's names, `np.sum(a=t)`, given by place."""
    own = list(inspect.signature(ours).parameters)
    if kwargs.keys() <= set(own) and not isinstance(ours, Rule):
        return args, kwargs
    names = list(inspect.signature(theirs).parameters)
    for name, mine in list(zip(names, own, strict=False))[len(args) :]:
        if name not in kwargs or (name != mine and mine in names):
            break
        args = (*args, kwargs.pop(name))
    return args, kwargs


def _refuse(way: str, why: str) -> NoReturn:
    raise OperandError(
        f"{way} does not record what it computes ({why}): use this project's functions, or "
        f"t.numpy() to go on with the numbers alone"
    )
