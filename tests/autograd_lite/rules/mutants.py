"""Rules with one planted mistake: what the checkers must catch, generated from the right ones."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_lite import Rule, Tape
from autograd_lite.node import Node
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import arrays, graph, plain
from tests.autograd_lite.rules.cases import Case
from tests.autograd_lite.rules.examples import applied, leaves

Derivative = Callable[..., Any]
Change = Callable[[Derivative], Derivative]

SYMMETRIC = {"add"}  # swapping its partials changes nothing


def of_first_derivatives(case: Case) -> Iterator[tuple[str, Rule]]:
    """Every mistake in every derivative of the case's rule that is not zero."""
    rule = RULES[case.rule]
    for i in _felt(case):
        for kind in _kinds(rule):
            for mistake, change in MISTAKES.items():
                yield f"{mistake} in {kind}[{i}]", changed(rule, kind, i, change)
    if len(_felt(case)) > 1 and case.rule not in SYMMETRIC:
        for kind in _kinds(rule):
            yield f"operands swapped in {kind}", _swapped(rule, kind, *_felt(case)[:2])


def of_second_derivatives(case: Case) -> Iterator[tuple[str, Rule]]:
    """Every derivative of the case's rule, made deaf to further differentiation."""
    rule = RULES[case.rule]
    for i in _felt(case):
        for kind in _kinds(rule):
            if kind != "partials" or _is_curved(case, i):
                yield f"plain numbers in {kind}[{i}]", changed(rule, kind, i, _on_plain_numbers)


def nan_in_value(case: Case) -> Rule:
    """The case's rule with nan for its first number."""
    rule = RULES[case.rule]

    def value(xp: Any, *operands: Any, **static: Any) -> Any:
        y = np.array(rule.value(xp, *operands, **static))
        y.flat[0] = np.nan
        return y

    value.__signature__ = inspect.signature(rule.value)  # type: ignore[attr-defined]
    return replace(rule, value=value)


def nan_in_gradient(case: Case) -> Rule:
    """The case's rule with nan for the first gradient that is not zero."""
    rule = RULES[case.rule]
    return changed(rule, _kinds(rule)[0], _felt(case)[0], MISTAKES["nan"])


def changed(rule: Rule, kind: str, i: int, change: Change) -> Rule:
    """The rule with its derivative by operand i changed."""
    old = getattr(rule, kind)
    if rule.variadic:
        new = [lambda j: change(old[0](j)) if j == i else old[0](j)]
    else:
        new = [change(d) if j == i else d for j, d in enumerate(old)]
    return replace(rule, gathered=(), adds=(), **{kind: new})


def _swapped(rule: Rule, kind: str, i: int, j: int) -> Rule:
    old, other = getattr(rule, kind), {i: j, j: i}
    if rule.variadic:
        new = [lambda k: old[0](other.get(k, k))]
    else:
        new = [old[other.get(k, k)] for k in range(len(old))]
    return replace(rule, gathered=(), adds=(), **{kind: new})


def _times(factor: float) -> Change:
    return lambda d: lambda xp, *args, **static: d(xp, *args, **static) * factor


def _on_plain_numbers(d: Derivative) -> Derivative:
    """As if written with NumPy instead of the namespace: right numbers, no further derivative."""
    return lambda xp, *args, **static: d(arrays, *map(plain, args), **static)


MISTAKES = {"sign": _times(-1.0), "factor": _times(0.5), "zero": _times(0.0), "nan": _times(np.nan)}


def _kinds(rule: Rule) -> tuple[str, ...]:
    return ("partials",) if rule.is_elementwise else ("vjps", "jvps")


def _felt(case: Case) -> list[int]:
    """The operands whose gradient is not zero throughout."""
    y = applied(case)(*(xs := leaves(case)))
    adjoints = Tape(y).adjoints(np.random.default_rng(3).standard_normal(y.shape))
    places = [i for i, moves in enumerate(case.differentiable) if moves]
    return [i for i, x in zip(places, xs, strict=True) if np.any(adjoints.get(x, 0.0))]


def _is_curved(case: Case, i: int) -> bool:
    """Whether the partial by operand i moves with any operand."""
    xs = leaves(case)
    y, given = applied(case)(*xs), iter(xs)
    operands = [
        next(given) if moves else x
        for x, moves in zip(case.operands, case.differentiable, strict=True)
    ]
    d = RULES[case.rule].partials[i](graph, y, *operands)
    if not isinstance(d, Node):
        return False
    adjoints = Tape(d).adjoints(np.ones(np.shape(plain(d))))
    return any(np.any(abs(adjoints.get(x, 0.0)) > 1e-6) for x in xs)
