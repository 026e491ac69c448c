"""Hostile submissions, read as data, and what each of them must not get; see `hostile/`.

Each file defines `slope`, asked for the derivative of sin(x³), and may define `loot`, which returns what it
got hold of. Its lines may say: `status` it ends with, one of these; `clean` tiers in which it gets hold of
nothing; `harms` tiers in which it may hurt whoever runs it without being root, and so is not run.
"""

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

from grading.sandbox import Tier, available
from tests import processes
from tests.processes import alive, text

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


def living_children():
    """The children of this process that live."""
    return {pid for pid in processes.children() if alive(pid)}


def left_over(before):
    """Children that were not there before, a moment later."""
    return _after_a_moment(lambda: living_children() - before)


def still_alive(pids):
    """Those of these processes that live, a moment later."""
    return _after_a_moment(lambda: {pid for pid in pids if alive(pid)})


def _after_a_moment(look):
    """The kernel ends a namespace a moment after its first process."""
    for _ in range(500):
        if not (found := look()):
            break
        time.sleep(0.01)
    return found


def kept_by_the_kernel():
    """Memory, semaphores and queues of System V, which outlive their processes; by kind and number."""
    kinds = ("shm", "sem", "msg")
    tables = {kind: text(Path("/proc/sysvipc", kind)) for kind in kinds}
    return {(kind, line.split()[1]) for kind in kinds for line in tables[kind].splitlines()[1:]}


def may_have_namespaces():
    """Whether this process may give a child namespaces without asking anybody (CAP_SYS_ADMIN)."""
    rights = next((x for x in text(Path("/proc/self/status")).splitlines() if "CapEff" in x), "0 0")
    return bool(int(rights.split()[1], 16) >> 21 & 1)
