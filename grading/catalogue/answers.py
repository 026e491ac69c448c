"""A, second part: mistakes with the whole answer: where the chain begins and ends, what is given for it."""

from __future__ import annotations

from typing import Final

from grading.catalogue.makers import uses
from grading.catalogue.makers.each import (
    answer,
    each,
    inner,
    swept,
    unnamed,
)
from grading.catalogue.makers.inner import insides
from grading.catalogue.makers.numbers import (
    differentiated,
    kept_in_sums,
    leaves_differentiated,
    with_rate,
    with_updated_weights,
)
from grading.catalogue.makers.paths import (
    other_inputs,
    values,
)
from grading.catalogue.mistake import Mistake

ENDS: Final = (
    Mistake(
        "A18", "sign of the whole answer",
        "The sign of the whole answer is wrong: look for a minus sign that is lost or one too many.",
        5, answer(lambda q: -q.right),
    ),
    Mistake(
        "A20", "the whole answer inverted",
        "You gave one divided by the derivative: the derivative of {y} by {x} was asked, not that of {x} "
        "by {y}.",
        2, answer(lambda q: 1.0 / q.right),
    ),
    Mistake(
        "A21", "stopped early",
        "You gave the derivative of {at} by {x}: the way from {at} on to {y} is missing.",
        4, each(inner, lambda q, h: q.moves(h)),
    ),
    Mistake(
        "A14", "outer derivative forgotten",
        "You gave the derivative of the inner function, {at}: the outer derivatives up to {y} are missing.",
        3, each(insides, lambda q, h: q.moves(h)),
    ),
    Mistake(
        "A22", "did not go on to the variable",
        "You gave the derivative of {y} by {at}: the way from {at} back to {x} is missing.",
        4, each(inner, lambda q, h: q.total(h)),
    ),
    Mistake(
        "A22b", "did not go on to the variable",
        "You gave the derivative of {y} by {at}: the way on to {x} is missing.",
        1, each(unnamed, lambda q, h: q.total(h)),
    ),
    Mistake(
        "A23", "wrong variable",
        "You gave the derivative of {y} by {at}: it was asked by {x}.",
        3, each(other_inputs, lambda q, v: q.total(v)),
    ),
    Mistake(
        "A24", "value instead of derivative",
        "You gave the value of {at}: its derivative was asked.",
        3, each(lambda q: [q.y], lambda q, v: q.value(v)),
    ),
    Mistake(
        "A24b", "value instead of derivative",
        "You gave the value of {at}: the derivative of {y} was asked.",
        2, each(values, lambda q, v: q.value(v)),
    ),
    Mistake(
        "A26", "zero",
        "You took {x} for a constant: {y} does depend on it.",
        3, answer(lambda q: q.zero),
    ),
    Mistake(
        "A27", "a constant differentiated",
        "You differentiated a constant in {at}: it does not move with {x}.",
        2, differentiated,
    ),
    Mistake(
        "A27b", "another input differentiated",
        "You let {at} move with {x}: it is an input of its own.",
        2, leaves_differentiated,
    ),
    Mistake(
        "A27c", "a constant kept",
        "You kept a constant in the derivative of a sum: constants vanish there, see {at}.",
        3, kept_in_sums,
    ),
    Mistake(
        "A28a", "the update instead of the gradient",
        "You gave the change that a step of gradient descent makes: the derivative alone was asked.",
        2, with_rate(lambda q, eta: -eta * q.right),
    ),
    Mistake(
        "A28b", "the updated variable",
        "You gave {x} after a step of gradient descent: the derivative alone was asked.",
        3, with_rate(lambda q, eta: q.value(q.x) - eta * q.right),
    ),
    Mistake(
        "A28c", "the variable after a step uphill",
        "You gave {x} after a step along the gradient: the derivative alone was asked.",
        1, with_rate(lambda q, eta: q.value(q.x) + eta * q.right),
    ),
    Mistake(
        "A29", "already updated weights",
        "You went back through weights that were updated already: all derivatives belong to the old ones.",
        2, swept(with_updated_weights),
    ),
    Mistake(
        "A30", "added up twice",
        "Your derivative is counted twice as a whole: set stored gradients to zero before you go back.",
        3, answer(lambda q: 2.0 * q.right),
    ),
    Mistake(
        "A30b", "added up several times",
        "Your derivative is counted several times as a whole: set stored gradients to zero before you go "
        "back.",
        1, answer(lambda q: 3.0 * q.right),
    ),
    Mistake(
        "A31", "one use of the variable",
        "You counted only the use of {x} in {some}: it is used elsewhere too.",
        4, uses.some_uses(uses.one),
    ),
    Mistake(
        "A31b", "some uses of the variable",
        "You counted only some of the uses of {x}: each use adds to its derivative.",
        3, uses.some_uses(uses.several),
    ),
    Mistake(
        "A31c", "mean over the uses",
        "You took the mean over the uses of {x}: they are added.",
        3, uses.mean_of_uses,
    ),
    Mistake(
        "A33", "one term of the output",
        "You differentiated only one part of {y}, {some}: the derivative of a sum is the sum over all parts.",
        3, uses.some_terms(uses.one),
    ),
    Mistake(
        "A33b", "some terms of the output",
        "You differentiated only some of the parts of {y}: the derivative of a sum is the sum over all.",
        2, uses.some_terms(uses.several),
    ),
)  # fmt: skip
