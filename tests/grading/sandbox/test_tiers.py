"""Which tiers there are is found out by trying; what is missing is said, with what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograd_lite.errors import SandboxError
from grading.sandbox import Call, best_tier, identity, landlock, run, tiers
from tests.grading.sandbox.strangers import TIERS
from tests.processes import PATIENCE

ROOT = Path(__file__).parents[3]


@pytest.fixture
def fresh():
    """Found out anew, before and after."""
    tiers.available.cache_clear()
    yield
    tiers.available.cache_clear()


def test_limits_alone_are_always_there_on_this_kind_of_machine():
    assert "C" in TIERS
    assert best_tier() == TIERS[0]


def test_without_bubblewrap_it_is_named(fresh, without_programs):
    first = tiers.available()[0]
    assert not first.works
    assert "bwrap is not installed" in first.reason
    assert first.remedy == "apt install bubblewrap"
    assert best_tier() != "A"


@pytest.fixture
def without_programs(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


def test_without_landlock_it_is_named(fresh, monkeypatch):
    monkeypatch.setattr(landlock, "version", lambda: 0)
    second = tiers.available()[1]
    assert not second.works
    assert "no Landlock" in second.reason
    assert "5.13" in second.remedy


def test_a_bubblewrap_that_may_not_is_quoted(fresh, monkeypatch, tmp_path):
    """As where namespaces are forbidden: what it complains of is passed on."""
    program = tmp_path / "bwrap"
    program.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    first = tiers.available()[0]
    assert not first.works
    assert "No permissions to create new namespace" in first.reason
    assert first.remedy
    with pytest.raises(SandboxError, match="No permissions"):
        run("x = 1", [Call("f")], tier="A")


@pytest.mark.parametrize(("platform", "expected"), [("darwin", "ABC"), ("win32", "ABC")])
def test_other_systems_are_told(fresh, monkeypatch, platform, expected):
    monkeypatch.setattr(sys, "platform", platform)
    found = {one.tier: one for one in (tiers._missing(t) for t in expected) if one is not None}
    assert set(found) == set("AB" if platform == "darwin" else "ABC")
    assert all(one.remedy for one in found.values())


ELSEWHERE = """
import os, sys
for name in ("resource", "pwd", "grp", "fcntl"):
    sys.modules[name] = None
for name in ("geteuid", "getuid", "fork", "killpg", "memfd_create", "O_PATH", "setresuid", "wait4"):
    if hasattr(os, name):
        delattr(os, name)
import grading.sandbox, grading.sandbox.doctor
sys.platform = "win32"
print([one.works for one in grading.sandbox.available()])
try:
    grading.sandbox.best_tier()
except Exception as error:
    print(type(error).__name__, error)
"""


def test_it_can_be_imported_where_there_is_none_of_this():
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.stdout.startswith("[False, False, False]"), done
    assert "SandboxError" in done.stdout
    assert "WSL" not in done.stderr


def test_a_users_id_is_nobody_elses(monkeypatch):
    monkeypatch.setattr(identity, "is_root", lambda: True)
    monkeypatch.setattr(identity, "can_leave_root", lambda: True)
    with identity.user() as one, identity.user() as other:
        assert one != other
        assert 61184 <= one <= 65519


def test_what_others_cannot_reach_is_found_out(tmp_path):
    closed = tmp_path / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0o700)
    assert identity.reachable("/usr/lib")
    assert not identity.reachable(str(closed / "inside"))
    assert not identity.reachable("/usr/lib/nowhere")
