"""A program as a person would lay it out: its arguments, lines and loops, and what it returns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from autograd_lite.node import Node
from autograd_lite.programs.arrays.lowering import lower
from autograd_lite.programs.arrays.reverse import lower_adjoints
from autograd_lite.programs.graph import Graph
from autograd_lite.programs.writing.names import Timed, name_of, timed
from autograd_lite.programs.writing.noting import ReadableRecording
from autograd_lite.programs.writing.roles import LEAST
from autograd_lite.programs.writing.rolling import Roller
from autograd_lite.programs.writing.series import Entries, Entry, Loop, Series
from autograd_lite.programs.writing.statements import Draft, Statement
from autograd_lite.programs.writing.terms import Term, constant
from autograd_lite.rules.namespaces import plain

Item = Statement | Loop


@dataclass(eq=False)
class Plan:
    """What is written, in any language.

    graph     whose values and derivatives are written
    draft     its terms, and of which node each is the value or adjoint
    wanted    the leaves by which derivatives are asked for
    seeds     by result that is no single number, or not the only one: the adjoint that it is given
    forward, backward  lines and loops
    of        by term, the series that it is a value of, and the step
    first     by term that only starts a series: that series, which then has no other start
    written_out  constants that only start series: they stand where these start
    """

    graph: Graph
    draft: Draft
    wanted: Collection[Node]
    seeds: dict[Node, Term]
    forward: list[Item]
    backward: list[Item]
    of: dict[Term, tuple[Series, int]]
    first: dict[Term, Series] = field(default_factory=dict)
    written_out: set[Term] = field(default_factory=set)

    @property
    def items(self) -> list[Item]:
        return [*self.forward, *self.backward]

    @property
    def loops(self) -> list[Loop]:
        return [item for item in self.items if isinstance(item, Loop)]


def plan(graph: Graph, wanted: Collection[Node]) -> Plan:
    """Lay out a graph's values, and the derivatives of its result by the wanted leaves."""
    lowered = lower(graph, readable=True, recording=ReadableRecording())
    seeds: dict[Node, Any] = {}
    results = list(graph.results)
    if wanted and len(results) == 1 and not plain_shape(results[0]):
        seeds = {results[0]: lowered.recording.input("seed", plain(results[0]))}
    elif wanted:
        for k, node in enumerate(results):
            seeds[node] = lowered.recording.input(f"seed{k}", plain(node))
    lower_adjoints(lowered, wanted, seeds)
    is_one = len(seeds) == 1 and not plain_shape(results[0])
    draft = Draft(lowered, wanted, {id(x): 1.0 for x in seeds.values()} if is_one else {})
    places = {leaf: k for leaves in lists_of(graph) for k, leaf in enumerate(leaves)}
    roller = Roller(
        lambda x: x.function is None or x in draft.shown,
        draft.is_named,
        lambda x: _timed(draft, places, x),
    )
    for series in _lists(graph, draft):
        for leaf, at in series.steps.items():
            roller.members.setdefault(leaf, []).append((series, at))
    forward, backward = map(roller.rolled, draft.statements())
    of = {term: found[0] for term, found in roller.members.items()}
    given = {node: draft.terms.term(x) for node, x in seeds.items()}
    adjoints = {node: x for node, x in given.items() if isinstance(x, Term)}
    found = Plan(graph, draft, wanted, adjoints, forward, backward, of)
    _list_entries(found)
    _decide_what_is_kept(found)
    return found


def plain_shape(node: Node) -> tuple[int, ...]:
    """The shape of a node's number or array."""
    return getattr(plain(node), "shape", ())


def _timed(draft: Draft, places: dict[Node, int], term: Term) -> Timed | None:
    owned = draft.owner.get(term)
    if owned is None:
        return None
    if owned.node in places:
        return Timed("", places[owned.node])
    return timed(name_of(owned.node))


def lists_of(graph: Graph) -> list[tuple[Node, ...]]:
    """The arguments that are flat lists of leaves."""
    found = [x for x in graph.arguments if isinstance(x, (list, tuple)) and len(x) > 1]
    return [tuple(x) for x in found if all(isinstance(leaf, Node) for leaf in x)]


def _lists(graph: Graph, draft: Draft) -> Iterator[Series]:
    for leaves in lists_of(graph):
        steps = {draft.leaves[leaf]: k for k, leaf in enumerate(leaves)}
        yield Series(draft.leaves[leaves[0]], steps, is_kept=True)


# --- lists of a series' values, as np.stack takes them --------------------------------------------


def _list_entries(found: Plan) -> None:
    for item in found.items:
        if isinstance(item, Statement):
            item.parts = [_listed(found, part) for part in item.parts]


def _listed(found: Plan, x: Any) -> Any:
    if isinstance(x, (tuple, list)):
        return entries_of(found, x) or type(x)(_listed(found, part) for part in x)
    if isinstance(x, Term) and x.function is not None and x not in found.draft.shown:
        return _with_lists(found, x)
    if isinstance(x, Term) and x.function is not None:
        return x
    return x


def _with_lists(found: Plan, term: Term) -> Term:
    args = tuple(_listed(found, part) for part in term.args)
    if len(term.args) >= LEAST and (entries := entries_of(found, term.args)) is not None:
        return term.of((entries,), term.options)  # np.stack's operands, given one by one
    return term.of(args, term.options)


def entries_of(found: Plan, x: Iterable[Any]) -> Entries | None:
    """The terms as a list of one series' values, if they are."""
    known = [found.of.get(part) if isinstance(part, Term) else None for part in x]
    if len(known) < LEAST or not all(known):
        return None
    series, steps = known[0][0], [at for _, at in known]  # type: ignore[index, misc]
    slope = steps[1] - steps[0]
    if any(other is not series for other, _ in known) or abs(slope) != 1:  # type: ignore[misc]
        return None
    wanted = range(steps[0], steps[0] + slope * len(steps), slope)
    return Entries(series, wanted) if steps == list(wanted) else None


# --- which series are needed as a whole -----------------------------------------------------------


def _decide_what_is_kept(found: Plan) -> None:
    starts = [
        (value, series)
        for loop in found.loops
        for series, _, value in loop.starts
        if isinstance(value, Term)
    ]
    named = set(found.draft.roots)
    for root in found.draft.roots:
        _keep_for(found, root)
    for item in found.items:
        if isinstance(item, Loop):
            named |= _keep_in_loop(found, item)
        else:
            for x in inside((item.at, item.parts), found.draft.shown):
                named.add(x)
                _keep_for(found, x)
    for value, series in starts:
        if value.function is constant and value not in named:
            found.written_out.add(value)
        elif (
            value in named
            or value.function is None
            or series.is_kept
            or sum(other is value or s is series for other, s in starts) > 1
        ):
            _keep_for(found, value)
        else:
            found.first[value] = series


def _keep_for(found: Plan, x: Any) -> None:
    if isinstance(x, (Entry, Entries)):
        x.series.is_kept = True
    elif isinstance(x, Term) and x in found.of:
        series, _ = found.of[x]
        if series.last is not x:
            series.is_kept = True


def _keep_in_loop(found: Plan, loop: Loop) -> set[Any]:
    """Note what lines of a loop ask for; returns the terms that they name."""
    written: dict[Series, int] = {
        line.target.series: k
        for k, line in enumerate(loop.body)
        if isinstance(line.target, Entry) and not line.adds
    }
    named = set()
    for k, line in enumerate(loop.body):
        for x in inside(
            (line.target if line.adds else None, line.at, line.parts), found.draft.shown
        ):
            named.add(x)
            if not (isinstance(x, Entry) and x.series in written):
                _keep_for(found, x)
            elif not _is_at_hand(x, k, written[x.series], loop):
                x.series.is_kept = True
    return named


def _is_at_hand(x: Entry, reader: int, writer: int, loop: Loop) -> bool:
    """Whether one variable serves: read after it was written in this step, or before, of the last step."""
    if x.series.is_passed_on:
        return True
    target = next(
        s.target for s in loop.body if isinstance(s.target, Entry) and s.target.series is x.series
    )
    behind = (target.at.offset - x.at.offset) * loop.steps.step
    return (behind == 0 and writer < reader) or (behind == 1 and reader <= writer)


def inside(x: Any, shown: Collection[Term]) -> Iterator[Any]:
    """The values that an expression names: terms with lines of their own, leaves, entries of series."""
    if isinstance(x, Term):
        if x.function is None or x in shown:
            yield x
        else:
            yield from inside((x.args, x.options), shown)
    elif isinstance(x, (Entry, Entries)):
        yield x
    elif isinstance(x, (tuple, list)):
        for part in x:
            yield from inside(part, shown)
    elif isinstance(x, dict):
        yield from inside(list(x.values()), shown)
    elif isinstance(x, slice):
        yield from inside((x.start, x.stop, x.step), shown)
