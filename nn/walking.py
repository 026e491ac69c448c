"""The modules of a model from the top, each with its dotted name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from autograd_lite.errors import OperandError


class Branching(Protocol):
    """What has parts with names, and they too."""

    def named_children(self: Branch) -> Iterable[tuple[str, Branch]]:
        """The parts directly inside, with their names."""


Branch = TypeVar("Branch", bound=Branching)


def joined(prefix: str, name: str) -> str:
    """A dotted name.

    >>> joined("encoder", "0"), joined("", "0")
    ('encoder.0', '0')
    """
    return f"{prefix}.{name}" if prefix else name


def walk(
    root: Branch, prefix: str = "", inside: tuple[Branch, ...] = ()
) -> Iterator[tuple[str, Branch]]:
    """The tree from the top, shared modules under each of their names.

    Raises OperandError when a module contains itself.
    """
    if any(root is module for module in inside):
        raise OperandError(
            f"{type(root).__name__} contains itself, as {prefix!r}: a module is a tree"
        )
    yield prefix, root
    for name, child in root.named_children():
        yield from walk(child, joined(prefix, name), (*inside, root))


def parts_of(root: Branch, inside: tuple[Branch, ...] = ()) -> Iterator[Branch]:
    """What `walk` gives, without the names, which take most of its time.

    Raises what `walk` raises.
    """
    if any(root is module for module in inside):
        list(walk(inside[0], ""))  # raises, with the name
    yield root
    for _, child in root.named_children():
        yield from parts_of(child, (*inside, root))
