"""A flow graph over several pages, with a cut as the seam between each two.

A page has some variables of its own and, behind the seam, the members of the cut: those in which the
crossing arrows end. So every arrow stands on one page, that of its source, and every sum
dy/dv = Σ (dy/dhᵢ)(∂hᵢ/∂v) over what v makes is seen whole on the page of v.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from autograd_lite.node import Node

_FIRST_TRY: Final = 3
_FEWEST: Final = 4  # members of a seam


@dataclass(frozen=True, eq=False)
class Part:
    """What stands on one page.

    own       its variables, in order
    seam      the members of the cut behind them, which another page has as its own
    is_shared whether its own are leaves that are used on several pages: then it comes last
    """

    own: tuple[Node, ...]
    seam: tuple[Node, ...]
    is_shared: bool = False

    @property
    def variables(self) -> tuple[Node, ...]:
        """All that is drawn."""
        return (*self.own, *self.seam)


Fits = Callable[[Part], bool]
"""Whether a part finds room on a page."""


def parts(
    order: Sequence[Node], targets: Mapping[Node, Sequence[Node]], fits: Fits
) -> tuple[Part, ...]:
    """The variables over as few pages as they take, from the inputs on; those of shared leaves last.

    order    the variables in order of computation
    targets  for each, the variables that are computed from it directly
    fits     whether there is room; a page that has one variable of its own is made in any case

    >>> from autograd_lite import FlowGraph, Value, sin
    >>> h = [Value(1.0, name="x")]
    >>> for k in range(5):
    ...     h.append(sin(h[-1]).named(f"h_{k}"))
    >>> flow = FlowGraph(h[-1])
    >>> for part in parts(flow.variables, flow.targets, lambda part: len(part.variables) <= 3):
    ...     print([v.name for v in part.own], [v.name for v in part.seam])
    ['x', 'h_0'] ['h_1']
    ['h_1'] ['h_2']
    ['h_2', 'h_3', 'h_4'] []
    """
    made = _Pages(order, targets, fits)
    whole = made.part(order)
    if fits(whole):
        return (whole,)
    shared = [v for v in order if v.is_leaf and len(targets.get(v, ())) > 1]
    apart = set(shared)
    main = made.pages(_groups([v for v in order if v not in apart], targets))
    return (*main, *made.pages([(v,) for v in shared], is_shared=True))


Group = tuple[Node, ...]
"""A variable behind the leaves that it alone is computed from: they stand on one page."""


class _Pages:
    """Variables put on pages, from the last one back."""

    def __init__(
        self, order: Sequence[Node], targets: Mapping[Node, Sequence[Node]], fits: Fits
    ) -> None:
        self.place = {v: k for k, v in enumerate(order)}
        self.targets, self.fits = targets, fits

    def part(self, own: Sequence[Node], is_shared: bool = False, most: int | None = None) -> Part:
        """These variables and what they make: of more than `most` the first and the last two."""
        inside = set(own)
        made = (self._few(self.targets.get(v, ()), most) for v in own)
        ends = {t for targets in made for t in targets if t in self.place and t not in inside}
        return Part(tuple(own), tuple(sorted(ends, key=self.place.__getitem__)), is_shared)

    def _few(self, targets: Sequence[Node], most: int | None) -> Sequence[Node]:
        if most is None or len(targets) <= most:
            return targets
        return [*targets[: most - 2], *targets[-2:]]

    def pages(self, groups: Sequence[Group], is_shared: bool = False) -> list[Part]:
        """From the first to the last."""
        found: list[Part] = []
        left, tried = list(groups), _FIRST_TRY
        while left:
            tried = self._count(left, is_shared, min(tried, len(left)))
            if tried == 1 and len(left[-1]) > 1 and not self.fits(self.part(left[-1], is_shared)):
                left[-1:] = [(v,) for v in left[-1]]  # no room for all of it
                continue
            found.append(self._fitting(_all(left[-tried:]), is_shared))
            del left[-tried:]
        return found[::-1]

    def _count(self, left: Sequence[Group], is_shared: bool, tried: int) -> int:
        """How many of the last groups there is room for, as it seems from the page before."""

        def is_room(count: int) -> bool:
            return self.fits(self.part(_all(left[-count:]), is_shared))

        if is_room(tried):
            while tried < len(left) and is_room(tried + 1):
                tried += 1
            return tried
        while tried > 1 and not is_room(tried):
            tried -= 1
        return tried

    def _fitting(self, own: Sequence[Node], is_shared: bool) -> Part:
        """The part; where one variable alone makes too many, the first and last of those."""
        part = self.part(own, is_shared)
        most = len(part.seam)
        while len(own) == 1 and most > _FEWEST and not self.fits(part):
            most -= 1
            part = self.part(own, is_shared, most)
        return part


def _all(groups: Iterable[Group]) -> list[Node]:
    return [v for group in groups for v in group]


def _groups(order: Iterable[Node], targets: Mapping[Node, Sequence[Node]]) -> list[Group]:
    """The variables in order, each leaf just before the one that is computed from it."""
    leaves: dict[Node, list[Node]] = {}
    inner: list[Node] = []
    for v in order:
        users: Collection[Node] = targets.get(v, ())
        if v.is_leaf and users:
            leaves.setdefault(min(users, key=lambda t: t.number), []).append(v)
        else:
            inner.append(v)
    return [(*leaves.get(v, ()), v) for v in inner]
