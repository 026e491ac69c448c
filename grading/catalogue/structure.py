"""A, first part: mistakes with the structure of the chain rule: paths, sums over them, where one begins and ends."""

from __future__ import annotations

from typing import Final

import numpy as np

from grading.catalogue.makers import orders, uses
from grading.catalogue.makers.each import (
    answer,
    each,
    each_fine_way,
    each_link,
    each_step,
    each_way,
    every_way,
    inner,
    relinked,
    swept,
    unnamed,
)
from grading.catalogue.makers.numbers import (
    differentiated,
    leaves_differentiated,
    with_rate,
    with_updated_weights,
)
from grading.catalogue.makers.paths import (
    asked_partially,
    direct,
    everything_moving,
    other_inputs,
    product_of_ways,
    sum_along,
    two_ways,
    values,
)
from grading.catalogue.mistake import Mistake

PATHS: Final = (
    Mistake("A1", "partial instead of total", "You gave the partial derivative where the total was asked: {y} depends on {x} also through {between}.", 5, direct),
    Mistake("A1b", "total instead of partial", "You gave the total derivative where the partial was asked: what is held constant does not move with {x}.", 5, everything_moving),
    Mistake("A1c", "partial with others held", "You held other variables constant than the question does: look at which ones may move with {x}.", 3, asked_partially),
    Mistake("A2", "a variable treated as a constant", "You treated {where} as a constant: the paths from {x} to {y} through {where} are missing.", 5, each(inner, lambda q, h: q.right - q.total(h) * q.moves(h))),
    Mistake("A2b", "an operation treated as a constant", "You treated the {where} as a constant: it moves with {x}, and its part of the derivative is missing.", 3, each(unnamed, lambda q, h: q.right - q.total(h) * q.moves(h))),
    Mistake("A3", "a path missing", "A path is missing: {path} is not in your sum.", 5, each_way(lambda q, way: q.right - way.product)),
    Mistake("A3b", "a term missing", "A term is missing: the one along {where} is not in your sum.", 3, each_fine_way(lambda q, way: q.right - way.product)),
    Mistake("A3c", "a term of one equation missing", "You lost a term: in the equation of {last}, look at how it moves with {first}.", 3, each_step(lambda q, step: q.zero)),
    Mistake("A3d", "a direct effect missing", "You left out how {first} enters the equation of {last} directly.", 4, each_link(lambda q, link: q.zero)),
    Mistake("A4", "one path only", "You gave only {path}: {missing} missing.", 5, each_way(lambda q, way: way.product)),
    Mistake("A4b", "one term only", "You gave only the term along {where}: the others are missing.", 2, each_fine_way(lambda q, way: way.product)),
    Mistake("A4c", "two paths only", "You gave only some of the paths from {x} to {y}: list them all, and add them up.", 2, two_ways),
    Mistake("A5", "paths multiplied", "You multiplied the paths from {x} to {y}: factors along a path are multiplied, paths are added.", 4, product_of_ways),
    Mistake("A6", "paths averaged", "You took the mean over the paths from {x} to {y}: they are added.", 3, answer(lambda q: q.right / q.number_of_ways if q.number_of_ways > 1 else None)),
    Mistake("A7a", "overwritten by the last consumer", "At {where} a contribution overwrote the earlier ones: each use of it adds to its derivative.", 3, swept(uses.overwritten(-1, lambda q: q.steps))),
    Mistake("A7b", "only the first consumer counted", "At {where} only the first contribution was kept: each use of it adds to its derivative.", 3, swept(uses.overwritten(0, lambda q: q.steps))),
    Mistake("A7c", "overwritten by the last consumer", "At {where} a contribution overwrote the earlier ones: each variable computed from it adds to its derivative.", 4, relinked(uses.overwritten(-1, lambda q: q.links))),
    Mistake("A7d", "only the first consumer counted", "At {where} only the first contribution was kept: each variable computed from it adds to its derivative.", 4, relinked(uses.overwritten(0, lambda q: q.links))),
    Mistake("A7e", "overwritten everywhere", "Contributions overwrote each other wherever a variable is used more than once: they add up.", 3, swept(uses.overwritten_everywhere(-1, lambda q: q.steps))),
    Mistake("A7f", "overwritten everywhere", "Wherever a variable is used more than once, only its first contribution was kept: they add up.", 2, swept(uses.overwritten_everywhere(0, lambda q: q.steps))),
    Mistake("A7g", "overwritten everywhere", "Contributions overwrote each other at every variable with several consumers: they add up.", 3, relinked(uses.overwritten_everywhere(-1, lambda q: q.links))),
    Mistake("A7h", "overwritten everywhere", "At every variable with several consumers only one contribution was kept: they add up.", 2, relinked(uses.overwritten_everywhere(0, lambda q: q.links))),
    Mistake("A8", "a path counted twice", "You counted {path} twice.", 3, every_way(lambda q, way: q.right + way.product)),
    Mistake("A8b", "a contribution counted twice", "The step from {first} to {last} is in your sum twice.", 2, each_link(lambda q, link: 2.0 * link.weight)),
    Mistake("A8c", "a term counted twice", "In the equation of {last} a term is counted twice: look at {first}.", 1, each_step(lambda q, step: 2.0 * step.weight)),
    Mistake("A9a", "depth-first order", "The sweep did not run in reverse order of evaluation: a variable passed on its derivative before all contributions had arrived.", 2, orders.in_order(orders.depth_first)),
    Mistake("A9b", "depth-first order", "The sweep did not run in reverse order of evaluation: a variable passed on its derivative before all contributions had arrived.", 2, orders.in_order(orders.depth_first_list)),
    Mistake("A9c", "breadth-first order", "The sweep did not run in reverse order of evaluation: a variable passed on its derivative before all contributions had arrived.", 2, orders.in_order(orders.breadth_first)),
    Mistake("A9d", "passed on again and again", "A variable passed on its whole derivative at every visit: what it had passed on before was counted again.", 2, orders.in_order(orders.again_and_again)),
    Mistake("A9e", "order of evaluation", "The sweep ran in the order of evaluation: it runs from the output back.", 1, orders.in_order(orders.first_to_last)),
    Mistake("A16", "local derivatives added along a path", "Along {path} you added the factors: along a path they are multiplied.", 3, every_way(lambda q, way: q.right - way.product + sum_along(way))),
    Mistake("A16b", "local derivatives added along a path", "Along {where} you added the factors: along a path they are multiplied.", 2, each_fine_way(lambda q, way: q.right - way.product + sum_along(way))),
)  # fmt: skip

ENDS: Final = (
    Mistake("A18", "overall sign", "The sign of the whole answer is wrong.", 5, answer(lambda q: -q.right)),
    Mistake("A20", "whole inverted", "You gave the inverse, the derivative of {x} by {y}.", 2, answer(lambda q: 1.0 / q.right)),
    Mistake("A21", "stopped early", "You gave the derivative of {where} by {x}: the way from {where} on to {y} is missing.", 4, each(inner, lambda q, h: q.moves(h))),
    Mistake("A14", "outer derivative forgotten", "You gave the derivative of the inner function, the {where}: the outer derivatives up to {y} are missing.", 3, each(unnamed, lambda q, h: q.moves(h))),
    Mistake("A22", "did not go on to the variable", "You gave the derivative of {y} by {where}: the way from {where} back to {x} is missing.", 4, each(inner, lambda q, h: q.total(h))),
    Mistake("A22b", "did not go on to the variable", "You gave the derivative of {y} by the {where}: the way on to {x} is missing.", 2, each(unnamed, lambda q, h: q.total(h))),
    Mistake("A23", "wrong variable", "You gave the derivative of {y} by {where}: it was asked by {x}.", 3, each(other_inputs, lambda q, v: q.total(v))),
    Mistake("A24", "value instead of derivative", "You gave the value of {where}: its derivative was asked.", 3, each(values, lambda q, v: q.value(v))),
    Mistake("A26", "zero", "You took {x} for a constant: {y} does depend on it.", 3, answer(lambda q: q.zero)),
    Mistake("A27", "a constant differentiated", "You differentiated a constant in {where}: it does not move with {x}.", 2, differentiated),
    Mistake("A27b", "another input differentiated", "You let {where} move with {x}: it is an input of its own.", 2, leaves_differentiated),
    Mistake("A28a", "the update instead of the gradient", "You gave the change that a step of gradient descent makes: the derivative alone was asked.", 2, with_rate(lambda q, eta: -eta * q.right)),
    Mistake("A28b", "the updated variable", "You gave {x} after a step of gradient descent: the derivative alone was asked.", 3, with_rate(lambda q, eta: q.value(q.x) - eta * q.right if q.x in q.graph.number else q.zero * np.nan)),
    Mistake("A28c", "the variable after a step uphill", "You gave {x} after a step along the gradient: the derivative alone was asked.", 1, with_rate(lambda q, eta: q.value(q.x) + eta * q.right if q.x in q.graph.number else q.zero * np.nan)),
    Mistake("A28d", "multiplied by the learning rate", "You multiplied by the learning rate: the derivative alone was asked.", 1, with_rate(lambda q, eta: eta * q.right)),
    Mistake("A29", "already updated weights", "You went back through weights that were updated already: all derivatives belong to the old ones.", 2, with_updated_weights),
    Mistake("A30", "swept twice", "Your gradient has been added up twice: reset it before each sweep.", 3, answer(lambda q: 2.0 * q.right)),
    Mistake("A30b", "swept three times", "Your gradient has been added up over several sweeps: reset it before each.", 1, answer(lambda q: 3.0 * q.right)),
    Mistake("A31", "one use of the variable", "You counted only the use of {x} in {where}: it is used elsewhere too.", 4, uses.some_uses(uses.one)),
    Mistake("A31b", "some uses of the variable", "You counted only some of the uses of {x}: each use adds to its derivative.", 3, uses.some_uses(uses.several)),
    Mistake("A31c", "mean over the uses", "You took the mean over the uses of {x}: they are added.", 3, uses.mean_of_uses),
    Mistake("A33", "one term of the output", "You differentiated only one part of {y}, the {where}: the derivative of a sum is the sum over all parts.", 3, uses.some_terms(uses.one)),
    Mistake("A33b", "some terms of the output", "You differentiated only some of the parts of {y}: the derivative of a sum is the sum over all.", 2, uses.some_terms(uses.several)),
)  # fmt: skip
