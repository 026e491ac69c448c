"""The two sweeps every derivative comes from: adjoints backward, tangents forward, with nodes held.

A *held* node keeps its adjoint and passes nothing further back (forward: it keeps tangent 0). Total
derivative: hold nothing. Partial derivative: hold the other variables. An *edit* goes further: it says for
each operand what is passed on, as somebody who makes a mistake would. Everything else is bookkeeping.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple

from autograd_lite.arithmetics import Arithmetic, RecordedArithmetic
from autograd_lite.edits import Edit, carried, constant_like, number_of
from autograd_lite.modes import recording
from autograd_lite.node import Node
from autograd_lite.rules.leaves import constant

Adjoints = dict[Node, Any]


def reverse(
    operations: Sequence[Node],
    adjoint: Adjoints,
    arithmetic: Arithmetic,
    hold: Collection[Node] = (),
    keep: bool = True,
    edit: Edit | None = None,
) -> Adjoints:
    """Carry adjoints from later nodes to earlier ones: x̄ᵢ = Σ ȳ·∂y/∂xᵢ over the nodes y computed from xᵢ.

    operations  in order of creation
    adjoint     the seeds, filled in and returned
    hold        nodes that pass nothing on
    keep        False forgets each operation's adjoint as soon as it is passed on, which saves memory
    edit        (node, i, ȳ) -> what node passes to its operand i instead; see `Edit`
    """
    if hold:
        operations = [node for node in operations if node not in hold]
    seeds = dict(adjoint)
    _pull_back(operations, adjoint, arithmetic, keep, edit)
    if arithmetic.met_masks(adjoint, hold):
        adjoint.clear()
        adjoint.update(_with_masks(_pull_back, operations, seeds, arithmetic, keep, edit))
    return adjoint


def _with_masks(
    sweep: Callable[..., None],
    operations: Sequence[Node],
    seeds: Adjoints,
    arithmetic: Arithmetic,
    *more: Any,
) -> Adjoints:
    """The sweep again on the graph, where it shows which zeros are exact: they mask the poles behind them."""
    if isinstance(arithmetic, RecordedArithmetic):
        sweep(operations, seeds, RecordedArithmetic(careful=True), *more)
        return seeds
    found = {x: constant_like(g, x) for x, g in seeds.items()}
    with recording():
        sweep(operations, found, RecordedArithmetic(careful=True, further=False), *more)
    return {x: number_of(g, x) for x, g in found.items()}


def _pull_back(
    operations: Sequence[Node], adjoint: Adjoints, arithmetic: Arithmetic, keep: bool, edit: Edit | None
) -> None:  # fmt: skip
    if edit is None:
        arithmetic.pull_back(operations, adjoint, keep)
    else:
        _pull_edited(operations, adjoint, arithmetic, edit)


def _pull_edited(
    operations: Sequence[Node], adjoint: Adjoints, arithmetic: Arithmetic, edit: Edit
) -> None:
    with arithmetic.errstate():
        for node in reversed(operations):
            if (g := adjoint.get(node)) is not None:
                for i, x in enumerate(node.operands):
                    if isinstance(x, Node) and x.rule is not constant:
                        c = carried(arithmetic, edit, node, i, g, x)
                        if c is not None:
                            adjoint[x] = adjoint[x] + c if x in adjoint else c


class Contribution(NamedTuple):
    """What `node`, with adjoint g, sends to its operand i, and what that operand has got so far."""

    node: Node
    i: int
    g: Any
    c: Any
    so_far: Any


def contributions(
    operations: Sequence[Node],
    root: Node,
    seed: Any,
    arithmetic: Arithmetic,
    hold: Collection[Node] = (),
    edit: Edit | None = None,
) -> Iterator[Contribution]:
    """The reverse sweep one contribution at a time; its numbers are those of `reverse`."""
    operations, raw = [node for node in operations if node not in hold], {root: seed}
    _pull_back(operations, raw, arithmetic, True, edit)
    masked = arithmetic.met_masks(raw, raw)
    if masked:
        arithmetic, seed = (
            RecordedArithmetic(careful=True, further=False),
            constant_like(seed, root),
        )
    totals = {root: seed}
    for node in reversed(operations):
        if node not in totals:
            continue
        for i, x in enumerate(node.operands):
            if not isinstance(x, Node):
                continue
            with arithmetic.errstate(), recording():
                c = carried(arithmetic, edit, node, i, totals[node], x)
                if c is None:
                    continue
                totals[x] = totals[x] + c if x in totals else c
            three = (totals[node], c, totals[x])
            yield Contribution(node, i, *((number_of(t, x) for t in three) if masked else three))


def forward(
    operations: Sequence[Node],
    tangent: Adjoints,
    arithmetic: Arithmetic,
    hold: Collection[Node] = (),
    edit: Edit | None = None,
) -> Adjoints:
    """Carry tangents from earlier nodes to later ones: ẏ = Σ ∂y/∂xᵢ·ẋᵢ over the operands of y.

    operations  in order of creation; tangent  the seeds, filled in and returned; hold  nodes that stay still
    edit        (node, i, ẋᵢ) -> what moves node instead; see `Edit`
    """
    seeds = dict(tangent)
    _push_on(operations, tangent, arithmetic, hold, edit)
    used = {x for node in operations for x in node.parents}
    ends = {node: t for node, t in tangent.items() if node not in used}
    if arithmetic.met_masks(ends, ends):
        tangent.clear()
        tangent.update(_with_masks(_push_on, operations, seeds, arithmetic, hold, edit))
    return tangent


def _push_on(
    operations: Sequence[Node],
    tangent: Adjoints,
    arithmetic: Arithmetic,
    hold: Collection[Node],
    edit: Edit | None,
) -> None:
    with arithmetic.errstate():
        for node in operations:
            if node not in tangent and node not in hold:
                parts = _pushed(node, tangent, arithmetic, edit)
                if parts:
                    tangent[node] = sum(parts[1:], parts[0])


def _pushed(node: Node, tangent: Adjoints, arithmetic: Arithmetic, edit: Edit | None) -> list[Any]:
    moving = (
        (i, tangent[x]) for i, x in enumerate(node.operands) if isinstance(x, Node) and x in tangent
    )
    parts = (carried(arithmetic, edit, node, i, t, node) for i, t in moving)
    return [part for part in parts if part is not None]
