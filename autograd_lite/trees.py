"""Arguments may be nested lists, tuples and dicts of numbers and arrays; derivatives come back alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def tree_map(f: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """`tree` with f applied to each number and array in it (and to those at the same place in `others`).

    >>> tree_map(lambda x, y: x + y, {"a": [1, 2]}, {"a": [10, 20]})
    {'a': [11, 22]}
    """
    if isinstance(tree, dict):
        return {
            key: tree_map(f, value, *(other[key] for other in others))
            for key, value in tree.items()
        }
    if isinstance(tree, (list, tuple)):
        parts = [tree_map(f, *values) for values in zip(tree, *others, strict=True)]
        return type(tree)(*parts) if hasattr(tree, "_fields") else type(tree)(parts)
    return f(tree, *others)


def tree_leaves(tree: Any) -> Iterator[Any]:
    """The numbers and arrays in a tree, in order.

    >>> list(tree_leaves({"a": [1, (2,)], "b": 3}))
    [1, 2, 3]
    """
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, (list, tuple)):
        for part in tree:
            yield from tree_leaves(part)
    else:
        yield tree
