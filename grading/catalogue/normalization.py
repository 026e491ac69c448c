"""E: normalization, dropout, pooling, tables. v is one normalization, d what arrives at xh.

The right derivative is v.s * (d - v.m(d) - v.xh * v.m(d * v.xh)), with m the mean over the n entries;
see `grading.arrays.normalization`.
"""

from __future__ import annotations

from typing import Any, Final

from grading.catalogue.mistake import Mistake


def _otherwise(v: Any, d: Any) -> Any:
    """The right formula with everything along the other axes."""
    axes = v.other_axes
    xh, s = v.xh_along(axes), v.s_along(axes)
    return s * (d - d.mean(axes, keepdims=True) - xh * (d * xh).mean(axes, keepdims=True))


def _summed_otherwise(v: Any, d: Any) -> Any:
    """The right formula with its means alone along the other axes."""
    axes = v.other_axes
    return v.s * (d - d.mean(axes, keepdims=True) - v.xh * (d * v.xh).mean(axes, keepdims=True))


NORMALIZATION: Final = (
    Mistake(
        "E1", "mean and variance taken for constants",
        "You took the mean and the variance for constants: both depend on every entry that they are "
        "taken over.",
        5, lambda q: q.norms.wrong(lambda v, d: v.s * d),
    ),
    Mistake(
        "E2", "mean taken for a constant",
        "You took the mean for a constant: it depends on every entry that it is taken over.",
        4, lambda q: q.norms.wrong(lambda v, d: v.s * (d - v.xh * v.m(d * v.xh))),
    ),
    Mistake(
        "E3", "variance taken for a constant",
        "You took the variance for a constant: it depends on every entry that it is taken over.",
        4, lambda q: q.norms.wrong(lambda v, d: v.s * (d - v.m(d))),
    ),
    Mistake(
        "E4", "scale forgotten",
        "The scale is missing on the way back through the normalization.",
        4, lambda q: q.norms.scale_forgotten(),
    ),
    Mistake(
        "E5", "sums for means",
        "You took sums where the normalization has means: look at the number of entries.",
        4, lambda q: q.norms.wrong(lambda v, d: v.s * (d - v.n * v.m(d) - v.xh * v.n * v.m(d * v.xh))),
    ),
    Mistake(
        "E6", "one fewer than the entries",
        "You divided by one fewer than there are entries: the normalization divides by their number.",
        3, lambda q: q.norms.wrong(
            lambda v, d: v.s * (d - (v.m(d) + v.xh * v.m(d * v.xh)) * v.n / (v.n - 1))
        ),
    ),
    Mistake(
        "E6b", "one fewer in the variance",
        "You divided the variance's part by one fewer than there are entries: it has their number.",
        2, lambda q: q.norms.wrong(
            lambda v, d: v.s * (d - v.m(d) - v.xh * v.m(d * v.xh) * v.n / (v.n - 1))
        ),
    ),
    Mistake(
        "E7a", "standard deviation forgotten",
        "You forgot to divide by the standard deviation.",
        4, lambda q: q.norms.wrong(lambda v, d: d - v.m(d) - v.xh * v.m(d * v.xh)),
    ),
    Mistake(
        "E7b", "divided by the variance",
        "You divided by the variance where the normalization divides by the standard deviation.",
        3, lambda q: q.norms.wrong(lambda v, d: v.s**2 * (d - v.m(d) - v.xh * v.m(d * v.xh))),
    ),
    Mistake(
        "E7c", "multiplied by the standard deviation",
        "You multiplied by the standard deviation where the normalization divides by it.",
        2, lambda q: q.norms.wrong(lambda v, d: (d - v.m(d) - v.xh * v.m(d * v.xh)) / v.s),
    ),
    Mistake(
        "E7d", "entries not normalized in the variance's part",
        "In the part that goes through the variance you took the entries themselves for the normalized ones.",
        2, lambda q: q.norms.wrong(lambda v, d: v.s * (d - v.m(d) - v.x * v.m(d * v.x))),
    ),
    Mistake(
        "E7e", "sign of the variance's part",
        "The part that goes through the variance has the wrong sign.",
        2, lambda q: q.norms.wrong(lambda v, d: v.s * (d - v.m(d) + v.xh * v.m(d * v.xh))),
    ),
    Mistake(
        "E8a", "statistics over the wrong axis",
        "You took mean and variance over the wrong axis: look at which entries each mean is taken over.",
        4, lambda q: q.norms.wrong(_otherwise),
    ),
    Mistake(
        "E8b", "means over the wrong axis",
        "You took the means on the way back over the wrong axis: they go over the same entries as the "
        "statistics do.",
        3, lambda q: q.norms.wrong(_summed_otherwise),
    ),
    Mistake(
        "E9a", "entries not normalized in the scale's gradient",
        "For the scale you multiplied by the entries as they were before the normalization.",
        4, lambda q: q.norms.scale(lambda v, G: G * v.x),
    ),
    Mistake(
        "E9b", "mean in the scale's gradient",
        "For the scale you took the mean over the examples where their contributions add up.",
        3, lambda q: q.norms.scale(lambda v, G: G * v.xh, "mean"),
    ),
    Mistake(
        "E9c", "scale's gradient not summed",
        "The scale multiplies every example, and you did not sum what comes back from them.",
        4, lambda q: q.norms.scale(lambda v, G: G * v.xh, ""),
    ),
    Mistake(
        "E9d", "scale's gradient without the entries",
        "For the scale you summed what arrives: multiply by the normalized entries first.",
        3, lambda q: q.norms.scale(lambda v, G: G),
    ),
    Mistake(
        "E10a", "dropout's scale forgotten",
        "Dropout divides what it keeps by the share that is kept: that is missing on the way back.",
        4, lambda q: q.selections.dropout(lambda m, p: m),
    ),
    Mistake(
        "E10b", "dropout's mask forgotten",
        "You passed everything back through dropout: what was dropped gets nothing.",
        4, lambda q: q.selections.dropout(lambda m, p: 1.0 + 0.0 * m),
    ),
    Mistake(
        "E10c", "dropout's mask forgotten",
        "You passed everything back through dropout, with its scale: what was dropped gets nothing.",
        3, lambda q: q.selections.dropout(lambda m, p: 1.0 / (1.0 - p) + 0.0 * m),
    ),
    Mistake(
        "E10d", "dropout divided by the dropped share",
        "You divided by the share that is dropped: dropout divides by the share that is kept.",
        3, lambda q: q.selections.dropout(lambda m, p: m / p if p > 0 else m),
    ),
    Mistake(
        "E10e", "dropout multiplied by the kept share",
        "You multiplied by the share that is kept: dropout divides by it.",
        3, lambda q: q.selections.dropout(lambda m, p: m * (1.0 - p)),
    ),
    Mistake(
        "E10f", "dropout's mask inverted",
        "You passed back what was dropped and held what was kept.",
        2, lambda q: q.selections.dropout(lambda m, p: (1.0 - m) / (1.0 - p)),
    ),
    Mistake(
        "E10g", "dropout applied twice",
        "Dropout's scale is there twice on the way back.",
        2, lambda q: q.selections.dropout(lambda m, p: m / (1.0 - p) ** 2),
    ),
    Mistake(
        "E11a", "maximum to the whole window",
        "You gave what arrives to the whole window: the entry that was largest gets it alone.",
        4, lambda q: q.rules.both("E11a"),
    ),
    Mistake(
        "E11b", "maximum as a mean",
        "You spread what arrives over the window as for a mean: the entry that was largest gets it alone.",
        4, lambda q: q.rules.both("E11b"),
    ),
    Mistake(
        "E11c", "maximum to the first entry",
        "You gave what arrives to the first entry of each window: the entry that was largest gets it.",
        3, lambda q: q.selections.first_corner(),
    ),
    Mistake(
        "E11d", "largest value put back",
        "You put the largest value itself back into the window: it is what arrives that goes there.",
        3, lambda q: q.selections.value_put_back(),
    ),
    Mistake(
        "E11e", "mean as a maximum",
        "You gave what arrives to the largest entry of each window: of a mean every entry gets a share.",
        3, lambda q: q.selections.largest_of_means(),
    ),
    Mistake(
        "E12", "window's mean forgotten",
        "The pooling takes a mean, and the number of a window's entries is missing on the way back.",
        4, lambda q: q.rules.both("E12"),
    ),
    Mistake(
        "E13a", "repeated rows overwritten",
        "A row that is looked up several times kept the last contribution alone: they add up.",
        5, lambda q: q.rules.both("E13a"),
    ),
    Mistake(
        "E13b", "first of repeated rows",
        "A row that is looked up several times kept the first contribution alone: they add up.",
        3, lambda q: q.selections.first_row(),
    ),
    Mistake(
        "E13c", "mean of repeated rows",
        "A row that is looked up several times got the mean of its contributions: they add up.",
        3, lambda q: q.selections.mean_row(),
    ),
    Mistake(
        "E14", "not put back into the table",
        "You gave what arrives at the rows that were looked up: put it back into the table at their places.",
        3, lambda q: q.selections.unscattered(),
    ),
)  # fmt: skip
