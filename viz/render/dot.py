"""A flow graph in the DOT language of Graphviz."""

from __future__ import annotations

from viz.content.content import Listing
from viz.formulas.escaping import dot_string
from viz.formulas.labels import ratio
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
        lines.append(f'  n{source} -> n{target} [label={dot_string(label)}, color="{color}"];')
    if listing.sums or listing.notes:
        lines.append(f"  label={dot_string([*listing.sums, *listing.notes])}; labelloc=b;")
    return "\n".join([*lines, "}"]) + "\n"


def _node(listing: Listing, v: int) -> str:
    ink = palette.BUBBLES[listing.roles[v]]
    rows = [f"{listing.variables[v]} = {listing.values[v]}"]
    if listing.totals[v]:
        rows.append(f"{ratio(listing.output, listing.variables[v])} = {listing.totals[v]}")
    shape = "box" if listing.roles[v] == "parameter" else "ellipse"
    colors = f'color="{ink.line}", fillcolor="{ink.fill}"'
    return f"[label={dot_string(rows)}, shape={shape}, {colors}]"
