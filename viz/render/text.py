"""A flow graph in plain text: variables, arrows and cuts, one a line."""

from __future__ import annotations

from collections.abc import Iterator

from viz.content.listing import Listing
from viz.formulas.labels import ratio
from viz.formulas.plain_text import one_line, plural


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
