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
    crossing = _crossing(listing)
    for number, (source, target, partial) in enumerate(listing.arrows):
        a, b = listing.variables[source], listing.variables[target]
        label = [f"{ratio(b, a, '∂')} = {partial}"] if partial else []
        color = crossing.get(number, palette.EDGE)
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


def _crossing(listing: Listing) -> dict[int, str]:
    """The colour of each arrow that crosses a cut (the first such cut's)."""
    colors: dict[int, str] = {}
    for number, near in enumerate(listing.cuts):
        for k, (source, target, _) in enumerate(listing.arrows):
            if source in near and target not in near:
                colors.setdefault(k, palette.cut_color(number))
    return colors


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
