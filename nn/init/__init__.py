"""Initial weights: new arrays, `init.xavier_uniform(shape)`, or a tensor filled, `init.xavier_uniform_(w)`.

`generator` is a numpy.random.Generator, which moves on with every draw, or an integer seed; None
draws a fresh one from the system, so runs differ. There is no global randomness to seed.

The names that end in an underscore, their arguments and their distributions are torch.nn.init's.
"""

from nn.init.draws import (
    Generator as Generator,
)
from nn.init.draws import (
    as_generator,
    fans,
    gain,
    kaiming_normal,
    kaiming_uniform,
    lecun_uniform,
    normal,
    ones,
    orthogonal,
    uniform,
    xavier_normal,
    xavier_uniform,
    zeros,
)
from nn.init.in_place import (
    calculate_gain,
    constant_,
    dirac_,
    eye_,
    kaiming_normal_,
    kaiming_uniform_,
    normal_,
    ones_,
    orthogonal_,
    sparse_,
    trunc_normal_,
    uniform_,
    xavier_normal_,
    xavier_uniform_,
    zeros_,
)

__all__ = [
    "as_generator",
    "calculate_gain",
    "constant_",
    "dirac_",
    "eye_",
    "fans",
    "gain",
    "kaiming_normal",
    "kaiming_normal_",
    "kaiming_uniform",
    "kaiming_uniform_",
    "lecun_uniform",
    "normal",
    "normal_",
    "ones",
    "ones_",
    "orthogonal",
    "orthogonal_",
    "sparse_",
    "trunc_normal_",
    "uniform",
    "uniform_",
    "xavier_normal",
    "xavier_normal_",
    "xavier_uniform",
    "xavier_uniform_",
    "zeros",
    "zeros_",
]
