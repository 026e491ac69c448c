"""The same columns, their order found by Graphviz's `dot`: fewer crossings on tangled graphs.

Graphviz sees slots called s0, s1, … and their sizes, never a name.
"""

from __future__ import annotations

import math
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from subprocess import DEVNULL, PIPE
from typing import Final

from autograd_lite.errors import PictureError
from viz.layout.columns import Columns, spread
from viz.layout.graph import Graph, Placement
from viz.layout.route import route
from viz.layout.straighten import heights

VARIABLE: Final = "FLOWGRAPH_DOT_SECONDS"
_SECONDS: Final = 20.0
_DYING: Final = 10.0


def available() -> bool:
    """Whether the `dot` program can be started."""
    return shutil.which("dot") is not None


def dot(graph: Graph) -> Placement:
    """Place a graph in columns from left to right, ordered by Graphviz.

    Raises
    ------
    PictureError
        When `dot` is missing, fails or takes too long: use the layered layout, which needs no program.
    """
    if not graph.nodes:
        return Placement((), (), (), ())
    made = spread(graph)
    return route(graph, made, heights(made, _ordered(made, _run(source(made)))))


def source(made: Columns) -> str:
    """The columns in the DOT language, a rank for each."""
    lines = ["digraph {", "rankdir=LR; nodesep=0.1; ranksep=0.3; splines=false;"]
    lines += ['node [shape=box, fixedsize=true, label=""]; edge [arrowhead=none];']
    for number, slot in enumerate(made.slots):
        width, height = max(slot.box.width, 1) / 72, max(slot.box.height, 1) / 72
        lines.append(f"s{number} [width={width:.4f}, height={height:.4f}];")
    lines += _ranks(made)
    lines += [f"s{a} -> s{b};" for a, b in made.links()]
    return "\n".join([*lines, "}"])


def _ranks(made: Columns) -> list[str]:
    """Each column on a rank of its own, kept in line by an invisible spine."""
    spine = [f"c{number} [style=invis, width=0, height=0];" for number in range(len(made.columns))]
    joins = [f"c{n} -> c{n + 1} [style=invis, weight=0];" for n in range(len(made.columns) - 1)]
    ranks = [
        "{rank=same; " + " ".join([f"c{number};", *(f"s{s};" for s in column)]) + "}"
        for number, column in enumerate(made.columns)
    ]
    return spine + joins + ranks


def seconds() -> float:
    """How long `dot` may take: the environment's FLOWGRAPH_DOT_SECONDS, or 20.

    Raises PictureError when that is no positive number.
    """
    given = os.environ.get(VARIABLE, "")
    try:
        limit = float(given or _SECONDS)
    except ValueError:
        limit = 0.0
    if not 0 < limit < math.inf:
        raise PictureError(
            f"{VARIABLE}={given!r} is no time limit: write a positive number of seconds"
        )
    return limit


def _run(text: str) -> str:
    """What dot makes of the text."""
    limit = seconds()
    try:
        return _output(shutil.which("dot") or "dot", text, limit)
    except subprocess.TimeoutExpired:
        reason = f"took more than {limit:g} seconds"
        remedy = f"{VARIABLE}={10 * limit:g} in the environment gives it more time, or"
        error: Exception | None = None
    except (subprocess.CalledProcessError, OSError) as failure:
        reason, error = f"failed ({failure})", failure
        remedy = "install it (apt install graphviz), or"
    raise PictureError(
        f'Graphviz\'s dot {reason}: {remedy} write layout="layered", which needs no program'
    ) from error


def _output(program: str, text: str, limit: float) -> str:
    """The program's output; whatever happens, neither it nor what it started goes on running.

    Raises TimeoutExpired after so many seconds, CalledProcessError when it fails.
    """
    asked = [program, "-Tplain"]
    # in a group of its own, which can be ended as a whole
    child = subprocess.Popen(  # noqa: S603 - no shell, no name of the user's: see `source`
        asked, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
    )
    try:
        output, _ = child.communicate(text.encode(), timeout=limit)
    finally:
        _end(child)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, ["dot"])
    return output.decode("utf-8", "replace")


def _end(child: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
    for pipe in (child.stdin, child.stdout):
        with suppress(OSError):
            pipe.close()  # type: ignore[union-attr]
    # one that cannot be killed, as on a dead network's disk, is left
    with suppress(subprocess.TimeoutExpired):
        child.wait(_DYING)


def _ordered(made: Columns, plain: str) -> list[list[int]]:
    """The columns from top to bottom, read from dot's plain output."""
    rows = (line.split() for line in plain.splitlines())
    try:
        y = {row[1]: float(row[3]) for row in rows if row and row[0] == "node"}
        return [sorted(column, key=lambda s: -y[f"s{s}"]) for column in made.columns]
    except (LookupError, ValueError) as error:
        raise PictureError(
            "Graphviz's dot gave no place for every node: see which program `dot -V` is, or write "
            'layout="layered", which needs none'
        ) from error
