"""Optimisers: each step moves every parameter against its gradient, in place.

Names, arguments, defaults and numbers are those of torch.optim. Each works in one scratch array per
parameter, since at the size of a model every temporary array costs as much as the arithmetic, and goes
over a large parameter in blocks. With the extra `fast` (Numba) Adam, AdamW, RMSprop and SGD go over it
once, with the same numbers to the last bit.
"""

from autograd_lite.habits import missing_in_package as _missing
from nn.optim.adam import Adam, AdamW
from nn.optim.optimizer import Optimizer
from nn.optim.rmsprop import Adagrad, RMSprop
from nn.optim.sgd import SGD

RMSProp = RMSprop

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSProp", "RMSprop"]


def __getattr__(name: str) -> object:
    raise _missing("nn.optim", name, __all__)
