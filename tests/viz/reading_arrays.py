"""Derivations of arrays read back from their text and computed with NumPy, knowing nothing of the writer.

Vectors are columns here, and every sign has its own meaning: · multiplies matrices (or by a number), ⊙
entries, ᵀ turns. Python's operators stand for them in the order in which they bind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd_lite import FlowGraph
from autograd_lite.node import Node
from viz.formulas.naming import names_of

_SIGNS = {" + ": " | ", " - ": " ^ ", " ⊙ ": " & ", "·": " @ ", "ᵀ": ".T", "²": "**2", "³": "**3"}


class Read:
    """An array with the signs of a derivation."""

    __array_ufunc__ = None

    def __init__(self, x: Any) -> None:
        self.x = np.asarray(getattr(x, "x", x), dtype=float)

    @property
    def T(self) -> Read:
        return Read(self.x.T)

    def __or__(self, other: Any) -> Read:
        return Read(self.x + Read(other).x)

    def __xor__(self, other: Any) -> Read:
        return Read(self.x - Read(other).x)

    def __rxor__(self, other: Any) -> Read:
        return Read(Read(other).x - self.x)

    def __ror__(self, other: Any) -> Read:
        return Read(Read(other).x + self.x)

    def __and__(self, other: Any) -> Read:
        assert self.x.shape == Read(other).x.shape, "⊙ is of arrays of one shape"
        return Read(self.x * Read(other).x)

    def __matmul__(self, other: Any) -> Read:
        a, b = self.x, Read(other).x
        return Read(a * b if min(a.size, b.size) == 1 and 0 in {a.ndim, b.ndim} else a @ b)

    def __rmatmul__(self, other: Any) -> Read:
        return Read(other) @ self

    def __neg__(self) -> Read:
        return Read(-self.x)

    def __pow__(self, n: int) -> Read:
        return Read(self.x**n)


FUNCTIONS = {
    "tanh": lambda x: Read(np.tanh(x.x)),
    "σ": lambda x: Read(1 / (1 + np.exp(-x.x))),
    "step": lambda x: Read(x.x > 0),
    "exp": lambda x: Read(np.exp(x.x)),
}


def as_read(value: Any) -> Read:
    """One example as a column, several as rows, a number as it is."""
    array = np.asarray(value, dtype=float)
    is_column = array.ndim and array.size == array.shape[-1] and array.ndim < 3
    return Read(array.reshape(-1, 1) if is_column else array)


def point(flow: FlowGraph) -> dict[str, Read]:
    """Every variable and every total derivative by the text that stands for it."""
    names, found = names_of(flow), {"𝟏": Read(np.ones((2, 1)))}  # batches here are of two
    y = names.text(flow.output)
    for v in (*flow.variables, *_constants(flow)):
        called = names.text(v)
        found[called] = as_read(v.value) if not _is_matrix(v) else Read(v.value)
        if v in flow.sources:
            total = flow.total(v)
            for below in (called, f"({called})"):
                found[f"d{y}/d{below}"] = Read(total) if _is_matrix(v) else as_read(total)
    return found


def _is_matrix(v: Node) -> bool:
    """A weight, whatever its shape, is a matrix; the rest are columns where they are one example."""
    return v.is_leaf and np.ndim(v.value) == 2 and v.requires_grad and v.scope is not None


def _constants(flow: FlowGraph) -> Iterator[Node]:
    walk, seen = [flow.output], {flow.output}
    for node in walk:
        for x in node.parents:
            if x not in seen:
                seen.add(x)
                walk.append(x)
                if x.name and x not in flow.sources:
                    yield x


def computed(side: str, known: dict[str, Read]) -> Read | None:
    """What a side of an equation is; None where it has something that is no formula of arrays."""
    words = sorted(known, key=len, reverse=True)
    ids = {word: f"v{k}_" for k, word in enumerate(words)}
    python = re.sub(r"\[([^\[\]>]+) > 0\]", r"step(\1)", side)
    # a name ends where no letter, digit or index follows
    pattern = "|".join(rf"(?<![\w∂]){re.escape(word)}(?![A-Za-z0-9_'{{])" for word in words)
    python = re.sub(pattern, lambda m: ids[m[0]], python)
    python = re.sub(r"(tanh|σ)² (v\d+_)", r"(\1(\2))²", python)
    python = re.sub(r"(tanh|σ) (v\d+_)", r"\1(\2)", python)
    python = re.sub(
        r"e\^(v\d+_|\()", lambda m: "exp" + (m[1] if m[1] == "(" else f"({m[1]})"), python
    )
    for sign, operator in _SIGNS.items():
        python = python.replace(sign, operator)
    if not re.fullmatch(r"[\sv\d_.T()@|&^*-]+", re.sub(r"tanh|σ|step|exp", "", python)):
        return None
    if not re.search(r"v\d+_", python):
        return None
    values = {ids[word]: value for word, value in known.items()}
    return Read(eval(python, {"__builtins__": {}}, {**values, **FUNCTIONS}))  # noqa: S307


def for_index(side: str, letter: str, n: int) -> str:
    """A formula for any index at one of them: h_{t-1} and h_t at t = 3 are h_2 and h_3."""

    def placed(m: re.Match[str]) -> str:
        return f"_{n + int(m[1] or 0)}"

    return re.sub(rf"_\{{{letter}([+-]\d+)?\}}|_{letter}(?![A-Za-z0-9])", placed, side)
