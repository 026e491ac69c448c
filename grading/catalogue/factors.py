"""A, third part: mistakes with one factor of the chain rule, and with the functions inside it."""

from __future__ import annotations

from typing import Final

from grading.catalogue.makers import inner
from grading.catalogue.makers.each import each_link, each_step
from grading.catalogue.mistake import Mistake

FACTORS: Final = (
    Mistake(
        "A10", "a factor left out",
        "A factor is missing: the derivative of {target} by {source}.",
        4, each_link(lambda q, link: q.zero + 1.0),
    ),
    # before the next one: a factor of minus one that was left out is a wrong sign
    Mistake(
        "A17b", "sign of one factor",
        "A sign is wrong: look at the derivative of {target} by {source}.",
        3, each_step(lambda q, step: -step.weight),
    ),
    Mistake(
        "A10b", "a factor left out",
        "A factor is missing: the derivative of {target} by {source}.",
        3, each_step(lambda q, step: q.zero + 1.0),
    ),
    Mistake(
        "A11", "inner derivative forgotten",
        "You forgot an inner derivative: at {target}, multiply by the derivative of what stands inside.",
        5, inner.composed(inner.inner_is_one, inner.variables),
    ),
    Mistake(
        "A12", "derivative taken at the inner derivative",
        "You took the derivative of {target} at the inner derivative: it is taken at the value of the inner "
        "function, and multiplied by the inner derivative.",
        2, inner.composed(inner.at_inner_derivative, inner.variables),
    ),
    Mistake(
        "A12b", "derivative of the outer function at the inner derivative",
        "You put the inner derivative into the outer one at {target}: the outer derivative is taken at the "
        "value of the inner function, and the two are multiplied.",
        3, inner.composed(inner.of_inner_derivative, inner.variables),
    ),
    Mistake(
        "A13", "outer derivative at the wrong point",
        "You took the derivative of {target} at {variable}: it is taken at the value of the inner function.",
        3, inner.composed(inner.at_variable, inner.variables),
    ),
    Mistake(
        "A15", "composition treated as a product",
        "You treated a function of a function as a product, at {target}: use the chain rule there.",
        2, inner.composed(inner.as_product, inner.variables),
    ),
    Mistake(
        "A11b", "inner derivative forgotten",
        "You forgot an inner derivative: at {target}, multiply by the derivative of {source}.",
        4, inner.composed(inner.inner_is_one, inner.operands),
    ),
    Mistake(
        "A12c", "derivative of the outer function at the inner derivative",
        "You put the derivative of {source} into that of {target}: the outer derivative is taken at the "
        "value of the inner function.",
        1, inner.composed(inner.at_inner_derivative, inner.operands),
    ),
    Mistake(
        "A13b", "outer derivative at the wrong point",
        "You took the derivative of {target} at {variable}: it is taken at the value of {source}.",
        2, inner.composed(inner.at_variable, inner.operands),
    ),
    Mistake(
        "A15b", "composition treated as a product",
        "You treated a function of a function as a product, at {target}: use the chain rule there.",
        1, inner.composed(inner.as_product, inner.operands),
    ),
    Mistake(
        "A13c", "an equation's derivative at another point",
        "You took the derivative of {target} at the value of {variable}: look at which variable its equation "
        "names.",
        3, inner.between_variables(inner.at_value, lambda e: e.weight_there * e.inner),
    ),
    Mistake(
        "A12d", "an equation's derivative at a derivative",
        "You put a derivative into the derivative of {target}: it is taken at the value of the variable that "
        "its equation names.",
        2, inner.between_variables(inner.at_derivative, lambda e: e.weight_there),
    ),
    Mistake(
        "A12e", "an equation's derivative at a derivative",
        "You took the derivative of {target} at a derivative: it is taken at the value of the variable that "
        "its equation names.",
        2, inner.between_variables(inner.at_derivative, lambda e: e.weight_there * e.inner),
    ),
    Mistake(
        "A15c", "equations treated as a product",
        "You treated {target} as a product: it is a function of a variable that depends on {variable}, "
        "so use the chain rule.",
        2, inner.between_variables(
            inner.at_value, lambda e: e.weight_there * e.a + e.b_there * e.inner
        ),
    ),
    Mistake(
        "A17", "sign of one factor",
        "A sign is wrong: look at the derivative of {target} by {source}.",
        3, each_link(lambda q, link: -link.weight),
    ),
    Mistake(
        "A19", "one factor inverted",
        "You inverted a factor: the derivative of {target} by {source} was asked, not the other way round.",
        2, each_link(lambda q, link: 1.0 / link.weight),
    ),
    Mistake(
        "A19b", "one factor inverted",
        "You inverted a factor: look at the derivative of {target} by {source}.",
        2, each_step(lambda q, step: 1.0 / step.weight),
    ),
    Mistake(
        "A25", "a factor used twice",
        "A factor is there twice: the derivative of {target} by {source}.",
        2, each_link(lambda q, link: link.weight**2),
    ),
    Mistake(
        "A25b", "a factor used twice",
        "A factor is there twice: the derivative of {target} by {source}.",
        2, each_step(lambda q, step: step.weight**2),
    ),
)  # fmt: skip
