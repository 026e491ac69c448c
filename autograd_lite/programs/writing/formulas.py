"""Terms as LaTeX."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lite.programs.writing.arithmetic import is_number
from autograd_lite.programs.writing.numbers import SHORT, factors, squared
from autograd_lite.programs.writing.series import Entries, Entry, Linear
from autograd_lite.programs.writing.terms import Term, constant
from autograd_lite.rules import RULES
from autograd_lite.source.recorded import astype
from autograd_lite.source.text import Precedence

_COMPARED: Final = {
    np.greater: ">", np.less: "<", np.greater_equal: r"\geq", np.less_equal: r"\leq", np.equal: "=",
    np.not_equal: r"\neq",
}  # fmt: skip
_REDUCED: Final = {np.sum: r"\sum", np.prod: r"\prod", np.max: r"\max", np.min: r"\min"}
_SILENT: Final = {astype, np.broadcast_to, np.positive, constant}
_WORDS: Final = re.compile(r"[^A-Za-z0-9]+")


class Formula(NamedTuple):
    """A piece of LaTeX, and how tightly it holds together."""

    source: str
    level: Precedence = Precedence.ATOM


class Formulas:
    """Writes terms; what has a line of its own is written by `named`."""

    def __init__(self, named: Callable[[Any], str | None]) -> None:
        self.named = named

    def text(self, x: Any, level: Precedence = Precedence.CHOICE) -> str:
        """X, in brackets where it holds together more loosely than `level`."""
        found = self.formula(x)
        return found.source if found.level >= level else rf"\left({found.source}\right)"

    def formula(self, x: Any) -> Formula:
        if (name := self.named(x)) is not None:
            return Formula(name)
        if isinstance(x, Term):
            return self.applied(x)
        if isinstance(x, Linear):
            return Formula(x.written("t").replace("*", " "), Precedence.SUM)
        if is_number(x):
            return number(x)
        if isinstance(x, Entries | Entry):
            raise AssertionError("series have names")
        if isinstance(x, (list, tuple)):
            return Formula(rf"\left({', '.join(map(self.text, x))}\right)")
        return Formula(rf"\mathrm{{{_WORDS.sub(' ', type(x).__name__)}}}")

    def applied(self, x: Term) -> Formula:
        """A function of its arguments."""
        f, args = x.function, x.args
        write = getattr(self, _WRITTEN.get(f, ""), None)
        if write is not None:
            return write(*args)  # type: ignore[no-any-return]
        if f in _SILENT:
            is_array = f is constant and not is_number(args[0])
            return _array(args[0]) if is_array else self.formula(args[0])
        if f in _COMPARED:
            sides = (self.text(a, Precedence.SUM) for a in args)
            return Formula(r"\left[" + f" {_COMPARED[f]} ".join(sides) + r"\right]")
        if f in _REDUCED:
            return self.reduced(f, x)
        if f is np.full:
            return self.formula(args[1])
        return self.by_name(x)

    def by_name(self, x: Term) -> Formula:
        """By its record's template, or else by its name."""
        name = getattr(x.function, "name", getattr(x.function, "__name__", "f"))
        operands = [a for a in x.args if is_number(a) or isinstance(a, (Term, Entry, Entries))]
        template = RULES[name].latex if name in RULES else None
        if template is not None and len(operands) == len(x.args):
            level = Precedence.CHOICE if "{{{" in template else Precedence.POWER
            inside = [self.text(a, level) for a in operands]
            return Formula(template.format(*inside), Precedence.PRODUCT)
        word = _WORDS.sub(r"\\_", name)
        return Formula(rf"\mathrm{{{word}}}\left({', '.join(map(self.text, operands))}\right)")

    # --- one method for each kind of function ------------------------------------------------------

    def add(self, a: Any, b: Any) -> Formula:
        return Formula(
            f"{self.text(a, Precedence.SUM)} + {self.text(b, Precedence.SUM)}", Precedence.SUM
        )

    def subtract(self, a: Any, b: Any) -> Formula:
        left, right = self.text(a, Precedence.SUM), self.text(b, Precedence.PRODUCT)
        return Formula(f"{left} - {right}", Precedence.SUM)

    def multiply(self, a: Any, b: Any) -> Formula:
        if is_number(a):
            p, below = factors(a)
            inside = self.text(b, Precedence.PRODUCT)
            above = inside if p == 1 and below else f"{number(p).source} \\, {inside}"
            below = re.sub(r"np\.sqrt\((\d+)\)", r"\\sqrt{\1}", below)
            source = rf"\frac{{{above}}}{{{below}}}" if below else above
            return Formula(source, Precedence.PRODUCT)
        both = all(bool(_shape(x)) for x in (a, b))
        sign = r" \odot " if both else r" \, "
        return Formula(
            f"{self.text(a, Precedence.PRODUCT)}{sign}{self.text(b, Precedence.PRODUCT)}",
            Precedence.PRODUCT,
        )

    def divide(self, a: Any, b: Any) -> Formula:
        return Formula(rf"\frac{{{self.text(a)}}}{{{self.text(b)}}}", Precedence.PRODUCT)

    def negative(self, a: Any) -> Formula:
        return Formula(f"-{self.text(a, Precedence.PRODUCT)}", Precedence.SIGN)

    def power(self, a: Any, n: Any) -> Formula:
        base = self.text(a, Precedence.ATOM)
        is_scripted = "^" in base or base.startswith("\\frac")
        base = rf"\left({base}\right)" if is_scripted else base
        return Formula(f"{base}^{{{self.text(n)}}}", Precedence.POWER)

    def matmul(self, a: Any, b: Any) -> Formula:
        sides = self.text(a, Precedence.PRODUCT), self.text(b, Precedence.PRODUCT)
        return Formula(r" \, ".join(sides), Precedence.PRODUCT)

    def outer(self, a: Any, b: Any) -> Formula:
        return Formula(
            rf"{self.text(a, Precedence.PRODUCT)} \, {self.turned(b).source}", Precedence.PRODUCT
        )

    def turned(self, a: Any, *axes: Any) -> Formula:
        base = self.text(a, Precedence.ATOM)
        base = rf"\left({base}\right)" if "^" in base or "frac" in base else base
        return Formula(rf"{base}^{{\top}}", Precedence.POWER)

    def exp(self, a: Any) -> Formula:
        return Formula(f"e^{{{self.text(a)}}}", Precedence.POWER)

    def sqrt(self, a: Any) -> Formula:
        return Formula(rf"\sqrt{{{self.text(a)}}}")

    def maximum(self, a: Any, b: Any) -> Formula:
        return Formula(rf"\max\left({self.text(a)}, {self.text(b)}\right)")

    def minimum(self, a: Any, b: Any) -> Formula:
        return Formula(rf"\min\left({self.text(a)}, {self.text(b)}\right)")

    def entry(self, a: Any, index: Any) -> Formula:
        base = self.text(a, Precedence.ATOM)
        base = base if re.fullmatch(r"[A-Za-z]", base) else f"{{{base}}}"
        return Formula(rf"{base}_{{[{self.index(index)}]}}")

    def reshaped(self, a: Any, *_: Any) -> Formula:
        return Formula(rf"\mathrm{{reshape}}\left({self.text(a)}\right)")

    def stacked(self, parts: Any) -> Formula:
        return self.formula(parts)

    def reduced(self, f: Any, x: Term) -> Formula:
        """A sum over axes; which ones is said below the sign."""
        axis = x.options.get("axis")
        below = "" if axis is None else rf"_{{\mathrm{{axis}}\,{str(axis).strip('(),')}}}"
        return Formula(
            rf"{_REDUCED[f]}{below} {self.text(x.args[0], Precedence.PRODUCT)}", Precedence.PRODUCT
        )

    def index(self, x: Any) -> str:
        """An index as it stands in brackets."""
        if isinstance(x, tuple):
            return ", ".join(map(self.index, x))
        if isinstance(x, slice):
            return ":".join("" if end is None else self.index(end) for end in (x.start, x.stop))
        if x is None or x is Ellipsis:
            return r"\cdot"
        return self.text(x) if isinstance(x, (int, Linear, Term)) else r"i"


_WRITTEN: Final[dict[Any, str]] = {
    np.add: "add", np.subtract: "subtract", np.multiply: "multiply", np.divide: "divide",
    np.negative: "negative", operator.pow: "power", np.power: "power", np.matmul: "matmul",
    np.outer: "outer", np.transpose: "turned", np.swapaxes: "turned", np.exp: "exp", np.sqrt: "sqrt",
    np.maximum: "maximum", np.minimum: "minimum", operator.getitem: "entry", np.reshape: "reshaped",
    np.stack: "stacked",
}  # fmt: skip


def _shape(x: Any) -> tuple[int, ...]:
    """The shape of an operand; an entry of a series has that of its model."""
    return x.series.model.shape if isinstance(x, Entry) else getattr(x, "shape", ())


def number(x: float) -> Formula:
    """A number, as a fraction or root where that is shorter."""
    if len(repr(x)) > SHORT and x > 0 and (n := squared(x)) is not None:
        return Formula(rf"\sqrt{{{n}}}")
    p, below = factors(x)
    if below:
        below = re.sub(r"np\.sqrt\((\d+)\)", r"\\sqrt{\1}", below)
        return Formula(rf"\frac{{{p}}}{{{below}}}", Precedence.PRODUCT)
    text = {"inf": r"\infty", "-inf": r"-\infty", "nan": r"\mathrm{nan}"}.get(repr(p), repr(p))
    found = re.fullmatch(r"(-?[0-9.]+)e([+-]?\d+)", text)
    if found:
        text = rf"{found[1]} \cdot 10^{{{int(found[2])}}}"
    is_plain = not text.startswith("-") and "cdot" not in text
    return Formula(text, Precedence.ATOM if is_plain else Precedence.SUM)


def _array(x: Any) -> Formula:
    """A constant array: a number where all entries are it."""
    if x.size and (x == x.flat[0]).all():
        return number(x.flat[0].item())
    lengths = r" \times ".join(map(str, x.shape))
    return Formula(rf"\mathrm{{array}}_{{{lengths}}}")
