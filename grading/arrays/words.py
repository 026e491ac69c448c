"""What sentences say about a place, by the names that stand in their braces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograd_lite.node import Node
from grading.arrays.found import called


def words_of(x: Node, y: Node, inner: Sequence[Node]) -> Mapping[str, str]:
    """Of the question dy/dx: its ends x and y, and between, the variables that lie there."""
    return {
        "x": called(x),
        "y": "the output" if y.name is None else called(y),
        "between": listed([called(h) for h in inner[:5]]) or "other variables",
    }


def words_at(where: Sequence[str]) -> Mapping[str, str]:
    """Of a place: at, some, source, target  the place; path  all of it; missing  what is not there."""
    here = listed(where) or "the operation"
    return {
        "at": here,
        "some": here,
        "source": "its operand",
        "target": here,
        "path": f"the path {' → '.join(where)}",
        "missing": "all other paths are",
        "rule": where[0] if where else "",
    }


def listed(names: Sequence[str]) -> str:
    """Names in a sentence, four at most: "a, b and c"."""
    some = [*names[:3], "others"] if len(names) > 4 else list(names)
    *first, last = some or [""]
    return f"{', '.join(first)} and {last}" if first else last
