"""What sentences say about a place, by the names that stand in their braces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograd_lite.node import Node
from grading.arrays.found import called


def words_at(where: Sequence[str], x: Node, y: Node, inner: Sequence[Node]) -> Mapping[str, str]:
    """For a place of the question dy/dx with these variables between x and y.

    x, y  the ends; at, some, source, target  the place; path  all of it; between  what lies between
    """
    here = listed(where) or "the operation"
    return {
        "x": called(x),
        "y": "the output" if y.name is None else called(y),
        "at": here,
        "some": here,
        "source": "its operand",
        "target": here,
        "path": f"the path {' → '.join(where)}",
        "missing": "all other paths are",
        "between": listed([called(h) for h in inner]) or "other variables",
    }


def listed(names: Sequence[str]) -> str:
    """Names in a sentence, four at most: "a, b and c"."""
    some = [*names[:3], "others"] if len(names) > 4 else list(names)
    *first, last = some or [""]
    return f"{', '.join(first)} and {last}" if first else last
