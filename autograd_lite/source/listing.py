"""A recording as lines of Python that call NumPy."""

from __future__ import annotations

import operator
import re
from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lite.errors import OperandError, SourceError, brief
from autograd_lite.record import Record
from autograd_lite.source.python import NUMPY
from autograd_lite.source.recorded import Recorded, astype
from autograd_lite.source.recording import Call
from autograd_lite.source.text import Precedence, Text

_CALL: Final = re.compile(r"[\w.]+\((\{\w+\}(, )?)+\)")
"""A form that is one call: its arguments need no brackets of their own."""
_REDUCTIONS: Final[dict[Any, Any]] = {
    np.add.reduce: np.sum,
    np.multiply.reduce: np.prod,
    np.maximum.reduce: np.max,
    np.minimum.reduce: np.min,
}
"""How a reduction along given axes is written."""


class Lines(NamedTuple):
    """Python source, a line for each call, and what it needs beside np.

    names  operations of this project, arrays and others that are no literals
    """

    source: str
    names: dict[str, Any]


def lines(*results: Recorded) -> Lines:
    """The calls that lead to recorded results as lines of Python; each result is there under its name.

    >>> from autograd_lite import softmax
    >>> from autograd_lite.source import Recording
    >>> y = softmax(Recording().input("x", [1.0, 2.0]))
    >>> print(lines(y).source)
    t1 = np.max(x, axis=-1, keepdims=True)
    t2 = np.isfinite(t1)
    t3 = np.where(t2, t1, 0.0)
    t4 = x - t3
    t5 = np.exp(t4)
    t6 = np.sum(t5, axis=-1, keepdims=True)
    t7 = t5 / t6
    >>> session = {"np": np, "x": np.array([0.0, 0.0])}
    >>> exec(lines(y).source, session)
    >>> session[y.name]
    array([0.5, 0.5])

    Raises OperandError for what is no recorded array, or is of another recording.
    """
    found: set[Any] = {getattr(result, "recording", None) for result in results}
    if len(found) != 1 or None in found:
        raise OperandError(
            f"lines are of recorded arrays of one recording, not of {brief(results)}: what is not recorded "
            f"moves with no input"
        )
    (recording,), writer = found, Writer()
    source = "\n".join(map(writer.line, recording.calls_for(*results)))
    return Lines(source, writer.names)


class Writer:
    """Calls as expressions, and the names that these need beside np."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}

    def line(self, call: Call) -> str:
        """A call as an assignment."""
        return f"{call.result.name} = {self.expression(call.function, call.args, call.options)}"

    def expression(self, f: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Text:
        """f(*args, **options) as a person writes it: with operators, brackets for indices, np's functions."""
        if isinstance(f, Record):
            return Text(self.operation(f, args, options), NUMPY)
        if isinstance(f, np.ufunc) and not options:
            return NUMPY.function(f.__name__, own=f.__name__)(*map(self.text, args))
        if f is operator.getitem:
            return Text(f"{self.atom(args[0])}[{self.index(args[1])}]", NUMPY)
        if f is operator.pow:
            return Text(f"{self.atom(args[0])} ** {self.atom(args[1])}", NUMPY, Precedence.POWER)
        if f is astype:
            return Text(f"{self.atom(args[0])}.astype({self.source(args[1])})", NUMPY)
        f = _REDUCTIONS.get(f, f) if "axis" in options else f
        named = (f"{key}={self.source(x)}" for key, x in options.items())
        return Text(f"{self.function(f)}({', '.join((*map(self.source, args), *named))})", NUMPY)

    def operation(self, rule: Record, operands: tuple[Any, ...], static: dict[str, Any]) -> str:
        """An operation that says itself how it is written in NumPy."""
        self.known(rule.name, rule)
        template: Any = rule.source["numpy"]
        named = {key: self.source(x) for key, x in static.items()}
        written = self.source if _CALL.fullmatch(template) else self.atom
        return template.format(*map(written, operands), **named)  # type: ignore[no-any-return]

    def function(self, f: Any) -> str:
        """What a function is called: by its place in NumPy, or else by its own name."""
        if isinstance(of := getattr(f, "__self__", None), np.ufunc):
            return f"{self.function(of)}.{f.__name__}"
        name = getattr(f, "__name__", "")
        for place, module in (("np", np), ("np.linalg", np.linalg)):
            if getattr(module, name, None) is f:
                return f"{place}.{name}"
        return self.known(name, f)

    def source(self, x: object) -> str:
        return self.text(x).source

    def atom(self, x: object) -> str:
        return NUMPY.within(self.text(x), Precedence.ATOM)

    def text(self, x: Any) -> Text:
        """An argument: a literal, a name, or a name for what has no literal."""
        if isinstance(x, Recorded):
            return Text(x.name, NUMPY)
        if type(x) in (bool, str, type(None), type(Ellipsis)):
            return Text(repr(x), NUMPY)
        if type(x) is int:  # not 2.0: of whole numbers it would make others
            return Text(repr(x), NUMPY, Precedence.SIGN if x < 0 else Precedence.ATOM)
        if type(x) is float:
            return NUMPY.literal(x)
        if type(x) in (tuple, list):
            inside = ", ".join(map(self.source, x)) + "," * (type(x) is tuple and len(x) == 1)
            return Text(f"({inside})" if type(x) is tuple else f"[{inside}]", NUMPY)
        if isinstance(x, slice):
            ends: list[Any] = [x.start, x.stop, x.step]
            if x.step is None:  # slice(stop) and slice(start, stop), as one writes them
                ends = [x.stop] if x.start is None else [x.start, x.stop]
            return Text(f"slice({', '.join(map(self.source, ends))})", NUMPY)
        if isinstance(x, np.dtype):
            return Text(f"np.dtype({x.str!r})", NUMPY)
        return Text(self.known("", x), NUMPY)

    def index(self, x: object) -> str:
        """An index as it stands in brackets: 1:3, …"""
        if isinstance(x, slice):
            ends = ("" if end is None else self.source(end) for end in (x.start, x.stop, x.step))
            return ":".join(ends).removesuffix(":") if x.step is None else ":".join(ends)
        if type(x) is tuple and x:
            return ", ".join(map(self.index, x)) + ("," if len(x) == 1 else "")
        return self.source(x)

    def known(self, name: str, thing: object) -> str:
        """The name of what has no literal: its own, if it has one, else c1, c2, …"""
        same = [key for key, other in self.names.items() if other is thing]
        if same:
            return same[0]
        if not name.isidentifier() or name in self.names:
            if isinstance(thing, Record):
                raise SourceError(f"two operations are called {name}: rename one of them")
            name = f"c{len(self.names) + 1}"
        self.names[name] = thing
        return name
