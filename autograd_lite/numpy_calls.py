"""NumPy's functions on nodes: `np.exp(t)` records, `np.shape(t)` answers, the rest is refused.

Refusing matters as much as recording: a function that saw only the numbers would cut the graph
without a word.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NoReturn

from autograd_lite import functions
from autograd_lite.errors import OperandError
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import plain
from autograd_lite.trees import tree_map

QUESTIONS: Final = frozenset(
    "equal not_equal less less_equal greater greater_equal isnan isinf isfinite signbit "
    "logical_and logical_or logical_xor logical_not isclose allclose array_equal array_equiv "
    "shape ndim size any all argmax argmin argsort nonzero flatnonzero count_nonzero zeros_like "
    "ones_like full_like empty_like result_type may_share_memory shares_memory array_repr "
    "array_str array2string".split()
)
"""What is answered from the numbers alone, because the answer has no derivative."""

_OTHERWISE: Final = {"amax": "max", "amin": "min"}


def on_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """What `np.exp(t)`, `t_array + t` and the like give when an operand is a node.

    Raises OperandError for `out=`, `reduce` and what is not among the rules.
    """
    name = ufunc.__name__
    if method == "__call__" and name in QUESTIONS:
        return ufunc(*map(plain, inputs), **options)
    if method != "__call__":
        _refuse(f"np.{name}.{method}", "only the plain call is recorded")
    if options:
        _refuse(f"np.{name}(…, {', '.join(options)}=…)", "only the plain call is recorded")
    if name not in RULES:
        _refuse(f"np.{name}", "there is no rule for it")
    return RULES[name](*inputs)


def on_function(function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """What `np.sum(t, axis=0)` and the like give when an argument is a node.

    Raises OperandError for what is not among this project's functions.
    """
    name = _OTHERWISE.get(function.__name__, function.__name__)
    if name in QUESTIONS:
        return function(*tree_map(plain, args), **tree_map(plain, kwargs))
    if name not in functions.__all__:
        _refuse(f"np.{name}", "there is no rule for it")
    return getattr(functions, name)(*args, **kwargs)


def _refuse(way: str, why: str) -> NoReturn:
    raise OperandError(
        f"{way} does not record what it computes ({why}): use this project's functions, or "
        f"t.numpy() to go on with the numbers alone"
    )
