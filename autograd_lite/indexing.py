"""`t.at[i].set(v)` and `t.at[i].add(v)`: writing to a tensor by making a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_lite.habits import missing
from autograd_lite.rules.indexing import at_add, at_set


class At:
    """A tensor about to be indexed: `t.at[i]`."""

    def __init__(self, tensor: Any, plain_index: Callable[[Any], Any]) -> None:
        self.tensor, self.plain_index = tensor, plain_index

    def __getitem__(self, index: Any) -> Entries:
        return Entries(self.tensor, self.plain_index(index))


class Entries:
    """The entries of a tensor at an index: `t.at[i]`."""

    def __init__(self, tensor: Any, index: Any) -> None:
        self.tensor, self.index = tensor, index

    def __getattr__(self, name: str) -> Any:
        raise missing("Entries", name, ["set", "add"], instead="t.at[i]")

    def set(self, value: object) -> Any:
        """A new tensor with these entries replaced by `value`."""
        return at_set(self.tensor, value, index=self.index)

    def add(self, value: object) -> Any:
        """A new tensor with `value` added to these entries, repeated indices counting each time."""
        return at_add(self.tensor, value, index=self.index)
