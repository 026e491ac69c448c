"""Every record as a program has it: value, vjp and jvp, noted call by call and run, are the engine's numbers.

Noted at some numbers, the calls run at them and at others: what a record decides by numbers is decided anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from autograd_lite.record import Record
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import arrays
from autograd_lite.source import Recorded, Recording
from autograd_lite.source.looking import WITH_OUT, AsItRuns, formula_of
from autograd_lite.source.recorded import filled_in
from tests.autograd_lite.rules.cases import Case
from tests.autograd_lite.rules.examples import CASES, as_dtype

BY_ENTRY = {"tanh", "sigmoid", "softmax"}
"""Whose derivatives take the careful form at the few entries that need it, the engine's at all of them."""


@dataclass(frozen=True)
class Asked:
    """One function of a record at one case: its value, or a derivative by operand i."""

    case: Case
    kind: str = "value"
    i: int = 0

    def __str__(self) -> str:
        return f"{self.case}-{self.kind}-{self.i}"

    @property
    def rule(self) -> Record:
        """The record; of an elementwise one with its parameters fixed, as graphs have it."""
        rule = RULES[self.case.rule]
        return rule.fixed(**self.case.static) if rule.is_elementwise else rule

    @property
    def static(self) -> dict[str, Any]:
        return {} if self.rule.is_elementwise else dict(self.case.static)

    def arguments(self) -> tuple[Any, ...]:
        """What the function takes: operands, of a derivative behind the value, and that behind an adjoint."""
        xs = tuple(x if isinstance(x, (int, float)) else np.asarray(x) for x in self.case.operands)
        if self.kind == "value":
            return xs
        with np.errstate(all="ignore"):
            y = np.asarray(RULES[self.case.rule](*self.case.operands, **self.case.static))
        shape = np.shape(xs[self.i] if self.kind == "jvp" else y)
        g = np.random.default_rng(5).normal(size=shape).astype(y.dtype)
        return (y, *xs) if self.kind == "partial" else (g, y, *xs)

    def by_the_engine(self, args: tuple[Any, ...]) -> Any:
        with np.errstate(all="ignore"):
            return np.asarray(
                formula_of(self.rule, self.kind, self.i)(arrays, *args, **self.static)
            )


def asked(case: Case) -> Iterator[Asked]:
    yield Asked(case)
    kinds = ["partial"] if RULES[case.rule].is_elementwise else ["vjp", "jvp"]
    for i, moves in enumerate(case.differentiable):
        for one in (Asked(case, kind, i) for kind in kinds if moves):
            if formula_of(one.rule, one.kind, one.i) is not None:
                yield one


BOTH = [*CASES, *(as_dtype(case, "float32") for case in CASES)]
BY_NAME = {
    name: [one for case in BOTH if case.rule == name for one in asked(case)]
    for name in sorted({case.rule for case in CASES})
}


def noted(one: Asked) -> Any:
    """The function noted, on an array to come for each array."""
    recording = Recording(looks=True)
    xs = [
        recording.input(f"x_{k}", x) if isinstance(x, np.ndarray) else x
        for k, x in enumerate(one.arguments())
    ]
    return recording.note_rule(one.rule, one.kind, one.i, *xs, **one.static)


def run(result: Any, args: tuple[Any, ...]) -> Any:
    """The calls that lead to the result, one after the other."""
    if not isinstance(result, Recorded):
        return np.asarray(result)
    recording: Any = result.recording
    given = [x for x in args if isinstance(x, np.ndarray)]
    known: dict[Recorded, Any] = dict(zip(recording.inputs, given, strict=True))
    with np.errstate(all="ignore"):
        for call in recording.calls_for(result):
            xs, options = (filled_in(x, known.__getitem__) for x in (call.args, call.options))
            known[call.result] = call.function(*xs, **options)
    return np.asarray(known[result])


def scaled(one: Asked, factor: float) -> Asked:
    operands = tuple(
        np.asarray(factor * x, x.dtype) if isinstance(x, np.ndarray) and x.dtype.kind == "f" else x
        for x in one.case.operands
    )
    return replace(one, case=replace(one.case, operands=operands))


@pytest.mark.parametrize("name", BY_NAME)
def test_it_gives_the_engines_numbers(name: str) -> None:
    """Bit for bit, in the same dtype and shape, in float64 and float32."""
    for one in BY_NAME[name]:
        result = noted(one)
        for other in (one, scaled(one, 0.875)):
            args = other.arguments()
            got, want = run(result, args), other.by_the_engine(args)
            assert (got.shape, got.dtype) == (want.shape, want.dtype), str(one)
            is_exact = name not in BY_ENTRY or one.kind == "value"
            eps = 0.0 if is_exact else 8 * np.finfo(want.dtype).eps
            np.testing.assert_allclose(got, want, rtol=eps, atol=0.0, err_msg=str(one))


HARD = np.array("-inf -1e300 -2.5 -1 -0.0 0 1e-300 0.5 0.5 1 1 3 700 1e300 inf nan".split(), float)
OVERFLOWS = {"mean", "var"}
"""Of which the plain formula is noted: where a sum or square overflows, the engine takes another way."""


@pytest.mark.parametrize("name", [n for n in BY_NAME if n not in OVERFLOWS])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_noted_at_ordinary_numbers_it_holds_at_hard_ones(name: str) -> None:
    """At poles, kinks, ties, overflows and nan; and what the engine refuses there a program does."""
    rng = np.random.default_rng(6)
    for one in BY_NAME[name]:
        result, hard = noted(one), at_hard_numbers(one, rng)
        try:
            want = hard.by_the_engine(args := hard.arguments())
        except ValueError as error:
            with pytest.raises(type(error)):
                run(result, hard.arguments())
            continue
        eps = 8 * np.finfo(want.dtype).eps if name in BY_ENTRY else 0.0
        np.testing.assert_allclose(run(result, args), want, rtol=eps, err_msg=str(one))


def at_hard_numbers(one: Asked, rng: np.random.Generator) -> Asked:
    operands = [
        rng.choice(HARD, size=x.shape).astype(x.dtype)
        if isinstance(x, np.ndarray) and x.dtype.kind == "f"
        else x
        for x in one.case.operands
    ]
    return replace(one, case=replace(one.case, operands=tuple(operands)))


def test_few_records_look_at_their_numbers() -> None:
    """All others are primitive calls: what looks is named here, so that no record comes to look unseen."""
    calls = [
        call
        for ones in BY_NAME.values()
        for one in ones
        if isinstance(result := noted(one), Recorded)
        for call in result.recording.calls_for(result)  # type: ignore[attr-defined]
    ]
    looking = {c.function.rule.name for c in calls if isinstance(c.function, AsItRuns)}
    assert looking == {
        *("det", "eigvalsh", "eigenvectors", "svdvals", "singular_vectors"),
        *("power", "logsumexp", "log_softmax", "logabsdet", "norm", "std"),
    }
    assert {c.function for c in calls} >= WITH_OUT


# --- derivatives that look, computed into given memory --------------------------------------------


ENDS = {"slope_of_tanh": "tanh", "slope_of_sigmoid": "sigmoid", "through_softmax": "softmax"}
"""Whose derivative each is; of the product of a zero and a pole it is the value."""


def far_out(name: str, factor: float, dtype: str) -> tuple[Any, ...]:
    x = factor * np.linspace(-45.0, 45.0, 40).reshape(4, 10).astype(dtype)
    if name == "product_or_zero":
        return np.round(np.cos(x)), np.where(factor == 1.0, x, np.inf)
    y = np.asarray(RULES[ENDS[name]](x))
    return (np.cos(x), y, x) if name == "through_softmax" else (y, x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("function", sorted(WITH_OUT, key=lambda f: f.__name__))
def test_what_looks_computes_into_given_memory(function: Any, dtype: str) -> None:
    """The same numbers with and without it, also into part of a larger array, and nothing else is written."""
    for factor in (1.0, 1e-3):  # entries that lose digits and none, or no poles and poles
        args = far_out(function.__name__, factor, dtype)
        before, larger = [a.tobytes() for a in args], np.zeros((4, 20), dtype)
        out = larger[:, 5:15]
        with np.errstate(all="ignore"):
            assert function(*args, out=out) is out
            np.testing.assert_array_equal(out, function(*args))
        assert [a.tobytes() for a in args] == before
        larger[:, 5:15] = 0.0
        assert not larger.any()


@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
def test_slopes_keep_their_digits_where_the_short_form_has_lost_them(name: str) -> None:
    """Against the closed form 1/cosh² in twice the precision."""
    for dtype in ("float32", "float64"):
        y, x = far_out(f"slope_of_{name}", 1.0, dtype)
        wide = x.astype(np.longdouble) * (1.0 if name == "tanh" else 0.5)
        exact = (1.0 if name == "tanh" else 0.25) / np.cosh(wide) ** 2
        result = noted(Asked(Case(name, (x,)), "partial", 0))
        tiny = np.finfo(dtype).tiny
        np.testing.assert_allclose(
            run(result, (y, x)), exact.astype(dtype), rtol=16 * np.finfo(dtype).eps, atol=tiny
        )
