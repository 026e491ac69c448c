"""Terms as NumPy expressions."""

from __future__ import annotations

import math
import operator
from typing import Any, Final

import numpy as np

from autograd_lite.programs.writing.arithmetic import is_number
from autograd_lite.programs.writing.constants import array_text
from autograd_lite.programs.writing.helpers import helper
from autograd_lite.programs.writing.naming import Naming
from autograd_lite.programs.writing.numbers import SHORT, factors, is_whole, squared
from autograd_lite.programs.writing.plan import Plan
from autograd_lite.programs.writing.series import Entries, Entry, Linear
from autograd_lite.programs.writing.terms import Term, constant
from autograd_lite.source.listing import Writer
from autograd_lite.source.python import NUMPY
from autograd_lite.source.recorded import astype
from autograd_lite.source.text import Precedence, Text

_ARITHMETIC: Final = {np.add, np.subtract, np.multiply, np.divide, operator.pow}


class Expressions(Writer):
    """Terms as NumPy expressions, nested where they have no lines of their own."""

    def __init__(self, plan: Plan, naming: Naming) -> None:
        super().__init__()
        self.plan, self.naming = plan, naming
        self.helpers: dict[str, str] = {}

    def text(self, x: Any) -> Text:
        if isinstance(x, Term):
            if x.function is None or x in self.plan.draft.shown:
                return Text(self.naming.written(x), NUMPY)
            return self.expression(x.function, x.args, x.options)
        if isinstance(x, Entry):
            name = self.naming.of[x.series]
            at = x.at.written(self.naming.variable)
            return Text(f"{name}[{at}]" if x.series.is_kept else name, NUMPY)
        if isinstance(x, Linear):
            return Text(x.written(self.naming.variable), NUMPY, Precedence.SUM)
        if isinstance(x, Entries):
            name, t = self.naming.of[x.series], self.naming.variable
            return Text(f"[{name}[{t}] for {t} in {range_text(x.steps)}]", NUMPY)
        if type(x) is float and math.isfinite(x):
            return _number(x)
        return super().text(x)

    def expression(self, f: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Text:
        if f is np.full:
            return Text(array_text(np.full(*args)) or "", NUMPY)
        if f is constant and is_number(args[0]):
            return self.text(args[0])
        if f is constant:
            return Text(self.known("", args[0]), NUMPY)
        if f is np.add and is_number(args[0]) and args[0] == 0 and isinstance(args[1], Term):
            return self.text(args[1])
        if f is astype:
            return Text(f"{self.atom(args[0])}.astype({_dtype(args[1])})", NUMPY)
        if f in _ARITHMETIC and any(map(_is_of_floats, args)):
            args = tuple(int(x) if type(x) is float and is_whole(x) else x for x in args)
        if f is np.multiply and is_number(args[0]) and not options:
            return self._scaled(*args)
        if f is np.transpose and len(args) == 1 and not options:
            return Text(f"{self.atom(args[0])}.T", NUMPY)
        if f is np.reshape and isinstance(args[0], (Term, Entry)):
            return self._reshaped(args[0], args[1])
        return super().expression(f, args, options)

    def _scaled(self, c: float, x: Any) -> Text:
        """A number times a term; p/q·x and p/√n·x are written so."""
        p, below = factors(c)
        inside = NUMPY.within(self.text(x), Precedence.PRODUCT)
        above = f"{NUMPY.literal(p).source if type(p) is float else p} * {inside}"
        if p in (1, -1) and below:
            above = inside if p == 1 else f"-{NUMPY.within(self.text(x), Precedence.SIGN)}"
        return Text(f"{above} / {below}" if below else above, NUMPY, Precedence.PRODUCT)

    def _reshaped(self, x: Any, shape: Any) -> Text:
        """Axes of length 1 put in, as an index with None."""
        old = list(x.shape) if isinstance(x, Term) else None
        index, left = [], list(old or [])
        for n in shape if isinstance(shape, tuple) else (shape,):
            if left and left[0] == n:
                index.append(":")
                left.pop(0)
            elif n == 1:
                index.append("None")
            else:
                break
        else:
            if old and not left and "None" in index:
                while index[-1] == ":":
                    index.pop()
                return Text(f"{self.atom(x)}[{', '.join(index)}]", NUMPY)
        shape = shape if isinstance(shape, tuple) else (shape,)
        lengths = ", ".join(map(self.source, shape)) or "()"
        return Text(f"{self.atom(x)}.reshape({lengths})", NUMPY)

    def known(self, name: str, thing: object) -> str:
        if isinstance(thing, np.ndarray) and (text := array_text(thing)) is not None:
            return text
        if not isinstance(thing, np.ndarray):
            self.helpers[name] = helper(thing, name)
            return name
        same = [key for key, other in self.names.items() if other is thing]
        if same:
            return same[0]
        key = self.naming.names.numbered("c")
        self.names[key] = thing
        return key


def _dtype(dtype: Any) -> str:
    short = {"float64": "float", "int64": "int", "bool": "bool"}
    return short.get(dtype.name, f"np.{dtype.name}")


def _is_of_floats(x: Any) -> bool:
    return isinstance(x, Entry) or (
        isinstance(x, Term) and x.dtype is not None and x.dtype.kind == "f"
    )


def _number(x: float) -> Text:
    """A number, short where it has a short name."""
    if x in (math.pi, 2 * math.pi):
        text = "np.pi" if x == math.pi else "2 * np.pi"
        return Text(text, NUMPY, Precedence.ATOM if x == math.pi else Precedence.PRODUCT)
    if x > 0 and len(repr(x)) > SHORT and (n := squared(x)) is not None:
        return Text(f"np.sqrt({n})", NUMPY)
    p, below = factors(x)
    return Text(f"{p} / {below}", NUMPY, Precedence.PRODUCT) if below else NUMPY.literal(x)


def range_text(steps: range) -> str:
    """A range as one writes it.

    >>> range_text(range(0, 5)), range_text(range(5, 0, -1))
    ('range(5)', 'range(5, 0, -1)')
    """
    if steps.step != 1:
        return f"range({steps.start}, {steps.stop}, {steps.step})"
    return f"range({steps.start}, {steps.stop})" if steps.start else f"range({steps.stop})"
