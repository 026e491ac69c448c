"""Recurrences with gates: each gate has weights of its own, which can be read and written together."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite import Tensor
from autograd_lite.errors import OperandError, ShapeError
from nn.assigning import numbers
from nn.joined import Joined, joined
from nn.layer import Layer
from nn.recurrent import Equations
from nn.weights import array_or_none


class Gated(Equations):
    """W_g, U_g and b_g for every gate g: leaves, as the gate's equation has them.

    W, U and b stand for those of all gates, one below the other in torch's order (see `Joined`): reading
    gives one array, writing goes into the leaves. Those of further layers are called W_l1, U_l1, …

    gates  the gates' letters, in torch's order
    """

    names = ("W", "U", "b")
    gates: str

    def parts(self, name: str) -> list[str]:
        """Which weights the attribute `name` stands for, such as W for W_i, W_f, W_c and W_o; or none."""
        for stacked in self.names:
            if name.startswith(stacked):
                parts = [f"{stacked}_{gate}{name[len(stacked) :]}" for gate in self.gates]
                if all(part in vars(self) for part in parts):
                    return parts
        return []

    def attributes(self, suffix: str) -> list[str]:
        return [f"{name}_{gate}{suffix}" for name in self.names for gate in self.gates]

    def weights(self, suffix: str) -> tuple[Any, ...]:
        """For each gate W_g, U_g and b_g."""
        return tuple(
            self.equation(*(f"{name}_{gate}{suffix}" for name in self.names)) for gate in self.gates
        )

    def add(self, name: str, layer: Layer, data: Any) -> None:
        if name not in self.names:
            return super().add(name, layer, data)
        blocks = [None] * self.blocks if data is None else np.split(data, self.blocks)
        for gate, block in zip(self.gates, blocks, strict=True):
            super().add(f"{name}_{gate}", layer, block)
        return None

    # --- reading and writing the gates together -------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        parts = [vars(self)[part] for part in self.parts(name)]
        if not parts:
            return super().__getattr__(name)
        some = next((part for part in parts if part is not None), None)
        if some is None:
            return None
        return joined(name, [Tensor(np.zeros_like(some.value)) if p is None else p for p in parts])

    def __setattr__(self, name: str, value: Any) -> None:
        parts = self.parts(name)
        if not parts:
            super().__setattr__(name, value)
            return
        for part, piece in zip(parts, self._pieces(name, parts, value), strict=True):
            super().__setattr__(part, piece)

    def _pieces(self, name: str, parts: list[str], value: Any) -> list[Any]:
        """What each gate gets when `value` is assigned to all: nothing is written before all fits."""
        place = f"{self.label}.{name}"
        if isinstance(value, Joined) and len(value.operands) == len(parts):
            for part, piece in zip(parts, value.operands, strict=True):
                self.refuse_misfit(part, piece.shape)
            return list(value.operands)
        if isinstance(value, Tensor):
            raise OperandError(
                f"{place} is read from {', '.join(parts)}: write {place} = t.numpy() to put a tensor's "
                f"numbers into them, or assign a tensor to each"
            )
        if value is None and name.startswith(self.names[2]):
            return [None] * len(parts)
        self.refuse_absent(name, parts)
        array = numbers(place, value)
        shapes = [vars(self)[part].shape for part in parts]
        expected = (sum(shape[0] for shape in shapes), *shapes[0][1:])
        if array.shape not in ((), expected):
            raise ShapeError(
                f"{place} has shape {expected}, and what is written to it {array.shape}"
            )
        return [array] * len(parts) if array.ndim == 0 else np.split(array, len(parts))

    # --- states ---------------------------------------------------------------------------------

    def from_torch(self, state: dict[str, Any], layer: Layer) -> dict[str, Any]:
        """The state with every gate's own entries: of torch's, and of W, U and b that hold all gates."""
        state = super().from_torch(state, layer)
        for name in self.names:
            key = name + layer.suffix
            parts = self.parts(key)
            if key not in state or not parts or not state.keys().isdisjoint(parts):
                continue
            array = array_or_none(state[key])
            if np.ndim(array) and vars(self)[parts[0]] is not None:
                del state[key]
                # blocks of different lengths where the rows do not fit: each is then said to be mis-shaped
                state.update(zip(parts, np.array_split(array, len(parts)), strict=True))
        return state
