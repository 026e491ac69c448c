"""The rows run by NumPy, all of one kind at a time: quick where many nodes do the same at once.

Where few do, as along a sum of many numbers, they are run one by one on Python's floats.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lite.programs.scalars.primitives import CALLS, CALLS_2, Op
from autograd_lite.programs.scalars.rows import Block, Rows
from autograd_lite.rules.normal import of_arrays
from autograd_lite.rules.tails import ENOUGH


def _sech2(x: Any, y: Any, _: Any) -> Any:
    rest = 1.0 - y * y
    e = np.exp(-2.0 * np.abs(x))
    return np.where(rest >= ENOUGH, rest, 4.0 * e / ((1.0 + e) * (1.0 + e)))


_OPS: Final[dict[int, Callable[[Any, Any, Any], Any]]] = {
    Op.ADD: lambda a, b, _: a + b,
    Op.SUBTRACT: lambda a, b, _: a - b,
    Op.MULTIPLY: lambda a, b, _: a * b,
    Op.DIVIDE: lambda a, b, _: a / b,
    Op.MULTIPLY_ADD: lambda a, b, c: a * b + c,
    Op.SQRT: lambda a, *_: np.sqrt(a),
    Op.LESS: lambda a, b, _: a < b,
    Op.LESS_EQUAL: lambda a, b, _: a <= b,
    Op.EQUAL: lambda a, b, _: a == b,
    Op.WHERE: lambda a, b, c: np.where(a != 0.0, b, c),
    Op.MAXIMUM: lambda a, b, _: np.maximum(a, b),
    Op.MINIMUM: lambda a, b, _: np.minimum(a, b),
    Op.TANH: lambda a, *_: np.tanh(a),
    Op.SECH2: _sech2,
}


def _of_one(name: str) -> Callable[[Any, Any, Any], Any]:
    return lambda a, *_: (getattr(np, name, None) or of_arrays(name))(a)


def _of_two(name: str) -> Callable[[Any, Any, Any], Any]:
    return lambda a, b, _: getattr(np, name)(a, b)


_CALLS: Final = [*map(_of_one, CALLS)]
_CALLS_2: Final = [*map(_of_two, CALLS_2)]


_FEW_ROWS, _FEW_EDGES = 8, 16
"""Up to how many at once Python is quicker than a call of NumPy for each of their arrays."""
_ON_FLOATS: Final = {Op.ADD, Op.SUBTRACT, Op.MULTIPLY, Op.MULTIPLY_ADD}
"""What gives the same number of Python's floats, and never raises."""


class LevelLoops:
    """The loops over one graph's rows; v and g may have a second axis, of points."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._values = steps(rows.values, rows.first)
        self._slopes = steps(rows.slopes, rows.first + len(rows.values))
        edges, cuts = rows.edges.rows.astype(np.intp), rows.edges.cuts.tolist()
        self._edges = [edges[i:j] for i, j in pairwise(cuts)]

    def values(self, v: Any) -> None:
        """The rows of the nodes' values."""
        run(self._values, v)

    def slopes(self, v: Any) -> None:
        """The further rows that partials need."""
        run(self._slopes, v)

    def pull(self, v: Any, g: Any) -> None:
        """Adjoints from the results back."""
        _sweep(self._back, v, g)

    def push(self, v: Any, t: Any) -> None:
        """Tangents from the leaves on."""
        _sweep(self._onwards, v, t)

    @cached_property
    def _back(self) -> list[_Sums | _OneByOne]:
        return _levels(self._edges)

    @cached_property
    def _onwards(self) -> list[_Sums | _OneByOne]:
        return _levels([edges[:, [1, 0, 2]] for edges in reversed(self._edges)])


class _Sums(NamedTuple):
    """Edges of one level by where they go: the k-th sum begins at `first[k]` and goes to `to[k]`."""

    start: Any
    partial: Any
    first: Any
    to: Any


def _sums(start: Any, to: Any, partial: Any) -> _Sums:
    order = np.argsort(to, kind="stable")
    to = to[order]
    first = np.flatnonzero(np.diff(to, prepend=-1))
    return _Sums(start[order], partial[order], first, to[first])


class _OneByOne(list[tuple[Any, ...]]):
    """Neighbours that are run on Python's floats: rows (function, result, a, b, c), or edges."""


def _one_by_one(found: list[Any]) -> _OneByOne:
    """The last of these steps or levels, to which more can be added."""
    if not (found and isinstance(found[-1], _OneByOne)):
        found.append(_OneByOne())
    return found[-1]  # type: ignore[no-any-return]


def _cells(v: Any) -> Any:
    """What gives Python's floats, and takes them; at many points each is a row of them."""
    return memoryview(v) if v.ndim == 1 else v


def _levels(edges: list[Any]) -> list[_Sums | _OneByOne]:
    found: list[_Sums | _OneByOne] = []
    for level in edges:
        if len(level) > _FEW_EDGES:
            found.append(_sums(*level.T))
        else:
            _one_by_one(found).extend(map(tuple, level.tolist()))
    return found


def _sweep(levels: list[_Sums | _OneByOne], v: Any, g: Any) -> None:
    values, adjoints = _cells(v), _cells(g)
    with np.errstate(all="ignore"):
        for level in levels:
            if isinstance(level, _OneByOne):
                for start, to, partial in level:
                    adjoints[to] += adjoints[start] * values[partial]
            else:
                c = g[level.start] * v[level.partial]
                g[level.to] += c if len(level.first) == len(c) else np.add.reduceat(c, level.first)


_NOTHING: Final = slice(0)
Step = tuple[Callable[[Any, Any, Any], Any], slice, Any, Any, Any]


def steps(block: Block, first: int) -> list[Step | _OneByOne]:
    """The rows between two cuts as one call, and where its results go; or one by one, where they are few."""
    found: list[Step | _OneByOne] = []
    rows = block.rows.astype(np.intp)
    for i, j in pairwise(block.cuts.tolist()):
        op, *places = rows[i:j].T
        primitive = Op(op[0])
        if primitive in _ON_FLOATS and j - i <= _FEW_ROWS:
            results = range(first + i, first + j)
            of_each = (results, *(x.tolist() for x in places))
            _one_by_one(found).extend((_OPS[primitive], *x) for x in zip(*of_each, strict=True))
            continue
        if primitive in _OPS:
            function = _OPS[primitive]
        else:
            function = (_CALLS if primitive is Op.CALL else _CALLS_2)[places[2][0]]
        a, b, c = (_index(x) if k < primitive.arity else _NOTHING for k, x in enumerate(places))
        found.append((function, slice(first + i, first + j), a, b, c))
    return found


def _index(places: Any) -> Any:
    """Neighbours as a slice, which copies nothing."""
    first = int(places[0])
    are_neighbours = places[-1] - first == len(places) - 1 and (np.diff(places) == 1).all()
    return slice(first, first + len(places)) if are_neighbours else places


def run(calls: list[Step | _OneByOne], v: Any) -> None:
    """Fill in the results among the values v."""
    cells = _cells(v)
    with np.errstate(all="ignore"):
        for call in calls:
            if isinstance(call, _OneByOne):
                for f, result, x, y, z in call:
                    cells[result] = f(cells[x], cells[y], cells[z])
            else:
                function, out, a, b, c = call
                v[out] = function(v[a], v[b], v[c])
