"""What one question on a graph of Values is about, at K points at once: its nodes and how they move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from autograd_lite.node import Node, Nodes
from autograd_lite.variables import label
from grading.catalogue.places import as_written
from grading.scalars.graph import ScalarGraph
from grading.scalars.lift import Row


class Quantities:
    """A derivative by x, or the value of y where there is no x: the nodes on the way, and how they move.

    Every row holds the K points asked about, and some beside them.
    """

    def __init__(
        self,
        y: Node,
        x: Node | None,
        variables: Iterable[Node],
        hold: Iterable[Node] | None,
        values: Mapping[Node, Any] | None,
    ) -> None:
        self._found: dict[Any, Any] = {}
        self.y, self.x, self.of_value = y, y if x is None else x, x is None
        self.hold = None if hold is None else tuple(hold)
        named, held = {*variables, self.x, y}, set(self.hold or ()) - {self.x}
        self.graph = ScalarGraph(y, self.x, named, held, values)

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What `make` gives, which several entries of the catalogue need, made once."""
        if key not in self._found:
            self._found[key] = make()
        return self._found[key]

    # --- the answer ------------------------------------------------------------------------------

    @property
    def k(self) -> int:
        """At how many points."""
        return self.graph.k

    @cached_property
    def right(self) -> Row:
        """The right answer."""
        return self.graph.values[self.y] if self.of_value else self.total(self.x)

    # --- sweeps ----------------------------------------------------------------------------------

    @cached_property
    def _adjoints(self) -> list[Row]:
        with np.errstate(all="ignore"):
            return self.graph.fine.adjoints(self.graph.number[self.y])

    @cached_property
    def _tangents(self) -> list[Row]:
        with np.errstate(all="ignore"):
            return self.graph.fine.tangents({self.graph.number[self.x]: np.ones(self.k)})

    def total(self, v: Node) -> Row:
        """dy/dv, with what is held in the question held."""
        return self._adjoints[self.graph.number[v]]

    def moves(self, v: Node) -> Row:
        """dv/dx, with what is held in the question held."""
        return self._tangents[self.graph.number[v]]

    def value(self, v: Any) -> Row:
        """What v is."""
        values = self.graph.values
        return values[v] if isinstance(v, Node) else np.broadcast_to(float(v), (self.k,))

    @cached_property
    def zero(self) -> Row:
        """Nothing, at every point."""
        return np.zeros(self.k)

    @cached_property
    def on_the_way(self) -> list[Node]:
        """The nodes on some path from x to y, x and y among them, in order of evaluation."""
        fine, number = self.graph.fine, self.graph.number
        on = fine.reaching(number[self.y]) & fine.reached(number[self.x])
        return [node for n, node in enumerate(self.graph.order) if n in on]

    @cached_property
    def variables(self) -> list[Node]:
        """The variables on the way, x and y among them."""
        return [v for v in self.on_the_way if v in self.known]

    @cached_property
    def inner(self) -> list[Node]:
        """The variables strictly between x and y."""
        return [v for v in self.variables if v is not self.x and v is not self.y]

    @cached_property
    def unnamed(self) -> list[Node]:
        """The operations inside equations, on the way from x to y."""
        return [v for v in self.on_the_way if v not in self.known]

    def name(self, v: Node) -> str:
        """What a place is called in identifiers: "h_1", "sin in h_1"."""
        return self.graph.name[v]

    def spoken(self, v: Node, beside: Node | None = None) -> str:
        """What a place is called in a sentence: "h_1", "h_1^2 in ŷ", beside one in ŷ "h_1^2"."""
        short, whole = self.once(("spoken", v), lambda: self._called(v, self.graph.name[v]))
        is_near = beside is not None and self.graph.owner.get(beside) is self.graph.owner.get(v)
        return str(short if is_near else whole)

    def _called(self, v: Node, name: str) -> tuple[str, str]:
        if v in self.known or v.is_leaf:
            return name, name
        owner, text = self.graph.owner.get(v), as_written(v, self.known)
        return (text, f"{text} in {label(owner)}") if text and owner else (f"the {name}",) * 2

    @cached_property
    def ends(self) -> dict[str, str]:
        """What x and y are called, for sentences."""
        return {"x": self.name(self.x), "y": self.name(self.y)}

    def local(self, node: Node, v: Node) -> Row:
        """∂node/∂v with every other variable held."""
        return self.graph.local[self.graph.number[node]][self.place(v)]  # type: ignore[no-any-return]

    def place(self, v: Node) -> int:
        """The number of a variable among the variables."""
        return self.known[v]

    @cached_property
    def known(self) -> dict[Node, int]:
        """The variables, each with its number."""
        return {v: j for j, v in enumerate(self.graph.variables)}

    def sources(self, node: Node) -> Nodes:
        """The variables on the way that a node is computed from with no other one between."""
        return self._sources[node]

    @cached_property
    def _sources(self) -> dict[Node, Nodes]:
        on, variables = self.on, self.graph.variables
        return {
            node: Nodes(v for a in places if (v := variables[a]) in on)
            for node, places in self.graph.sources.items()
        }

    @cached_property
    def on(self) -> frozenset[Node]:
        """The nodes on the way, to be asked."""
        return frozenset(self.on_the_way)
