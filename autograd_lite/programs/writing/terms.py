"""The calls of a recording as terms: nested, simplified, equal ones only once."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Collection, Hashable, Iterator
from typing import Any, Final

import numpy as np

from autograd_lite.programs.arrays.sharing import key_of
from autograd_lite.source.recorded import Recorded, astype, filled_in
from autograd_lite.source.recording import Call


class Term:
    """function(*args, **options), where terms stand among the arguments; or a leaf, which has no function.

    shape, dtype  of its value
    place         when it is computed: terms are numbered in order of evaluation
    is_value      whether it is the value of one of the graph's nodes: then it stays as it is
    is_cheap      whether it is written wherever it is used, however often
    """

    __slots__ = (
        "_parts", "args", "dtype", "function", "is_cheap", "is_value", "options", "place", "shape",
    )  # fmt: skip

    def __init__(
        self, function: Any, args: tuple[Any, ...], options: dict[str, Any], form: Any, place: int
    ) -> None:
        self.function, self.args, self.options, self.place = function, args, options, place
        self.is_value = self.is_cheap = False
        self._parts: list[Term] | None = None
        self.shape: tuple[int, ...] = () if isinstance(form, tuple) else np.shape(form)
        self.dtype = getattr(form, "dtype", None)

    def __repr__(self) -> str:
        name = getattr(self.function, "__name__", "leaf")
        return f"<{name} {self.place}, {self.shape}>"

    def of(self, args: tuple[Any, ...], options: dict[str, Any]) -> Term:
        """The same function of other arguments, of the same form."""
        term = Term(self.function, args, options, None, self.place)
        term.shape, term.dtype = self.shape, self.dtype
        return term

    @property
    def size(self) -> int:
        """How many entries it has."""
        return math.prod(self.shape)

    @property
    def parts(self) -> list[Term]:
        """The terms among the arguments, in order and with multiplicity."""
        if self._parts is None:
            self._parts = list(terms_in((self.args, self.options)))
        return self._parts


def constant(x: Any) -> Any:
    """An array that is the same at every call: the function of its term."""
    return x


def terms_in(x: object) -> Iterator[Term]:
    """The terms inside arguments, in order."""
    if isinstance(x, Term):
        yield x
    elif isinstance(x, (tuple, list)):
        for part in x:
            yield from terms_in(part)
    elif isinstance(x, dict):
        yield from terms_in(list(x.values()))
    elif isinstance(x, slice):
        yield from terms_in((x.start, x.stop, x.step))


def mapped(x: Any, change: Callable[[Any], Any]) -> Any:
    """Arguments with change(x) in place of everything in them that is no tuple, list, dict or slice."""
    if isinstance(x, (tuple, list)):
        return type(x)(mapped(part, change) for part in x)
    if isinstance(x, dict):
        return {key: mapped(part, change) for key, part in x.items()}
    if isinstance(x, slice):
        return slice(*(mapped(part, change) for part in (x.start, x.stop, x.step)))
    return change(x)


Rule = Callable[..., Any]
"""(terms, form, *args, **options) -> a simpler term or constant; None to decline"""


class Terms:
    """Terms by what they are: the same function of the same arguments is the same term.

    rules   by function, how a term of it is simplified
    values  identities of the recorded arrays that are nodes' values, or have lines for other reasons
    told    identities of those that have lines also where they are single numbers
    """

    def __init__(
        self, rules: dict[Any, list[Rule]], values: Collection[int], told: Collection[int] = ()
    ) -> None:
        self.rules, self.values, self.told = rules, values, told
        self.of: dict[int, Any] = {}
        self._known: dict[Hashable, tuple[Term, Any]] = {}
        self._arrays: dict[Hashable, Any] = {}

    def leaf(self, x: Recorded) -> Term:
        """An array to come."""
        term = self.of[id(x)] = Term(None, (x.name,), {}, x.example, 0)
        return term

    def note(self, call: Call) -> None:
        """Remember what a noted call is."""
        args, options = (filled_in(x, self.term, self.term) for x in (call.args, call.options))
        if call.function is operator.getitem:
            args = (args[0], filled_in(call.args[1], self.term))
        found = self.make(call.function, args, options, call.result.example)
        if id(call.result) in self.values and isinstance(found, Term):
            found.is_value = found.function is not np.full or id(call.result) in self.told
        elif id(call.result) in self.told:
            found = Term(constant, (found,), {}, call.result.example, len(self._known) + 1)
        self.of[id(call.result)] = found

    def term(self, x: Any) -> Any:
        """What a recorded array is, or an array that is always the same; of anything else, itself."""
        if isinstance(x, Recorded):
            return self.of[id(x)]
        if isinstance(x, np.ndarray) and x.ndim and x.dtype.kind == "f":
            known = self._arrays.setdefault((x.shape, x.dtype.str, x.tobytes()), x)
            return self.plain(constant, (known,), {}, known)
        return _number(x)

    def make(self, function: Any, args: tuple[Any, ...], options: dict[str, Any], form: Any) -> Any:
        """A term of this function, as simple as the rules make it."""
        if not np.ndim(form) and not any(True for _ in terms_in((args, options))):
            with np.errstate(all="ignore"):
                return self.term(function(*args, **options))
        if (value := _uniform(function, args, options)) is not None:
            return self.uniform(value, form)
        for rule in self.rules.get(function, ()):
            simpler = rule(self, form, *args, **options)
            if simpler is not None:
                return simpler
        return self.plain(function, args, options, form)

    def uniform(self, value: float, form: Any) -> Any:
        """An array whose entries are all this number."""
        shape = np.shape(form)
        return self.plain(np.full, (shape, value), {}, form) if shape else value

    def plain(
        self, function: Any, args: tuple[Any, ...], options: dict[str, Any], form: Any
    ) -> Term:
        """A term of this function as it is."""
        key = (key_of(function), key_of(args), key_of(options))
        if key not in self._known:
            place = 0 if function is constant else len(self._known) + 1
            # arguments are kept with the term: while they live, no other has their identity
            self._known[key] = Term(function, args, options, form, place), function
        return self._known[key][0]


_SAME_ENTRIES: Final = {
    np.broadcast_to, np.reshape, np.transpose, np.swapaxes, np.squeeze, np.expand_dims, np.flip,
    np.ravel, np.repeat, np.tile, operator.getitem, astype,
}  # fmt: skip


def _uniform(function: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """The one number in all entries of a result, where that is known; else None."""
    if function in _SAME_ENTRIES:
        return _entry(args[0])
    values = [_entry(x) for x in args]
    if not isinstance(function, np.ufunc) or options or None in values:
        return None
    with np.errstate(all="ignore"):
        return _number(function(*values))


def _entry(x: Any) -> Any:
    if isinstance(x, Term):
        return x.args[1] if x.function is np.full else None
    return _number(x) if isinstance(x, (int, float, np.generic)) else None


def _number(x: Any) -> Any:
    """A single number as Python's own."""
    if isinstance(x, np.ndarray) and x.ndim == 0:
        x = x[()]
    return x.item() if isinstance(x, np.generic) and x.dtype.kind in "fiub" else x
