"""Levels: every node, the variables, or one bubble for each module; and a budget that chooses.

operations   every node is a bubble
variables    the nodes that have a name
modules      one bubble for each call of a module, chains of calls that are all alike as "× n"
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Final, Literal, TypeAlias

from autograd_lite.errors import PictureError, did_you_mean
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.tape import Tape
from viz.choose.folding import Collapsed, closed, is_opened
from viz.choose.sheet import Level, nothing

Name: TypeAlias = Literal["operations", "variables", "modules"]
Fold: TypeAlias = Callable[[Node], object]

NAMES: Final = ("operations", "variables", "modules")


def level_of(
    graph: FlowGraph | Node, name: str | None, opened: Collection[str], fold: Fold | None, most: int
) -> Level:
    """The level of this name; without one, whichever fits.

    Raises PictureError for another name, or for a module opened that does not exist.
    """
    opened = {opened} if isinstance(opened, str) else set(opened)
    flow = graph if isinstance(graph, FlowGraph) else FlowGraph(graph)
    if name is None and not opened:
        return _fitting(flow, isinstance(graph, Node), fold, most)
    name = "modules" if name is None else name
    if name not in NAMES:
        raise PictureError(f"no level is called {name!r:.60}: {did_you_mean(str(name), NAMES)}")
    if opened and name != "modules":
        raise PictureError(f'opened={sorted(opened)} opens modules: write level="modules"')
    if name == "operations":
        return operations(flow.output, fold)
    return modules(flow.output, opened, fold) if name == "modules" else variables(flow, fold)


def _fitting(flow: FlowGraph, free: bool, fold: Fold | None, most: int) -> Level:
    """The variables where they fit a sheet, else the modules if there are any.

    free  whether the variables were not chosen; then, if nothing has a name, every node is drawn
    """
    level = variables(flow, fold)
    count = len(level.flow.variables)
    if count > most and any(node.scope for node in Tape(flow.output).operations):
        return replace(modules(flow.output, (), fold), notes=(_TOO_MANY.format(count),))
    if free and fold is None and count == 1 and not flow.output.is_leaf:
        found = operations(flow.output)
        return replace(found, notes=(_NAMELESS,)) if len(found.flow.variables) <= most else level
    return level


_TOO_MANY: Final = (
    'drawn by module, since {} variables are too many for a sheet; level="variables" draws those'
)
_NAMELESS: Final = (
    'every operation is drawn, since no other variable has a name; .named("h") makes one'
)


def variables(flow: FlowGraph, fold: Fold | None = None) -> Level:
    """The variables, without those that `fold` says yes to."""
    if fold is None:
        return Level(flow)
    kept = _kept(flow.variables, fold)
    whole = len(kept) == len(flow.variables)
    return Level(flow if whole else FlowGraph(flow.output, kept), hides=lambda v: bool(fold(v)))


def operations(output: Node, fold: Fold | None = None) -> Level:
    """Every node that derivatives exist for."""
    nodes = [node for node in Tape(output).nodes if node.requires_grad]
    return variables(FlowGraph(output, nodes), fold)


def modules(output: Node, opened: Collection[str] = (), fold: Fold | None = None) -> Level:
    """One bubble for each call of a module; of what is outside, the variables.

    A module that holds everything is opened, since one bubble would say nothing.
    """
    nodes = Tape(output).nodes
    asked, opened = opened, opened_of(nodes, opened)
    name = closed(opened)
    collapsed = Collapsed(nodes, output, name)
    found = collapsed.modules(_around(nodes, [p for p in opened if not is_opened(p, asked)]))
    single = _kept(_outside(nodes, collapsed, opened), fold or nothing)
    flow = FlowGraph(output, [*single, *found])

    def hides(node: Node) -> bool:
        return name(node) is not None or bool(fold and fold(node))

    return Level(flow, found, hides)


def _kept(nodes: Iterable[Node], fold: Fold) -> list[Node]:
    return [node for node in nodes if not fold(node)]


def opened_of(nodes: Collection[Node], opened: Collection[str]) -> frozenset[str]:
    """What was asked for, the modules around it, and modules that hold everything alone."""
    scopes = {node.scope for node in nodes if node.scope}
    if not scopes:
        raise PictureError(
            "no node of this graph was made by a module, so there is none to collapse or open: "
            'write level="variables", or make nodes inside autograd_lite.scope("name")'
        )
    known = {p for scope in scopes for p in _prefixes(scope)}
    for module in opened:
        if not any(is_opened(p, {module}) for p in known):
            raise PictureError(
                f"no module is called {module!r}: {did_you_mean(str(module), known)}"
            )
    wanted = {p for p in known if is_opened(p, opened)}
    wanted |= {p for module in wanted for p in _prefixes(module)}
    while len(top := {_top(scope, wanted) for scope in scopes}) == 1:
        only = top.pop()
        if only is None or not any(p.startswith(f"{only}.") for p in known):
            break
        wanted.add(only)
    return frozenset(wanted)


def _around(nodes: Iterable[Node], opened: Collection[str]) -> str:
    """The part of all names that says nothing: the module that holds every other one."""
    scopes = [_prefixes(node.scope) for node in nodes if node.scope]
    shared = [p for p in scopes[0] if p in opened and all(p in others for others in scopes)]
    return f"{shared[-1]}." if shared else ""


def _prefixes(scope: str) -> list[str]:
    parts = scope.split(".")
    return [".".join(parts[: k + 1]) for k in range(len(parts))]


def _top(scope: str, opened: Collection[str]) -> str | None:
    return next((p for p in _prefixes(scope) if p not in opened), None)


def _outside(nodes: Iterable[Node], collapsed: Collapsed, opened: Collection[str]) -> list[Node]:
    """The variables in no collapsed module; where an opened module has none, all of its nodes."""
    outside = [
        n
        for n in nodes
        if n.requires_grad and n not in collapsed.owner and n not in collapsed.inner
    ]
    shown = {n.scope for n in outside if n.name is not None and not n.is_leaf}
    bare = {scope for scope in opened if scope not in shown}
    return [n for n in outside if n.name is not None or (n.scope in bare and not n.is_leaf)]
