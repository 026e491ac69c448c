"""The same columns, their order found by Graphviz's `dot`: fewer crossings on tangled graphs.

Graphviz sees slots called s0, s1, … and their sizes, never a name.
"""

from __future__ import annotations

import shutil

from autograd_lite.errors import PictureError
from viz.layout.columns import Columns, spread
from viz.layout.graph import Graph, Placement
from viz.layout.route import route
from viz.layout.straighten import heights


def available() -> bool:
    """Whether the `dot` program can be started."""
    return shutil.which("dot") is not None


def dot(graph: Graph) -> Placement:
    """Place a graph in columns from left to right, ordered by Graphviz.

    Raises
    ------
    PictureError
        When `dot` is missing or fails: use the layered layout, which needs no program.
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


def _run(text: str) -> str:
    import graphviz

    try:
        return str(graphviz.Source(text, engine="dot").pipe(format="plain", encoding="utf-8"))
    except (graphviz.ExecutableNotFound, graphviz.CalledProcessError, OSError) as error:
        raise PictureError(
            f"Graphviz's dot could not lay the graph out ({type(error).__name__}): "
            'install it (apt install graphviz), or write layout="layered", which needs no program'
        ) from error


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
