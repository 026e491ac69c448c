"""Every record, noted as NumPy calls: executed as lines of Python, they give the record's own numbers.

The lines are noted at some numbers and executed at them and at others: nothing of the first is in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd_lite import Tensor, elementwise, matmul, mean, softmax
from autograd_lite.errors import NamespaceError, OperandError, SourceError
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import arrays
from autograd_lite.rules.rule import operation
from autograd_lite.source import CALLS, Recorded, Recording, lines
from tests.autograd_lite.rules.cases import Case
from tests.autograd_lite.rules.examples import CASES, as_dtype

REFUSED = {
    "det": "its cofactors are those of the inverse or those of minors, by the condition number",
    "eigvalsh": "it refuses copies of a repeated value that are asked for apart",
    "eigenvectors": "it refuses them at a repeated value",
    "svdvals": "as eigvalsh",
    "singular_vectors": "as eigenvectors",
}
"""Operations whose derivatives look at numbers to choose or to refuse; their values are noted."""
CAREFUL = {"tanh", "sigmoid", "power", "softmax", "log_softmax"}
"""Derivatives that take a short form where it is exact; noted is the one that holds at all numbers."""


@dataclass(frozen=True)
class Asked:
    """One function of a record: its value, or a derivative by one operand, with what it takes first."""

    case: Case
    kind: str = "value"
    i: int = 0

    def __str__(self) -> str:
        return f"{self.case}-{self.kind}-{self.i}"

    def function(self, xp: Any) -> Callable[..., Any]:
        rule, static = RULES[self.case.rule], self.case.static
        if self.kind == "value":
            return lambda *xs: (
                rule(*xs, **static) if xp is CALLS else rule.value(arrays, *xs, **static)
            )
        if self.kind == "partials":
            return lambda g, y, *xs: rule.partials[self.i](xp, y, *xs)
        return lambda g, y, *xs: getattr(rule, self.kind[:-1])(self.i)(xp, g, y, *xs, **static)

    def arguments(self, factor: float) -> tuple[Any, ...]:
        """The case's operands times a factor, for a derivative behind an adjoint or tangent and the value."""
        xs = [scaled(x, factor) for x in self.case.operands]
        if self.kind == "value":
            return tuple(xs)
        with np.errstate(all="ignore"):
            y = np.asarray(RULES[self.case.rule](*xs, **self.case.static))
        shape = np.shape(xs[self.i] if self.kind == "jvps" else y)
        g = np.random.default_rng(5).normal(size=shape).astype(y.dtype)
        return g, y, *(x if isinstance(x, (int, float)) else np.asarray(x) for x in xs)


def scaled(x: Any, factor: float) -> Any:
    is_float = isinstance(x, np.ndarray) and x.dtype.kind == "f"
    return (factor * x).astype(x.dtype) if is_float else x


def asked(cases: list[Case]) -> Iterator[Asked]:
    for case in cases:
        rule = RULES[case.rule]
        yield Asked(case)
        for kind in ("partials", "vjps", "jvps"):
            given = getattr(rule, kind) or ()
            for i, moves in enumerate(case.differentiable):
                if moves and given and (rule.variadic or given[i] is not None):
                    yield Asked(case, kind, i)


def is_refused(one: Asked) -> bool:
    return one.case.rule in REFUSED and one.kind != "value"


ASKED = [*asked([*CASES, *(as_dtype(case, "float32") for case in CASES)])]
NOTED = [one for one in ASKED if not is_refused(one)]
BY_NAME = {
    name: [one for one in NOTED if one.case.rule == name] for name in {case.rule for case in CASES}
}


def noted(one: Asked) -> Any:
    """The result of the function, on a recorded array for each array."""
    recording, xs = Recording(), one.arguments(1.0)
    return one.function(CALLS)(
        *(
            recording.input(f"x_{k}", x) if np.ndim(x) or hasattr(x, "dtype") else x
            for k, x in enumerate(xs)
        )
    )


def executed(result: Recorded, xs: tuple[Any, ...]) -> Any:
    source, names = lines(result)
    session = {"np": np, **names, **{f"x_{k}": x for k, x in enumerate(xs)}}
    with np.errstate(all="ignore"):
        exec(source, session)  # noqa: S102 - the lines under test
    return session[result.name]


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_the_lines_give_the_records_own_numbers(name: str) -> None:
    """Bit for bit, in the same dtype and shape: value, partials, vjps and jvps."""
    for one in BY_NAME[name]:
        result = noted(one)
        for factor in (1.0, 0.875):
            xs = one.arguments(factor)
            with np.errstate(all="ignore"):
                want = np.asarray(one.function(arrays)(*xs))
            got = np.asarray(executed(result, xs) if isinstance(result, Recorded) else result)
            assert (got.shape, got.dtype) == (want.shape, want.dtype), one
            is_exact = name not in CAREFUL or one.kind == "value"
            eps = 0.0 if is_exact else 8 * np.finfo(want.dtype).eps
            np.testing.assert_allclose(got, want, rtol=eps, atol=eps, err_msg=str(one))


HARD = np.array("-inf -1e300 -2.5 -1 -0.0 0 1e-300 0.5 0.5 1 1 3 700 1e300 inf nan".split(), float)
NARROWER = {"mean", "var", "std", "norm"}
"""Operations whose plain formula is noted: where a sum or square overflows, the record takes another way."""
OF_MATRICES = {*REFUSED, "cholesky", "inv", "solve", "pinv", "logabsdet"}


def at_hard_numbers(one: Asked, rng: np.random.Generator) -> Asked:
    """Poles, kinks, ties, overflows and nan in place of each array of floats."""
    operands = [
        rng.choice(HARD, size=x.shape).astype(x.dtype) if scaled(x, 1.0) is not x else x
        for x in one.case.operands
    ]
    return replace(one, case=replace(one.case, operands=tuple(operands)))


@pytest.mark.parametrize("name", sorted({*BY_NAME} - CAREFUL - NARROWER - OF_MATRICES))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_lines_noted_at_ordinary_numbers_hold_at_hard_ones(name: str) -> None:
    rng = np.random.default_rng(6)
    for one in BY_NAME[name]:
        result, hard = noted(one), at_hard_numbers(one, rng)
        if isinstance(result, Recorded):
            xs = hard.arguments(1.0)
            with np.errstate(all="ignore"):
                want = hard.function(arrays)(*xs)
            np.testing.assert_array_equal(executed(result, xs), want, err_msg=str(one))


def test_a_result_that_is_not_noted_moves_with_no_input() -> None:
    """A partial of 1 is the number 1, a zero that has no derivative is 0; all others are of the inputs."""
    for one in NOTED:
        if not isinstance(noted(one), Recorded):
            same = [one.function(arrays)(*one.arguments(factor)) for factor in (1.0, 0.5)]
            np.testing.assert_array_equal(*same)


@pytest.mark.parametrize("name", REFUSED)
def test_what_looks_at_numbers_is_refused_in_words(name: str) -> None:
    for one in (one for one in ASKED if one.case.rule == name and is_refused(one)):
        with pytest.raises(SourceError, match=r"looks at the numbers of an array.*xp\.where"):
            noted(one)


def test_the_page_names_what_numpy_has_no_function_for_and_what_is_refused() -> None:
    page = (Path(__file__).parents[3] / "docs" / "source.md").read_text(encoding="utf-8")
    listed = re.search(r"is one call of its own name: (.*?);", page, re.DOTALL)
    results = [result for one in NOTED if isinstance(result := noted(one), Recorded)]
    called = {name for result in results for name in lines(result).names}
    assert set(re.findall(r"`(\w+)`", listed[1])) == {c for c in called if not re.match(r"c\d", c)}
    careful = re.search(r"to the last\s+bit, but for (.*?),\s+whose", page, re.DOTALL)
    assert set(re.findall(r"`(\w+)`", careful[1])) == CAREFUL


# --- what the lines look like --------------------------------------------------------------------


def source_of(f: Callable[..., Any], *examples: Any) -> str:
    recording = Recording()
    xs = [recording.input(name, x) for name, x in zip("abx", examples, strict=False)]
    return lines(f(*xs)).source


A = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    ("f", "source"),
    [
        (lambda a: 2.0 * a - 1, "t1 = 2.0 * a\nt2 = t1 - 1"),
        (lambda a: a**2 / -3, "t1 = a ** 2\nt2 = t1 / -3"),
        (lambda a: a ** -0.5, "t1 = a ** (-0.5)"),
        (lambda a: a.T @ a, "t1 = np.transpose(a)\nt2 = t1 @ a"),
        (lambda a: a[0, ..., 1:], "t1 = a[0, Ellipsis, 1:]"),
        (lambda a: a[::-1], "t1 = a[::-1]"),
        (lambda a: a[:, None, 1:2], "t1 = a[:, None, 1:2]"),
        (lambda a: a[()], "t1 = a[()]"),
        (lambda a: a[(1,)], "t1 = a[1,]"),
        (lambda a: a[a > 0], "t1 = a > 0\nt2 = a[t1]"),
        (lambda a: a.astype(np.float32), "t1 = a.astype(np.dtype('<f4'))"),
        (lambda a: a.reshape(3, -1).sum(axis=0), "t1 = np.reshape(a, (3, -1))\nt2 = np.sum(t1, axis=0)"),
        (lambda a: np.where(np.isnan(a), np.inf, a), "t1 = np.isnan(a)\nt2 = np.where(t1, np.inf, a)"),
        (lambda a: np.linalg.svd(a)[1], "t1 = np.linalg.svd(a)\nt3 = t1[1]"),
        (lambda a: np.maximum.reduce(a, axis=1), "t1 = np.max(a, axis=1)"),
        (np.add.reduce, "t1 = np.add.reduce(a)"),
    ],
)  # fmt: skip
def test_lines_read_as_they_would_be_written(f: Callable[..., Any], source: str) -> None:
    assert source_of(f, A) == source


def test_only_what_leads_to_the_result_is_written() -> None:
    x = Recording().input("x", A)
    unused = np.exp(x)
    assert lines(x + 1.0).source == "t2 = x + 1.0"
    assert len(x.recording.calls) == 2
    assert lines(unused).source == "t1 = np.exp(x)"


def test_an_operation_that_numpy_lacks_is_one_call_of_its_name() -> None:
    x = Recording().input("x", A)
    source, names = lines(RULES["scatter"](x, index=np.array([1, 1]), shape=(4, 3)))
    assert source == "t1 = scatter(x, c2, (4, 3))"
    assert names["scatter"] is RULES["scatter"]
    np.testing.assert_array_equal(names["c2"], [1, 1])


def test_the_same_constant_has_one_name() -> None:
    x, ones = Recording().input("x", A), np.ones(3)
    assert lines(x @ ones + ones[0] + x @ ones).source.count("c1") == 2


def test_a_constant_is_what_it_was_when_it_was_noted() -> None:
    """Its owner writes into it, as into a mask that is used again."""
    x, mask = Recording().input("x", A), np.zeros_like(A)
    y = x
    for k in range(2):
        mask[:] = 0.0
        mask[k] = 1.0 + k
        y = y + mask
    text = lines(y)
    session = {"np": np, "x": A, **text.names}
    exec(text.source, session)  # noqa: S102 - the lines are ours
    expected = np.array(A)
    expected[0] += 1.0
    expected[1] += 2.0
    np.testing.assert_array_equal(session[y.name], expected)


@operation([lambda xp, g, y, x, *, axis: g], source={"numpy": "np.sort({0}, axis={axis})"})
def in_order(xp: Any, x: Any, *, axis: int = -1) -> Any:
    """A record of one's own that says how it is written."""
    return np.asarray(sorted(np.asarray(x).tolist()))


def test_a_record_of_ones_own_says_how_it_is_written() -> None:
    x = Recording().input("x", np.array([2.0, 1.0]))
    y = in_order(x, axis=0)
    assert lines(y).source == "t1 = np.sort(x, axis=0)"
    np.testing.assert_array_equal(executed_at(y, x=np.array([3.0, 1.0])), [1.0, 3.0])


def executed_at(y: Recorded, **inputs: Any) -> Any:
    source, names = lines(y)
    session = {"np": np, **names, **inputs}
    exec(source, session)  # noqa: S102 - the lines under test
    return session[y.name]


def test_operations_after_one_another_are_one_recording() -> None:
    """A layer and its shares: public functions note like records."""
    recording = Recording()
    x, W = recording.input("x", A), recording.input("W", np.ones((3, 2)))
    y = softmax(matmul(x, W))
    np.testing.assert_array_equal(executed_at(y, x=2 * A, W=A.T), softmax((2 * A) @ A.T))


# --- what cannot be noted ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "look",
    [
        *(bool, float, int, np.asarray, np.array, lambda x: x.item(), lambda x: x.tolist()),
        lambda x: [1][x],
        lambda x: 1 if x > 0 else 2,
    ],
)
def test_the_numbers_cannot_be_looked_at(look: Callable[..., Any]) -> None:
    with pytest.raises(SourceError, match="still to come"):
        look(Recording().input("x", np.array(1.0)))


def test_nothing_is_written_into_an_array() -> None:
    x = Recording().input("x", A)
    for write in (
        lambda: x.__setitem__(0, 1.0),
        lambda: np.add(A, x, out=np.empty_like(A)),
        lambda: np.add.at(x, [0], 1.0),
        lambda: x.__iadd__(1.0),
    ):
        with pytest.raises(SourceError, match="writes into an array"):
            write()


def test_what_is_no_method_of_it_is_an_attribute_error() -> None:
    x = Recording().input("x", A)
    assert not hasattr(x, "no_such_method")
    with pytest.raises(NamespaceError, match=r"\.strides, which is not noted"):
        x.strides  # noqa: B018


def test_a_rule_that_looks_is_named() -> None:
    @elementwise(lambda xp, y, x: 1.0)
    def branching(xp: Any, x: Any) -> Any:
        """y = |x|."""
        return x if x > 0 else -x

    @elementwise(lambda xp, y, x: 1.0)
    def outer_rule(xp: Any, x: Any) -> Any:
        """Calls the other."""
        return branching(x)

    x = Recording().input("x", np.array(1.0))
    for rule in (branching, outer_rule):
        with pytest.raises(SourceError, match="^the rule branching cannot be noted: it looks at"):
            rule(x)


def test_two_recordings_do_not_mix() -> None:
    with pytest.raises(SourceError, match="two recordings"):
        Recording().input("x", A) + Recording().input("y", A)


def test_an_input_has_a_name_of_its_own() -> None:
    recording = Recording()
    recording.input("x", A)
    with pytest.raises(SourceError, match="'x' names .* an input already"):
        recording.input("x", A)


def test_lines_are_of_recorded_arrays_of_one_recording() -> None:
    of_two = [Recording().input("x", A) + 1.0 for _ in range(2)]
    for results in ((), (1.0,), (A,), of_two):
        with pytest.raises(OperandError, match="recorded arrays of one recording"):
            lines(*results)


@pytest.mark.parametrize("name", ["", "t1", "c2", "np", "x y", "lambda", "scatter", "x=1;y", "é"])
def test_a_name_that_means_something_else_is_refused(name: str) -> None:
    with pytest.raises(SourceError, match=re.escape(repr(name))):
        Recording().input(name, A)


def test_two_operations_of_one_name_are_told_apart() -> None:
    @operation([None], source={"numpy": "in_order({0})"})
    def in_order_(xp: Any, x: Any) -> Any:
        """Another one."""
        return x

    x = Recording().input("x", A[0])
    with pytest.raises(SourceError, match="two operations are called in_order"):
        lines(in_order(in_order_(x)))


def test_text_in_arguments_stays_text() -> None:
    class Hostile(str):
        __slots__ = ()

        def __repr__(self) -> str:
            return "print('!')"

    x = Recording().input("x", A)
    source, names = lines(np.pad(x, 1, mode=Hostile("edge")))
    assert source == "t1 = np.pad(x, 1, mode=c1)"
    assert names == {"c1": "edge"}


@pytest.mark.parametrize(
    "f",
    [
        lambda a: np.sum(a[a > 1.5]) / len(a[a > 1.5]),
        lambda a: a[a > 1.5].size * a,
        lambda a: np.exp(a[a > 1.5]).shape,
        lambda a: np.zeros_like(a[a > 1.5]) + 1.0,
        lambda a: np.nonzero(a > 1.5)[0].shape,
        lambda a: np.where(a > 1.5)[0].size,
        lambda a: np.unique(a).shape,
        lambda a: mean(a[a > 1.5]),
        lambda a: list(a[a > 1.5]),
    ],
)
def test_a_length_that_depends_on_numbers_is_not_told(f):
    """It would be the example's in every run: a mean over two entries where three are left."""
    a = Recording().input("a", A)
    with pytest.raises(SourceError, match="how long"):
        f(a)


def test_what_is_picked_by_numbers_is_computed_with_as_long_as_nobody_asks_how_much_it_is():
    source = source_of(lambda a: np.sum(np.exp(a[a > 1.5])) / 2.0, A)
    for other in (A, A[::-1] * 3.0):
        session = {"np": np, "a": other}
        exec(source, session)  # noqa: S102 - the lines are ours
        assert session["t5"] == np.sum(np.exp(other[other > 1.5])) / 2.0


@pytest.mark.parametrize("f", [lambda a, W: a @ W, lambda a, W: np.concatenate([a, W.T])])
def test_a_tensor_beside_arrays_to_come_is_no_constant_without_a_word(f):
    W = Tensor(np.ones((3, 2)), requires_grad=True)
    with pytest.raises(SourceError, match=r"x\.value"):
        f(Recording().input("a", A), W)
