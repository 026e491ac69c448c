"""Every rule in a program: value, vjp and jvp are the engine's, at the recorded numbers and at others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd_lite as al
from autograd_lite import Tensor
from tests.autograd_lite.rules.cases import Case
from tests.autograd_lite.rules.examples import DIFFERENTIABLE, applied, as_dtype, moving

CASES = [case for case in DIFFERENTIABLE if any(np.ndim(x) for x in moving(case))]
BY_NAME = {name: [c for c in CASES if c.rule == name] for name in {c.rule for c in CASES}}


def close(got: Any, want: Any, dtype: Any, case: Case) -> None:
    got, want = np.asarray(got), np.asarray(want)
    assert got.shape == want.shape, case
    eps = 64 * np.finfo(dtype).eps
    np.testing.assert_allclose(
        got, want, rtol=eps, atol=eps * max(1.0, np.abs(want).max(initial=0.0)), err_msg=str(case)
    )


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_a_program_of_one_rule_gives_the_engines_numbers(name: str, dtype: str) -> None:
    rng = np.random.default_rng(7)
    for case in (as_dtype(case, dtype) for case in BY_NAME[name]):
        f, xs = applied(case), moving(case)
        with np.errstate(all="ignore"):
            program = al.trace(f, *xs)
            for factor in (1.0, 0.875):
                inputs = [(np.asarray(x) * factor).astype(np.asarray(x).dtype) for x in xs]
                tangents = [rng.normal(size=np.shape(x)).astype(x.dtype) for x in inputs]
                want, pull = al.vjp(f, *map(Tensor, inputs))
                want = np.asarray(getattr(want, "value", want))
                close(program.value(*inputs), want, dtype, case)
                g = rng.normal(size=want.shape).astype(want.dtype)
                got, own = program.vjp(*inputs)
                close(got, want, dtype, case)
                for a, b in zip(own(g), pull(g), strict=True):
                    close(a, getattr(b, "value", b), dtype, case)
                slope = al.jvp(f, tuple(inputs), tuple(tangents))[1]
                close(program.jvp(tuple(inputs), tuple(tangents))[1], slope, dtype, case)
