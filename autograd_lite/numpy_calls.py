"""NumPy's functions on nodes: `np.exp(t)` records, `np.shape(t)` answers, the rest is refused.

Refusing matters as much as recording: a function that saw only the numbers would cut the graph
without a word.

Values in an array are objects to NumPy. Its functions then compute with the Values' own operators, and with
their methods of a ufunc's name, `x.exp()` for `np.exp`, so all of it is recorded; what NumPy cannot do with
objects, it refuses. Where a Value itself stands beside such an array, it joins in as an array of one object.

>>> from autograd_lite import Value
>>> a, b = Value(1.0, "a"), Value(2.0, "b")
>>> y = np.sum(np.array([a, b]) * b)
>>> y.backward()
>>> y.data, a.grad, b.grad
(6.0, 2.0, 5.0)
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any, Final, NoReturn

import numpy as np

from autograd_lite import functions, linalg
from autograd_lite.arguments import explained
from autograd_lite.errors import OperandError
from autograd_lite.modes import ACTIVE
from autograd_lite.node import Node
from autograd_lite.not_arrays import refuse_masked
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.program_only import COMPARISONS, OF_TRUTHS, is_truth, recorded
from autograd_lite.rules.rule import Rule
from autograd_lite.trees import is_object_array, object_array, tree_leaves
from autograd_lite.watches import read

QUESTIONS: Final = frozenset(
    "equal not_equal less less_equal greater greater_equal isnan isinf isfinite signbit "
    "logical_and logical_or logical_xor logical_not isclose allclose array_equal array_equiv "
    "shape ndim size any all argmax argmin argsort nonzero flatnonzero count_nonzero zeros_like "
    "ones_like empty_like result_type may_share_memory shares_memory array_repr "
    "array_str array2string isneginf isposinf isreal iscomplex isrealobj iscomplexobj searchsorted "
    "digitize argwhere argpartition lexsort einsum_path matrix_rank".split()
)
"""What is answered from the numbers alone, because the answer has no derivative."""

OF_FORM: Final = frozenset(
    "shape ndim size zeros_like ones_like empty_like result_type may_share_memory shares_memory isreal "
    "iscomplex isrealobj iscomplexobj array_repr array_str array2string einsum_path".split()
)
"""Which of the questions the numbers do not matter to, or only for the eye."""

UFUNC_OPTIONS: Final = frozenset({"axis"})
"""What a call of a ufunc may say besides its operands: `np.vecdot(a, b, axis=0)`."""


def on_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """What `np.exp(t)`, `t_array + t` and the like give when an operand is a node.

    Raises OperandError for `out=`, `reduce` and what is not among the rules.
    """
    name = ufunc.__name__
    is_ordinary = not options and all(map(_is_ordinary, inputs))
    if not is_ordinary:
        refuse_masked(*inputs, *tree_leaves(options))
    if method == "__call__" and name in OF_TRUTHS and all(map(is_truth, inputs)):
        name = OF_TRUTHS[name]
    if method == "__call__" and name in QUESTIONS:
        if ACTIVE and (node := _asked(name, inputs, options)) is not None:
            return node
        return ufunc(*map(_numbers, inputs), **options)
    if not is_ordinary and any(map(_is_list_of_values, inputs)):
        return getattr(ufunc, method)(*map(_as_object, inputs), **options)
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
    given = (*args, *kwargs.values())
    refuse_masked(*tree_leaves(given))
    if name in QUESTIONS:
        if ACTIVE and name not in OF_FORM:
            _asked(name, tuple(tree_leaves(given)), {})
        numbers = {key: _numbers(x) for key, x in kwargs.items()}
        return explained(function)(*map(_numbers, args), **numbers)
    if any(map(_is_list_of_values, given)):
        # past NumPy's dispatch, which finds the Values inside of an object array again
        own = getattr(function, "_implementation", function)
        return own(*map(_as_object, args), **{k: _as_object(x) for k, x in kwargs.items()})
    way = f"np.linalg.{name}" if is_linalg else f"np.{name}"
    if kwargs.pop("out", None) is not None:
        _refuse(f"{way}(…, out=…)", "a node is never written to")
    ours = _public(linalg if is_linalg else functions, name, way)
    args, kwargs = _renamed(function, ours, args, kwargs)
    return ours(*args, **kwargs)


def _asked(name: str, operands: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """A question asked while a program is recorded: a comparison becomes a node, others are noted."""
    if name in COMPARISONS and not options:
        return recorded(name, *operands)
    for x in operands:
        read(x, name)
    return None


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


def methods_for_objects() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The methods that NumPy's ufuncs of one operand ask of an object, by name: x.log1p() for np.log1p."""
    for name in functions.__all__:
        ufunc = getattr(np, name, None)
        if isinstance(ufunc, np.ufunc) and ufunc.nin == 1:
            yield name, _method(getattr(functions, name))


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: Any) -> Any:
        return function(self)

    method.__name__ = function.__name__
    method.__doc__ = f"`{function.__name__}` of this Value; see the function `{function.__name__}`."
    return method


def _is_ordinary(x: object) -> bool:
    """Whether x is a node, a number or a plain array of them: told quickly, since most operands are."""
    if type(x) is np.ndarray:
        return bool(x.dtype.kind != "O")
    return isinstance(x, (Node, float, int, np.number))


def _is_value(x: object) -> bool:
    return isinstance(x, Node) and not isinstance(plain(x), np.ndarray)


def _is_list_of_values(x: object) -> bool:
    return (isinstance(x, (list, tuple)) or is_object_array(x)) and any(
        map(_is_value, tree_leaves(x))
    )


def _as_object(x: object) -> Any:
    """A Value as an array of one object, which NumPy computes with like any other object array."""
    if isinstance(x, (list, tuple)):
        return type(x)(map(_as_object, x))
    if isinstance(x, Node) and not _is_value(x):
        _refuse("a Tensor beside Values in an array", "an entry of that is one number")
    return object_array([x], ()) if isinstance(x, Node) else x


def _numbers(x: Any) -> Any:
    """The numbers of nodes, alone or in lists and object arrays."""
    if is_object_array(x) and any(isinstance(part, Node) for part in x.flat):
        return np.array([plain(part) for part in x.flat]).reshape(x.shape)
    return type(x)(map(_numbers, x)) if isinstance(x, (list, tuple)) else plain(x)


def _refuse(way: str, why: str) -> NoReturn:
    raise OperandError(
        f"{way} does not record what it computes ({why}): use this project's functions, or "
        f"t.numpy() to go on with the numbers alone"
    )
