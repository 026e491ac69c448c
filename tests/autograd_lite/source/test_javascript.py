"""Records as JavaScript: the text that the stepper's pages are made of, and what cannot be written."""

from __future__ import annotations

import math
import struct
from pathlib import Path

import numpy as np
import pytest

from autograd_lite import elementwise
from autograd_lite.errors import SourceError
from autograd_lite.rules import RULES
from autograd_lite.source import JAVASCRIPT, PYTHON, Text

GOLDEN = Path(__file__).parent / "golden" / "javascript.txt"
x = JAVASCRIPT.name("x")


def test_every_elementwise_record_is_written_as_it_was():
    """A change here is a change of every page that uses the record."""
    written = [
        f"{rule.name}: {JAVASCRIPT.record(rule)}\n"
        for rule in sorted(RULES.values(), key=lambda rule: rule.name)
        if rule.is_elementwise
    ]
    assert "".join(written) == GOLDEN.read_text(encoding="utf-8")


@elementwise(lambda xp, y, x: 1.0)
def branching(xp, x):
    """y = |x|."""
    return x if x > 0 else -x


@elementwise(lambda xp, y, x: "alert(1)")
def told(xp, x):
    """Its partial is no number."""
    return x


@elementwise(lambda xp, y, x: 1.0)
def long(xp, x):
    """Doubles thirty times."""
    for _ in range(30):
        x = x * x
    return x


@elementwise(lambda xp, y, x: np.i1(x) if hasattr(np, "i1") else 0.0)
def bessel(xp, x):
    """A function that JavaScript does not have."""
    return np.i0(x)


@elementwise(lambda xp, y, x: 1.0)
def summed(xp, x):
    """A reduction, which a number has no use for."""
    return np.add.reduce(x)


@elementwise(lambda xp, y, x: 1.0)
def turned(xp, x):
    """A complex number."""
    return 1j * 2.0


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (branching, "it decides with `if` what to compute"),
        (told, "it gives str where a number is expected"),
        (long, "more than 20000 characters"),
        (bessel, "it uses i0, which JavaScript does not have"),
        (summed, r"np\.add\.reduce has no counterpart"),
        (turned, "it gives complex where"),
    ],
)
def test_what_cannot_be_written_is_refused_by_name_and_with_the_reason(rule, why):
    with pytest.raises(
        SourceError, match=f"the rule {rule.name} cannot be written in JavaScript: .*{why}"
    ):
        JAVASCRIPT.record(rule)


def test_the_reason_does_not_name_the_class_that_stands_for_a_number():
    @elementwise(lambda xp, y, x: 1.0)
    def by_hand(xp, x):
        """A function of Python numbers."""
        return math.sinh(x)

    with pytest.raises(SourceError, match="must be real number, not a formula"):
        JAVASCRIPT.value(by_hand, "x")


def test_operators_and_numpys_functions_on_text_are_text():
    assert repr(np.exp(x)) == "Math.exp(x)"
    assert repr(np.float64(2.0) * x) == "(2.0 * x)"
    assert repr(np.where(x > 0, x, -x)) == "((x > 0.0) ? x : (-x))"
    assert repr(~(x > 0) | (x == 1)) == "(!(x > 0.0) || (x === 1.0))"
    assert repr(2.0**x) == "power(2.0, x)"
    assert (np.ndim(x), np.shape(x), np.size(x)) == (0, (), 1)


def test_what_is_true_or_false_is_no_number():
    """false !== 0 holds in JavaScript, so a literal truth may not be compared with 0."""
    assert repr(np.where(False, x, 1.0)) == "(false ? x : 1.0)"
    assert repr(np.logical_and(x, True)) == "((x !== 0) && true)"
    assert JAVASCRIPT.record("relu").endswith("partials: [(y, x0) => +(x0 > 0.0)]}")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (2, "2.0"),
        (0.1, "0.1"),
        (-0.0, "(-0.0)"),
        (-3, "(-3.0)"),
        (5e-324, "5e-324"),
        (np.float32(0.1), "0.10000000149011612"),
        (math.inf, "Infinity"),
        (-math.inf, "(-Infinity)"),
        (math.nan, "NaN"),
        (struct.unpack("<d", struct.pack("<Q", 0xFFF8DEADBEEF0001))[0], "NaN"),
        (True, "true"),
    ],
)
def test_numbers_read_back_as_themselves(number, text):
    assert JAVASCRIPT.literal(number).source == text


class Hostile(float):
    """A number that would like to be a script."""

    def __repr__(self):
        return "alert(1)"

    __str__ = __format__ = __repr__


class HostileName(str):
    """A name that would like to be a script."""

    __slots__ = ()

    def __str__(self):
        return "alert(1)"

    def __format__(self, spec):
        return "alert(1)"


def test_a_number_cannot_break_out():
    assert JAVASCRIPT.literal(Hostile(0.5)).source == "0.5"
    assert JAVASCRIPT.value("add", "x", Hostile(-2)) == "(x + (-2.0))"


@pytest.mark.parametrize(
    "name",
    ["", "x y", "x;alert(1)", "x)", "1x", "Math", "NaN", "while", "power", "ŷ", "x\n", "</script>"],
)  # fmt: skip
def test_a_name_cannot_break_out(name):
    with pytest.raises(SourceError, match="no name for a variable in JavaScript"):
        JAVASCRIPT.value("sin", name)
    assert JAVASCRIPT.value("sin", HostileName("x")) == "Math.sin(x)"


def test_texts_of_two_languages_do_not_mix():
    with pytest.raises(SourceError, match="Python stands in JavaScript"):
        x + PYTHON.name("x")


def test_a_template_or_formula_of_the_record_comes_first():
    @elementwise(
        lambda xp, y, x, *, n=2.0: n,
        source={
            "javascript": "Math.fround({n} * {0})",
            "python": lambda xp, x, *, n=2.0: n * xp.exp(x),
        },
    )
    def scaled(xp, x, *, n=2.0):
        """Written otherwise than computed."""
        return n * x

    assert JAVASCRIPT.value(scaled, "x") == "Math.fround(2.0 * x)"
    assert JAVASCRIPT.value(scaled.fixed(n=3.0), "x") == "Math.fround(3.0 * x)"
    assert PYTHON.value(scaled.fixed(n=3.0), "x") == "3.0 * math.exp(x)"
    assert PYTHON.value(scaled, "x") == "2.0 * math.exp(x)"


def test_a_rule_called_on_text_is_written_in_its_language():
    from autograd_lite import tanh

    assert isinstance(tanh(x), Text)
    assert repr(1.0 - tanh(x)) == "(1.0 - Math.tanh(x))"
    assert repr(1.0 - tanh(PYTHON.name("x"))) == "1.0 - math.tanh(x)"
