"""What sentences say about a place, by the names that stand in their braces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from autograd_lite.node import Node
from grading.arrays.found import called
from grading.catalogue.places import WORDS

_NOUNS: Final = {
    **WORDS,
    **{name: name for name in ("sum", "mean", "square", "softplus", "tanh", "sigmoid")},
}
"""What operations without a name are called"""


def words_of(x: Node, y: Node, inner: Sequence[Node]) -> Mapping[str, str]:
    """Of the question dy/dx: its ends x and y, and between, the variables that lie there."""
    return {
        "x": called(x),
        "y": "the output" if y.name is None else called(y),
        "between": listed([called(h) for h in inner[:5]]) or "other variables",
    }


def words_at(where: Sequence[str]) -> Mapping[str, str]:
    """Of a place: at, some, source, target  the place; path  all of it; missing  what is not there."""
    here = listed([_spoken(name) for name in where]) or "the operation"
    return {
        "at": here,
        "some": here,
        "source": "its operand",
        "target": here,
        "path": f"the path {' → '.join(where)}",
        "missing": "all other paths are",
        "rule": where[0] if where else "",
    }


def _spoken(name: str) -> str:
    """A place that has no name of its own, as a noun: "the sum", "every product"."""
    every, _, rule = name.rpartition("every ")
    if rule in _NOUNS:
        return f"every {_NOUNS[rule]}" if every or rule != name else f"the {_NOUNS[rule]}"
    return name


def listed(names: Sequence[str]) -> str:
    """Names in a sentence, four at most: "a, b and c"."""
    some = [*names[:3], "others"] if len(names) > 4 else list(names)
    *first, last = some or [""]
    return f"{', '.join(first)} and {last}" if first else last
