"""A form: how one kind of model is found in a flow graph, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

import numpy as np

from autograd_lite.cut import Cut
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.tape import Tape
from viz.formulas import labels
from viz.formulas.naming import Names, names_of
from viz.scene.scene import Scene

Found = TypeVar("Found")


@dataclass(frozen=True)
class Asked:
    """What a picture is asked of: a flow graph, its cuts, the variables of interest.

    Numbers come from the engine alone: values from the nodes, derivatives from the flow graph.
    """

    flow: FlowGraph
    cuts: Sequence[Cut] = ()
    wrt: Sequence[Node] = ()
    choice: Any = field(default=None)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node of the graph, constants too, in order of creation."""
        return tuple(Tape(self.flow.output).nodes)

    @cached_property
    def users(self) -> dict[Node, list[Node]]:
        """For each node those computed from it directly, once each."""
        found: dict[Node, list[Node]] = {node: [] for node in self.nodes}
        for node in self.nodes:
            for operand in dict.fromkeys(x for x in node.operands if isinstance(x, Node)):
                found[operand].append(node)
        return found

    @property
    def names(self) -> Names:
        """What the variables are called."""
        return names_of(self.flow)

    @property
    def output(self) -> str:
        """The output's name in formulas."""
        return self.names.latex(self.flow.output)

    def total(self, v: Node) -> Any:
        """dy/dv of the output, as an array of v's shape when the output is one number."""
        return np.asarray(self.flow.total(v)).reshape(np.shape(v.value))

    def fraction(self, v: Node) -> str:
        """dy/dv in LaTeX, on one line: dL/dh_t."""
        return rf"d{self.output}/d{self.names.latex(v)}"

    def stacked(self, v: Node) -> str:
        """dy/dv in LaTeX as a fraction."""
        return labels.fraction(self.output, self.names.latex(v))


@dataclass(frozen=True)
class Form(Generic[Found]):
    """One kind of model.

    name  by which `viz.draw(form=…)` asks for it
    find  what the drawing needs to know, or None when the graph is no such model
    draw  the pages of the picture
    """

    name: str
    find: Callable[[Asked], Found | None]
    draw: Callable[[Asked, Found], Sequence[Scene]]
