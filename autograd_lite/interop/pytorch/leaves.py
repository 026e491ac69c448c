"""The leaves of an imported graph: inputs under the names of forward's arguments, parameters, buffers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from autograd_lite._tensor import Tensor
from autograd_lite.errors import OperandError
from autograd_lite.operands import Numbers

_KINDS: Final = "float64 float32 int64 int32 int16 int8 uint8 bool".split()


def as_array(x: Any, what: str) -> Any:
    """A tensor of torch's as an array of its own.

    Raises OperandError for a dtype or a layout that there is not here.
    """
    kind = str(x.dtype).removeprefix("torch.")
    if kind not in _KINDS:
        raise OperandError(
            f"{what} is {kind}, and graphs have float64 and float32: write module.double() and x.double()"
        )
    refuse_sparse(x, what)
    return np.array(x.detach().cpu().resolve_conj().resolve_neg().numpy())


def refuse_sparse(x: Any, what: str) -> None:
    """Raise for a tensor that does not hold all its numbers; whatever else is given passes."""
    layout = str(getattr(x, "layout", "torch.strided"))
    if layout != "torch.strided":
        raise OperandError(f"{what} is {layout}, not dense: write x.to_dense()")


class Parameters:
    """A module's parameters as leaf Tensors: of tied ones a single leaf, under every name.

    A parameter that torch does not train (requires_grad=False) is a constant.
    """

    def __init__(self, module: Any) -> None:
        self.by_name: dict[str, Tensor] = {}
        leaves: dict[int, Tensor] = {}
        for name, parameter in module.named_parameters(remove_duplicate=False):
            if id(parameter) not in leaves:
                data = as_array(parameter, f"parameter {name!r}")
                trained = parameter.requires_grad and data.dtype.kind == "f"
                shown = name if name[:1].isalpha() else f"{type(module).__name__}.{name}"
                leaves[id(parameter)] = Tensor(data, requires_grad=trained, name=shown)
            self.by_name[name] = leaves[id(parameter)]


def argument(name: str, value: Any) -> Numbers:
    """An example input: a variable where it is of floats, else a plain array that stays as it is."""
    data = as_array(value, f"input {name!r}")
    return Tensor(data, requires_grad=True, name=name) if data.dtype.kind == "f" else data


def constant(name: str, value: Any) -> Numbers:
    """A buffer, or a tensor that forward takes from elsewhere: under its name, with no derivative."""
    data = as_array(value, f"buffer {name!r}")
    return Tensor(data, name=name or None) if data.dtype.kind == "f" else data


def numbered(leaves: list[Tensor], word: str) -> Iterator[Tensor]:
    """The leaves; those without names are called word_1, word_2, …"""
    unnamed = [leaf for leaf in leaves if leaf.name is None]
    for k, leaf in enumerate(unnamed, start=1):
        leaf.named(word if len(unnamed) == 1 else f"{word}_{k}")
    return iter(leaves)
