"""What every line, series and argument of a plan is called."""

from __future__ import annotations

from typing import Any

from autograd_lite.node import Node
from autograd_lite.programs.graph import Graph
from autograd_lite.programs.writing.constants import array_text
from autograd_lite.programs.writing.names import Names, identifier, name_of, timed
from autograd_lite.programs.writing.plan import Plan, inside, lists_of
from autograd_lite.programs.writing.series import Entry, Series
from autograd_lite.programs.writing.statements import Statement
from autograd_lite.programs.writing.terms import Term, constant


def wanted_names(graph: Graph) -> dict[Node, str]:
    """What the leaves would be called if no name were taken.

    Entries of a dict are called as their keys; the weights of several layers are told apart by the module,
    where that has a name of its own, else numbered.
    """
    found = {leaf: identifier(leaf.name) or "x" for leaf in graph.leaves}
    for argument in graph.arguments:
        if isinstance(argument, dict):
            keyed = {x: str(key) for key, x in argument.items() if isinstance(x, Node)}
            found.update({x: identifier(key) or found[x] for x, key in keyed.items()})
    found.update(_of_layers(graph))
    return found


def _of_layers(graph: Graph) -> dict[Node, str]:
    """Of several layers' weights and biases: linear1_weight, or W_1."""
    scopes: dict[Node, str] = {}
    for node in graph.operations:
        for x in node.parents:
            scopes.setdefault(x, node.scope or "")
    told: dict[Node, str] = {}
    for name, short in (("weight", "W"), ("bias", "b")):
        leaves = [x for x in graph.parameters if (x.name or "").rpartition(".")[2] == name]
        for k, leaf in enumerate(leaves if len(leaves) > 1 else [], 1):
            *outer, module = scopes.get(leaf, "").split(".")
            is_named = bool(outer) and identifier(module) == module
            told[leaf] = f"{module}_{name}" if is_named else f"{short}_{k}"
    return told


class Naming:
    """Identifiers for all that is named: none twice.

    arguments  of the function, in order: a name for each leaf or list of leaves, and for each adjoint given
    leaves     by leaf, how it is written
    constants  arrays that are too long to be written, by the names under which they are arguments
    """

    def __init__(self, plan: Plan, reserved: set[str] | None = None) -> None:
        self.plan, self.names = plan, Names(reserved)
        self.of: dict[Any, str] = {}
        self.arguments: list[str] = []
        self.leaves: dict[Node, str] = {}
        self.constants: dict[str, Any] = {}
        self._name_arguments()
        found = list(self._targets())
        self.users = self._users()
        for is_named in (True, False):
            for thing, model in found:
                if thing not in self.of and self._is_named(model) is is_named:
                    self.of[thing] = self._value_name(thing, model)
        for thing, model in found:
            if thing not in self.of:
                self.of[thing] = self._adjoint_name(thing, model)
        for term, series in self.plan.first.items():
            self.of[term] = self.of[series]
        self.variable = next(
            self.names.new(t) for t in ("t", "k", "step") if t not in self.names.taken
        )

    def _name_arguments(self) -> None:
        graph, terms = self.plan.graph, self.plan.draft.leaves
        lists = {leaves[0]: leaves for leaves in lists_of(graph)}
        wanted = wanted_names(graph)
        for leaf in graph.leaves:
            if leaf in self.leaves:
                continue
            if leaf in lists:
                found = timed(leaf.name)
                name = self.names.new((found.base if found else identifier(leaf.name)) or "xs")
                for k, part in enumerate(lists[leaf]):
                    self.leaves[part] = f"{name}[{k}]"
                series, _ = self.plan.of.get(terms[leaf], (None, 0))
                self.of[series] = name
            else:
                name = self.leaves[leaf] = self.names.new(wanted[leaf])
            self.arguments.append(name)
        for leaf, term in terms.items():
            self.of[term] = self.leaves[leaf]

    def _targets(self) -> Any:
        """What is defined, in order, with the term by whose owner it is called."""
        for item in self.plan.items:
            if isinstance(item, Statement):
                if item.target not in {*self.plan.first, *self.plan.written_out}:
                    yield item.target, item.target
                continue
            for line in item.body:
                if isinstance(line.target, Entry):
                    yield line.target.series, line.target.series.model
        for node, seed in self.plan.seeds.items():
            yield seed, seed
            self.plan.draft.owner.setdefault(seed, self.plan.draft.seed_owner(node))

    def _users(self) -> dict[Series, str]:
        """By series, the name of the first series that is computed from it."""
        users: dict[Series, str] = {}
        for loop in self.plan.loops:
            if sum(self._is_named(series.model) is False for series in loop.series) < 2:
                continue
            for line in loop.body:
                if isinstance(line.target, Entry):
                    owned = self._owner(line.target.series.model)
                    base = timed(name_of(owned.node)) if owned is not None else None
                    for x in inside(line.parts, self.plan.draft.shown):
                        if isinstance(x, Entry) and base is not None:
                            users.setdefault(x.series, base.base)
        return users

    def _owner(self, model: Term) -> Any:
        return self.plan.draft.owner.get(model)

    def _is_named(self, model: Term) -> bool | None:
        """Whether a value has a name; None for an adjoint."""
        owned = self._owner(model)
        if owned is None:
            return False
        return None if owned.is_adjoint else name_of(owned.node) is not None

    def _value_name(self, thing: Any, model: Term) -> str:
        owned = self._owner(model)
        name = name_of(owned.node) if owned is not None else None
        if model.function is constant and array_text(model.args[0]) is None:
            held = self.names.numbered("c")
            self.constants[held] = model.args[0]
            return held
        if isinstance(thing, Series) and name is None and thing.last is not None:
            last = self._owner(thing.last)  # a sum is called as the whole of it
            name = name_of(last.node) if last is not None else None
        if isinstance(thing, Series) and (found := timed(name)) is not None:
            return self.names.new(found.base)
        written = identifier(name)
        if written:
            return self.names.new(written)
        if owned is not None and owned.node in set(self.plan.graph.results):
            return self.names.new("result")
        if isinstance(thing, Series):
            return self._series_name(thing)
        is_forward = owned is not None or model.place <= self.plan.draft.last_value
        return self.names.numbered("a" if is_forward else "g")

    def _series_name(self, series: Series) -> str:
        """Of a value without a name in a loop: called after what is computed from it."""
        user = self.users.get(series)
        return self.names.new("a" if user is None else f"a_{user}")

    def _adjoint_name(self, thing: Any, model: Term) -> str:
        owned = self._owner(model)
        value = self.plan.draft.values[owned.node]
        if not isinstance(thing, Series):
            base = (
                self.of.get(value) or self._entry(value) or identifier(name_of(owned.node)) or "a"
            )
            base = identifier(base)
        else:
            series, _ = self.plan.of.get(value, (None, 0))
            base = self.of.get(series) or self.of.get(value) or "a"
        end = "_next" if isinstance(thing, Series) and thing.is_passed_on else ""
        return self.names.new(f"d_{base}{end}")

    def _entry(self, value: Any) -> str | None:
        """What a value of a series is called outside of its loop, as a plain name."""
        series, at = self.plan.of.get(value, (None, 0))
        return f"{self.of[series]}_{at}" if series in self.of else None

    def written(self, term: Term) -> str:
        """A value as it stands in a line."""
        if term in self.of:
            return self.of[term]
        series, at = self.plan.of[term]
        return f"{self.of[series]}[{at}]" if series.is_kept else self.of[series]
