"""The planted list: bugs in what pictures and messages say, each with the promise that it breaks.

The files of `planted/` read like patches. A line at the margin names a file of the project and the
tests that must notice; below it stands one bug after the other:

    viz/formulas/numbers.py  tests/viz/test_labels.py

      a number below a thousandth is written with a power of ten
      - if x and not 1e-3 <= abs(x) < 1e6:
      + if x and not 1e-4 <= abs(x) < 1e6:
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from tests.mutants.trial import ROOT, Mutant

LISTS = sorted((Path(__file__).parent / "planted").glob("*.txt"))


@dataclass(frozen=True)
class Planted:
    """One bug: where the file reads `old`, it reads `new`."""

    path: str
    promise: str
    old: str
    new: str
    tests: tuple[str, ...]

    def mutant(self) -> Mutant:
        """The file with the bug in it; LookupError if `old` does not stand there exactly once."""
        source = (ROOT / self.path).read_text(encoding="utf-8")
        if (count := source.count(self.old)) != 1:
            raise LookupError(f"{self.path} has {count} places that read\n{self.old}")
        return Mutant(self.path, self.promise, source.replace(self.old, self.new), self.tests)


def planted() -> Iterator[Planted]:
    """All of them."""
    for path in LISTS:
        yield from read(path.read_text(encoding="utf-8"))


def read(text: str) -> Iterator[Planted]:
    """The bugs of one list."""
    path, tests = "", ()
    for block in text.strip().split("\n\n"):
        if not block.startswith(" "):
            path, *tests = block.split()
            continue
        promise, *lines = dedent(block).splitlines()
        old, new = (
            "\n".join(line[2:] for line in lines if line[:2].strip() == sign) for sign in "-+"
        )
        yield Planted(path, promise, old, new, tuple(tests))
