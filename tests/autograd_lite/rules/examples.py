"""The cases of every rule, and the ways the generated checks apply them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from autograd_lite import Rule, Tensor
from autograd_lite.rules import RULES
from tests.autograd_lite.rules.cases import Case

HERE = Path(__file__).parent
LEAVES = {"variable", "constant"}


def every_case() -> list[Case]:
    """The lists CASES of all files cases_*.py beside this one."""
    names = sorted(path.stem for path in HERE.glob("cases_*.py"))
    modules = [importlib.import_module(f"tests.autograd_lite.rules.{name}") for name in names]
    return [case for module in modules for case in module.CASES]


CASES = every_case()
DIFFERENTIABLE = [case for case in CASES if any(case.differentiable)]
SMOOTH = [case for case in DIFFERENTIABLE if case.smooth]


def first_of_each(cases: Sequence[Case]) -> list[Case]:
    """One case for each rule: the first that has more than one number in it."""
    chosen: dict[str, Case] = {}
    for case in sorted(cases, key=lambda case: size(case) < 2):
        chosen.setdefault(case.rule, case)
    return list(chosen.values())


def size(case: Case) -> int:
    """How many numbers a case is differentiated by."""
    return sum(np.size(x) for x in moving(case))


def moving(case: Case) -> list[Any]:
    """The operands by which a case is differentiated."""
    return [x for x, moves in zip(case.operands, case.differentiable, strict=True) if moves]


def applied(case: Case, rule: Rule | None = None) -> Callable[..., Any]:
    """The case as a function of its differentiable operands; with `rule` in place of its own."""
    rule = rule or RULES[case.rule]

    def f(*inputs: Any) -> Any:
        given = iter(inputs)
        operands = [
            next(given) if moves else x
            for x, moves in zip(case.operands, case.differentiable, strict=True)
        ]
        return rule(*operands, **case.static)

    return f


def leaves(case: Case, dtype: str = "float64") -> list[Tensor]:
    """The case's differentiable operands as variables."""
    return [Tensor(x, requires_grad=True, dtype=dtype) for x in moving(case)]


def as_dtype(case: Case, dtype: str) -> Case:
    """The case with each floating array in another dtype; Python numbers stay as they are."""
    return replace(case, operands=tuple(_cast(x, dtype) for x in case.operands))


def _cast(x: Any, dtype: str) -> Any:
    return x.astype(dtype) if isinstance(x, np.ndarray) and x.dtype.kind == "f" else x
