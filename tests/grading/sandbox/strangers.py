"""Hostile submissions, read as data, and what each of them must not get; see `hostile/`.

Each file defines `slope`, asked for the derivative of sin(x³), and may define `loot`, which returns what it got
hold of. Its first lines say: `status` it ends with, one of these; `clean` tiers in which it gets hold of nothing;
`harms` tiers in which it may hurt whoever runs it without being root, and so is not run.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from grading.sandbox import Tier, available

FOLDER = Path(__file__).parent / "hostile"
TIERS: tuple[Tier, ...] = tuple(a.tier for a in available() if a.works)


@dataclass(frozen=True)
class Stranger:
    """One hostile file."""

    name: str
    text: str

    def words(self, key: str) -> set[str]:
        """What its first lines say under a key."""
        return set(" ".join(re.findall(rf"^# {key}: (.*)$", self.text, re.MULTILINE)).split())

    def source(self, places: dict[str, object]) -> str:
        """Its text, where it finds the grader's things."""
        return re.sub(r"@([A-Z]+)@", lambda found: str(places[found[1]]), self.text)


STRANGERS = [
    Stranger(path.name.split(".")[0], path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.py.txt"))
]
MEETINGS = [
    (tier, stranger)
    for tier in TIERS
    for stranger in STRANGERS
    if tier not in stranger.words("harms") or os.geteuid() == 0
]


def children():
    """The living children of this process, those of all its threads."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        try:
            found |= {int(pid) for pid in (task / "children").read_text(encoding="ascii").split()}
        except OSError:
            continue
    return {pid for pid in found if _lives(pid)}


def _lives(pid):
    try:
        stat = Path("/proc", str(pid), "stat").read_text(errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"
