"""A flow graph in plain text: variables, arrows and cuts, one a line."""

from __future__ import annotations

from viz.content.content import Listing
from viz.content.wording import plural
from viz.formulas.labels import ratio
from viz.formulas.terminal import aligned

_WIDEST = 50  # columns that values are filled up to


def text(listing: Listing) -> str:
    """Variables with values and totals, arrows with partials, cuts with sums; one a line."""
    names, output = listing.variables, listing.output
    count = f"{plural(len(names), 'variable')}, {plural(len(listing.arrows), 'arrow')}"
    lines = [f"flow graph of {output}: {count}", *_variables(listing)]
    for source, target, number in listing.arrows:
        a, b = names[source], names[target]
        lines.append(f"  {a} → {b}" + (f"   {ratio(b, a, '∂')} = {number}" if number else ""))
    lines += [_cut(listing, near) for near in listing.cuts]
    return "\n".join([*lines, *listing.sums, *listing.notes]) + "\n"


def _variables(listing: Listing) -> list[str]:
    rows = [
        (f"  {name} = {value}", f"{ratio(listing.output, name)} = {total}" if total else "")
        for name, value, total in zip(
            listing.variables, listing.values, listing.totals, strict=True
        )
    ]
    order = listing.order or range(len(rows))
    return aligned([rows[k] for k in order], gap=3, widest=_WIDEST)


def _cut(listing: Listing, near: frozenset[int]) -> str:
    before = ", ".join(listing.variables[v] for v in sorted(near))
    ends = {b for a, b, _ in listing.arrows if a in near and b not in near}
    return f"cut after {before}, at {', '.join(listing.variables[v] for v in sorted(ends))}"
