"""Modules that are called with the same options every time, here and in torch, and masks for them."""

from __future__ import annotations

from typing import Any

import numpy as np

import nn
from tests.nn.oracle import torch


def some(rng: np.random.Generator, shape: tuple[int, ...], *, blocked: bool) -> np.ndarray:
    """A boolean mask with at least one key for every query to look at; `blocked` says no."""
    mask = rng.random(shape) < 0.5
    mask[..., 0] = not blocked
    return mask


class With(nn.Module):
    """A module, called with these options; of several results the one that `part` says."""

    def __init__(self, module: nn.Module, called: dict[str, Any], part: int | None = None) -> None:
        self.module, self.part = module, part
        self.called = called

    def forward(self, *inputs: Any) -> Any:
        found = self.module(*inputs, **self.called)
        return found if self.part is None else found[self.part]


class TorchWith(torch.nn.Module):
    """The same of a module of torch."""

    def __init__(self, module: Any, called: dict[str, Any], part: int | None = None) -> None:
        super().__init__()
        self.module, self.part = module, part
        self.called = {
            name: torch.tensor(x) if isinstance(x, np.ndarray) else x for name, x in called.items()
        }

    def forward(self, *inputs: Any) -> Any:
        found = self.module(*inputs, **self.called)
        return found if self.part is None else found[self.part]
