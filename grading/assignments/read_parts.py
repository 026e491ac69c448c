"""What is asked, taken apart: for each kind of question its parts, checked against the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from autograd_lite import FlowGraph
from autograd_lite.errors import CutError, GraphError, did_you_mean
from autograd_lite.names import pretty
from autograd_lite.node import Node
from grading.assignments.graphs import Graph
from grading.assignments.questions import Field, FieldKind, Part, derivative
from grading.assignments.toml_file import Place, TomlFile

_ON_MODELS: Final = ("value", "array", "table", "cut", "function", "module", "operation")


@dataclass(frozen=True)
class Reader:
    """One question of a file, with the graph that it is about.

    said   what its keys say
    """

    file: TomlFile
    place: Place
    said: Mapping[str, Any]
    graph: Graph | None

    def parts(self) -> tuple[Part, ...]:
        """The question's asked quantities, worth a point each for now.

        Raises AssignmentError where the graph does not have what is asked for.
        """
        ask = self.said["ask"]
        if self.graph is not None:
            self._check_kind(ask, self.graph)
        return _PARTS[ask](self)

    def _check_kind(self, ask: str, graph: Graph) -> None:
        if graph.is_array and ask not in _ON_MODELS:
            hint = ", ".join(_ON_MODELS)
            raise self.error("ask", f"{ask!r} is asked of equations; of a model ask one of {hint}")
        if not graph.is_array and ask == "array":
            raise self.error("ask", "'array' is asked of a model; of equations ask 'total'")

    def error(self, key: str, message: str) -> Exception:
        """What is wrong with one of the question's keys."""
        return self.file.error((*self.place, key), message)

    # --- variables -------------------------------------------------------------------------------

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """The graph's named nodes at one point."""
        return self.graph.example if self.graph is not None else {}

    def variable(self, key: str, name: str) -> str:
        """The graph's own name for a variable that a key names, as typed or as printed."""
        printed = {pretty(x): x for x in self.nodes}
        found = name if name in self.nodes else printed.get(pretty(name))
        if found is None:
            typable = [x if x.isidentifier() else pretty(x) for x in self.nodes]
            raise self.error(
                key, f"the graph has no variable {name!r}; {did_you_mean(name, typable)}"
            )
        if not self.nodes[found].requires_grad:
            raise self.error(key, f"{name!r} is a constant, by which nothing is differentiated")
        return found

    def variables(self, key: str) -> tuple[str, ...]:
        """The graph's names for a key's list of variables."""
        found = tuple(self.variable(key, name) for name in self.said[key])
        if len(set(found)) < len(found):
            raise self.error(key, "one of the variables stands there twice")
        return found

    @cached_property
    def of(self) -> str:
        """What is differentiated."""
        said = self.said.get("of", "")
        return self.variable("of", said) if said else list(self.nodes)[-1]

    @cached_property
    def flow(self) -> FlowGraph:
        """The flow graph of what is differentiated, at one point."""
        return FlowGraph(self.nodes[self.of])

    def upstream(self, key: str) -> tuple[str, ...]:
        """A key's variables, of which the differentiated one is computed."""
        names = self.variables(key)
        for name in names:
            if name == self.of:
                raise self.error(
                    key, f"{name!r} is what is differentiated; name a variable before it"
                )
            try:
                self.flow.variable(self.nodes[name])
            except GraphError:
                raise self.error(
                    key, f"{pretty(self.of)} does not depend on {name!r}: the answer would be 0 whatever is "
                    f"done; name a variable before it"
                ) from None  # fmt: skip
        return names

    # --- fields ----------------------------------------------------------------------------------

    def field(self, name: str, label: str, node: str | None = None) -> Field:
        """What is typed for one part."""
        shape = np.shape(self.nodes[node].value) if node is not None else ()
        kind: FieldKind = "array" if shape else "number"
        return Field(name, label, kind, 1.0, self.said.get("digits"), tuple(map(int, shape)))

    def by_each(
        self, names: Iterable[str], hold: tuple[str, ...] | None = None
    ) -> tuple[Part, ...]:
        """A derivative by each of these variables."""
        return tuple(
            Part(self.field(name, derivative(self.of, name, hold), name), self.of, name, hold)
            for name in names
        )


# --- one function for each kind ------------------------------------------------------------------


def _values(reader: Reader) -> tuple[Part, ...]:
    names = reader.variables("of")
    return tuple(Part(reader.field(name, pretty(name), name), name) for name in names)


def _totals(reader: Reader) -> tuple[Part, ...]:
    return reader.by_each(reader.upstream("wrt"))


def _partials(reader: Reader) -> tuple[Part, ...]:
    names, said = reader.upstream("wrt"), reader.said["hold"]
    if said == "others":
        everything = [
            str(v.name) for v in reader.flow.variables if v is not reader.nodes[reader.of]
        ]
        held = {name: tuple(x for x in everything if x != name) for name in names}
        label = "∂{}/∂{} (all other variables held)"
        return tuple(
            Part(reader.field(x, label.format(pretty(reader.of), pretty(x))), reader.of, x, held[x])
            for x in names
        )
    hold = reader.upstream("hold")
    if both := sorted({*names} & {*hold}):
        raise reader.error("hold", f"{both[0]!r} cannot be held and moved at once")
    return reader.by_each(names, hold)


def _cut(reader: Reader) -> tuple[Part, ...]:
    members = reader.upstream("at")
    try:
        reader.flow.cut(members)
    except CutError as error:
        raise reader.error("at", str(error)) from None
    return reader.by_each(members)


def _table(reader: Reader) -> tuple[Part, ...]:
    if reader.said["nodes"]:
        return reader.by_each(reader.upstream("nodes"))
    inner = [str(v.name) for v in reader.flow.variables if v is not reader.nodes[reader.of]]
    return reader.by_each(reversed(inner))


def _formulas(reader: Reader) -> tuple[Part, ...]:
    return tuple(
        Part(Field(name, derivative(reader.of, name, None), "formula", 1.0), reader.of, name)
        for name in reader.upstream("wrt")
    )


def _program(kind: FieldKind, key: str) -> Callable[[Reader], tuple[Part, ...]]:
    def parts(reader: Reader) -> tuple[Part, ...]:
        if "wrt" in reader.said:
            reader.upstream("wrt")
        name = reader.said[key]
        return (Part(Field(name, name, kind, 1.0), reader.of if reader.nodes else ""),)

    return parts


_PARTS: Final[dict[str, Callable[[Reader], tuple[Part, ...]]]] = {
    "value": _values,
    "partial": _partials,
    "total": _totals,
    "cut": _cut,
    "table": _table,
    "formula": _formulas,
    "array": _totals,
    "function": _program("function", "function"),
    "module": _program("module", "class"),
    "operation": _program("function", "function"),
    "engine": _program("module", "class"),
}
