"""H: autoencoders. v is a VAE's code: (dmu, dlv) is what a student took; see `grading.arrays.autoencoders`.

Right is dmu = R + kmu and dlv = Rlv + klv with Rlv = R*eps*s/2, kmu = k*mu, klv = k*(var - 1)/2.
"""

from __future__ import annotations

from typing import Final

from grading.catalogue.mistake import Mistake

AUTOENCODERS: Final = (
    Mistake(
        "H1", "sign of the divergence",
        "The divergence has the wrong sign in your gradient: the loss has it with a plus, the bound "
        "with a minus.",
        5, lambda q: q.autoencoders.code(lambda v: (v.R - v.kmu, v.Rlv - v.klv)),
    ),
    Mistake(
        "H1b", "sign of the divergence at the mean",
        "The divergence has the wrong sign in the mean's gradient.",
        3, lambda q: q.autoencoders.code(lambda v: (v.R - v.kmu, None)),
    ),
    Mistake(
        "H1c", "sign of the divergence at the variance",
        "The divergence has the wrong sign in the gradient of the variance's logarithm.",
        3, lambda q: q.autoencoders.code(lambda v: (None, v.Rlv - v.klv)),
    ),
    Mistake(
        "H2a", "divergence missing",
        "The divergence is missing from your gradient.",
        5, lambda q: q.autoencoders.code(lambda v: (v.R, v.Rlv)),
    ),
    Mistake(
        "H2b", "reconstruction missing",
        "You took the code for a constant: the reconstruction depends on mean and variance through it.",
        4, lambda q: q.autoencoders.code(lambda v: (v.kmu, v.klv)),
    ),
    Mistake(
        "H3a", "half of the divergence lost",
        "The divergence has a half in it, which is missing in the mean's gradient.",
        4, lambda q: q.autoencoders.code(lambda v: (v.R + 2 * v.kmu, None)),
    ),
    Mistake(
        "H3b", "half of the divergence kept",
        "The half of the divergence cancels in the mean's gradient, and you kept it.",
        4, lambda q: q.autoencoders.code(lambda v: (v.R + v.kmu / 2, None)),
    ),
    Mistake(
        "H3c", "half of the divergence lost at the variance",
        "The divergence has a half in it, which is missing in the gradient of the variance's logarithm.",
        3, lambda q: q.autoencoders.code(lambda v: (None, v.Rlv + 2 * v.klv)),
    ),
    Mistake(
        "H4a", "logarithm of the variance taken for that of sigma",
        "You took the logarithm of the variance for that of the standard deviation in the divergence.",
        4, lambda q: q.autoencoders.code(lambda v: (None, v.Rlv + v.k * (v.var**2 - 1))),
    ),
    Mistake(
        "H4b", "logarithm of the variance taken for that of sigma",
        "You took the logarithm of the variance for that of the standard deviation everywhere.",
        4, lambda q: q.autoencoders.code(lambda v: (None, v.R * v.eps * v.var + v.k * (v.var**2 - 1))),
    ),
    Mistake(
        "H4c", "logarithm of the variance taken for that of sigma",
        "You took the logarithm of the variance for that of the standard deviation where the divergence "
        "has the variance.",
        3, lambda q: q.autoencoders.code(lambda v: (None, v.Rlv + v.k * (v.var**2 - 1) / 2)),
    ),
    Mistake(
        "H5", "variance for the standard deviation",
        "You multiplied the noise by the variance: the code has the standard deviation.",
        4, lambda q: q.autoencoders.code(lambda v: (None, v.R * v.eps * v.var + v.klv)),
    ),
    Mistake(
        "H6a", "half of the exponent lost",
        "The standard deviation is the exponential of half the logarithm: its derivative has that "
        "half as a factor.",
        4, lambda q: q.autoencoders.code(lambda v: (None, v.R * v.eps * v.s + v.klv)),
    ),
    Mistake(
        "H6b", "noise lost",
        "The noise is missing in the gradient of the variance's logarithm: it multiplies the standard "
        "deviation.",
        4, lambda q: q.autoencoders.code(lambda v: (None, v.R * v.s / 2 + v.klv)),
    ),
    Mistake(
        "H6c", "standard deviation lost",
        "The standard deviation is missing in the gradient of its logarithm: an exponential is its "
        "own derivative.",
        4, lambda q: q.autoencoders.code(lambda v: (None, v.R * v.eps / 2 + v.klv)),
    ),
    Mistake(
        "H7a", "derivative by the standard deviation",
        "You differentiated by the standard deviation: go on to the logarithm of the variance.",
        4, lambda q: q.autoencoders.code(lambda v: (None, v.R * v.eps + v.k * (v.s - 1 / v.s))),
    ),
    Mistake(
        "H7b", "derivative by the variance",
        "You differentiated by the variance: go on to its logarithm.",
        4, lambda q: q.autoencoders.code(
            lambda v: (None, v.R * v.eps / (2 * v.s) + v.k * (1 - 1 / v.var) / 2)
        ),
    ),
    Mistake(
        "H8", "exponential lost in the divergence",
        "You took the logarithm for the variance itself in the divergence.",
        4, lambda q: q.autoencoders.code(lambda v: (None, v.Rlv + v.k * (v.lv - 1) / 2)),
    ),
    Mistake(
        "H9", "one term of the divergence lost",
        "The divergence also has the logarithm of the variance itself in it: its derivative is missing.",
        4, lambda q: q.autoencoders.code(lambda v: (None, v.Rlv + v.k * v.var / 2)),
    ),
    Mistake(
        "H10a", "divergence summed over the examples",
        "The divergence is summed over the examples in your gradient, and the loss has its mean.",
        4, lambda q: q.autoencoders.code(lambda v: (v.R + v.N * v.kmu, v.Rlv + v.N * v.klv)),
    ),
    Mistake(
        "H10b", "divergence divided twice",
        "The divergence is divided by the number of examples twice in your gradient.",
        3, lambda q: q.autoencoders.code(lambda v: (v.R + v.kmu / v.N, v.Rlv + v.klv / v.N)),
    ),
    Mistake(
        "H10c", "reconstruction summed over the examples",
        "The reconstruction is summed over the examples in your gradient, and the loss has its mean.",
        4, lambda q: q.autoencoders.code(lambda v: (v.N * v.R + v.kmu, v.N * v.Rlv + v.klv)),
    ),
    Mistake(
        "H10d", "reconstruction divided twice",
        "The reconstruction is divided by the number of examples twice in your gradient.",
        3, lambda q: q.autoencoders.code(lambda v: (v.R / v.N + v.kmu, v.Rlv / v.N + v.klv)),
    ),
    Mistake(
        "H11", "weight of the divergence forgotten",
        "The loss weighs the divergence, and your gradient does not.",
        4, lambda q: q.autoencoders.code(
            lambda v: (v.R + v.mu / v.N, v.Rlv + (v.var - 1) / (2 * v.N))
        ),
    ),
    Mistake(
        "H13a", "one use of the tied weight",
        "The weight is used in the encoder and in the decoder, and you counted one use ({where}): "
        "both add up.",
        5, lambda q: q.autoencoders.one_way(),
    ),
    Mistake(
        "H13b", "uses of the tied weight averaged",
        "You took the mean of the weight's two uses: they add up.",
        3, lambda q: q.autoencoders.averaged(),
    ),
    Mistake(
        "H13c", "second use of the tied weight not transposed",
        "One of the weight's two uses is transposed, and you did not transpose its part of the gradient "
        "back.",
        4, lambda q: q.autoencoders.untransposed(),
    ),
    Mistake(
        "H14", "target differentiated as well",
        "The input is the target as well, and you differentiated the target too: look at what is held "
        "constant.",
        3, lambda q: q.autoencoders.target_too(),
    ),
)  # fmt: skip
