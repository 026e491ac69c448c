"""A, second part, and B: mistakes with one factor of the chain rule, and with the rule of one operation."""

from __future__ import annotations

from typing import Final

from grading.catalogue.makers import inner, rules
from grading.catalogue.makers.each import each_link, each_step
from grading.catalogue.makers.numbers import in_degrees
from grading.catalogue.makers.rules import malrule, of_two, relu_factor
from grading.catalogue.mistake import Mistake

FACTORS: Final = (
    Mistake("A10", "a factor left out", "A factor is missing: the derivative of {last} by {first}.", 4, each_link(lambda q, link: q.zero + 1.0)),
    Mistake("A10b", "a factor left out", "A factor is missing: the derivative of the {last} by {first}.", 4, each_step(lambda q, step: q.zero + 1.0)),
    Mistake("A11", "inner derivative forgotten", "You forgot an inner derivative: at {last}, multiply by the derivative of what stands inside.", 5, inner.composed(inner.inner_is_one)),
    Mistake("A12", "derivative taken at the inner derivative", "You took the derivative of {last} at the inner derivative: it is taken at the value of the inner function, and multiplied by the inner derivative.", 2, inner.composed(inner.at_inner_derivative)),
    Mistake("A12b", "derivative of the outer function at the inner derivative", "You put the inner derivative into the outer one at {last}: the outer derivative is taken at the value of the inner function, and the two are multiplied.", 3, inner.composed(inner.of_inner_derivative)),
    Mistake("A13", "outer derivative at the wrong point", "You took the derivative of {last} at {first}: it is taken at the value of the inner function.", 3, inner.composed(inner.at_variable)),
    Mistake("A15", "composition treated as a product", "You treated a function of a function as a product, at {last}: use the chain rule there.", 2, inner.composed(inner.as_product)),
    Mistake("A17", "sign of one factor", "A sign is wrong: look at the derivative of {last} by {first}.", 4, each_link(lambda q, link: -link.weight)),
    Mistake("A17b", "sign of one factor", "A sign is wrong: look at the derivative of the {last} by {first}.", 3, each_step(lambda q, step: -step.weight)),
    Mistake("A19", "one factor inverted", "You inverted a factor: the derivative of {last} by {first} was asked, not the other way round.", 2, each_link(lambda q, link: 1.0 / link.weight)),
    Mistake("A19b", "one factor inverted", "You inverted a factor: look at the derivative of the {last} by {first}.", 2, each_step(lambda q, step: 1.0 / step.weight)),
    Mistake("A25", "a factor used twice", "A factor is there twice: the derivative of {last} by {first}.", 2, each_link(lambda q, link: link.weight**2)),
    Mistake("A25b", "a factor used twice", "A factor is there twice: the derivative of the {last} by {first}.", 2, each_step(lambda q, step: step.weight**2)),
)  # fmt: skip

RULES: Final = (
    Mistake("B1", "sign of sine and cosine", "The sign of a derivative is wrong, at {where}: sine becomes cosine, cosine becomes minus sine.", 4, malrule("B1")),
    Mistake("B1b", "not differentiated", "At {where} you kept the function itself: write down its derivative.", 2, each_step(lambda q, s: None if inner.is_linear(s) or s.target.rule.name == "exp" else q.value(s.target))),
    Mistake("B2a", "degrees", "Your calculator works in degrees, at {where}: derivatives of sine and cosine are in radians.", 3, malrule("B2a")),
    Mistake("B2b", "degrees", "You took the derivative at {where} in degrees: it is in radians.", 2, malrule("B2b")),
    Mistake("B3", "exponential as a power", "You used the power rule for an exponential, at {where}.", 3, malrule("B3")),
    Mistake("B3b", "exponential as a power", "You lowered the exponent of an exponential, at {where}: its derivative is itself, times that of the exponent.", 2, each_step(rules.lowered_exponent)),
    Mistake("B4a", "logarithm of another base", "You differentiated the logarithm to the base ten, at {where}: this is the natural one.", 2, malrule("B4a")),
    Mistake("B4b", "logarithm", "The derivative of a logarithm is one over its operand, not one over its value: see {where}.", 2, malrule("B4b")),
    Mistake("B5a", "square root", "Half of it is lost in the derivative of a square root: see {where}.", 4, malrule("B5a")),
    Mistake("B5b", "square root", "In the derivative of a square root, the root stands in the denominator: see {where}.", 3, malrule("B5b")),
    Mistake("B5c", "square root", "In the derivative of a square root, the root stands in the denominator: see {where}.", 3, malrule("B5c")),
    Mistake("B6a", "exponent kept", "You kept the exponent in the derivative of a power: it goes down by one, see {where}.", 4, malrule("B6a")),
    Mistake("B6b", "exponent not multiplied", "In the derivative of a power the exponent becomes a factor, which is missing: see {where}.", 4, malrule("B6b")),
    Mistake("B6c", "exponential as a power", "You used the power rule though the exponent moves: see {where}.", 3, malrule("B6c")),
    Mistake("B7a", "product of the derivatives", "You multiplied the derivatives of two factors: a product needs the product rule, see {where}.", 4, of_two(("multiply",), rules.product_of_derivatives)),
    Mistake("B7b", "the factor itself", "In a product you took the wrong factor: the derivative by one factor is the other one, see {where}.", 3, malrule("B7b")),
    Mistake("B7d", "sum of the derivatives", "You added the derivatives of two factors: a product needs the product rule, see {where}.", 2, of_two(("multiply",), rules.sum_of_derivatives)),
    Mistake("B8a", "sign in the quotient rule", "The sign of the second term of the quotient rule is wrong: see {where}.", 4, malrule("B8a")),
    Mistake("B8b", "denominator not squared", "In the quotient rule the denominator is squared: see {where}.", 3, malrule("B8b")),
    Mistake("B8c", "quotient of the derivatives", "You divided the derivatives: a quotient needs the quotient rule, see {where}.", 4, of_two(("divide",), rules.quotient_of_derivatives)),
    Mistake("B8d", "product rule for a quotient", "You used the product rule for a quotient: see {where}.", 3, malrule("B8d")),
    Mistake("B8e", "denominator forgotten", "In the quotient rule everything is divided by the square of the denominator, which is missing: see {where}.", 3, of_two(("divide",), rules.no_denominator)),
    Mistake("B8f", "terms of the quotient rule swapped", "The two terms of the quotient rule are swapped: see {where}.", 3, of_two(("divide",), rules.reversed_quotient)),
    Mistake("B8g", "denominator not squared", "In the quotient rule the denominator is squared: see {where}.", 3, of_two(("divide",), rules.denominator_not_squared)),
    Mistake("B9a", "sign of a reciprocal", "The derivative of a reciprocal has a minus sign: see {where}.", 3, malrule("B9a")),
    Mistake("B9b", "reciprocal integrated", "You integrated a reciprocal where the derivative was asked: see {where}.", 2, malrule("B9b")),
    Mistake("B10a", "tanh not squared", "In the derivative of tanh its value is squared: see {where}.", 3, malrule("B10a")),
    Mistake("B10b", "tanh of the excitation", "In the derivative of tanh stands its value, not its operand: see {where}.", 4, malrule("B10b")),
    Mistake("B10c", "tanh applied twice", "You applied tanh once more in its derivative: its value is squared as it is, see {where}.", 3, malrule("B10c")),
    Mistake("B10d", "derivative of tanh not squared", "The derivative of tanh is the square of what you took: see {where}.", 2, malrule("B10d")),
    Mistake("B10e", "derivative of tanh forgotten", "The derivative of tanh is missing: see {where}.", 5, malrule("B10e")),
    Mistake("B10f", "tanh not differentiated", "You took tanh itself for its derivative: see {where}.", 2, malrule("B10f")),
    Mistake("B11a", "sigmoid, one factor", "The derivative of the sigmoid has two factors, one is missing: see {where}.", 3, malrule("B11a")),
    Mistake("B11b", "sigmoid, one factor", "The derivative of the sigmoid has two factors, one is missing: see {where}.", 3, malrule("B11b")),
    Mistake("B11c", "sigmoid of the excitation", "In the derivative of the sigmoid stands its value, not its operand: see {where}.", 4, malrule("B11c")),
    Mistake("B11d", "sigmoid applied twice", "You applied the sigmoid once more in its derivative: see {where}.", 3, malrule("B11d")),
    Mistake("B11e", "sign in the sigmoid's derivative", "A sign is wrong in the derivative of the sigmoid: see {where}.", 2, malrule("B11e")),
    Mistake("B12a", "rectifier open everywhere", "A rectifier passes nothing on where its operand is negative: see {where}.", 4, malrule("B12a")),
    Mistake("B12b", "rectifier not differentiated", "You took the rectifier itself for its derivative: see {where}.", 3, malrule("B12b")),
    Mistake("B12c", "mask of the derivative", "At {last} you looked at the sign of what arrives from behind: the sign of its operand decides.", 2, each_step(relu_factor(rules.upstream_mask))),
    Mistake("B12d", "both masks", "At {last} the sign of its operand alone decides, not that of what arrives from behind.", 1, each_step(relu_factor(rules.both_masks))),
    Mistake("B12e", "mask inverted", "The rectifier's derivative is the wrong way round: see {where}.", 2, malrule("B12e")),
    Mistake("B12f", "rectifier at zero", "At its kink the rectifier passes nothing on here: see {last}.", 1, each_step(relu_factor(rules.open_at_zero))),
    Mistake("B13a", "both operands of a maximum", "A maximum or minimum passes on to one operand alone: see {where}.", 3, malrule("B13a")),
    Mistake("B16", "norm", "The length stands in the denominator of its derivative, which is missing: see {last}.", 3, each_step(rules.length_lost)),
    Mistake("B17", "second factor of an activation", "The derivative of the activation has two terms, one is missing: see {where}.", 3, malrule("B17")),
    Mistake("B18a", "through the clipped part", "Where a value is clipped, nothing is passed on: see {where}.", 3, malrule("B18a")),
    Mistake("K5", "degrees from the start", "Your calculator works in degrees: sine and cosine are of radians here, in values and in derivatives.", 3, in_degrees),
)  # fmt: skip

OWN: Final = Mistake("B", "a rule of an operation", "You took a wrong derivative, known as {rule}: see {last}.", 3, rules.of_own_records(lambda: frozenset(m.identifier for m in RULES)))  # fmt: skip
