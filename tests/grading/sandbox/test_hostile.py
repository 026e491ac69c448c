"""Strangers' code gets no marks, no secrets and nothing done outside, in every tier of this machine."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest

from grading.sandbox import Call, Limits, Tier, run
from tests.grading.sandbox.strangers import (
    MEETINGS,
    STRANGERS,
    TIERS,
    Stranger,
    kept_by_the_kernel,
    left_over,
    living_children,
    may_have_namespaces,
)
from tests.processes import PATIENCE

HONEST = "import numpy as np\ndef slope(x):\n    return 3*x**2*np.cos(x**3)"


def numbers(value):
    """Every number in a value, however deep."""
    if isinstance(value, (list, tuple)):
        return [n for item in value for n in numbers(item)]
    if isinstance(value, dict):
        return numbers(list(value.values()))
    if isinstance(value, np.ndarray):
        return value.astype(float).ravel()[:10_000].tolist()
    return [value] if isinstance(value, (int, float)) else []


def dangerous(number: int, tier: Tier, stranger: Stranger) -> bool:
    """Whether an honest one runs beside it: beside those that reach for others, and a third of all."""
    words = (
        "fork thread memory kills daemon flood traces slows limits forged_by becomes network_listen"
    )
    others = stranger.name.startswith(tuple(words.split()))
    return others or (number + TIERS.index(tier)) % len(TIERS) == 0


def beside(tier: Tier, x: float) -> tuple[threading.Thread, list]:
    """An honest submission, run at the same time."""
    kept: list = []
    limits = Limits(seconds=60)
    neighbour = threading.Thread(
        target=lambda: kept.append(run(HONEST, [Call("slope", (x,))], tier=tier, limits=limits))
    )
    neighbour.start()
    return neighbour, kept


def traces(mark):
    """Files outside the grader's own folders that bear the stranger's mark, with their sizes."""
    folders = ("/tmp", "/var/tmp", "/dev/shm", "/run", "/", "/mnt")  # noqa: S108 – looked at only
    return [path for folder in folders for path in Path(folder).glob(f"*{mark}*")]


@pytest.mark.parametrize(
    ("tier", "stranger"), MEETINGS, ids=[f"{tier}-{stranger.name}" for tier, stranger in MEETINGS]
)
def test_a_stranger_gets_nothing(tier, stranger, places, listener):
    before, environment, heard = living_children(), dict(os.environ), len(listener[1])
    kept = kept_by_the_kernel()
    expected = stranger.words("status")
    limits = Limits(seconds=0.4 if "timeout" in expected else 20, memory=400_000_000)
    company = dangerous(STRANGERS.index(stranger), tier, stranger)
    neighbour, honest = beside(tier, places["X"]) if company else (None, [])
    source = stranger.source(places)
    outcome = run(source, [Call("slope", (places["X"],)), Call("loot")], tier=tier, limits=limits)
    if neighbour is not None:
        neighbour.join(PATIENCE)

    # no marks: the right number is not known to it
    said, loot = outcome.results
    assert not any(np.isclose(n, places["RIGHT"], rtol=1e-6) for n in numbers(said.value))
    assert outcome.status in (expected or {"ok", "crash", "refused", "memory"}), outcome
    # what it got hold of
    if tier in stranger.words("clean"):
        assert loot.ok or expected, outcome
        assert loot.value in (None, []), outcome
        assert tier == "C" or len(listener[1]) == heard
    # nothing of it ran here, or is left
    assert dict(os.environ) == environment
    assert places["CANARY"].read_text(encoding="ascii") == "alive"
    assert not left_over(before)
    assert (tier == "C" and not may_have_namespaces()) or not kept_by_the_kernel() - kept
    left = traces(places["MARK"])
    for path in left:
        assert path.is_symlink() or path.stat().st_size == 0
        path.unlink()
    assert tier == "C" or not left
    # and the neighbour has its marks
    assert len(honest) == company, "the honest run beside it did not end"
    for outcome in honest:
        assert outcome.status == "ok", outcome
        assert outcome.results[0].value == pytest.approx(places["RIGHT"])


def test_there_are_enough_of_them():
    assert len(STRANGERS) >= 60
