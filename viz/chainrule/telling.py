"""What a derivation says, line by line: the equations, then First …, Second …, Third …"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

import numpy as np

from autograd_lite.node import Node
from viz.chainrule import array_lines
from viz.chainrule.lines import Equation, Line, Note, Row
from viz.chainrule.steps import Step, is_scalar
from viz.chainrule.writer import Writer
from viz.formulas import symbols
from viz.formulas.escaping import drawable
from viz.formulas.naming import renamed
from viz.formulas.places import inputs_by_index
from viz.look import limits

Run = tuple[Step, ...]
"""Steps that are the same but for the index; most often one."""

_ORDINALS: Final = "First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth".split()


def lines_of(writer: Writer, runs: Sequence[Run]) -> Iterator[Line]:
    """All lines of a derivation."""
    involved = _involved(writer, runs)
    yield from _equations(writer, involved)
    delta, everywhere = _delta(writer, runs), _delta_of_arrays(writer, runs)
    writer = writer.calling(
        delta=everywhere, known={step.left.wrt: step for run in runs for step in run}
    )
    for number, run in enumerate(runs):
        word = _ordinal(number) if len(runs) > 1 else ""
        if len(run) == 1:
            yield from _single(writer, run[0], word)
        else:
            named = delta if place_of(writer, run) == delta else None
            yield from _recursion(writer.calling(delta=everywhere or named), run, word)
    yield from _renamed(writer, involved)


def _involved(writer: Writer, runs: Iterable[Run]) -> list[Node]:
    """The variables that occur, in the order in which they were computed."""
    steps = [step for run in runs for step in run]
    factors = [factor for step in steps for term in (*step.terms, (step.left,)) for factor in term]
    found = {node for factor in factors for node in (factor.of, factor.wrt)}
    sources = writer.flow.sources
    found |= {x for node in found for x in sources.get(node, ())}
    found |= {x for node in found for x in symbols.constants(writer.flow, node)}
    order = sorted(found, key=lambda node: node.number)
    return inputs_by_index(writer.called, order)


def _ordinal(number: int) -> str:
    return f"{_ORDINALS[number]}," if number < len(_ORDINALS) else "Next,"


# --- the system of equations -----------------------------------------------------------------------


def _equations(writer: Writer, nodes: Iterable[Node]) -> Iterator[Line]:
    """What each variable is computed from, and its value; a family in one line."""
    kin: dict[object, list[Node]] = {}
    for node in nodes:
        kin.setdefault(_kind(writer, node), []).append(node)
    for members in list(kin.values())[: limits.EQUATIONS]:
        yield _system(writer, members)
    if len(kin) > limits.EQUATIONS:
        yield Note(f"… and {len(kin) - limits.EQUATIONS} more equations.")


def _kind(writer: Writer, node: Node) -> object:
    """The same for variables whose equations differ in nothing but the index."""
    at = writer.place(node)
    if at is None:
        return id(node)
    return at.family, writer.calling(start=node).equation(node), np.shape(node.value)


def _system(writer: Writer, members: Sequence[Node]) -> Equation:
    one = writer if len(members) == 1 else writer.calling(start=members[0])
    where = () if one is writer else writer.where(members)
    rights = _rows(one.equation(members[0]), writer.value(members), where)
    return Equation(one.name(members[0]), rights)


def _rows(*rows: Row) -> tuple[Row, ...]:
    """Those that say something, without repetition."""
    return tuple(row for row, _ in groupby(row for row in rows if row))


def _renamed(writer: Writer, nodes: Iterable[Node]) -> Iterator[Line]:
    """Which variables those are whose names cannot be typeset."""
    for node in renamed(nodes):
        yield Note("The variable called", writer.name(node), f"is {drawable(node.name or '')}")


# --- derivatives -----------------------------------------------------------------------------------


def _single(writer: Writer, step: Step, word: str) -> Iterator[Equation]:
    """The line of one derivative; where it is called δ, of what."""
    called = writer.ratio(step.left)
    defined = _unlike((f"= {writer.calling(delta=None).ratio(step.left)}",), called)
    yield Equation(called, _rows(defined, *_rights(writer, step)), word)


def _rights(writer: Writer, step: Step) -> tuple[Row, ...]:
    """All that a derivative is equal to."""
    if not step.terms:
        return (writer.result(step) if is_scalar(step) else array_lines.result(writer, step),)
    sigma, inside = writer.sigma(step)
    rule = () if sigma else _unlike(writer.chain_rule(step), writer.ratio(step.left))
    if not is_scalar(step):
        return _rows(sigma, rule, *_of_arrays(writer, step, inside))
    formulas = (inside,) if inside else (writer.formulas(step), writer.closed(step))
    return _rows(sigma, rule, *formulas, writer.numbers(step), writer.result(step))


def _of_arrays(writer: Writer, step: Step, inside: Row) -> tuple[Row, ...]:
    """Formulas, or where there are none the shapes that are multiplied; then the numbers."""
    written = array_lines.formulas(writer, step)
    rows = (inside or written, array_lines.put_in(writer, step))
    return (
        *(rows if written else (array_lines.shapes(writer, step),)),
        array_lines.result(writer, step),
    )


def _unlike(row: Row, left: str) -> Row:
    return () if row == (f"= {left}",) else row


def place_of(writer: Writer, run: Run) -> str | None:
    """The family whose derivatives a run of steps finds."""
    at = writer.place(run[0].left.wrt)
    return at.family if at and len(run) > 1 else None


def _delta(writer: Writer, runs: Iterable[Run]) -> str | None:
    """The one family that passes derivatives on to itself, if its derivatives may be called δ."""
    recursive = {
        place_of(writer, run) for run in runs if len(run) > 1 and _is_recursive(writer, run[0])
    }
    taken = any("delta" in (v.name or "") or "δ" in (v.name or "") for v in writer.flow.variables)
    return recursive.pop() if len(recursive) == 1 and not taken else None


def _delta_of_arrays(writer: Writer, runs: Iterable[Run]) -> str | None:
    """The family of arrays whose derivatives are called δ in all lines.

    One that passes them on to itself, directly as the states h_t do, or through a function entry by entry
    as the excitations ξ_l do.
    """
    steps = [step for run in runs for step in run]
    if any("delta" in (v.name or "") or "δ" in (v.name or "") for v in writer.flow.variables):
        return None
    arrays = [s for s in steps if not is_scalar(s) and np.size(writer.flow.output.value) == 1]
    direct = [s for s in arrays if _is_recursive(writer, s)]
    targets = writer.flow.targets
    through = [
        s for s in arrays
        if all(array_lines.is_entrywise(writer, t) for t in targets[s.left.wrt])
        and _comes_back(writer, s)
    ]  # fmt: skip
    found = [at.family for s in (*direct, *through) if (at := writer.place(s.left.wrt))]
    return found[0] if found else None


def _comes_back(writer: Writer, step: Step) -> bool:
    """Whether a variable's family is what is computed from what is computed from it."""
    at = writer.place(step.left.wrt)
    next_ones = (writer.place(u) for t in writer.flow.targets[step.left.wrt]
                 for u in writer.flow.targets[t])  # fmt: skip
    return at is not None and any(there and there.family == at.family for there in next_ones)


def _is_recursive(writer: Writer, step: Step) -> bool:
    at = writer.place(step.left.wrt)
    makes = [writer.place(term[-1].of) for term in step.terms]
    return at is not None and any(p and p.family == at.family for p in makes)


def _recursion(writer: Writer, run: Run, word: str) -> Iterator[Line]:
    """The step for any index, then its numbers for each."""
    first, one = run[0], writer.calling(start=run[0].left.wrt)
    called = one.ratio(first.left)
    defined = _unlike((f"= {one.calling(delta=None).ratio(first.left)}",), called)
    rights = _rows(defined, one.chain_rule(first), *_general(writer, run))
    results = {writer.result(step) for step in run}
    if len(results) == 1 and is_scalar(first):
        where = writer.where([step.left.wrt for step in run])
        yield Equation(called, _rows(*rights, results.pop(), where), word)
        return
    yield Equation(called, rights, word)
    yield from _jacobian(one, run)
    said = [] if is_scalar(first) else _of_most(writer, run, array_lines.formulas)[1]
    for step, after in zip(run, (*run[1:], None), strict=True):
        if not is_scalar(step):
            own = () if any(step is s for s in said) else array_lines.formulas(writer, step)
            rows: tuple[Row, ...] = (own, array_lines.result(writer, step))
        else:
            rows = (writer.numbers(step), writer.result(step))
        yield Equation(writer.ratio(step.left), _rows(*rows), " ")
        if after is not None and _gap(writer, step, after):
            yield Equation("", ((writer.dots(),),), " ")


def _general(writer: Writer, run: Run) -> tuple[Row, ...]:
    """The formulas for any index: of numbers if they are the same for all, of arrays those of the most."""
    if is_scalar(run[0]):
        rows = {writer.calling(start=step.left.wrt).formulas(step) for step in run}
        return (rows.pop(),) if len(rows) == 1 else ()
    found = (_of_most(writer, run, way) for way in (array_lines.formulas, array_lines.put_in))
    return tuple(
        row if len(alike) == len(run) else (*row, *writer.where([s.left.wrt for s in alike]))
        for row, alike in found
        if alike
    )


def _of_most(
    writer: Writer, run: Run, write: Callable[[Writer, Step], Row]
) -> tuple[Row, list[Step]]:
    """The formula that most steps have, which are at least two, and those."""
    found: dict[Row, list[Step]] = {}
    for step in run:
        found.setdefault(write(writer.calling(start=step.left.wrt), step), []).append(step)
    found.pop((), None)
    row, alike = max(found.items(), key=lambda pair: len(pair[1]), default=((), []))
    return (row, alike) if len(alike) > 1 else ((), [])


def _jacobian(writer: Writer, run: Run) -> Iterator[Equation]:
    """Of arrays, what ∂h_{t+1}/∂h_t is: diag(…) W, the same for all."""
    if is_scalar(run[0]) or not _is_recursive(writer, run[0]):
        return
    found = set()
    for step in run:
        one, family = writer.calling(start=step.left.wrt), writer.place(step.left.wrt)
        for term in step.terms:
            at = writer.place(term[-1].of)
            if at and family and at.family == family.family:
                shown = array_lines.jacobian(one, term[-1].of, term[-1].wrt, term[-1].number)
                found.add((one.ratio(term[-1]), shown))
    if len(found) == 1 and (pair := found.pop())[1]:
        yield Equation(pair[0], ((f"= {pair[1]}",),), " ")


def _gap(writer: Writer, step: Step, after: Step) -> bool:
    a, b = writer.place(step.left.wrt), writer.place(after.left.wrt)
    return bool(a and b and abs(a.number - b.number) > 1)
