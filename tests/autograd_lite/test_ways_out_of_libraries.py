"""Python's and SciPy's functions of numbers keep the promise of `promise.py`; so do pandas and matplotlib."""

import array
import builtins
import cmath
import datetime
import decimal
import fractions
import math
import operator
import random
import statistics
import struct
import time

import pytest

from autograd_lite import GraphCutWarning, Tensor, Value, grad, no_grad
from tests.autograd_lite.promise import FORMS, RIGHT, SAID, by_backward, by_jacobian, verdict

CALLS = {
    "f(x)": lambda f: f,
    "f(x[0])": lambda f: lambda x: f(x[0]),
    "f(*x)": lambda f: lambda x: f(*x),
    "f(x[0], 2.0)": lambda f: lambda x: f(x[0], 2.0),
    "f(2.0, x[0])": lambda f: lambda x: f(2.0, x[0]),
    "f(x[0], 2)": lambda f: lambda x: f(x[0], 2),
    "f(2, x[0])": lambda f: lambda x: f(2, x[0]),
    "f(x[0], *x)": lambda f: lambda x: f(x[0], *x),
    "f(0.4, *x)": lambda f: lambda x: f(0.4, *x),
    "f(0.4, 0.6, *x)": lambda f: lambda x: f(0.4, 0.6, *x),
    "f(*x, 0.4)": lambda f: lambda x: f(*x, 0.4),
    "f(x, x)": lambda f: lambda x: f(x, x),
    "f(x, [1.0, 2.0])": lambda f: lambda x: f(x, [1.0, 2.0]),
    "f([1.0, 2.0], x)": lambda f: lambda x: f([1.0, 2.0], x),
    "f([x, x])": lambda f: lambda x: f([x, x]),
    "f(x, 0)": lambda f: lambda x: f(x, 0),
    "f([0.5, 0.7], 0, x[0])": lambda f: lambda x: f([0.5, 0.7], 0, x[0]),
}


def seeded(name):
    """A function of the random module that draws the same each time."""

    def draw(*args):
        random.seed(0)
        return getattr(random, name)(*args)

    return draw


LEFT_OUT = {
    "builtins": "breakpoint copyright credits exit quit license help input open print exec eval compile "
    "id hash memoryview super vars dir __import__ _ delattr setattr object type isinstance "
    "issubclass zip iter reversed enumerate map filter aiter anext bytes bytearray dict".split(),
    "operator": ["is_", "is_not"],
    "random": ["seed", "setstate", "Random", "SystemRandom"],
    "statistics": [],
}
MODULES = {
    "builtins": builtins, "math": math, "cmath": cmath, "operator": operator, "statistics": statistics,
    "random": random,
}  # fmt: skip
FUNCTIONS = {
    f"{where}.{name}": seeded(name) if module is random else getattr(module, name)
    for where, module in MODULES.items()
    for name in sorted(dir(module))
    if not name.startswith("_")
    and name not in LEFT_OUT.get(where, ())
    and callable(f := getattr(module, name))
    and not (isinstance(f, type) and issubclass(f, BaseException))
    and getattr(f, "__module__", where)
    in (where, "_" + where, "random", None, "builtins", "_operator")
} | {
    "struct.pack": lambda x: list(struct.pack("2d", *x)),
    "array.array": lambda x: list(array.array("d", x)),
    "fractions.Fraction": lambda x: float(fractions.Fraction(x)),
    "decimal.Decimal": lambda x: float(decimal.Decimal(x)),
    "datetime.timedelta": lambda x: datetime.timedelta(seconds=x).total_seconds(),
    "datetime.fromtimestamp": lambda x: datetime.datetime.fromtimestamp(
        x, datetime.timezone.utc
    ).timestamp(),
    "time.gmtime": lambda x: list(time.gmtime(x)),
    "%": lambda x: float("%.17f" % x),  # noqa: UP031 - this is what is tried
    "complex": lambda x: complex(x).real,
    "float.__add__": lambda x: (1.5).__add__(float(x)),
}


@pytest.mark.parametrize("derivatives", [by_backward, by_jacobian])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_function_of_python_takes_numbers_out_of_the_graph_unsaid(name, derivatives):
    wrong = [
        (call, form, found)
        for call, write in CALLS.items()
        for form in FORMS
        if (found := verdict(write(FUNCTIONS[name]), form, derivatives)) not in (None, RIGHT, SAID)
    ]
    assert not wrong


def test_scipys_functions_are_recorded_or_refused():
    special = pytest.importorskip("scipy.special")
    wrong, right = [], set()
    for name in special.__all__:
        f = getattr(special, name)
        if not callable(f) or isinstance(f, type):
            continue
        for call, write in CALLS.items():
            for form in FORMS:
                found = verdict(write(f), form)
                if found == RIGHT:
                    right.add(name)
                elif found not in (None, SAID):
                    wrong.append((name, call, form, found))
    assert not wrong
    assert "erf" in right


# --- pandas ----------------------------------------------------------------------------------------

OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]


@pytest.fixture
def pd():
    return pytest.importorskip("pandas")


@pytest.mark.parametrize("operate", OPERATORS)
@pytest.mark.parametrize("form", FORMS)
def test_a_series_or_frame_beside_nodes_is_recorded_or_refused(pd, operate, form):
    for made in (
        pd.Series([1.5, 2.0]), pd.DataFrame({"a": [1.5, 2.0], "b": [0.5, 3.0]}), pd.Index([1.5, 2.0])
    ):  # fmt: skip
        for call in (
            lambda x, m=made: entries(operate(m, x)),
            lambda x, m=made: entries(operate(x, m)),
        ):
            for derivatives in (by_backward, by_jacobian):
                assert verdict(call, form, derivatives) in (None, RIGHT, SAID)


def test_a_frame_times_a_vector_is_recorded_or_refused(pd):
    frame = pd.DataFrame([[1.0, 2.0], [3.0, 4.0]])
    for form in FORMS:
        for call in (
            lambda x: entries(frame @ x),
            lambda x: entries(frame.dot(x)),
            lambda x: entries(x @ frame),
        ):
            for derivatives in (by_backward, by_jacobian):
                assert verdict(call, form, derivatives) in (None, RIGHT, SAID)


def test_the_sums_of_values_in_a_series_are_recorded(pd):
    a, b = Value(2.0), Value(3.0)
    (pd.Series([a, b]) * pd.Series([1.0, 4.0])).sum().backward()
    assert (a.grad, b.grad) == (1.0, 4.0)


def test_what_pandas_makes_of_nodes_is_said(pd):
    a, t = Value(2.0), Tensor([1.0, 2.0], requires_grad=True)
    assert pd.Series([a, a]).dtype == object
    with pytest.warns(GraphCutWarning):
        pd.Series([a, a]).astype(float)
    with pytest.raises(TypeError):
        pd.Series(t)
    with no_grad():
        assert pd.Series(t).tolist() == [1.0, 2.0]


def entries(result):
    """The numbers or nodes in what pandas computed."""
    return result.to_numpy() if hasattr(result, "to_numpy") else result


# --- matplotlib ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax, v: ax.plot([v]),
        lambda ax, v: ax.plot([0.0, 1.0], [v, v * 2]),
        lambda ax, v: ax.scatter([v], [1.0]),
        lambda ax, v: ax.bar([0.0], [v]),
        lambda ax, v: ax.axhline(v),
        lambda ax, v: ax.set_xlim(0.0, v),
        lambda ax, v: ax.imshow([[v, v], [v, v]]),
        lambda ax, v: ax.fill_between([0.0, 1.0], [v, v]),
    ],
)
@pytest.mark.parametrize(
    "variable", [Value, lambda x: Tensor(x, requires_grad=True)], ids=["Value", "Tensor"]
)
def test_a_plot_of_nodes_is_said_and_one_of_numbers_silent(draw, variable):
    ax = pytest.importorskip("matplotlib.figure").Figure().subplots()
    with pytest.raises((TypeError, ValueError, GraphCutWarning)):  # noqa: PT012 - either may say it
        draw(ax, variable(2.0))
        ax.figure.canvas.draw()
    draw(ax, variable(2.0).item())


def test_a_plot_under_no_grad_is_silent():
    ax = pytest.importorskip("matplotlib.figure").Figure().subplots()
    with no_grad():
        ax.plot([Value(2.0)])
        ax.plot(Tensor([1.0, 2.0], requires_grad=True))


def test_a_plot_inside_grad_is_refused():
    ax = pytest.importorskip("matplotlib.figure").Figure().subplots()

    def f(x):
        ax.plot([x])
        return x * x

    with pytest.raises((TypeError, ValueError)):
        grad(f)(2.0)
