"""How a module is printed: as a tree, with its options and the shapes of its parameters."""

from __future__ import annotations

from collections.abc import Iterable


def tree(kind: str, head: Iterable[str], parts: Iterable[str]) -> str:
    """A module's class with its options in brackets, and its parts one below the other.

    >>> print(tree("Net", ["2 → 1"], ["(first): Linear()", "(second): Tanh()"]))
    Net(
      2 → 1
      (first): Linear()
      (second): Tanh()
    )
    """
    said, listed = ", ".join(filter(None, head)), list(parts)
    if not listed:
        return f"{kind}({said})"
    lines = [line for part in filter(None, [said, *listed]) for line in part.splitlines()]
    return "\n".join([f"{kind}(", *(f"  {line}" for line in lines), ")"])
