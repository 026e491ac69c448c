"""What a constant was computed from, so that a change behind it is noticed where its user is older.

Operations of constants are not recorded: in y = w·(c + 1) the graph knows of the sum, not of c. The sum keeps
weak references to c and to what c was computed from, for as long as these live. A change of c makes a y that
is older stale, as it does in y = w·c; what is computed from the sum after the change is not.

What is computed from variables, or from Values, under `no_grad()` is a snapshot, as `x.detach()` is: it has
no origins.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias
from weakref import ref

from autograd_lite.node import Node

Origins: TypeAlias = tuple[Any, ...]
"""(count, limit, …): a reference to each operand, and behind it the operand's own origins if it has any.

    count  how many references can be reached from here, or more
    limit  from how many on they are put together, those to dead nodes left out: so a running total, whose
           past is gone, stays small, and of many nodes that live each costs a few references
"""

Latest: TypeAlias = dict[int, int]
"""The latest change behind origins, by their identity: for as long as somebody holds them."""

FEW: Final = 64


def origins_of(nodes: list[Any]) -> Origins:
    """What a constant that is computed from these constants keeps in its `rest`."""
    if len(nodes) == 1 and not nodes[0].rest:
        return (1, FEW, ref(nodes[0]))
    kept: list[Any] = []
    count, limit = 0, FEW
    for x in nodes:
        count += 1
        kept.append(ref(x))
        if rest := x.rest:
            kept.append(rest)
            count += rest[0]
            limit = max(limit, rest[1])
    if count > limit:
        kept = [ref(x) for x in _living((0, 0, *kept))]
        count = len(kept)
        limit = max(FEW, 2 * count)
    return (count, limit, *kept)


def _living(origins: Origins) -> Iterator[Any]:
    """The nodes among the origins that still live, each once."""
    walk, seen = [origins], {id(origins)}
    for part in walk:
        for x in part[2:]:
            if id(x) not in seen:
                seen.add(id(x))
                if type(x) is tuple:
                    walk.append(x)
                elif (node := x()) is not None:
                    yield node


def renew_if_changed(leaf: Node, known: Latest | None = None) -> None:
    """Renew the number of a leaf that was written to unseen, or whose origins changed.

    known  for several leaves at once, which may share origins: what was found for those before
    """
    leaf.renew_if_written()
    if leaf.rest:
        leaf.number = max(leaf.number, latest_origin(leaf, known))


def latest_origin(node: Node, known: Latest | None = None) -> int:
    """The number of the latest change of what an unrecorded constant was computed from; 0 for all else."""
    if not (node.rest and node.is_leaf):
        return 0
    known = {} if known is None else known
    walk = [node.rest]
    while walk:  # inner origins first: a running total's are nested
        missing = [part for part in walk[-1][2:] if type(part) is tuple and id(part) not in known]
        if missing:
            walk.extend(missing)
        else:
            part = walk.pop()
            known[id(part)] = max((_latest(x, known) for x in part[2:]), default=0)
    return known[id(node.rest)]


def _latest(part: Any, known: Latest) -> int:
    if type(part) is tuple:
        return known[id(part)]
    if (node := part()) is None:
        return 0
    node.renew_if_written()
    number: int = node.number
    return number
