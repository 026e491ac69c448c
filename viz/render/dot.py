"""A flow graph in the DOT language of Graphviz."""

from __future__ import annotations

from collections.abc import Iterable

from viz.content.listing import Listing
from viz.formulas.labels import ratio
from viz.formulas.plain_text import one_line
from viz.look import palette


def dot(listing: Listing) -> str:
    """The graph in the DOT language: nodes are n0, n1, …; names appear in quoted labels only."""
    lines = ["digraph flow {", "  rankdir=LR;", '  node [style=filled, fontname="serif"];']
    lines += [f"  n{v} {_node(listing, v)};" for v in range(len(listing.variables))]
    colors = palette.crossing_colors(((a, b) for a, b, _ in listing.arrows), listing.cuts)
    for number, (source, target, partial) in enumerate(listing.arrows):
        a, b = listing.variables[source], listing.variables[target]
        label = [f"{ratio(b, a, '∂')} = {partial}"] if partial else []
        color = colors.get(number, palette.EDGE)
        lines.append(f'  n{source} -> n{target} [label={quoted(label)}, color="{color}"];')
    if listing.sums or listing.notes:
        lines.append(f"  label={quoted([*listing.sums, *listing.notes])}; labelloc=b;")
    return "\n".join([*lines, "}"]) + "\n"


def _node(listing: Listing, v: int) -> str:
    ink = palette.BUBBLES[listing.roles[v]]
    rows = [f"{listing.variables[v]} = {listing.values[v]}"]
    if listing.totals[v]:
        rows.append(f"{ratio(listing.output, listing.variables[v])} = {listing.totals[v]}")
    shape = "box" if listing.roles[v] == "parameter" else "ellipse"
    colors = f'color="{ink.line}", fillcolor="{ink.fill}"'
    return f"[label={quoted(rows)}, shape={shape}, {colors}]"


def quoted(rows: Iterable[str]) -> str:
    r"""Lines as one DOT string in which nothing is an escape, an entity or an end of the string.

    >>> print(quoted(['a"b\\N', "<&>"]))
    "a\"b\\N\n<&amp;>"
    """
    safe = (
        one_line(row).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
        for row in rows
    )
    return '"' + r"\n".join(safe) + '"'
