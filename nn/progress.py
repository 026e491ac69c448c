"""How training shows where it is: a tqdm bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol


class Progress(Protocol):
    """Something that shows batches passing and writes a line after each epoch."""

    def epoch(self, batches: Iterable[Any], title: str) -> Iterator[Any]:
        """The batches, shown as they pass."""

    def write(self, line: str) -> None:
        """A line of text."""


class Silent:
    """Shows nothing."""

    def epoch(self, batches: Iterable[Any], title: str) -> Iterator[Any]:
        return iter(batches)

    def write(self, line: str) -> None:
        pass


class Lines(Silent):
    """One line an epoch, for logs and notebooks."""

    def write(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)


class Bar(Lines):
    """A tqdm bar for the batches of each epoch, and one line after it."""

    def epoch(self, batches: Iterable[Any], title: str) -> Iterator[Any]:
        tqdm = import_module("tqdm")  # loaded only when there is a bar to show
        return iter(tqdm.tqdm(batches, desc=title, leave=False))


def progress(verbose: bool) -> Progress:
    """A bar where messages go to a terminal, lines elsewhere; nothing when not verbose."""
    if not verbose:
        return Silent()
    is_bar = sys.stderr.isatty() and find_spec("tqdm") is not None
    return Bar() if is_bar else Lines()
