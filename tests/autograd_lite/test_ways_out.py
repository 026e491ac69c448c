"""No way out of the graph without a word: what is silent, what warns and where, what is refused."""

import math
import re
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import (
    GraphCutWarning,
    Tensor,
    Value,
    grad,
    gradcheck,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    value_and_grad,
    vjp,
)
from autograd_lite.errors import OperandError

KINDS = {"Value": Value, "Tensor": lambda x: Tensor(x, requires_grad=True)}
by_kind = pytest.mark.parametrize("variable", KINDS.values(), ids=KINDS)

# the conversions that Python and NumPy ask for on their own
CUTS = {
    "float": float,
    "int": int,
    "complex": lambda x: complex(x).real,
    "math.sin": math.sin,
    "math.hypot": lambda x: math.hypot(x, 1.0),
    "%": lambda x: float("%.3f" % x),  # noqa: UP031 - this is what is tried
    "np.float64": np.float64,
    "out[0] = x": lambda x: written(x)[0],
    "out.fill": lambda x: np.zeros(2).fill(x) or 0.0,
}
by_cut = pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)


def written(x, index=0):
    out = np.zeros(2)
    out[index] = x
    return out


# each transform with a function that takes a number out of the graph
TRANSFORMS = {
    "grad": lambda f, x: grad(f)(x),
    "value_and_grad": lambda f, x: value_and_grad(f)(x),
    "jacobian": lambda f, x: jacobian(f)(x),
    "hessian": lambda f, x: hessian(f)(x),
    "jvp": lambda f, x: jvp(f, (x,), (1.0,)),
    "vjp": vjp,
    "hvp": lambda f, x: hvp(f, (x,), (1.0,)),
    "gradcheck": gradcheck,
    "gradcheck, order 2": lambda f, x: gradcheck(f, x, order=2),
    "grad of grad": lambda f, x: grad(grad(f))(x),
    "grad in jacobian": lambda f, x: jacobian(lambda a: a * grad(lambda b: f(a) * b)(1.0))(x),
}
by_transform = pytest.mark.parametrize("derive", TRANSFORMS.values(), ids=TRANSFORMS)


# --- silent ----------------------------------------------------------------------------------------


@by_kind
def test_explicit_ways_out_are_silent(variable):
    x = variable(2.5)
    assert (x.value, x.item(), x.data, x.detach().item()) == (2.5, 2.5, 2.5, 2.5)
    assert (f"{x:.1f}", f"{x:.3e}", f"{x:>5.1f}", f"{x:.1f}") == (
        "2.5",
        "2.500e+00",
        "  2.5",
        "2.5",
    )
    assert "2.5" in f"{x} {x!r} {x!s} %s" % x
    assert (x > 1, x < 3, x == 2.5, x != 2.5, bool(x)) == (True, True, True, False, True)
    assert max([x, variable(1.0)]) is x
    if isinstance(x, Tensor):
        assert x.numpy() == 2.5


@by_transform
def test_explicit_ways_out_are_silent_inside_derivatives(derive):
    def f(x):
        assert f"{x:.1f}" == f"{x.item():.1f}"
        assert x.detach().item() == x.data == x.value
        return x * x if x > 0 and x else -x

    derive(f, 2.0)


@by_kind
@by_cut
def test_constants_and_no_grad_are_silent(variable, cut):
    x = variable(2.5)
    with no_grad():
        number = cut(x)
        assert cut(x * 1.0) == number
    assert cut(x.detach()) == number
    assert cut(Tensor(2.5) * 1.0) == number
    with no_grad():
        y = x * 1.0
    assert cut(y) == number


@by_kind
def test_no_grad_is_silent_inside_grad_too(variable):
    def f(x):
        with no_grad():
            float(x)
        return x * x

    assert grad(f)(variable(3.0)).item() == 6.0


# --- warned ----------------------------------------------------------------------------------------


@by_kind
@by_cut
def test_a_number_that_leaves_is_warned_of_once_for_each_line(variable, cut):
    x = variable(2.5).named("x")
    with warnings.catch_warnings(record=True) as caught:
        warnings.resetwarnings()
        globals().pop("__warningregistry__", None)
        for k in range(3):
            cut((x * (k + 1.0)).named(f"h_{k}"))
    cuts = [w for w in caught if w.category is GraphCutWarning]
    assert len(cuts) == 1
    assert cuts[0].filename == __file__
    assert "x.item()" in str(cuts[0].message)


def test_each_line_is_warned_of():
    x = Value(2.5)
    with pytest.warns(GraphCutWarning) as caught:  # noqa: PT031 - two lines are what is tested
        float(x)
        float(x)
    assert [w.lineno for w in caught] == [LINE + 3, LINE + 4]


LINE = test_each_line_is_warned_of.__code__.co_firstlineno


@by_kind
@pytest.mark.parametrize(
    ("cut", "instead"),
    [
        (float, r"x\.item\(\) where only the number is meant"),
        (lambda x: 2.0 * math.sin(x), r"write sin\(x\) of autograd_lite for math\.sin\(x\)"),
        (lambda x: math.atan(x) * 2.0, r"write arctan\(x\) of autograd_lite for math\.atan\(x\)"),
        (lambda x: -math.lgamma(x), r"a function of autograd_lite for math\.lgamma\(x\)"),
        (lambda x: "%.3f" % x, r'f"{x:\.3f}" for "%\.3f" % x'),  # noqa: UP031
        (written, r"at\[i\]\.set\(x\) for a Tensor, stack"),
    ],
)
def test_the_warning_names_the_line_that_is_meant(variable, cut, instead):
    with pytest.warns(GraphCutWarning, match=instead):
        cut(variable(2.5))


def test_a_function_of_math_is_recognised_whatever_it_is_called():
    from math import exp as e

    with pytest.warns(GraphCutWarning, match=r"exp\(x\) of autograd_lite for math\.exp\(x\)"):
        e(Value(1.0))
    with pytest.raises(OperandError, match=r"exp\(x\) of autograd_lite for math\.exp\(x\)"):
        grad(math.exp)(2.0)


def test_the_line_is_the_users_also_when_a_library_asked():
    import statistics

    with pytest.warns(GraphCutWarning) as caught:
        statistics.fmean([Value(1.0), Value(2.0)])
    with pytest.warns(GraphCutWarning) as more:
        np.interp([Value(0.5)], [0.0, 1.0], [0.0, 1.0])
    assert {w.filename for w in [*caught, *more]} == {__file__}


def test_a_number_of_a_node_that_is_not_differentiated_by_is_warned_of_inside_grad():
    w = Value(3.0)
    with pytest.warns(GraphCutWarning):
        assert grad(lambda x: x * float(w))(2.0) == 3.0
    with pytest.warns(GraphCutWarning):
        assert grad(lambda x: x * float(w * 2.0 + 1.0))(2.0) == 7.0


def test_the_loss_of_a_training_loop_is_logged_by_item():
    w = Tensor([1.0, 2.0], requires_grad=True)
    loss = (w * w).sum()
    with pytest.warns(GraphCutWarning, match="logging"):
        assert float(loss) == 5.0
    assert loss.item() == 5.0


def test_half_a_derivative_is_said():
    """y = x·math.sin(x): the graph knows dy/dx = sin x alone, the derivative is sin x + x·cos x."""
    x = Value(1.0)
    with pytest.warns(GraphCutWarning, match=r"write sin\(x\)"):
        y = x * math.sin(x)
    y.backward()
    assert x.grad == pytest.approx(math.sin(1.0))
    z = x * ag.sin(x)
    x.zero_grad()
    z.backward()
    assert x.grad == pytest.approx(1.3817732906760363)


def test_the_page_in_the_docs_is_true():
    page = (Path(__file__).parents[2] / "docs" / "ways_out.md").read_text(encoding="utf-8")
    for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(block, {})  # noqa: S102 - our own page


# --- refused ---------------------------------------------------------------------------------------


@by_cut
@by_transform
def test_inside_a_derivative_what_depends_on_its_argument_is_refused(derive, cut):
    with pytest.raises((OperandError, ValueError)) as raised:
        derive(lambda x: x * cut(x * x + 1.0), 2.0)
    said = raised.value if isinstance(raised.value, OperandError) else raised.value.__cause__
    assert isinstance(said, OperandError)
    assert "write" in str(said)


@by_kind
@by_cut
def test_a_node_as_argument_is_no_exception(variable, cut):
    with pytest.raises((OperandError, ValueError)):
        grad(lambda x: x * cut(x))(variable(2.0))
    with pytest.raises((OperandError, ValueError)):
        grad(lambda x: x["a"] * cut(x["b"][0]))({"a": variable(2.0), "b": [variable(3.0)]})


def test_what_an_inner_derivative_returns_depends_on_the_outer_argument():
    with pytest.raises(OperandError):
        grad(lambda x: x * float(grad(lambda y: x * y * y)(3.0)))(2.0)


def test_after_a_derivative_numbers_are_only_warned_of():
    kept = []
    with pytest.raises(OperandError):
        grad(lambda x: kept.append(x * x) or float(x))(2.0)
    with pytest.warns(GraphCutWarning):
        float(kept[0])
    _, pull = vjp(lambda x: x * x, 3.0)
    with pytest.warns(GraphCutWarning):
        float(Value(1.0))
    assert pull(1.0) == (6.0,)


def test_a_derivative_that_another_thread_takes_is_its_own():
    x, said, inside, done = Value(2.0), [], threading.Event(), threading.Event()

    def other():
        def f(a):
            inside.set()
            done.wait(10)
            return a * a

        grad(f)(1.0)

    thread = threading.Thread(target=other)
    thread.start()
    inside.wait(10)
    with pytest.warns(GraphCutWarning):
        said.append(float(x))
    done.set()
    thread.join(10)
    assert said == [2.0]


def test_dependence_is_found_in_long_chains_and_wide_graphs():
    def f(x):
        y = x
        for _ in range(20_000):
            y = y * 1.0001 + y * 0.0
        return y * float(y)

    with pytest.raises(OperandError):
        grad(f)(1.0)


def test_rounding_refuses_a_value_and_records_a_tensor():
    """A rounded Tensor is np.round's, with derivative 0; Python's round of a Value is a number."""
    assert grad(lambda x: x * round(x, 1))(np.array(2.34)) == 2.3
    with pytest.raises(OperandError, match="x.item"):
        grad(lambda x: x * round(x, 1))(Value(2.34))


def test_many_entries_are_not_one_number():
    for convert in (float, int, complex, math.sin):
        with pytest.raises(TypeError, match="not one number|only 0-dim"):
            convert(Tensor([1.0, 2.0], requires_grad=True))


def test_code_that_is_executed_with_names_of_its_own_is_warned_too():
    """It has no module, for which Python's warnings fall silent."""
    with pytest.warns(GraphCutWarning, match=r"x\.item\(\)"):
        eval(compile("float(x)", "<own>", "eval"), {"x": Value(2.0)})  # noqa: S307 - what is tested
