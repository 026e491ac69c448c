"""One bug planted in a copy of the project, and whether the tests notice it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.processes import PATIENCE

ROOT = Path(__file__).parents[2]
LONGEST = 600  # seconds: a bug may be a loop that never ends
LONGEST_OF_ALL = 20_000  # for every test, before there is any bug
ENDS = {0: "survived", 1: "caught"}  # by pytest's exit code; whatever else it is proves nothing


@dataclass(frozen=True)
class Mutant:
    """A file with one bug in it.

    path    the file, from the project's root
    says    the promise that is broken, or what was changed
    source  the whole file as planted
    tests   files or names of tests, of which one must fail
    """

    path: str
    says: str
    source: str
    tests: tuple[str, ...]


class Copy:
    """The project as it stands, in a folder of its own: nothing is ever planted in place."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.time = folder, 0
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(
            listed, cwd=ROOT, capture_output=True, text=True, check=True, timeout=PATIENCE
        ).stdout
        for name in names.split("\0")[:-1]:
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, folder / name)

    def tried(self, mutant: Mutant) -> str:
        """What becomes of a mutant: caught, survived, or broken where the tests cannot even run."""
        path = self.folder / mutant.path
        own = [mutant.path] if path.suffix == ".py" else []  # its docstrings' examples
        whole = path.read_text(encoding="utf-8")
        self._write(path, mutant.source)
        try:
            return ENDS.get(self.tested([*own, *mutant.tests]).returncode, "broken")
        except subprocess.TimeoutExpired:
            return "caught"
        finally:
            self._write(path, whole)

    def tested(self, tests: Iterable[str], jobs: int = 0) -> subprocess.CompletedProcess[str]:
        """pytest's run of these tests, which the first failure ends."""
        options = ["-x", "-q", f"-n{jobs}", "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", *options, *tests]
        env = {**os.environ, "PYTHONPATH": str(self.folder), "CI": ""}
        return subprocess.run(
            command, cwd=self.folder, env=env, capture_output=True, text=True, check=False,
            timeout=LONGEST_OF_ALL if jobs else LONGEST,
        )  # fmt: skip

    def _write(self, path: Path, text: str) -> None:
        """With a time of its own, by whose seconds Python knows that what it compiled is stale."""
        self.time += 1
        path.write_text(text, encoding="utf-8")
        os.utime(path, (self.time, self.time))
