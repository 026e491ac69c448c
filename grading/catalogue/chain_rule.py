"""A on arrays: the structure of the chain rule, where variables have entries. q is the question."""

from __future__ import annotations

from typing import Final

from grading.catalogue.mistake import Mistake

CHAIN_RULE: Final = (
    Mistake(
        "A1", "partial for total",
        "You gave the partial derivative where the total was asked: the paths through other variables "
        "are missing.",
        5, lambda q: q.structure.direct(),
    ),
    Mistake(
        "A2", "a variable taken for a constant",
        "The paths through {where} are missing: it depends on the variable that you differentiated by.",
        5, lambda q: q.structure.without(),
    ),
    Mistake(
        "A2b", "an operation treated as a constant",
        "You treated {where} as a constant: its part of the derivative is missing.",
        3, lambda q: q.structure.without_operation(),
    ),
    Mistake(
        "A4d", "one variable's paths only",
        "You counted the paths through {where} alone: look for other paths.",
        3, lambda q: q.structure.through(),
    ),
    Mistake(
        "A3", "path missing",
        "The path {where} is missing.",
        4, lambda q: q.structure.path_missing(),
    ),
    Mistake(
        "A4", "one path only",
        "You gave the path {where} alone: the contributions of all paths add up.",
        4, lambda q: q.structure.one_path(),
    ),
    Mistake(
        "A6", "paths averaged",
        "You took the mean over the paths: their contributions add up.",
        2, lambda q: q.structure.averaged(),
    ),
    Mistake(
        "A7a", "contribution overwritten",
        "{where} is used in several places, and the contribution that comes last replaced those "
        "before: add them up.",
        4, lambda q: q.structure.overwritten(0),
    ),
    Mistake(
        "A7b", "contribution overwritten",
        "{where} is used in several places, and only the first contribution was kept: add them up.",
        3, lambda q: q.structure.overwritten(-1),
    ),
    Mistake(
        "A7e", "overwritten everywhere",
        "Contributions overwrote each other wherever something is used more than once: they add up.",
        3, lambda q: q.structure.overwritten_everywhere(0),
    ),
    Mistake(
        "A7f", "overwritten everywhere",
        "Wherever something is used more than once only its first contribution was kept: they add up.",
        2, lambda q: q.structure.overwritten_everywhere(-1),
    ),
    Mistake(
        "A8", "path counted twice",
        "The path {where} is counted twice.",
        3, lambda q: q.structure.path_twice(),
    ),
    Mistake(
        "A8b", "contribution counted twice",
        "What comes back over {where} is counted twice.",
        2, lambda q: q.structure.edge_twice(),
    ),
    Mistake(
        "A9a", "depth-first order",
        "The sweep did not run in reverse order of evaluation: a variable passed on its derivative "
        "before all "
        "contributions had arrived.",
        2, lambda q: q.orders.depth_first(),
    ),
    Mistake(
        "A9b", "depth-first order",
        "The sweep did not run in reverse order of evaluation: a variable passed on its derivative "
        "before all "
        "contributions had arrived.",
        2, lambda q: q.orders.listed(),
    ),
    Mistake(
        "A9c", "breadth-first order",
        "The sweep did not run in reverse order of evaluation: a variable passed on its derivative "
        "before all "
        "contributions had arrived.",
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
        "A factor of the chain rule is missing: look at the derivative of {where}.",
        5, lambda q: q.structure.slopes(lambda w: 1.0 + 0.0 * w),
    ),
    Mistake(
        "A17b", "sign of a factor",
        "A factor of the chain rule has the wrong sign: look at the derivative of {where}.",
        4, lambda q: q.structure.slopes(lambda w: -w),
    ),
    Mistake(
        "A18", "sign",
        "Your answer has the wrong sign.",
        5, lambda q: q.structure.negated(),
    ),
    Mistake(
        "A19b", "a factor inverted",
        "A factor of the chain rule is inverted: look at the derivative of {where}, and at what is "
        "divided by what.",
        2, lambda q: q.structure.slopes(lambda w: 1.0 / w),
    ),
    Mistake(
        "A20", "inverted",
        "Your answer is inverted: look at which variable is differentiated by which.",
        2, lambda q: q.structure.inverted(),
    ),
    Mistake(
        "A21", "upstream forgotten",
        "You went back from {where} as if ones arrived there: what comes after it is missing.",
        4, lambda q: q.structure.ones(),
    ),
    Mistake(
        "A22", "stopped too early",
        "You gave the derivative by {where}: go on to the variable that was asked for.",
        4, lambda q: q.structure.inner_adjoints(),
    ),
    Mistake(
        "A23", "wrong variable",
        "You gave the derivative by {where}: look at which variable was asked for.",
        3, lambda q: q.structure.other_leaves(),
    ),
    Mistake(
        "A24", "a value for the derivative",
        "You gave the value of {where}: its derivative was asked for.",
        3, lambda q: q.structure.values(),
    ),
    Mistake(
        "A25b", "a factor used twice",
        "A factor of the chain rule is used twice: look at the derivative of {where}.",
        3, lambda q: q.structure.slopes(lambda w: w * w),
    ),
    Mistake(
        "A26", "zero",
        "You answered zero: look for a path from the variable to the output.",
        4, lambda q: q.structure.zero(),
    ),
    Mistake(
        "A28a", "the update for the gradient",
        "You gave the step of gradient descent: the gradient itself was asked for.",
        3, lambda q: q.structure.update(),
    ),
    Mistake(
        "A28b", "the updated parameter",
        "You gave the parameter after a step of gradient descent: the gradient was asked for.",
        3, lambda q: q.structure.updated(),
    ),
    Mistake(
        "A29", "backward with updated weights",
        "You went back through weights that were already updated: update all of them after the way back.",
        3, lambda q: q.structure.after_update(),
    ),
    Mistake(
        "A30", "gradients not set to zero",
        "Your gradient is that of several passes added up: set it to zero before each.",
        4, lambda q: q.structure.times(2, 3, 4),
    ),
    Mistake(
        "A31", "some uses only",
        "The parameter is used several times, and you did not count all uses ({where}): their "
        "contributions add up.",
        4, lambda q: q.structure.one_use(q.linear.contributions),
    ),
    Mistake(
        "A31c", "mean over the uses",
        "The parameter is used several times, and you took the mean over its uses: their "
        "contributions add up.",
        3, lambda q: q.structure.mean_use(q.linear.contributions),
    ),
    Mistake(
        "A33", "one term only",
        "The output is a sum, and you differentiated one term of it ({where}): the derivatives of all "
        "terms add up.",
        3, lambda q: q.structure.one_term(),
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
