"""A flow graph in plain text and in the DOT language: complete however many variables there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from viz import palette
from viz.labels import ratio


@dataclass(frozen=True)
class Listing:
    """What the graph says, in plain words: one entry per variable, per arrow, per cut."""

    output: str
    variables: tuple[str, ...]
    values: tuple[str, ...]
    totals: tuple[str, ...]
    roles: tuple[str, ...]
    arrows: tuple[tuple[int, int, str], ...]
    cuts: tuple[frozenset[int], ...] = ()
    sums: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def text(listing: Listing) -> str:
    """Variables with values and totals, arrows with partials, cuts with sums; one a line."""
    names = listing.variables
    lines = [
        f"flow graph of {one_line(listing.output)}: "
        f"{plural(len(names), 'variable')}, {plural(len(listing.arrows), 'arrow')}"
    ]
    lines += _columns(listing)
    for source, target, number in listing.arrows:
        a, b = one_line(names[source]), one_line(names[target])
        lines.append(f"  {a} → {b}" + (f"   {ratio(b, a, '∂')} = {number}" if number else ""))
    lines += [_cut(listing, near) for near in listing.cuts]
    return "\n".join([*lines, *map(one_line, (*listing.sums, *listing.notes))]) + "\n"


def plural(count: int, what: str) -> str:
    """How many of something.

    >>> plural(1, "arrow"), plural(2, "arrow")
    ('1 arrow', '2 arrows')
    """
    return f"{count} {what}{'' if count == 1 else 's'}"


def _columns(listing: Listing) -> Iterator[str]:
    heads = [f"{one_line(n)} = {v}" for n, v in zip(listing.variables, listing.values, strict=True)]
    width = min(max(map(len, heads), default=0), 48)
    for name, head, total in zip(listing.variables, heads, listing.totals, strict=True):
        tail = f"   {ratio(one_line(listing.output), one_line(name))} = {total}" if total else ""
        yield f"  {head:<{width}}{tail}".rstrip()


def _cut(listing: Listing, near: frozenset[int]) -> str:
    before = ", ".join(one_line(listing.variables[v]) for v in sorted(near))
    ends = {b for a, b, _ in listing.arrows if a in near and b not in near}
    members = ", ".join(one_line(listing.variables[v]) for v in sorted(ends))
    return f"cut after {before}, at {members}"


def one_line(text: str) -> str:
    r"""Any text with nothing in it that moves a terminal's cursor.

    >>> one_line("a\nb\x1b[31m")
    'a\\nb\\x1b[31m'
    """
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
    )


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
