"""Which ways of running strangers' code this machine offers, each found out by running a line in it."""

from __future__ import annotations

import platform
import shutil
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from autograd_lite.errors import SandboxError
from grading.sandbox import identity, landlock
from grading.sandbox.launching import Asked, Tier, launch
from grading.sandbox.limits import Limits
from grading.sandbox.message import cleaned, read

TIERS: Final[tuple[Tier, ...]] = ("A", "B", "C")
_USERNS: Final = (
    ("kernel/unprivileged_userns_clone", "0", "sysctl -w kernel.unprivileged_userns_clone=1"),
    ("user/max_user_namespaces", "0", "sysctl -w user.max_user_namespaces=10000"),
    (
        "kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "an AppArmor profile for bwrap, or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
)


@dataclass(frozen=True)
class Availability:
    """Whether one tier works here.

    reason  what was tried and came of it
    remedy  what to do where it does not work, "" where nothing helps
    """

    tier: Tier
    works: bool
    reason: str
    remedy: str = ""


@cache
def available() -> tuple[Availability, ...]:
    """The tiers A, B and C, with what running a line in each of them gave; found out once.

    >>> [a.tier for a in available()]
    ['A', 'B', 'C']
    """
    return tuple(_tried(tier) for tier in TIERS)


def best_tier() -> Tier:
    """The safest tier that works here; raises `SandboxError` where none does.

    >>> best_tier() in ("A", "B", "C")
    True
    """
    for one in available():
        if one.works:
            return one.tier
    reasons = "; ".join(f"tier {one.tier}: {one.reason}" for one in available())
    raise SandboxError(f"strangers' code cannot be run here. {reasons}")


def _tried(tier: Tier) -> Availability:
    missing = _missing(tier)
    if missing is not None:
        return missing
    asked = Asked(calls=[("f", [3.0], {})])
    try:
        ended = launch(tier, asked, b"def f(x): return 2*x", Limits(seconds=20))
    except OSError as error:
        return Availability(tier, False, f"it could not be started: {error}", _remedy(tier))
    outcome = read(ended.message, 1, ())
    if outcome.status == "ok" and outcome.results[0].value == 6.0:
        return Availability(tier, True, "a line ran in it")
    says = complaint(ended.complaint) or outcome.error
    return Availability(tier, False, f"a line did not run in it: {says}", _remedy(tier))


def complaint(printed: bytes) -> str:
    """The last line that was printed, which says what went wrong."""
    lines = printed.decode("utf-8", "replace").strip().splitlines()
    return cleaned(lines[-1])[:300] if lines else ""


def _missing(tier: Tier) -> Availability | None:
    """What is known without a try."""
    if sys.platform == "win32":
        return Availability(
            tier, False, "Windows has neither these limits nor private pipes", "use WSL 2"
        )
    if tier in "AB" and sys.platform != "linux":
        return Availability(
            tier, False, f"{platform.system()} has no namespaces, Landlock or seccomp", "use Linux"
        )
    if tier == "B" and not landlock.version():
        return Availability(
            tier, False, "the kernel has no Landlock",
            "Linux 5.13 or later with landlock among the names in /sys/kernel/security/lsm",
        )  # fmt: skip
    return _missing_programs() if tier == "A" else None


def _missing_programs() -> Availability | None:
    if shutil.which("bwrap") is None:
        return Availability("A", False, "bwrap is not installed", "apt install bubblewrap")
    if identity.is_root() and identity.can_leave_root() and shutil.which("setpriv") is None:
        return Availability("A", False, "setpriv is not installed", "apt install util-linux")
    return None


def _remedy(tier: Tier) -> str:
    if tier != "A":
        return "run it as an ordinary user" if identity.is_root() else ""
    for name, bad, cure in _USERNS:
        path = Path("/proc/sys", name)
        if path.is_file() and path.read_text(encoding="ascii").strip() == bad:
            return cure
    return "in a container: allow user namespaces (docker run --security-opt seccomp=unconfined)"
