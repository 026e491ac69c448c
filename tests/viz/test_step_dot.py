"""A page waits for Graphviz no longer than its limit, and once only, however many pictures it has."""

import os
import time

import pytest

import nn
import viz
from autograd_lite import Tensor
from autograd_lite.errors import PictureError, PictureWarning
from tests.processes import alive
from viz.layout.choose import Quick
from viz.layout.dot import VARIABLE, dot
from viz.layout.geometry import Box
from viz.layout.graph import Edge, Graph, Node

# a square with a diagonal, which is neither a chain nor a recurrence
SQUARE = Graph(
    tuple(Node(20, 10) for _ in range(5)),
    tuple(
        Edge(a, b, Box(-5, -5, 5, 5)) for a, b in ((0, 2), (1, 2), (1, 3), (2, 4), (3, 4), (0, 3))
    ),
)
SLOW = "exec sleep 600"
DEAF = "trap '' TERM INT HUP; sleep 600 & echo $! >> $LOG; cat > /dev/null; wait"
ENDLESS = "cat > /dev/null; while true; do echo node s0; sleep 0.01; done"
HALF = "sleep 600 & echo $! >> $LOG; exit 0"  # it has ended, what it started holds its output


@pytest.fixture(params=[SLOW, DEAF, ENDLESS, HALF], ids=["slow", "deaf", "endless", "half"])
def calls(request, tmp_path, monkeypatch):
    """A `dot` that never answers; the processes it was, one a call, or that it started."""
    log = tmp_path / "calls"
    log.write_text("")
    program = tmp_path / "dot"
    program.write_text(
        f"#!/bin/sh\necho call >> {log}\nLOG={log}\necho $$ >> {log}\n{request.param}\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv(VARIABLE, "0.5")
    return log


def ended(log):
    """Whether none of its processes lives on; one that was killed is gone a moment later."""
    pids = [int(line) for line in log.read_text().split() if line != "call"]
    for _ in range(100):
        if not any(map(alive, pids)):
            return True
        time.sleep(0.1)
    return False


def test_a_call_ends_at_its_limit_with_all_that_it_started(calls):
    with pytest.raises(PictureError, match=r"took more than 0.5 seconds"):
        dot(SQUARE)
    assert ended(calls)


def test_a_page_of_many_pictures_asks_a_slow_dot_once(calls):
    place = Quick()
    with pytest.warns(PictureWarning, match="built-in layout"):
        place(SQUARE)
    place(SQUARE)
    place(SQUARE)
    assert calls.read_text().count("call") == 1
    assert ended(calls)


def test_a_page_by_modules_is_made_without_it(calls):
    model = nn.VAE.dense((4, 3, 2), generator=0)
    loss = (-model(Tensor([[0.1, 0.2, 0.3, 0.4]])).mean()).named("L")
    with pytest.warns(PictureWarning, match="built-in layout"):
        page = viz.step(loss).html()
    assert page.count("<template") > 3
    assert calls.read_text().count("call") == 1
    assert ended(calls)
