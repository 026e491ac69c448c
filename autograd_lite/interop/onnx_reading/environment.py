"""The values that have names while a graph is run, and which of them rest on numbers that may change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from autograd_lite.errors import GraphError
from autograd_lite.interop.onnx_reading.names import shown
from autograd_lite.interop.onnx_reading.values import Given, moves


class Result(NamedTuple):
    """A value; frozen  whether it rests on numbers as they are now, and would not follow their changes."""

    value: Given | None
    frozen: bool = False

    @property
    def may_change(self) -> bool:
        """Whether it would be another one for other numbers."""
        return self.frozen or moves(self.value)


class Environment:
    """Values by name, in a graph inside another one.

    outer   the graph around it, whose names are known inside too; None for the model's and a function's
    """

    def __init__(self, outer: Environment | None = None) -> None:
        self.outer = outer
        self._results: dict[str, Result] = {}

    def read(self, name: str) -> Result:
        """What has this name.

        Raises GraphError when nothing that ran before has given it.
        """
        found = self._find(name)
        if found is None:
            raise GraphError(
                f"{shown(name)} is no input, and no node before computes it: the model is broken, or its "
                f"nodes run in a circle or out of order"
            )
        return found

    def write(self, name: str, result: Result) -> None:
        """Give a value its name.

        Raises GraphError when the name has a value already.
        """
        if self._find(name) is not None:
            raise GraphError(f"two values are called {shown(name)}")
        self._results[name] = result

    def read_all(self, names: Iterable[str]) -> list[Result]:
        """What has these names; nothing where a name is empty."""
        return [self.read(name) if name else Result(None) for name in names]

    def _find(self, name: str) -> Result | None:
        scope: Environment | None = self
        while scope is not None:
            if name in scope._results:
                return scope._results[name]
            scope = scope.outer
        return None


class Frame(NamedTuple):
    """Where nodes are run.

    values  by their names
    opsets  the versions of the operators' domains
    bound   the attributes of the function that the nodes stand in
    names   whether results get the model's names: those of its own graph do
    """

    values: Environment
    opsets: Mapping[str, int]
    bound: Mapping[str, Any]
    names: bool = False

    def inner(self) -> Frame:
        """That of a graph inside."""
        return Frame(Environment(self.values), self.opsets, self.bound)
