"""C: layers that multiply by a weight and add a bias. q is the question; see `grading.arrays`."""

from __future__ import annotations

from typing import Final

from grading.catalogue.mistake import Mistake

LINEAR: Final = (
    Mistake(
        "C1", "weight gradient transposed",
        "You gave the transpose of the gradient: look at which factor of the product stands left, "
        "and at the shape of the parameter itself.",
        5, lambda q: q.linear.transposed(),
    ),
    Mistake(
        "C2", "weight not transposed on the way back",
        "On the way back through {at} you did not transpose the weight as needed: look at which of its "
        "axes the gradient of its output has.",
        4, lambda q: q.linear.untransposed(),
    ),
    Mistake(
        "C3", "outer derivative forgotten",
        "You gave the layer's own derivative: multiply by the gradient that arrives at the layer's output.",
        4, lambda q: q.linear.ones(),
    ),
    Mistake(
        "C4a", "mean over the batch",
        "You took the mean over the examples where their contributions add up: look at whether the loss "
        "already has the mean in it.",
        4, lambda q: q.linear.mean(),
    ),
    Mistake(
        "C4b", "sum over the batch",
        "You took the sum over the examples where the loss is their mean: look at the factor in front of "
        "the loss's sum.",
        4, lambda q: q.linear.summed(),
    ),
    Mistake(
        "C5a", "last example only",
        "You counted the last example alone: the contributions of all examples add up.",
        3, lambda q: q.linear.one_example(-1),
    ),
    Mistake(
        "C5b", "first example only",
        "You counted the first example alone: the contributions of all examples add up.",
        2, lambda q: q.linear.one_example(0),
    ),
    Mistake(
        "C5c", "last row only",
        "You counted the last row alone: the contributions of all rows add up.",
        2, lambda q: q.linear.last_row(),
    ),
    Mistake(
        "C6", "summed over the batch",
        "You summed over the examples where each keeps a row of its own: look at which axes the "
        "variable has.",
        3, lambda q: q.linear.batch_summed(),
    ),
    Mistake(
        "C7", "bias gradient not summed",
        "The bias is added to every example, and you did not sum what comes back from them: the gradient has "
        "the bias's own shape.",
        5, lambda q: q.linear.unsummed(),
    ),
    Mistake(
        "C8a", "bias summed over the wrong axis",
        "You summed the gradient of the bias over the wrong axis: look at the axes along which it was "
        "repeated.",
        4, lambda q: q.linear.wrong_axis(),
    ),
    Mistake(
        "C8b", "bias summed over everything",
        "You summed the gradient of the bias over all axes: it has one entry for each unit.",
        2, lambda q: q.linear.totalled(),
    ),
    Mistake(
        "C9", "entry by entry for a product of matrices",
        "You multiplied entry by entry where {where} is a product of matrices: look at which index is "
        "summed over.",
        3, lambda q: q.linear.elementwise(),
    ),
    Mistake(
        "C10a", "broadcast not undone",
        "Your gradient has the shape that the variable was repeated to: sum over the axes of the repetition.",
        4, lambda q: q.linear.kept_broadcast(),
    ),
    Mistake(
        "C10b", "broadcast undone along one axis",
        "The variable was repeated along several axes, and you summed over one of them: look at the shapes.",
        3, lambda q: q.linear.half_broadcast(),
    ),
    Mistake(
        "C11", "axis of length one lost",
        "The numbers are right, the shape is not: the gradient has the shape of the variable.",
        3, lambda q: q.linear.squeezed(),
    ),
    Mistake(
        "C13a", "penalty forgotten",
        "The penalty on the weights is missing from your gradient: it is a part of the loss.",
        4, lambda q: q.linear.penalty(0.0),
    ),
    Mistake(
        "C13b", "penalty doubled",
        "The penalty counts twice in your gradient: look at the factor in front of the sum of squares.",
        3, lambda q: q.linear.penalty(2.0),
    ),
    Mistake(
        "C13c", "penalty halved",
        "The penalty's gradient has lost the factor that the derivative of a square has.",
        3, lambda q: q.linear.penalty(0.5),
    ),
    Mistake(
        "C13d", "sign of the penalty",
        "The penalty has the wrong sign in your gradient.",
        3, lambda q: q.linear.penalty(-1.0),
    ),
    Mistake(
        "C13e", "penalty on the bias",
        "You took the penalty of the bias as well: look at which parameters the loss penalizes.",
        2, lambda q: q.linear.penalty_on_bias(),
    ),
)  # fmt: skip
