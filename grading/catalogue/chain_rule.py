"""A on arrays: the structure of the chain rule, where variables have entries. q is the question."""

from __future__ import annotations

from typing import Final

from grading.catalogue.mistake import Mistake

CHAIN_RULE: Final = (
    Mistake(
        "A1", "partial instead of total",
        "You gave the partial derivative where the total was asked: {y} depends on {x} also through "
        "{between}.",
        5, lambda q: q.structure.direct(),
    ),
    Mistake(
        "A2", "a variable treated as a constant",
        "You treated {at} as a constant: the paths from {x} to {y} through {at} are missing.",
        5, lambda q: q.structure.without(),
    ),
    Mistake(
        "A2b", "an operation treated as a constant",
        "You treated {at} as a constant: it moves with {x}, and its part of the derivative is missing.",
        3, lambda q: q.structure.without_operation(),
    ),
    Mistake(
        "A4d", "one variable's paths only",
        "You counted only the paths through {at}: other paths lead from {x} to {y} too.",
        4, lambda q: q.structure.through(),
    ),
    Mistake(
        "A3", "a path missing",
        "A path is missing: {path} is not in your sum.",
        5, lambda q: q.structure.path_missing(),
    ),
    Mistake(
        "A4", "one path only",
        "You gave only {path}: {missing} missing.",
        5, lambda q: q.structure.one_path(),
    ),
    Mistake(
        "A6", "paths averaged",
        "You took the mean over the paths from {x} to {y}: they are added.",
        3, lambda q: q.structure.averaged(),
    ),
    Mistake(
        "A7a", "a contribution overwritten",
        "At {at} a contribution overwrote the earlier ones: each use of it adds to its derivative.",
        3, lambda q: q.structure.overwritten(0),
    ),
    Mistake(
        "A7b", "only the first contribution counted",
        "At {at} only the first contribution was kept: each use of it adds to its derivative.",
        3, lambda q: q.structure.overwritten(-1),
    ),
    Mistake(
        "A7e", "overwritten everywhere",
        "Contributions overwrote each other wherever a variable is used more than once: they add up.",
        3, lambda q: q.structure.overwritten_everywhere(0),
    ),
    Mistake(
        "A7f", "overwritten everywhere",
        "Wherever a variable is used more than once, only its first contribution was kept: they add up.",
        2, lambda q: q.structure.overwritten_everywhere(-1),
    ),
    Mistake(
        "A8", "a path counted twice",
        "You counted {path} twice: each path stands in the sum once.",
        3, lambda q: q.structure.path_twice(),
    ),
    Mistake(
        "A8b", "a contribution counted twice",
        "The step from {source} to {target} is in your sum twice: each path stands there once.",
        2, lambda q: q.structure.edge_twice(),
    ),
    Mistake(
        "A9a", "depth-first order",
        "You went back in the wrong order: a variable passed on its derivative before all contributions to "
        "it had arrived.",
        2, lambda q: q.orders.depth_first(),
    ),
    Mistake(
        "A9b", "depth-first order",
        "You went back in the wrong order: a variable passed on its derivative before all contributions to "
        "it had arrived.",
        2, lambda q: q.orders.listed(),
    ),
    Mistake(
        "A9c", "breadth-first order",
        "You went back in the wrong order: a variable passed on its derivative before all contributions to "
        "it had arrived.",
        2, lambda q: q.orders.breadth_first(),
    ),
    Mistake(
        "A9d", "passed on again and again",
        "A variable passed on its whole derivative at every visit: what it had passed on before was "
        "counted again.",
        2, lambda q: q.orders.again_and_again(),
    ),
    Mistake(
        "A10b", "a factor left out",
        "A factor is missing: the derivative of {target} by {source}.",
        3, lambda q: q.structure.slopes(lambda w: 1.0 + 0.0 * w),
    ),
    Mistake(
        "A10c", "a weight left out",
        "A factor is missing on the way back: the weight at {at}.",
        3, lambda q: q.linear.weight_lost(),
    ),
    Mistake(
        "A17b", "sign of one factor",
        "A sign is wrong: look at the derivative of {target} by {source}.",
        3, lambda q: q.structure.slopes(lambda w: -w),
    ),
    Mistake(
        "K1b", "one derivative forgotten everywhere",
        "The derivative of {at} is missing: multiply by it.",
        4, lambda q: q.structure.every_slope(lambda w: 1.0 + 0.0 * w),
    ),
    Mistake(
        "K1c", "one derivative's sign everywhere",
        "The sign of the derivative of {at} is wrong: look up its rule.",
        2, lambda q: q.structure.every_slope(lambda w: -w),
    ),
    Mistake(
        "A18", "sign of the whole answer",
        "The sign of the whole answer is wrong: look for a minus sign that is lost or one too many.",
        5, lambda q: q.structure.negated(),
    ),
    Mistake(
        "A19b", "one factor inverted",
        "You inverted a factor: look at the derivative of {target} by {source}.",
        2, lambda q: q.structure.slopes(lambda w: 1.0 / w),
    ),
    Mistake(
        "A20", "the whole answer inverted",
        "You gave one divided by the derivative: the derivative of {y} by {x} was asked, not that of {x} "
        "by {y}.",
        2, lambda q: q.structure.inverted(),
    ),
    Mistake(
        "A21", "stopped early",
        "You gave the derivative of {at} by {x}: the way from {at} on to {y} is missing.",
        4, lambda q: q.structure.ones(),
    ),
    Mistake(
        "A21b", "the losses' derivatives forgotten",
        "You went back from the states as if ones arrived there at every step: the derivatives of the "
        "losses are missing.",
        4, lambda q: q.steps.ones(),
    ),
    Mistake(
        "A22", "did not go on to the variable",
        "You gave the derivative of {y} by {at}: the way from {at} back to {x} is missing.",
        4, lambda q: q.structure.inner_adjoints(named=True),
    ),
    Mistake(
        "A22b", "did not go on to the variable",
        "You gave the derivative of {y} by {at}: the way on to {x} is missing.",
        1, lambda q: q.structure.inner_adjoints(named=False),
    ),
    Mistake(
        "A23", "wrong variable",
        "You gave the derivative of {y} by {at}: it was asked by {x}.",
        3, lambda q: q.structure.other_leaves(),
    ),
    Mistake(
        "A24", "value instead of derivative",
        "You gave the value of {at}: its derivative was asked.",
        3, lambda q: q.structure.values(),
    ),
    Mistake(
        "A25b", "a factor used twice",
        "A factor is there twice: the derivative of {target} by {source}.",
        2, lambda q: q.structure.slopes(lambda w: w * w),
    ),
    Mistake(
        "A26", "zero",
        "You took {x} for a constant: {y} does depend on it.",
        3, lambda q: q.structure.zero(),
    ),
    Mistake(
        "A28a", "the update instead of the gradient",
        "You gave the change that a step of gradient descent makes: the derivative alone was asked.",
        2, lambda q: q.updates.update(),
    ),
    Mistake(
        "A28b", "the updated variable",
        "You gave {x} after a step of gradient descent: the derivative alone was asked.",
        3, lambda q: q.updates.updated(),
    ),
    Mistake(
        "A29", "already updated weights",
        "You went back through weights that were updated already: all derivatives belong to the old ones.",
        2, lambda q: q.updates.after_update(),
    ),
    Mistake(
        "A30", "added up twice",
        "Your derivative is counted twice as a whole: set stored gradients to zero before you go back.",
        3, lambda q: q.structure.times(2),
    ),
    Mistake(
        "A30b", "added up several times",
        "Your derivative is counted several times as a whole: set stored gradients to zero before you go "
        "back.",
        1, lambda q: q.structure.times(3, 4),
    ),
    Mistake(
        "A31", "one use of the variable",
        "You counted only the use of {x} in {some}: it is used elsewhere too.",
        4, lambda q: q.structure.one_use(q.linear.contributions),
    ),
    Mistake(
        "A31b", "some uses of the variable",
        "You counted only some of the uses of {x}: each use adds to its derivative.",
        3, lambda q: q.structure.all_uses_but_one(q.linear.contributions),
    ),
    Mistake(
        "A31c", "mean over the uses",
        "You took the mean over the uses of {x}: they are added.",
        3, lambda q: q.structure.mean_use(q.linear.contributions),
    ),
    Mistake(
        "A33", "one term of the output",
        "You differentiated only one part of {y}, {some}: the derivative of a sum is the sum over all "
        "parts.",
        3, lambda q: q.structure.one_term(),
    ),
    Mistake(
        "A34", "derivatives of the example before",
        "You took a derivative at the numbers of another example: each example has its own.",
        2, lambda q: q.structure.slopes_before(),
    ),
)  # fmt: skip

VALUES: Final = (
    Mistake(
        "A18", "sign",
        "Your answer has the wrong sign.",
        4, lambda q: q.negated(),
    ),
    Mistake(
        "A24b", "another variable's value",
        "You gave the value of {where}: look at which variable was asked for.",
        4, lambda q: q.other_values(),
    ),
)  # fmt: skip
