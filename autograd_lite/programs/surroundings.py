"""What a function reaches beside its arguments: generators of random numbers, and where its leaves are bound.

Walked are the function's closure, defaults, object and the globals that it names, containers, and the
attributes of objects; not modules and classes.
"""

from __future__ import annotations

import functools
import random
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import getitem, is_
from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lite.errors import TraceError
from autograd_lite.node import Node

_MOST: Final = 100_000  # objects that are looked at: a function may reach a whole data set


class Place(NamedTuple):
    """Where an object is bound: holder[key] is it. Of a closure's cell the key is "cell_contents"."""

    holder: Any
    key: Any
    value: Any


def places(f: Callable[..., Any]) -> Iterator[Place]:
    """The leaves and generators that f reaches, each with the place where it is bound."""
    seen: set[int] = set()
    walk: list[Any] = [f]
    while walk and len(seen) < _MOST:
        x = walk.pop()
        if id(x) in seen:
            continue
        seen.add(id(x))
        for place in _inside(x):
            value = place.value
            if type(value) in _PLAIN:
                continue
            if isinstance(value, _LOOKED_FOR):
                yield place
            elif not isinstance(value, _CLOSED):
                walk.append(value)


_PLAIN: Final = frozenset(
    (int, float, complex, bool, str, bytes, type(None), np.ndarray, np.float64)
)
_GENERATORS: Final = (np.random.Generator, np.random.RandomState, random.Random)
_LOOKED_FOR: Final = (Node, *_GENERATORS)
_CLOSED: Final = (types.ModuleType, types.BuiltinFunctionType, type, np.generic, np.ufunc)


def _inside(x: Any) -> Iterator[Place]:
    if isinstance(x, types.FunctionType):
        yield from _of_function(x)
    elif isinstance(x, types.MethodType):
        yield Place(None, None, x.__func__)
        yield Place(None, None, x.__self__)
    elif isinstance(x, functools.partial):
        yield from (Place(None, None, part) for part in (x.func, *x.args, *x.keywords.values()))
    elif isinstance(x, dict):
        yield from (Place(x, key, value) for key, value in list(x.items()))
    elif isinstance(x, list):
        yield from (Place(x, i, value) for i, value in enumerate(x))
    elif isinstance(x, (tuple, set, frozenset)):
        yield from (Place(None, None, value) for value in x)
    elif type(x).__dictoffset__ and isinstance(
        fields := x.__dict__, dict
    ):  # no __getattr__ is asked
        yield from (Place(fields, key, value) for key, value in list(fields.items()))


def _of_function(f: types.FunctionType) -> Iterator[Place]:
    for cell in f.__closure__ or ():
        yield Place(cell, "cell_contents", _content(cell))
    yield from (Place(None, None, x) for x in f.__defaults__ or ())
    yield from (Place(None, None, x) for x in (f.__kwdefaults__ or {}).values())
    for name in _names(f.__code__):
        if name in f.__globals__:
            yield Place(f.__globals__, name, f.__globals__[name])


def _names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for part in code.co_consts:
        if isinstance(part, types.CodeType):
            yield from _names(part)


# --- generators --------------------------------------------------------------------------------------


@contextmanager
def generators_put_back(f: Callable[..., Any]) -> Iterator[None]:
    """Leave random numbers as they were: those of NumPy, of Python, and of generators that f reaches.

    What other threads draw from these meanwhile is drawn again.
    """
    found = [p.value for p in places(f) if isinstance(p.value, _GENERATORS)]
    put_back = [_put_back(generator) for generator in found]
    of_numpy, of_python = np.random.get_state(), random.getstate()  # noqa: NPY002 - others use it
    try:
        yield
    finally:
        np.random.set_state(of_numpy)  # noqa: NPY002 - as above
        random.setstate(of_python)
        for put in put_back:
            put()


def _put_back(generator: Any) -> Callable[[], None]:
    """What gives a generator the state that it has now."""
    if isinstance(generator, np.random.Generator):
        bits = generator.bit_generator
        return functools.partial(setattr, bits, "state", bits.state)
    if isinstance(generator, np.random.RandomState):
        return functools.partial(generator.set_state, generator.get_state())
    if (
        type(generator).getstate is not random.Random.getstate
    ):  # SystemRandom has no state, and says so
        return lambda: None
    return functools.partial(generator.setstate, generator.getstate())


# --- where leaves are bound --------------------------------------------------------------------------


class Bindings:
    """Where a function finds its leaves: whoever puts another one there has changed the function."""

    def __init__(self, f: Callable[..., Any], leaves: tuple[Node, ...]) -> None:
        wanted = set(leaves)
        found = [
            p for p in places(f) if p.holder is not None and isinstance(p.value, Node) and p.value in wanted
        ]  # fmt: skip
        # a dict's __getitem__ and a list's are one C function for all: three passes without Python between
        cells = [p for p in found if isinstance(p.holder, types.CellType)]
        self._cells = [(p.holder, p.value) for p in cells]
        rest = [p for p in found if not isinstance(p.holder, types.CellType)]
        self._holders, self._keys = [p.holder for p in rest], [p.key for p in rest]
        self._leaves = [p.value for p in rest]

    def refuse_rebound(self) -> None:
        """Raise TraceError where another object is bound where the function found a leaf."""
        try:
            if all(map(is_, map(getitem, self._holders, self._keys), self._leaves)) and all(
                cell.cell_contents is leaf for cell, leaf in self._cells
            ):
                return
        except (LookupError, ValueError):  # deleted
            pass
        raise TraceError(self._said())

    def _said(self) -> str:
        for holder, key, leaf in zip(self._holders, self._keys, self._leaves, strict=True):
            now = (
                holder.get(key)
                if isinstance(holder, dict)
                else (holder[key : key + 1] or [None])[0]
            )
            if now is not leaf:
                return _rebound(key, leaf)
        return next(
            _rebound(None, leaf) for cell, leaf in self._cells if _content(cell) is not leaf
        )


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _rebound(key: Any, leaf: Node) -> str:
    where = (
        f"{key} " if isinstance(key, str) else f"entry {key} of a list " if key is not None else ""
    )
    return (
        f"{where}is no longer {leaf.describe()}, with which the program was recorded: trace again, or write "
        f"new numbers into that leaf, w.data = …, which a program reads at each call"
    )
