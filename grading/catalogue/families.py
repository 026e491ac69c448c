"""K, F and D on graphs of numbers: a mistake wherever it fits, in whole equations, time steps and losses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from grading.catalogue.factors import FACTORS
from grading.catalogue.local import RULES
from grading.catalogue.makers import everywhere, inner, numbers, one_path, recurrences, rules
from grading.catalogue.makers.each import answer, each, each_step, every_way, relinked, swept
from grading.catalogue.makers.whole import (
    all_carried_twice,
    differences_in,
    links_alone,
    squares_in,
    target_lost,
    terms_in,
)
from grading.catalogue.mistake import Mistake

_ROWS: Final = {m.identifier: m for m in FACTORS}


def _also(family: str, identifier: str, **changes: Any) -> Mistake:
    """A row of A that is of a family as well."""
    return replace(_ROWS[identifier], identifier=family, **changes)


FAMILIES: Final = (
    *everywhere.of_family(RULES),
    Mistake(
        "K1b", "one derivative forgotten everywhere",
        "The derivative of {at} is missing: multiply by it.",
        4, swept(everywhere.every_factor(lambda q, step: q.zero + 1.0)),
    ),
    Mistake(
        "K1c", "one derivative's sign everywhere",
        "The sign of the derivative of {at} is wrong: look up its rule.",
        2, swept(everywhere.every_factor(lambda q, step: -step.weight)),
    ),
    Mistake(
        "K1d", "one function not differentiated anywhere",
        "You kept {at} as it is: write down the derivative.",
        1, swept(everywhere.every_factor(lambda q, step: q.value(step.target))),
    ),
    Mistake(
        "K2", "a factor forgotten on one path",
        "Along the path {path} a factor is missing: look at the step {step}.",
        2, one_path.between_variables,
    ),
    Mistake(
        "K2b", "a factor forgotten on one path",
        "Along the path {path} a factor is missing: look at the step {step}.",
        1, one_path.inside_equations,
    ),
    Mistake(
        "A17c", "sign of one path",
        "The sign of {path} is wrong: look at the sign of each of its factors.",
        3, every_way(lambda q, way: q.right - 2.0 * way.product),
    ),
    Mistake(
        "K3", "every inner derivative of an equation forgotten",
        "In the equation of {where} the inner derivatives are missing: multiply each outer derivative by "
        "the inner one.",
        4, inner.in_each_equation,
    ),
    Mistake(
        "K3b", "every inner derivative forgotten",
        "The inner derivatives are missing in all equations.",
        3, inner.in_all_equations,
    ),
    _also("K3c", "A11", name="a whole inner derivative forgotten", prior=4),
    _also("K4a", "A13c"),
    _also("K4b", "A12d"),
    _also("K4c", "A12e"),
    _also("K4d", "A15c"),
    Mistake(
        "K6a", "a constant kept in a sum",
        "You kept a constant of a sum in its derivative: constants vanish there, see {at}.",
        3, numbers.kept_in_sums,
    ),
    Mistake(
        "K6b", "one partial derivative given",
        "You gave only how {target} moves with {source}, one partial derivative: the chain rule multiplies "
        "and adds several.",
        3, links_alone,
    ),
)  # fmt: skip

TIME: Final = (
    Mistake(
        "F1", "earlier states constant",
        "You treated the earlier state as a constant at each time step: the paths back through time are "
        "missing.",
        5, recurrences.some_terms(lambda t, s: [t == s]),
    ),
    Mistake(
        "F2", "only a few time steps back",
        "You went back only a few time steps: each loss reaches back to the first one.",
        5, recurrences.some_terms(lambda t, s: [t - s < k for k in range(2, len(t))]),
    ),
    Mistake(
        "F3", "one time step's term",
        "You counted the use at one time step only: the uses at all time steps add up.",
        5, recurrences.some_terms(lambda t, s: [s == k for k in (len(t), 1)]),
    ),
    Mistake(
        "F4", "only the last loss",
        "You used the loss of the last time step only: the losses of all steps add up.",
        5, recurrences.some_terms(lambda t, s: [t == len(t)]),
    ),
    Mistake(
        "F5", "mean over time",
        "You took the mean over the time steps: their contributions add up.",
        4, recurrences.over_steps,
    ),
    Mistake(
        "F6", "activation's derivative forgotten",
        "The derivative of the activation is missing: it stands at each time step.",
        5, swept(recurrences.not_squashed),
    ),
    Mistake(
        "F7", "activation's derivative one step early",
        "You took the derivative of the activation at the state before: it is taken at the state of the same "
        "time step.",
        4, swept(recurrences.squashed_one_step_early),
    ),
    Mistake(
        "F9", "wrong state in a product",
        "The weight multiplies the state before: its gradient has that state, not the one of the same time "
        "step.",
        4, swept(recurrences.state_one_step_late),
    ),
    Mistake(
        "F10", "carried twice",
        "You counted twice what comes back from the next time step.",
        3, recurrences.some_terms(lambda t, s: [2.0 ** (t - s)]),
    ),
    Mistake(
        "F11", "first time step left out",
        "The first time step is missing: the weight is used there too.",
        4, recurrences.some_terms(lambda t, s: [s > 1]),
    ),
    Mistake(
        "F12", "stopped after one time step",
        "You stopped after one time step: later losses depend on the first state too.",
        4, recurrences.some_terms(lambda t, s: [t == 1, t == 2]),
    ),
)  # fmt: skip

SAME: Final = tuple(
    Mistake(family, m.name, m.says, m.prior, m.generate)
    for m in TIME
    for family, rows in {"K7": ("F6", "F7", "F9", "F10"), "K8": ("F1", "F2", "F3", "F4")}.items()
    if m.identifier in rows
)
"""Rows that are of a family as well."""

LOSSES: Final = (
    Mistake(
        "D3", "target not subtracted",
        "The derivative of a squared difference has the whole difference in it, and you left out what is "
        "subtracted: see {at}.",
        4, each_step(target_lost),
    ),
    Mistake(
        "D16", "by the target",
        "You differentiated by the other term of a difference: the sign is the opposite one.",
        3, answer(lambda q: -q.right if differences_in(q) else None),
    ),
    Mistake(
        "D14a", "a factor of two lost",
        "A factor of two is missing: it comes from the square, and only a one half before the square "
        "cancels it.",
        3, answer(lambda q: q.right / 2.0 if squares_in(q) else None),
    ),
    Mistake(
        "D14b", "a factor of two too many",
        "There is a factor of two too many: look at whether a one half stands before the square.",
        3, answer(lambda q: q.right * 2.0 if squares_in(q) else None),
    ),
    Mistake(
        "B14b", "mean instead of sum",
        "You took a mean where {y} is a sum: nothing is divided by the number of terms.",
        3, answer(lambda q: q.right / terms_in(q) if terms_in(q) > 1 else None),
    ),
    Mistake(
        "B14a", "sum instead of mean",
        "You took a sum where {y} is a mean, or lost the number of terms.",
        3, answer(lambda q: q.right * terms_in(q) if terms_in(q) > 1 else None),
    ),
    Mistake(
        "F10b", "carried twice",
        "At each step you counted twice what comes back from the next one.",
        1, relinked(all_carried_twice),
    ),
)  # fmt: skip

VALUES: Final = (
    Mistake(
        "A18", "overall sign",
        "The sign of the value is wrong: look for a minus sign that is lost or one too many.",
        4, answer(lambda q: -q.right),
    ),
    Mistake(
        "A24c", "another variable's value",
        "You gave the value of {where}: that of {y} was asked.",
        4, each(lambda q: [v for v in q.graph.variables if v is not q.y], lambda q, v: q.value(v)),
    ),
    Mistake(
        "A26", "zero",
        "You gave zero: put the numbers into the equation of {y}.",
        2, answer(lambda q: q.zero),
    ),
    Mistake(
        "K5", "degrees",
        "Your calculator works in degrees: sine and cosine are of radians here.",
        4, numbers.value_in_degrees,
    ),
    Mistake(
        "A10", "an operation left out",
        "An operation is missing in your calculation: look at {at}.",
        3, each(lambda q: q.graph.operations, rules.left_out),
    ),
    Mistake(
        "A17", "a sign in the calculation",
        "A sign is wrong in your calculation: look at {at}.",
        3, each(lambda q: q.graph.operations, rules.negated),
    ),
)  # fmt: skip
