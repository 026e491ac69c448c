"""D: losses and what stands before them. h is what is known of one loss; see `grading.arrays.losses`.

Z logits, p probabilities, Y targets, w the weight of each row, y output and t target of a squared error.
"""

from __future__ import annotations

from typing import Final

from grading.catalogue.mistake import Mistake

LOSSES: Final = (
    Mistake(
        "D1a", "mean of the loss forgotten",
        "The loss is a mean over the examples, and your gradient is that of their sum: look at the "
        "factor in front.",
        5, lambda q: q.losses.factors(lambda rows, columns: [(rows, "rows")], "rows", "entries"),
    ),
    Mistake(
        "D1b", "mean of the loss taken twice",
        "You divided by the number of examples twice: the mean is taken once, in the loss.",
        4, lambda q: q.losses.factors(
            lambda rows, columns: [(1 / rows, "rows")], "rows", "entries"
        ),
    ),
    Mistake(
        "D1c", "mean where the loss is a sum",
        "You divided by the number of examples: this loss is a sum over them.",
        4, lambda q: q.losses.factors(lambda rows, columns: [(1 / rows, "rows")], "sum"),
    ),
    Mistake(
        "D1d", "mean where the loss is a sum",
        "You divided by the number of all entries: this loss is a sum over them.",
        3, lambda q: q.losses.factors(
            lambda rows, columns: [(1 / (rows * columns), "entries")], "sum"
        ),
    ),
    Mistake(
        "D2", "sign of the difference",
        "The output and the target are subtracted the wrong way round: look at which of them the loss "
        "grows with.",
        4, lambda q: q.losses.softmax(lambda h: h.w * (h.Y - h.p)),
    ),
    Mistake(
        "D3a", "target not subtracted",
        "You did not subtract the target: what goes back to the logits is probabilities minus "
        "target.",
        4, lambda q: q.losses.softmax(lambda h: h.w * h.p),
    ),
    Mistake(
        "D3b", "target not subtracted",
        "You did not subtract the target: a squared error sends back the difference of output and target.",
        3, lambda q: q.losses.quadratic(lambda h: h.c * h.y),
    ),
    Mistake(
        "D3c", "target not subtracted",
        "You did not subtract the target: what goes back to the logit is probability minus "
        "target.",
        3, lambda q: q.losses.logistic(lambda h: h.w * h.p),
    ),
    Mistake(
        "D4a", "mean over all entries",
        "You divided by the number of classes (or outputs) once more than the loss does.",
        4, lambda q: q.losses.factors(lambda rows, columns: [(1 / columns, "columns")], "rows", "entries"),
    ),
    Mistake(
        "D4b", "divided by the classes only",
        "You divided by the number of classes where the loss divides by the number of examples.",
        3, lambda q: q.losses.factors(lambda rows, columns: [(rows / columns, "rows for columns")], "rows"),
    ),
    Mistake(
        "D5", "softmax differentiated twice",
        "The difference of probabilities and targets already has the derivative of softmax in it: "
        "you multiplied "
        "by that once more.",
        5, lambda q: q.losses.softmax(lambda h: h.w * (h.p - h.Y) * h.p * (1 - h.p)),
    ),
    Mistake(
        "D6a", "diagonal of softmax only",
        "You took softmax for an operation entry by entry: every probability depends on every logit.",
        4, lambda q: q.losses.softmax(lambda h: -h.w * h.Y * (1 - h.p)),
    ),
    Mistake(
        "D7a", "normalization taken for a constant",
        "You took the sum in softmax's denominator for a constant: it depends on every logit.",
        4, lambda q: q.losses.softmax(lambda h: -h.w * h.Y),
    ),
    Mistake(
        "D8", "stopped at the probabilities",
        "You stopped at the derivative by the probabilities: go on through softmax.",
        3, lambda q: q.losses.softmax(lambda h: -h.w * h.Y / h.p),
    ),
    Mistake(
        "D8b", "stopped at the probabilities",
        "You stopped at the derivative by the probability: go on through the sigmoid.",
        3, lambda q: q.losses.logistic(lambda h: h.w * (h.p - h.Y) / (h.p * (1 - h.p))),
    ),
    Mistake(
        "D9a", "logits for probabilities",
        "You subtracted the target from the logits: take their softmax first.",
        4, lambda q: q.losses.softmax(lambda h: h.w * (h.Z - h.Y)),
    ),
    Mistake(
        "D9b", "logits for probabilities",
        "You subtracted the target from the logit: take its sigmoid first.",
        4, lambda q: q.losses.logistic(lambda h: h.w * (h.Z - h.Y)),
    ),
    Mistake(
        "D10", "class number for one-hot",
        "You subtracted the class's number from every probability: the target has a one at the class, "
        "else zeros.",
        3, lambda q: q.losses.softmax(lambda h: h.w * (h.p - h.index)),
    ),
    Mistake(
        "D11", "softmax over the examples",
        "Your softmax sums over the examples: its shares are those of the classes of one example.",
        3, lambda q: q.losses.softmax(lambda h: h.w * (h.other_axis - h.Y)),
    ),
    Mistake(
        "D12", "sigmoid differentiated twice",
        "The difference of probability and target already has the sigmoid's derivative in it: you multiplied "
        "by that once more.",
        5, lambda q: q.losses.logistic(lambda h: h.w * (h.p - h.Y) * h.p * (1 - h.p)),
    ),
    Mistake(
        "D13a", "derivative of the squared error",
        "You differentiated a squared error where the loss is a cross-entropy.",
        3, lambda q: q.losses.logistic(lambda h: 2 * h.w * (h.p - h.Y) * h.p * (1 - h.p)),
    ),
    Mistake(
        "D13b", "sigmoid's derivative lost",
        "The sigmoid's derivative is missing: in a squared error nothing cancels it.",
        4, lambda q: q.losses.squared_sigmoid(),
    ),
    Mistake(
        "D13c", "derivative of the squared error",
        "You differentiated a squared error of the probabilities where the loss is a cross-entropy.",
        2, lambda q: q.losses.softmax(lambda h: 2 * h.w * (h.p - h.Y)),
    ),
    Mistake(
        "D14a", "a factor of two lost",
        "A factor of two is missing: it comes from the square, and only a one half before the square "
        "cancels it.",
        3, lambda q: q.losses.quadratic(lambda h: h.c / 2 * h.sign * h.node.value),
    ),
    Mistake(
        "D14b", "a factor of two too many",
        "There is a factor of two too many: look at whether the loss has a one half before the square.",
        3, lambda q: q.losses.quadratic(lambda h: 2 * h.c * h.sign * h.node.value),
    ),
    Mistake(
        "D15a", "divided by the examples only",
        "The loss is a mean over all entries, and you divided by the number of examples alone.",
        4, lambda q: q.losses.factors(lambda rows, columns: [(columns, "columns")], "entries"),
    ),
    Mistake(
        "D15b", "mean of all entries forgotten",
        "The loss is a mean over all entries, and your gradient is that of their sum.",
        4, lambda q: q.losses.factors(lambda rows, columns: [(rows * columns, "entries")], "entries"),
    ),
    Mistake(
        "D15c", "another number of entries",
        "You divided by another number than the loss does: look at which number, if any, stands before its "
        "sum.",
        2, lambda q: q.losses.counts(),
    ),
    Mistake(
        "D16", "by the target",
        "You differentiated by what is subtracted: the sign is the other one.",
        3, lambda q: q.losses.quadratic(lambda h: -h.c * h.sign * h.node.value),
    ),
    Mistake(
        "D18a", "smoothing of the labels forgotten",
        "You took one-hot targets, and the loss has others: look at how it was defined.",
        3, lambda q: q.losses.softmax(lambda h: h.w * (h.p - h.onehot)),
    ),
    Mistake(
        "D18b", "weights of the classes forgotten",
        "The loss weighs the classes, and your gradient does not.",
        3, lambda q: q.losses.softmax(lambda h: (h.p - h.Y) / h.N),
    ),
    Mistake(
        "D18c", "weights of the entries forgotten",
        "The loss weighs its entries, and your gradient does not.",
        2, lambda q: q.losses.logistic(lambda h: (h.p - h.Y) / h.p.size),
    ),
    Mistake(
        "D6", "diagonal of softmax only",
        "You took softmax for an operation entry by entry: every result depends on every entry.",
        4, lambda q: q.rules.both("D6"),
    ),
    Mistake(
        "D7", "normalization taken for a constant",
        "You took the sum in softmax's denominator for a constant: it depends on every entry.",
        4, lambda q: q.rules.both("D7"),
    ),
    Mistake(
        "D8c", "softmax not differentiated",
        "You stopped at the derivative by the probabilities: softmax has a derivative of its own.",
        3, lambda q: q.rules.both("D8"),
    ),
    Mistake(
        "D11b", "softmax along another axis",
        "Your softmax sums along the wrong axis: its shares sum to one along its own.",
        3, lambda q: q.rules.both("D11"),
    ),
    Mistake(
        "D17", "sum along another axis",
        "In the derivative of softmax you summed along the wrong axis.",
        3, lambda q: q.rules.both("D17"),
    ),
)  # fmt: skip
