"""From sympy: functions of its expressions have its numbers and derivatives, evaluated by mpmath."""

import inspect

import mpmath
import numpy as np
import pytest
import sympy

import viz
from autograd_lite import (
    EquationError,
    OperandError,
    ShapeError,
    Tape,
    Tensor,
    Value,
    elementwise,
    trace,
)
from tests.viz.sympy_formulas import ALL, POINTS, XYZ, S, expected, k, x, y
from viz.symbols import lambdify

by_expression = pytest.mark.parametrize("formula", ALL, ids=[str(e)[:60] for e in ALL])


def check(found, formula, at):
    value, slopes = found
    right, right_slopes = expected(formula, at)
    np.testing.assert_allclose(value, right, rtol=2e-14, atol=1e-15)
    np.testing.assert_allclose(slopes, right_slopes, rtol=2e-13, atol=1e-14)


@by_expression
@pytest.mark.parametrize("at", POINTS, ids=str)
def test_values_have_sympys_number_and_derivatives(formula, at):
    nodes = [Value(number) for number in at]
    result = lambdify(XYZ, formula)(*nodes)
    for node in nodes:
        node.zero_grad()
    if isinstance(result, Value) and not result.is_leaf:
        result.backward()
    elif isinstance(result, Value):
        result.grad = 1.0
    slopes = [0.0 if node.grad is None else node.grad for node in nodes]
    check((result.data if isinstance(result, Value) else result, slopes), formula, at)


@by_expression
def test_numbers_arrays_and_tensors_have_the_same(formula):
    """All points at once: the derivative of the sum has one entry for each."""
    columns = np.array(POINTS).T
    f = lambdify(XYZ, formula)
    right = [expected(formula, at) for at in POINTS]
    with np.errstate(all="ignore"):
        for i, at in enumerate(POINTS):
            np.testing.assert_allclose(f(*at), right[i][0], rtol=2e-14, atol=1e-15)
        np.testing.assert_allclose(
            np.broadcast_to(f(*columns), 3), [r[0] for r in right], rtol=2e-14, atol=1e-15
        )
        tensors = [Tensor(column, requires_grad=True) for column in columns]
        result = f(*tensors)
        if isinstance(result, Tensor):
            result.sum().backward()
            found = np.stack(
                [np.zeros(3) if t.grad is None else np.broadcast_to(t.grad, 3) for t in tensors]
            )
            np.testing.assert_allclose(found.T, [r[1] for r in right], rtol=2e-13, atol=1e-14)


@by_expression
def test_a_program_of_it_holds_at_other_points(formula):
    """Conditions are recorded: the program goes the other branch where the other numbers do."""
    f = lambdify(XYZ, formula)
    with np.errstate(all="ignore"):
        program = trace(lambda xs: f(*xs) + 0.0 * xs[0], np.array(POINTS[0]))
        for at in POINTS:
            right, slopes = expected(formula, at)
            if np.isfinite([right, *slopes]).all():
                value, gradient = program.value_and_grad(np.array(at))
                np.testing.assert_allclose(value, right, rtol=2e-13, atol=1e-14)
                np.testing.assert_allclose(gradient, slopes, rtol=2e-12, atol=1e-13)


# --- in: every function of sympy's -----------------------------------------------------------------


def functions_of_sympy():
    """Every class of functions that sympy exports."""
    classes = {f for f in vars(sympy).values() if inspect.isclass(f) and issubclass(f, S.Expr)}
    found = {f.__name__: f for f in classes if f.__module__.startswith("sympy.functions")}
    assert len(found) > 100
    return dict(sorted(found.items()))


def arguments_for(function):
    """Some symbols, as many as it takes; None for what is no function of numbers."""
    for count in (1, 2, 3, 4, 5):
        try:
            made = function(*[S.Symbol(f"a{i}", real=True) for i in range(count)])
        except (TypeError, ValueError, AttributeError, NotImplementedError):
            continue
        if isinstance(made, function) and isinstance(made, S.Expr):
            return made
    return None


def is_taken(args, formula):
    try:
        lambdify(args, formula)
    except EquationError:
        return False
    return True


def test_most_elementary_functions_of_sympys_are_taken():
    taken = [
        n
        for n, f in functions_of_sympy().items()
        if (made := arguments_for(f)) is not None
        and is_taken(sorted(made.free_symbols, key=str), made)
    ]
    assert len(taken) >= 38, taken


@pytest.mark.parametrize("name", functions_of_sympy())
def test_every_function_of_sympys_is_right_or_refused_by_its_name(name):
    formula = arguments_for(functions_of_sympy()[name])
    if formula is None:
        return  # abstract, or made of something else than real numbers
    args = sorted(formula.free_symbols, key=str)
    if not is_taken(args, formula):
        with pytest.raises(EquationError, match=rf"has no operation here: {name} .*rewrite"):
            lambdify(args, formula)
        return
    f = lambdify(args, formula)
    for at in ([0.3, 0.8, 1.7], [0.6, 0.25, 0.5], [2.4, 1.5, -0.5]):
        with mpmath.workdps(30):
            right = mpmath.mpmathify(
                S.lambdify(args, formula.rewrite(S.floor), "mpmath")(
                    *map(mpmath.mpf, at[: len(args)])
                )
            )
        with np.errstate(all="ignore"):
            found = f(*at[: len(args)])
        if abs(mpmath.im(right)) > 1e-20:
            assert np.isnan(found)
        else:
            assert found == pytest.approx(float(mpmath.re(right)), rel=1e-14), formula


# --- in: what is no expression of these ------------------------------------------------------------

n_ = S.Symbol("n", integer=True)
A, B = S.MatrixSymbol("A", 2, 2), S.MatrixSymbol("B", 2, 2)
f_ = S.Function("f")
REFUSED = {
    "a special function": (x, S.besselj(0, x), r"besselj\(0, x\) has no operation here.*rewrite"),
    "an impulse": (x, S.DiracDelta(x), "DiracDelta"),
    "a derivative": (x, S.Derivative(S.sin(x), x), r"write \.doit\(\)"),
    "an integral": (x, S.Integral(S.sin(x * y), (y, 0, 1)), r"write \.doit\(\)"),
    "an undefined function": (x, f_(x), r"functions=\{'f': …\}"),
    "one of a number": (x, f_(1) + x, r"functions=\{'f': …\}"),
    "a function that is called as ours": (x, S.Function("sin")(x), r"functions=\{'sin': …\}"),
    "a symbol that is not given": (x, x * y, r"y is not among the arguments: write lambdify\(\[…, y\]"),
    "one of other assumptions": (x, S.Symbol("x") + 1, r"another symbol than the argument x.*real=True"),
    "a matrix that is not given": (x, A * B, "A is not among the arguments"),
    "a complex number": (x, S.I * x, "I is no real number"),
    "a complex constant": (x, S.sqrt(-2) + x, "no real number"),
    "complex infinity": (x, S.zoo, "no real number"),
    "a giant": (x, x + S.Integer(10) ** 400, "no real number that a float can hold"),
    "bounds that are symbols": ([x, n_], S.Sum(x**k, (k, 0, n_)), "bounds 0 and n"),
    "endless bounds": (x, S.Sum(x**k, (k, 0, S.oo)), "bounds 0 and oo"),
    "too many terms": (x, S.Sum(x**k, (k, 0, 10**9)), "at most 10000 terms"),
    "bounds the wrong way": (x, S.Sum(x**k, (k, 5, 0)), "ascending"),
    "an index that is a symbol": ([A, n_], A[n_, 0], "no whole number"),
    "a power of a matrix": ([A, x], S.MatPow(A, x), "no whole number"),
    "a matrix of unknown size": (x, S.Identity(n_), "not of whole numbers"),
}  # fmt: skip


@pytest.mark.parametrize(("symbols", "formula", "said"), REFUSED.values(), ids=REFUSED)
def test_what_has_no_operation_is_refused_before_any_call(symbols, formula, said):
    with pytest.raises(EquationError, match=said):
        lambdify(symbols, formula)


NO_EXPRESSIONS = {
    "text": ("__import__('os').getcwd()", "equations"),
    "None": (None, "no expression"),
    "a function": (np.sin, "no expression"),
    "a node": (Value(1.0), "no expression"),
    "text in a list": ([x, "x"], "'x' is no expression"),
    "a dict": ({"a": x}, "no expression"),
}


@pytest.mark.parametrize(("formula", "said"), NO_EXPRESSIONS.values(), ids=NO_EXPRESSIONS)
def test_what_is_none_of_sympys_is_refused_and_text_is_never_evaluated(formula, said):
    with pytest.raises(OperandError, match=said):
        lambdify(x, formula)


@pytest.mark.parametrize("bad", ["x", "x y", 1, None, x + y, [x, "y"], S.pi])
def test_an_argument_is_a_symbol(bad):
    with pytest.raises(OperandError, match="an argument is a symbol"):
        lambdify(bad, x)


def test_arguments_are_told_apart_and_counted():
    with pytest.raises(OperandError, match="stands twice"):
        lambdify([x, y, x], x)
    with pytest.raises(OperandError, match="does not commute"):
        lambdify(S.Symbol("q", commutative=False), x)
    for wrong in ((1.0,), (1.0, 2.0, 3.0)):
        with pytest.raises(OperandError, match=f"x, y takes 2 arguments, not {len(wrong)}"):
            lambdify([x, y], x * y)(*wrong)
    with pytest.raises(ShapeError, match=r"A has shape \(2, 2\)"):
        lambdify(A, A.T)(np.ones(4))


# --- in: the graph that is made --------------------------------------------------------------------


def test_a_part_that_stands_twice_is_one_node():
    inner = S.sin(x * y)
    v, w = Value(0.4, "x"), Value(0.7, "y")
    result = lambdify([x, y], inner**2 + S.exp(inner))(v, w)
    names = [node.rule.name for node in Tape(result).nodes if node.operands]
    assert sorted(names) == ["add", "exp", "multiply", "power", "sin"]


def test_the_graph_reads_as_the_formula_does():
    """Subtraction and division are such, and nothing is multiplied by -1."""
    v, w = Value(0.4, "x"), Value(0.7, "y")
    result = lambdify([x, y], x / S.sqrt(1 + y**2) - 2 * y)(v, w).named("h")
    assert viz.derive(result, wrt=v)
    rules = {node.rule.name for node in Tape(result).nodes if node.operands}
    assert rules == {"subtract", "divide", "sqrt", "add", "power", "multiply"}


def test_a_result_never_is_a_branch_that_somebody_may_rename():
    v = Value(2.0, "x")
    lambdify(x, S.Piecewise((x, x > 0), (0, True)))(v).named("y")
    assert v.name == "x"


def test_where_no_condition_holds_there_is_no_number():
    f = lambdify(x, S.Piecewise((x, x > 1), (-x, x < -1)))
    assert [f(2.0), f(-3.0)] == [2.0, 3.0]
    assert np.isnan(f(0.5))
    np.testing.assert_array_equal(f(np.array([2.0, 0.5])), [2.0, np.nan])


def test_several_expressions_come_back_in_their_form():
    assert lambdify(x, [x, x**2])(3.0) == [3.0, 9.0]
    assert lambdify([x, y], (x + y, x > y))(3.0, 1.0) == (4.0, True)
    assert lambdify((x, y), S.Tuple(x, y))(3.0, 1.0) == (3.0, 1.0)
    assert lambdify(x, 2.5)(0.0) == 2.5


def test_undefined_functions_mean_what_is_said():
    @elementwise(lambda xp, y, a: 2.0 * a)
    def twice_squared(xp, a):
        """y = a²."""
        return a * a

    f = lambdify(
        [x, y],
        f_(x) * S.Function("g")(x, y),
        functions={"f": twice_squared, "g": lambda a, b: a - b},
    )
    v = Value(3.0)
    f(v, 1.0).backward()
    assert v.grad == 2 * 3 * (3 - 1) + 9


def test_sympys_own_lambdify_for_numpy_records_too_where_numpy_has_the_function():
    """np.exp and the like dispatch to this project; what does not is refused by it, as the Piecewise here."""
    theirs = S.lambdify([x, y], S.exp(x) * S.sin(y) / (1 + x**2), "numpy")
    v, w = Value(0.3), Tensor(0.3, requires_grad=True)
    for node in (v, w):
        theirs(node, 0.5).backward()
        right = (S.exp(x) * S.sin(0.5) / (1 + x**2)).diff(x).subs(x, 0.3)
        assert float(node.grad) == pytest.approx(float(right), rel=1e-14)
    with pytest.raises(OperandError):
        S.lambdify(x, S.Piecewise((x, x > 0), (0, True)), "numpy")(w)
