"""Records as Python: executed, the text gives the engine's own numbers, to the last bit."""

from __future__ import annotations

import ast
import itertools
import math
import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_lite import Value, elementwise
from autograd_lite.arithmetics import FLOATS
from autograd_lite.errors import OperandError, SourceError
from autograd_lite.rules import RULES
from autograd_lite.source import NUMPY, PRELUDE, PYTHON

OWN = {name: RULES[name] for name in ("erf", "bell", "ncdf")}
"""Operations that NumPy lacks: its text calls them by name."""
SESSION = {"math": math, "np": np, **OWN}
exec(PRELUDE, SESSION)  # noqa: S102 - the package's own

ORDINARY = [0.3, 0.75, 1.0, 1.9, 2.0, 3.5, -0.4, -1.0, -2.5, -6.5, 0.0]
HARD = [
    -0.0,
    math.inf,
    -math.inf,
    math.nan,
    5e-324,
    1e-310,
    1e-20,
    1e300,
    -1e300,
    40.0,
    -40.0,
    800.0,
    0.9999999,
]
SCALAR = [rule for rule in RULES.values() if rule.is_elementwise]
CAREFUL = {"tanh": 8, "sigmoid": 8, "power": 8}
"""Partials whose record looks at its numbers, and takes a short form where that is exact: in source stands
the careful one, so many units in the last place away at most (of power: y/a for a^(n-1) in roots)."""


def evaluated(dialect, rule):
    return eval(dialect.record(rule), SESSION)  # noqa: S307 - the text under test


def points(rule):
    hard = HARD if rule.arity < 3 else HARD[:6]
    random = np.random.default_rng(rule.arity).normal(scale=3.0, size=(200, rule.arity))
    return [*itertools.product([*ORDINARY, *hard], repeat=rule.arity), *map(tuple, random.tolist())]


def as_engine(function, by_numpy, args):
    """The text with `math`; where that raises, the one with NumPy, as the engine does."""
    try:
        return function(*args)
    except (ArithmeticError, ValueError):
        with np.errstate(all="ignore"):
            return float(by_numpy(*map(np.float64, args)))


def is_same(a, b):
    return (a == b and math.copysign(1.0, a) == math.copysign(1.0, b)) or (a != a and b != b)


@pytest.mark.parametrize("rule", SCALAR, ids=lambda rule: rule.name)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_text_gives_the_value_and_partials_of_the_record_bit_for_bit(rule):
    text, by_numpy = evaluated(PYTHON, rule), evaluated(NUMPY, rule)
    for xs in points(rule):
        node = rule(*map(Value, xs))
        assert is_same(as_engine(text["value"], by_numpy["value"], xs), node.data), xs
        for i, d in enumerate(text["partials"]):
            want = FLOATS.partial(node, i)
            if d is None:
                assert want is None
            elif rule.name not in CAREFUL:
                got = as_engine(d, by_numpy["partials"][i], (node.data, *xs))
                assert is_same(got, want), (i, xs)


@pytest.mark.parametrize("name", CAREFUL)
def test_a_partial_that_looks_at_its_numbers_is_written_in_its_careful_form(name):
    rule, text = RULES[name], evaluated(PYTHON, RULES[name])
    random = np.random.default_rng(3).uniform(0.1, 4.0, size=(400, rule.arity)).tolist()
    far = [[30.0] * rule.arity, [19.0] * rule.arity]
    for xs in [*random, *far]:
        node = rule(*map(Value, xs))
        for i, d in enumerate(text["partials"]):
            want = FLOATS.partial(node, i)
            assert abs(d(node.data, *xs) - want) <= CAREFUL[name] * math.ulp(want), (i, xs)


@pytest.mark.parametrize("rule", SCALAR, ids=lambda rule: rule.name)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_in_numpy_it_is_the_value_of_arrays_too(rule, dtype):
    xs = np.random.default_rng(4).uniform(-3.0, 3.0, size=(rule.arity, 2, 50)).astype(dtype)
    with np.errstate(all="ignore"):
        got, want = evaluated(NUMPY, rule)["value"](*xs), rule(*xs)
    assert got.dtype == want.dtype
    np.testing.assert_array_equal(got, want)


# --- brackets ------------------------------------------------------------------------------------

BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
COMPARED = {"<": operator.lt, ">=": operator.ge, "==": operator.eq}


def expressions():
    """Functions of (x, y): numbers in, a number out; texts in, their text out."""
    leaves = st.sampled_from([lambda x, y: x, lambda x, y: y]) | st.floats(-4, 4).map(
        lambda c: lambda x, y: c
    )

    def grown(inner):
        def of(make):
            return lambda parts: lambda x, y: make(*(part(x, y) for part in parts))

        two, four = st.tuples(inner, inner), st.tuples(inner, inner, inner, inner)
        chosen = st.tuples(st.sampled_from([*COMPARED.values()]), st.booleans())
        return st.one_of(
            *(two.map(of(np_of(f))) for f in BINARY.values()),
            st.tuples(inner).map(of(np.negative)),
            st.tuples(inner).map(of(np.absolute)),
            st.tuples(chosen, four).map(
                lambda t: of(lambda a, b, c, d: choose(*t[0], a, b, c, d))(t[1])
            ),
        )

    return st.recursive(leaves, grown, max_leaves=12)


def np_of(f):
    return lambda a, b: f(np.float64(a) if isinstance(a, float) else a, b)


def choose(compare, either, a, b, c, d):
    """Comparisons, `and`, `or` and `not`, inside a choice."""
    left, right = np.less(a, b), compare(a, c)
    held = np.logical_or(left, right) if either else np.logical_and(left, np.logical_not(right))
    return np.where(held, c, d)


@pytest.mark.parametrize("dialect", [PYTHON, NUMPY], ids=repr)
@given(expressions(), st.floats(-4, 4), st.floats(-4, 4))
def test_brackets_stand_where_they_must(dialect, f, x, y):
    """Read back by Python's own parser, the text computes what was written, rounding by rounding."""
    with np.errstate(all="ignore"):
        want = float(f(np.float64(x), np.float64(y)))
        text = dialect.literal(f(dialect.name("x"), dialect.name("y"))).source
        tree = compile(ast.parse(text, mode="eval"), "text", "eval")
        try:
            got = float(eval(tree, {**SESSION, "x": np.float64(x), "y": np.float64(y)}))  # noqa: S307
        except ZeroDivisionError:  # of two constants, where NumPy has inf
            return
    assert is_same(got, want), text


def test_brackets_stand_nowhere_else():
    x, y, z = map(NUMPY.name, "xyz")
    for text, want in [
        (x - y - z, "x - y - z"),
        (x - (y - z), "x - (y - z)"),
        (x + (y + z), "x + (y + z)"),
        (2.0 * (x + 1.0) / -y, "2.0 * (x + 1.0) / -y"),
        (-(x * y), "-(x * y)"),
        (-x * y, "-x * y"),
        (np.negative(-x), "-(-x)"),
        (np.exp(-(x + y)), "np.exp(-(x + y))"),
        (x / (y * z), "x / (y * z)"),
        ((x > 0) * y, "(x > 0.0) * y"),
    ]:
        assert repr(text) == want
    a, b = map(PYTHON.name, "ab")
    held = np.logical_not((a > 0) & (b > 0)) | (a == b)
    assert repr(held) == "not (a > 0.0 and b > 0.0) or a == b"


def test_what_a_template_gives_stands_in_brackets_inside_something_else():
    @elementwise(lambda xp, y, x: 1.0, source={"python": "{0} - 1.0"})
    def less_one(xp, x):
        """y = x - 1."""
        return x - 1.0

    x = PYTHON.name("x")
    assert repr(2.0 * less_one(-x)) == "2.0 * ((-x) - 1.0)"
    assert PYTHON.value(less_one, "x") == "x - 1.0"


# --- what is asked wrongly -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x y",
        "x)",
        "__import__('os')",
        "lambda",
        "math",
        "np",
        "abs",
        "print",
        "where",
        "é",
        "x\n",
    ],
)
def test_a_name_cannot_break_out(name):
    with pytest.raises(SourceError, match="no name for a variable in Python"):
        PYTHON.value("sin", name)


@elementwise(lambda xp, y, x: 1.0, latex="{0}")
def quoted(xp, x):
    """Its value is text."""
    return "__import__('os').abort()"


def test_text_that_a_rule_gives_is_no_number():
    with pytest.raises(SourceError, match="it gives str where a number is expected"):
        PYTHON.record(quoted)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (
            lambda: PYTHON.value("sine", "x"),
            "neither a record nor the name of one: did you mean 'sin",
        ),
        (lambda: PYTHON.value(math.sin, "x"), "neither a record nor the name of one"),
        (lambda: PYTHON.value("power", "x"), "power is written with 2 operands, not 1"),
        (
            lambda: PYTHON.value("matmul", "a", "b"),
            "matmul is no operation of single numbers: note",
        ),
    ],
)
def test_what_is_no_elementwise_operation_is_refused(ask, message):
    with pytest.raises(OperandError, match=message):
        ask()


def test_a_partial_that_the_record_lacks_is_none():
    assert PYTHON.partial("where", 0, "y", "c", "a", "b") is None
    assert PYTHON.record("where").endswith('"partials": [None, lambda y, x0, x1, x2: float(x0 != 0.0), '
                                           'lambda y, x0, x1, x2: float(x0 == 0.0)]}')  # fmt: skip
