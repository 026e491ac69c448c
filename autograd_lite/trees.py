"""Arguments may be nested lists, tuples and dicts of numbers and arrays; derivatives come back alike.

An object array is such a list: NumPy makes one of Values, since no dtype of numbers holds a node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograd_lite.errors import ShapeError, brief


def tree_map(f: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """`tree` with f applied to each number and array in it (and to those at the same place in `others`).

    >>> tree_map(lambda x, y: x + y, {"a": [1, 2]}, {"a": [10, 20]})
    {'a': [11, 22]}

    Raises ShapeError when one of `others` is not nested as `tree` is.
    """
    if isinstance(tree, dict):
        for other in others:
            if not isinstance(other, dict) or other.keys() != tree.keys():
                raise ShapeError(_unlike(tree, other))
        return {
            key: tree_map(f, value, *(other[key] for other in others))
            for key, value in tree.items()
        }
    if is_object_array(tree):
        entries = zip(tree.flat, *(_entries(other, tree.shape) for other in others), strict=True)
        return object_array([tree_map(f, *values) for values in entries], tree.shape)
    if isinstance(tree, (list, tuple)):
        for other in others:
            if not _has_places(other, len(tree)):
                raise ShapeError(_unlike(tree, other))
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
    elif is_object_array(tree):
        for part in tree.flat:
            yield from tree_leaves(part)
    else:
        yield tree


def is_object_array(x: object) -> bool:
    """Whether x is an array of Python objects, as NumPy makes of Values."""
    return isinstance(x, np.ndarray) and x.dtype.kind == "O"


def object_array(entries: list[Any], shape: tuple[int, ...]) -> Any:
    """These objects in this shape, in order; NumPy is not asked whether they are arrays themselves.

    >>> object_array([1, [2, 3]], (2,))
    array([1, list([2, 3])], dtype=object)
    """
    array = np.empty(len(entries), dtype=object)
    for i, entry in enumerate(entries):
        array[i] = entry
    return array.reshape(shape)


def _entries(other: object, shape: tuple[int, ...]) -> list[Any]:
    """The entries of what stands beside an object array: an array of its shape, or lists nested alike."""
    array = np.empty((), object) if isinstance(other, dict) else _as_objects(other)
    if array.shape != shape:
        raise ShapeError(f"an object array of shape {shape} has beside it shape {array.shape}")
    return list(array.flat)


def _as_objects(x: Any) -> np.ndarray[Any, Any]:
    try:
        return np.asarray(x, dtype=object)
    except ValueError:  # lists of unequal lengths
        return np.empty(len(x), dtype=object)


def _has_places(x: Any, count: int) -> bool:
    """Whether x has so many entries one after the other, as a list, a tuple or an array has."""
    if isinstance(x, (str, bytes, dict, set, frozenset)):
        return False
    try:
        return len(x) == count
    except TypeError:
        return False


def _unlike(tree: Any, other: object) -> str:
    form = (
        f"a dict with the keys {list(tree)}" if isinstance(tree, dict) else f"{len(tree)} entries"
    )
    return f"what belongs to {form} is nested alike, and {brief(other)} is not"
