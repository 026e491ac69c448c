"""Copying and pickling graphs without recursion: whatever holds several nodes keeps them one graph.

pickle asks each node by itself what to store. Stored with its operands, a long chain would be a deep
recursion; stored with a graph of its own, two nodes of one graph would come back as nodes of two. So
the first node asked brings along everything upstream that this pickle does not have yet, operands
before what is computed from them: each is then stored by itself, and its operands are there already.

Inside grad and its like an argument is what derivatives are taken by, and a copy of it must be no other
variable: it is an alias, so that copies, shallow or deep, stay on the graph and have the same derivatives.
A pickle cannot: it may come back anywhere, or never; what depends on such an argument is refused there.
"""

from __future__ import annotations

import copy
import threading
import weakref
from collections.abc import Collection, Iterable
from typing import Any, Final

from autograd_lite.modes import MODES
from autograd_lite.node import Node, next_number
from autograd_lite.origins import Latest, renew_if_changed
from autograd_lite.rules.leaves import alias
from autograd_lite.ways_out import refuse_traced

Labels = tuple[Any, Any, Any]
"""Name, scope and gradient."""


class _Pickling:
    """What one pickle has so far; it lives as long as the pickle's own memory of objects.

    known  the nodes that are in it, or will be in a moment
    turn   the node that is stored next, by itself
    """

    __slots__ = ("__weakref__", "known", "turn")

    def __init__(self) -> None:
        self.known: set[Node] = set()
        self.turn: Node | None = None


class _Turn:
    """An operation whose operands are in the pickle already; it comes back as the operation."""

    __slots__ = ("node", "pickling")

    def __init__(self, node: Node, pickling: _Pickling) -> None:
        self.node, self.pickling = node, pickling

    def __reduce__(self) -> Any:
        _current.pickling = weakref.ref(self.pickling)
        self.pickling.turn = self.node
        return _itself, (self.node,)


_current: Final = threading.local()


def flatten(root: Node) -> Any:
    """What pickle stores for `root`: itself for a leaf or in its turn, else all that is upstream."""
    refuse_traced(
        root,
        "what comes back from a pickle",
        "use the node itself or copy.deepcopy(x), which stays on the graph, a thread in place of a "
        "process, or pickle x.detach() where only the numbers are meant",
    )
    pickling = _pickling()
    if root.is_leaf or pickling.turn is root:
        pickling.turn = None
        return _stored(root)
    if root in pickling.known:  # another pickle asks, which has nothing of this one
        pickling = _pickling(afresh=True)
    fresh, later = _unknown(root, pickling.known)
    nodes = [node if node.is_leaf else _Turn(node, pickling) for node in fresh]
    return _last, (nodes, later)


def deep_copy(root: Node, memo: dict[Any, Any]) -> Any:
    """A copy of the whole graph of `root`; nodes copied before (in `memo`) are used again."""
    known: set[Node] = memo.setdefault(__name__, set())
    ends = _differentiated_by()
    fresh, later = _unknown(root, known, ends)
    for node in fresh:
        if id(node) not in memo:
            memo[id(node)] = _alias(node) if node in ends else _copied(node, memo)
    _renumber(memo[id(node)] for node in later)
    return memo[id(root)]


def shallow_copy(node: Node) -> Any:
    """A second node with the same rule, operands and number; its data is its own."""
    if node in _differentiated_by():
        return _alias(node)
    labels = (node.name, node.scope, node.grad)
    twin = _node(type(node), node.rule, copy.copy(node._data), node.operands, _static(node), labels)
    twin.number = node.number
    return twin


def _differentiated_by() -> Collection[Node]:
    """The arguments of each running grad, jacobian, …; none where nothing is recorded."""
    return {x for trace in MODES.traces for x in trace.sources} if MODES.recording else ()


def _alias(node: Node) -> Any:
    return alias(node).named(node.name)


def _pickling(afresh: bool = False) -> _Pickling:
    """The pickle that this thread is making, as far as one can tell; else a new one."""
    # held weakly: a pickle's memory holds the turns, these hold this, and all end together
    found = None if afresh else getattr(_current, "pickling", lambda: None)()
    if found is None:
        found = _Pickling()
        _current.pickling = weakref.ref(found)
    return found


def _unknown(
    root: Node, known: set[Node], ends: Collection[Node] = ()
) -> tuple[list[Node], list[Node]]:
    """What is upstream and not `known`, operands first, which then is; and what gets new numbers after.

    ends  nodes behind which nothing is copied

    A copy of stale numbers must be stale too: what is known and has a later number than a node that
    is stale gets a later one again.
    """
    fresh = _upstream(root, known, ends)
    latest: Latest = {}
    for node in fresh:
        if node.is_leaf:
            renew_if_changed(node, latest)
    fresh.sort(key=_number)
    known.update(fresh)
    stale = [node.number for node in fresh if any(x.number > node.number for x in node.parents)]
    if not stale:
        return fresh, []
    later = [node for node in known if node.number > min(stale)]
    return _operands_first(fresh), sorted(later, key=_number)


def _upstream(root: Node, known: Collection[Node], ends: Collection[Node]) -> list[Node]:
    found = {root: None}
    walk = [root]
    for node in walk:
        parents = () if node in ends else node.parents
        fresh = [x for x in parents if x not in known and x not in found]
        found.update(dict.fromkeys(fresh))
        walk.extend(dict.fromkeys(fresh))
    return walk


def _operands_first(nodes: list[Node]) -> list[Node]:
    """The nodes in an order of evaluation, where their numbers are none."""
    waiting, order, walk = set(nodes), [], list(reversed(nodes))
    while walk:
        missing = [x for x in walk[-1].parents if x in waiting]
        if missing and walk[-1] in waiting:
            walk.extend(missing)
        elif (node := walk.pop()) in waiting:
            waiting.discard(node)
            order.append(node)
    return order


def _number(node: Node) -> int:
    return node.number


def _static(node: Node) -> Any:
    return dict(node.static)


def _copied(node: Node, memo: dict[Any, Any]) -> Any:
    operands = tuple(
        memo[id(x)] if isinstance(x, Node) else copy.deepcopy(x, memo) for x in node.operands
    )
    labels = (node.name, node.scope, copy.copy(node.grad))
    return _node(type(node), node.rule, copy.copy(node._data), operands, node.static, labels)


# --- what a pickle calls: renamed, files written before can no longer be read ----------------------


def _stored(node: Node) -> Any:
    labels = (node.name, node.scope, node.grad)
    if node.is_leaf:
        return _leaf, (type(node), node.rule, node._data, labels)
    return _node, (type(node), node.rule, node._data, node.operands, _static(node), labels)


def _itself(node: Node) -> Any:
    return node


def _last(nodes: list[Any], later: list[Node]) -> Any:
    _renumber(later)
    return nodes[-1]


def _renumber(nodes: Iterable[Any]) -> None:
    for node in nodes:
        node.number = next_number()


def _leaf(kind: type[Node], rule: Any, data: Any, labels: Labels) -> Any:
    return _node(kind, rule, data, (), {}, labels)


def _node(
    kind: type[Node], rule: Any, data: Any, operands: tuple[Any, ...], static: Any, labels: Labels
) -> Any:
    node = object.__new__(kind)
    node._data, node.rule, node.operands, node.number = data, rule, operands, next_number()
    node._name, node.scope, node._grad = labels
    if hasattr(kind, "_watched_hash"):
        node.static, node._watched_hash = static, None  # type: ignore[misc, attr-defined]
    return node
