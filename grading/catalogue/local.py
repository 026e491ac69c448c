"""B: mistakes with the rule of one operation."""

from __future__ import annotations

from typing import Final

import numpy as np

from grading.catalogue.makers import rules
from grading.catalogue.makers.each import each_step
from grading.catalogue.makers.numbers import in_degrees
from grading.catalogue.makers.rules import malrule, of_two, relu_factor
from grading.catalogue.mistake import Mistake

RULES: Final = (
    Mistake(
        "B1", "sign of sine and cosine",
        "The sign of a derivative is wrong at {at}: sine becomes cosine, cosine becomes minus sine.",
        4, malrule("B1"),
    ),
    Mistake(
        "B1b", "not differentiated",
        "At {at} you kept the function itself: write down its derivative.",
        2, each_step(rules.kept_as_it_is),
    ),
    Mistake(
        "B2a", "degrees",
        "Your calculator works in degrees at {at}: sine and cosine are of radians here.",
        3, malrule("B2a"),
    ),
    Mistake(
        "B2b", "degrees",
        "You took the derivative at {at} in degrees: angles are in radians here.",
        2, malrule("B2b"),
    ),
    Mistake(
        "B3", "exponential as a power",
        "You used the power rule at {at}, which is an exponential: its variable stands in the exponent.",
        3, malrule("B3"),
    ),
    Mistake(
        "B3b", "exponential as a power",
        "You lowered the exponent of an exponential, at {at}: its derivative is itself, times that of the "
        "exponent.",
        2, each_step(rules.lowered_exponent),
    ),
    Mistake(
        "B4a", "logarithm of another base",
        "You differentiated a logarithm to the base ten at {at}: log is the natural one here.",
        2, malrule("B4a"),
    ),
    Mistake(
        "B4b", "logarithm",
        "The derivative of log(u) is one over u, not one over log(u): see {at}.",
        2, malrule("B4b"),
    ),
    Mistake(
        "B5a", "square root",
        "The factor one half is missing in the derivative of a square root: see {at}.",
        4, malrule("B5a"),
    ),
    Mistake(
        "B5b", "square root",
        "In the derivative of a square root, the root stands in the denominator: see {at}.",
        3, malrule("B5b"),
    ),
    Mistake(
        "B5c", "square root",
        "In the derivative of a square root, the root stands in the denominator: see {at}.",
        3, malrule("B5c"),
    ),
    Mistake(
        "B6a", "exponent kept",
        "You kept the exponent in the derivative of a power: it goes down by one, see {at}.",
        4, malrule("B6a"),
    ),
    Mistake(
        "B6b", "exponent not multiplied",
        "In the derivative of a power the exponent becomes a factor, which is missing: see {at}.",
        4, malrule("B6b"),
    ),
    Mistake(
        "B6c", "exponential as a power",
        "You used the power rule though the exponent moves: see {at}.",
        3, malrule("B6c"),
    ),
    Mistake(
        "B6d", "logarithm lost",
        "The derivative of a power by its exponent has a logarithm, which is missing: see {at}.",
        3, each_step(rules.logarithm_lost),
    ),
    Mistake(
        "B7a", "product of the derivatives",
        "You multiplied the derivatives of two factors: a product needs the product rule, see {at}.",
        4, of_two(("multiply",), rules.product_of_derivatives),
    ),
    Mistake(
        "B7b", "the factor itself",
        "In a product you took the wrong factor: the derivative by one factor is the other one, see {at}.",
        3, malrule("B7b"),
    ),
    Mistake(
        "B7c", "one term of the product rule",
        "The product rule has two terms, and one is missing: see {at}.",
        4, each_step(rules.one_term),
    ),
    Mistake(
        "B7d", "sum of the derivatives",
        "You added the derivatives of two factors: a product needs the product rule, see {at}.",
        2, of_two(("multiply",), rules.sum_of_derivatives),
    ),
    Mistake(
        "B8a", "sign in the quotient rule",
        "The sign of the second term of the quotient rule is wrong: see {at}.",
        4, malrule("B8a"),
    ),
    Mistake(
        "B8b", "denominator not squared",
        "In the quotient rule the denominator is squared: see {at}.",
        4, malrule("B8b"),
    ),
    Mistake(
        "B8c", "quotient of the derivatives",
        "You divided the derivatives: a quotient needs the quotient rule, see {at}.",
        4, of_two(("divide",), rules.quotient_of_derivatives),
    ),
    Mistake(
        "B8d", "product rule for a quotient",
        "You used the product rule for a quotient: see {at}.",
        3, malrule("B8d"),
    ),
    Mistake(
        "B8e", "denominator forgotten",
        "In the quotient rule everything is divided by the square of the denominator, which is missing: see "
        "{at}.",
        3, of_two(("divide",), rules.no_denominator),
    ),
    Mistake(
        "B8f", "terms of the quotient rule swapped",
        "The two terms of the quotient rule are swapped: see {at}.",
        3, of_two(("divide",), rules.reversed_quotient),
    ),
    Mistake(
        "B8g", "denominator not squared",
        "In the quotient rule the denominator is squared: see {at}.",
        3, of_two(("divide",), rules.denominator_not_squared),
    ),
    Mistake(
        "B9a", "sign of a reciprocal",
        "The derivative of a reciprocal has a minus sign: see {at}.",
        4, malrule("B9a"),
    ),
    Mistake(
        "B9b", "reciprocal integrated",
        "You integrated a reciprocal where the derivative was asked: see {at}.",
        2, malrule("B9b"),
    ),
    Mistake(
        "B9c", "sign of a reciprocal",
        "The derivative of a reciprocal has a minus sign: see {at}.",
        4, each_step(lambda q, s: rules.reciprocal(q, s, lambda c, u: c / u**2)),
    ),
    Mistake(
        "B9d", "reciprocal integrated",
        "You integrated a reciprocal where the derivative was asked: see {at}.",
        2, each_step(lambda q, s: rules.reciprocal(q, s, lambda c, u: c * np.log(u))),
    ),
    Mistake(
        "B10a", "tanh not squared",
        "In the derivative of tanh its value is squared, and you did not square it: see {at}.",
        3, malrule("B10a"),
    ),
    Mistake(
        "B10b", "tanh of the excitation",
        "In the derivative of tanh(u) stands the value tanh(u), not u: see {at}.",
        4, malrule("B10b"),
    ),
    Mistake(
        "B10c", "tanh applied twice",
        "You applied tanh once more in its derivative: its value is squared as it is, see {at}.",
        3, malrule("B10c"),
    ),
    Mistake(
        "B10d", "derivative of tanh not squared",
        "The derivative of tanh is the square of what you took: see {at}.",
        3, malrule("B10d"),
    ),
    Mistake(
        "B10e", "derivative of tanh forgotten",
        "The derivative of tanh is missing: see {at}.",
        5, malrule("B10e"),
    ),
    Mistake(
        "B10f", "tanh not differentiated",
        "You took tanh itself for its derivative: see {at}.",
        3, malrule("B10f"),
    ),
    Mistake(
        "B11a", "sigmoid, one factor",
        "The derivative of the sigmoid has two factors, and one is missing: see {at}.",
        3, malrule("B11a"),
    ),
    Mistake(
        "B11b", "sigmoid, one factor",
        "The derivative of the sigmoid has two factors, and one is missing: see {at}.",
        3, malrule("B11b"),
    ),
    Mistake(
        "B11c", "sigmoid of the excitation",
        "In the derivative of the sigmoid stands its value, not what goes into it: see {at}.",
        4, malrule("B11c"),
    ),
    Mistake(
        "B11d", "sigmoid applied twice",
        "You applied the sigmoid once more in its derivative: see {at}.",
        3, malrule("B11d"),
    ),
    Mistake(
        "B11e", "sign in the sigmoid's derivative",
        "A sign is wrong in the derivative of the sigmoid: see {at}.",
        2, malrule("B11e"),
    ),
    Mistake(
        "B12a", "ReLU open everywhere",
        "The derivative of ReLU is zero where its input is negative: see {at}.",
        4, malrule("B12a"),
    ),
    Mistake(
        "B12b", "ReLU not differentiated",
        "You took ReLU itself for its derivative: see {at}.",
        3, malrule("B12b"),
    ),
    Mistake(
        "B12c", "ReLU with the wrong sign looked at",
        "At {target} you looked at the sign of the gradient that arrives: the sign of its input decides.",
        2, each_step(relu_factor(rules.upstream_mask)),
    ),
    Mistake(
        "B12d", "ReLU with two signs looked at",
        "At {target} the sign of the input alone decides, not that of the gradient that arrives.",
        1, each_step(relu_factor(rules.both_masks)),
    ),
    Mistake(
        "B12e", "ReLU the wrong way round",
        "You took the derivative of ReLU the wrong way round: it is zero where the input is negative, see "
        "{at}.",
        2, malrule("B12e"),
    ),
    Mistake(
        "B12f", "ReLU at zero",
        "Where its input is zero, the derivative of ReLU is taken as zero here: see {target}.",
        1, each_step(relu_factor(rules.open_at_zero)),
    ),
    Mistake(
        "B13a", "both inputs of a maximum",
        "A maximum or minimum moves with one of its inputs alone: see {at}.",
        3, malrule("B13a"),
    ),
    Mistake(
        "B16", "norm",
        "In the derivative of a length, the root of a sum of squares, the length stands in the "
        "denominator, and it is missing: see {target}.",
        3, each_step(rules.length_lost),
    ),
    Mistake(
        "B17", "second factor of an activation",
        "The derivative of the activation has two terms, and one is missing: see {at}.",
        3, malrule("B17"),
    ),
    Mistake(
        "B18a", "through the clipped part",
        "Where a value is clipped, its derivative is zero: see {at}.",
        3, malrule("B18a"),
    ),
    Mistake(
        "K5", "degrees from the start",
        "Your calculator works in degrees: sine and cosine are of radians, in values and in derivatives.",
        3, in_degrees,
    ),
)  # fmt: skip

KNOWN: Final = frozenset(m.identifier for m in RULES)

OWN: Final = Mistake(
    "B", "a rule of an operation",
    "You took a wrong derivative ({rule}): see {at}.",
    3, rules.of_own_records(KNOWN),
)  # fmt: skip
