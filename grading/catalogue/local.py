"""B: mistakes with the rule of one operation."""

from __future__ import annotations

from typing import Final

import numpy as np

from grading.catalogue.activations import ACTIVATIONS
from grading.catalogue.makers import rules
from grading.catalogue.makers.each import each_step
from grading.catalogue.makers.everywhere import every_step
from grading.catalogue.makers.numbers import in_degrees
from grading.catalogue.makers.rules import malrule, of_two
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
        2, every_step(rules.lowered_exponent),
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
        3, every_step(rules.logarithm_lost),
    ),
    Mistake(
        "B7a", "product of the derivatives",
        "You multiplied the derivatives of two factors: a product needs the product rule, see {at}.",
        4, of_two(("multiply",), rules.product_of_derivatives),
    ),
    Mistake(
        "B7e", "product of all derivatives",
        "You multiplied the derivatives of all factors: a product has one term for each of them, see {at}.",
        4, rules.product_of_all_derivatives,
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
        4, every_step(lambda q, s: rules.reciprocal(q, s, lambda c, u: c / u**2)),
    ),
    Mistake(
        "B9d", "reciprocal integrated",
        "You integrated a reciprocal where the derivative was asked: see {at}.",
        2, every_step(lambda q, s: rules.reciprocal(q, s, lambda c, u: c * np.log(u))),
    ),
    *ACTIVATIONS,
    Mistake(
        "B13a", "both inputs of a maximum",
        "A maximum or minimum moves with one of its inputs alone: see {at}.",
        3, malrule("B13a"),
    ),
    Mistake(
        "B16", "norm",
        "In the derivative of a length, the root of a sum of squares, the length stands in the "
        "denominator, and it is missing: see {target}.",
        3, every_step(rules.length_lost),
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
