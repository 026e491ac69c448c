"""What leaves the graph while a program is recorded: noted with the user's line, and refused at the end.

A program repeats one call's operations with other numbers. What that call decided by a number, or computed
from it outside of the graph, would stay as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from autograd_lite.errors import TraceError
from autograd_lite.frames import line_of, users_frame
from autograd_lite.node import Node
from autograd_lite.order import reachable
from autograd_lite.rules.leaves import variable
from autograd_lite.rules.program_only import COMPARISONS
from autograd_lite.ways_out import meant_by


class Way(NamedTuple):
    """A way out of the graph: what a line does with `{x}`, and what to do instead."""

    what: str
    instead: str


_DECIDED: Final = "the program would always go the way that the example went"
_KEPT: Final = "the program would keep the example's"
_NUMBER: Final = Way(
    f"takes the number of {{x}} out of the graph, and {_KEPT}",
    "compute with the node itself; print(x) or f'{x:.3f}' shows it, and what is wanted beside the result "
    "is returned with it",
)
_SHOWN: Final = 'f"{x:.3f}" where the number is only shown'
_PLACES: Final = Way(
    f"asks for places that the numbers of {{x}} decide, and {_KEPT}",
    "write max(x), softmax(x) or a mask, x == max(x), to stay on the graph; or close over the places",
)
_DATA: Final = Way(
    f"asks a question about the numbers of {{x}}, and {_KEPT} answer",
    "write where(c, a, b) with a comparison, x > 0, which is recorded",
)
_WAYS: Final[dict[str, Way]] = {
    "bool": Way(
        f"decides by the number of {{x}}, and {_DECIDED}",
        "write where(c, a, b) for `a if c else b`, maximum and minimum for max and min, & and | for and "
        "and or, a fixed number of steps for `while`",
    ),
    "int": Way(
        f"rounds {{x}} to a number out of the graph, and {_KEPT}",
        "write floor(x) or rint(x) to stay on it; close over what is a count or an index",
    ),
    "index": Way(
        "picks entries by the number of {x}, and the program would always pick the example's",
        "close over the index, in place of giving it as an input; or sum(x * one_hot) with an input one_hot",
    ),
    "mask": Way(
        "picks the entries where {x} holds, and how many these are is the example's",
        "write where(mask, x, 0.0), which keeps the shape, or sum(x, where=mask); "
        "where(mask, v, x) for x.at[mask].set(v)",
    ),
    "no_grad": Way(
        f"computes with {{x}} under no_grad, unrecorded, and {_KEPT} numbers",
        "write x.detach(), which a program records, in place of no_grad",
    ),
    "classes": Way(
        f"reads classes or rows from {{x}}, and {_KEPT}",
        "close over these integers, in place of giving them as an input; or give a one-hot target",
    ),
    "program": Way(
        f"gives {{x}} to a program, of which numbers alone come back, and {_KEPT}",
        "call the function itself in place of its program",
    ),
    "derivative": Way(
        f"takes a derivative which is chosen by the numbers of {{x}}, and {_KEPT} choice",
        "take value_and_grad of the program for a first derivative; a smooth operation for further ones",
    ),
    **dict.fromkeys(("item", "data", "value", "numpy", "number", "detach"), _NUMBER),
    **dict.fromkeys(
        ("argmax", "argmin", "argsort", "nonzero", "flatnonzero", "argwhere", "argpartition", "lexsort",
         "searchsorted", "digitize"), _PLACES,
    ),
}  # fmt: skip


class Watching:
    """Follows one call of a function whose program is recorded; see `watches.Watch`."""

    def __init__(self, sources: Collection[Node], since: int) -> None:
        self.sources, self.since = sources, since
        self.found: dict[tuple[str, str, str], list[Node]] = {}

    def note(self, node: Node, how: str, frame: Any) -> None:
        user = users_frame(frame)
        instead = f"write {meant_by(user, _SHOWN)}" if how == "number" else ""
        self.found.setdefault((line_of(user), how, instead), []).append(node)

    def refuse(self) -> None:
        """Raise TraceError for what was noted of nodes that move with an input or a parameter."""
        said = []
        for (line, how, instead), nodes in self.found.items():
            node = next((x for x in nodes if _moves(x)), None)
            if node is not None:
                what, usual = _WAYS.get(how, _DATA)
                said.append(f"{line}: {what.format(x=_called(node))}; {instead or usual}")
        if said:
            raise TraceError(listed(said))


def listed(said: Sequence[str]) -> str:
    """The message for lines for which a function cannot be recorded."""
    return "\n  ".join(("the function cannot be recorded as a program:", *said))


def _called(node: Node) -> str:
    if node.rule.name not in COMPARISONS:
        return node.describe()
    return f"a comparison, {node.rule.name}, of {node.parents[0].describe()}"


def _moves(node: Node) -> bool:
    return node.requires_grad and any(leaf.rule is variable for leaf in reachable(node)[0])
