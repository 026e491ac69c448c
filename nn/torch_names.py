"""A module's state under torch's names, to go on with it there; the way back is `load_state_dict`."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from nn.module import Module
from nn.module_checks import checked_module
from nn.recurrent import Equations

Array: TypeAlias = np.ndarray[Any, Any]


def torch_state(module: Module) -> dict[str, Array]:
    """A copy of every parameter and buffer under the name that torch's module of the same form has for it.

    Only recurrent modules have other names here than there: W_i, W_f, W_c and W_o of an LSTM are the rows of
    weight_ih_l0, U_i … those of weight_hh_l0, in torch's order of gates. Of torch's two biases the first is b
    and the second 0, but for b_hn, the GRU's own; as only their sum matters, each has the gradient of b.

        theirs.load_state_dict({name: torch.as_tensor(x) for name, x in nn.torch_state(mine).items()})

    Back again it is mine.load_state_dict(theirs.state_dict()). What torch's module lacks, as the output head
    of `RNN(output_size=…)`, keeps its name, and torch refuses it.

    >>> from nn.lstm import LSTM
    >>> {name: x.shape for name, x in torch_state(LSTM(3, 2, generator=0)).items()}
    {'weight_ih_l0': (8, 3), 'weight_hh_l0': (8, 2), 'bias_ih_l0': (8,), 'bias_hh_l0': (8,)}

    Raises OperandError for what is no Module.
    """
    checked_module("a state is that of a Module, such as nn.Linear(2, 1)", module)
    found = module.state_dict()
    for prefix, part in _named_parts(module):
        if isinstance(part, Equations):
            for layer in part.layers:
                for name in part.attributes(layer.suffix):
                    found.pop(prefix + name, None)
            found.update((prefix + name, x) for name, x in part.for_torch().items())
    return found


def _named_parts(module: Module, prefix: str = "") -> list[tuple[str, Module]]:
    """The module and all inside it, what is shared under each name: a state has it under each."""
    parts = [(prefix, module)]
    for name, child in module.named_children():
        parts += _named_parts(child, f"{prefix}{name}.")
    return parts
