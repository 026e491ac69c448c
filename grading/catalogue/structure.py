"""A, first part: mistakes with the structure of the chain rule: paths, and the sum over them."""

from __future__ import annotations

from typing import Final

from grading.catalogue.makers import orders, uses
from grading.catalogue.makers.each import (
    answer,
    each,
    each_fine_way,
    each_link,
    each_step,
    each_way,
    every_fine_way,
    every_way,
    inner,
    relinked,
    swept,
    unnamed,
)
from grading.catalogue.makers.paths import (
    asked_partially,
    direct,
    everything_moving,
    product_of_ways,
    two_ways,
)
from grading.catalogue.mistake import Mistake

PATHS: Final = (
    Mistake(
        "A1", "partial instead of total",
        "You gave the partial derivative where the total was asked: {y} depends on {x} also through "
        "{between}.",
        5, direct,
    ),
    Mistake(
        "A1b", "total instead of partial",
        "You gave the total derivative where the partial was asked: what is held constant does not move with "
        "{x}.",
        5, everything_moving,
    ),
    Mistake(
        "A1c", "partial with others held",
        "You held other variables constant than the question does: look at which ones may move with {x}.",
        3, asked_partially,
    ),
    Mistake(
        "A2", "a variable treated as a constant",
        "You treated {at} as a constant: the paths from {x} to {y} through {at} are missing.",
        5, each(inner, lambda q, h: q.right - q.total(h) * q.moves(h)),
    ),
    Mistake(
        "A2b", "an operation treated as a constant",
        "You treated {at} as a constant: it moves with {x}, and its part of the derivative is missing.",
        3, each(unnamed, lambda q, h: q.right - q.total(h) * q.moves(h)),
    ),
    Mistake(
        "A4", "one path only",
        "You gave only {path}: {missing} missing.",
        5, each_way(lambda q, way: way.product),
    ),
    Mistake(
        "A3", "a path missing",
        "A path is missing: {path} is not in your sum.",
        5, each_way(lambda q, way: q.right - way.product),
    ),
    Mistake(
        "A3b", "a term missing",
        "A term is missing: the one along {where} is not in your sum.",
        3, each_fine_way(lambda q, way: q.right - way.product),
    ),
    Mistake(
        "A3c", "a term of one equation missing",
        "You lost a term: look at how {target} moves with {source}.",
        3, each_step(lambda q, step: q.zero),
    ),
    Mistake(
        "A3d", "a direct effect missing",
        "You left out how {source} enters the equation of {target}.",
        4, each_link(lambda q, link: q.zero),
    ),
    Mistake(
        "A4b", "one term only",
        "You gave only the term along {where}: the others are missing.",
        2, each_fine_way(lambda q, way: way.product),
    ),
    Mistake(
        "A4c", "two paths only",
        "You gave only some of the paths from {x} to {y}: list them all, and add them up.",
        1, two_ways,
    ),
    Mistake(
        "A4d", "one variable's paths only",
        "You counted only the paths through {at}: other paths lead from {x} to {y} too.",
        4, each(inner, lambda q, h: q.total(h) * q.moves(h)),
    ),
    Mistake(
        "A5", "paths multiplied",
        "You multiplied the paths from {x} to {y}: factors along a path are multiplied, paths are added.",
        4, product_of_ways,
    ),
    Mistake(
        "A6", "paths averaged",
        "You took the mean over the paths from {x} to {y}: they are added.",
        3, answer(lambda q: q.right / q.number_of_ways if q.number_of_ways > 1 else None),
    ),
    Mistake(
        "A7a", "a contribution overwritten",
        "At {at} a contribution overwrote the earlier ones: each use of it adds to its derivative.",
        3, swept(uses.overwritten(-1, lambda q: q.steps)),
    ),
    Mistake(
        "A7b", "only the first contribution counted",
        "At {at} only the first contribution was kept: each use of it adds to its derivative.",
        3, swept(uses.overwritten(0, lambda q: q.steps)),
    ),
    Mistake(
        "A7c", "a contribution overwritten",
        "At {at} a contribution overwrote the earlier ones: each variable computed from it adds to its "
        "derivative.",
        4, relinked(uses.overwritten(-1, lambda q: q.links)),
    ),
    Mistake(
        "A7d", "only the first contribution counted",
        "At {at} only the first contribution was kept: each variable computed from it adds to its "
        "derivative.",
        4, relinked(uses.overwritten(0, lambda q: q.links)),
    ),
    Mistake(
        "A7e", "overwritten everywhere",
        "Contributions overwrote each other wherever a variable is used more than once: they add up.",
        3, swept(uses.overwritten_everywhere(-1, lambda q: q.steps)),
    ),
    Mistake(
        "A7f", "overwritten everywhere",
        "Wherever a variable is used more than once, only its first contribution was kept: they add up.",
        2, swept(uses.overwritten_everywhere(0, lambda q: q.steps)),
    ),
    Mistake(
        "A7g", "overwritten everywhere",
        "Contributions overwrote each other at every variable that enters several equations: they add up.",
        3, relinked(uses.overwritten_everywhere(-1, lambda q: q.links)),
    ),
    Mistake(
        "A7h", "overwritten everywhere",
        "At every variable that enters several equations only one contribution was kept: they add up.",
        2, relinked(uses.overwritten_everywhere(0, lambda q: q.links)),
    ),
    Mistake(
        "A8", "a path counted twice",
        "You counted {path} twice: each path stands in the sum once.",
        3, every_way(lambda q, way: q.right + way.product),
    ),
    Mistake(
        "A8b", "a contribution counted twice",
        "The step from {source} to {target} is in your sum twice: each path stands there once.",
        2, each_link(lambda q, link: 2.0 * link.weight),
    ),
    Mistake(
        "A8c", "a term counted twice",
        "A term is counted twice: look at how {target} moves with {source}.",
        1, each_step(lambda q, step: 2.0 * step.weight),
    ),
    Mistake(
        "A9a", "depth-first order",
        "You went back in the wrong order: a variable passed on its derivative before all contributions to "
        "it had arrived.",
        2, orders.in_order(orders.depth_first),
    ),
    Mistake(
        "A9b", "depth-first order",
        "You went back in the wrong order: a variable passed on its derivative before all contributions to "
        "it had arrived.",
        2, orders.in_order(orders.depth_first_list),
    ),
    Mistake(
        "A9c", "breadth-first order",
        "You went back in the wrong order: a variable passed on its derivative before all contributions to "
        "it had arrived.",
        2, orders.in_order(orders.breadth_first),
    ),
    Mistake(
        "A9d", "passed on again and again",
        "A variable passed on its whole derivative at every visit: what it had passed on before was counted "
        "again.",
        2, orders.in_order(orders.again_and_again),
    ),
    Mistake(
        "A9e", "order of evaluation",
        "You went from the input to the output: begin at the output, and go back.",
        1, orders.in_order(orders.first_to_last),
    ),
    Mistake(
        "A16", "local derivatives added along a path",
        "Along {path} you added the factors: along a path they are multiplied.",
        3, every_way(lambda q, way: q.right - way.product + way.added),
    ),
    Mistake(
        "A16b", "local derivatives added along a path",
        "Along {where} you added the factors: along a path they are multiplied.",
        2, every_fine_way(lambda q, way: q.right - way.product + way.added),
    ),
)  # fmt: skip
