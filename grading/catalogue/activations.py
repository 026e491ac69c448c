"""B, second part: mistakes with the derivatives of activations."""

from __future__ import annotations

from typing import Final

from grading.catalogue.makers import rules
from grading.catalogue.makers.everywhere import every_step
from grading.catalogue.makers.rules import malrule, relu_factor
from grading.catalogue.mistake import Mistake

ACTIVATIONS: Final = (
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
        2, every_step(relu_factor(rules.upstream_mask)),
    ),
    Mistake(
        "B12d", "ReLU with two signs looked at",
        "At {target} the sign of the input alone decides, not that of the gradient that arrives.",
        1, every_step(relu_factor(rules.both_masks)),
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
        1, every_step(relu_factor(rules.open_at_zero)),
    ),
    Mistake(
        "B17", "second factor of an activation",
        "The derivative of the activation has two terms, and one is missing: see {at}.",
        3, malrule("B17"),
    ),
    Mistake(
        "B17a", "softplus differentiated twice",
        "The derivative of softplus is the sigmoid, not the sigmoid's derivative: see {at}.",
        3, malrule("B17a"),
    ),
    Mistake(
        "B17b", "denominator of softplus' derivative",
        "You lost the denominator of softplus' derivative, the sigmoid: see {at}.",
        3, malrule("B17b"),
    ),
    Mistake(
        "B17c", "softplus not differentiated",
        "You took softplus itself for its derivative: see {at}.",
        3, malrule("B17c"),
    ),
)  # fmt: skip
