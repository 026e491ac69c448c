"""Where the windows of a convolution or a pooling lie: strides, dilations, padding on each side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from autograd_lite.errors import OperandError

_LARGEST: Final = 2**31
_MOST: Final = 2**16
"""How many entries a window may have."""


@dataclass(frozen=True)
class Placed:
    """Windows of `kernel` entries on an image of `size`; each field has one number for each axis.

    before, behind  how many entries of padding the image has there
    count           how many windows there are; the last ones may reach beyond the padding, by ceil_mode
    """

    size: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    before: tuple[int, ...]
    behind: tuple[int, ...]
    count: tuple[int, ...]

    @property
    def reach(self) -> tuple[int, ...]:
        """How many entries of padding behind the image the windows see, where they see more than given."""
        spans = zip(
            self.size, self.kernel, self.stride, self.dilation, self.before, self.count, strict=True
        )
        return tuple((m - 1) * s + d * (k - 1) + 1 - b - n for n, k, s, d, b, m in spans)

    @property
    def is_symmetric(self) -> bool:
        """Whether there is as much padding in front as behind."""
        return self.before == self.behind


def per_axis(given: Sequence[int] | None, n: int, what: str, least: int = 1) -> tuple[int, ...]:
    """An attribute with one number for each of n axes; all are 1 where it is left out.

    Raises OperandError when it has another length, or a number that is too small.
    """
    found = (1,) * n if given is None else tuple(given)
    if len(found) != n or not all(least <= k < _LARGEST for k in found):
        raise OperandError(f"{what} are {n} whole numbers ≥ {least}, not {list(found)}")
    return found


class Spacing(NamedTuple):
    """ONNX's attributes that say where windows lie, by their names; None for what is left out."""

    strides: Sequence[int] | None = None
    dilations: Sequence[int] | None = None
    auto_pad: str = "NOTSET"
    pads: Sequence[int] | None = None
    ceil_mode: int = 0

    def steps(self, n: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Strides and dilations, one for each of n axes.

        Raises OperandError when there are more or fewer, or one is below 1.
        """
        strides = per_axis(self.strides, n, "strides")
        return strides, per_axis(self.dilations, n, "dilations")


def placed(size: tuple[int, ...], kernel: tuple[int, ...], given: Spacing) -> Placed:
    """The windows that ONNX's attributes describe.

    Raises OperandError when attributes do not fit each other, or the output would be empty.
    """
    n, kernel = len(size), window(kernel)
    stride, dilation = given.steps(n)
    extent = tuple(d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True))
    if given.auto_pad in ("SAME_UPPER", "SAME_LOWER"):
        refuse_both(given.pads)
        before, behind = _same(size, extent, stride, given.auto_pad == "SAME_LOWER")
    else:
        before, behind = given_pads(given.auto_pad, given.pads, n)
    padded = [h + b + e - x for h, b, e, x in zip(size, before, behind, extent, strict=True)]
    starts = [h + b for h, b in zip(size, before, strict=True)]
    count = tuple(map(_count_up if given.ceil_mode else _count, padded, stride, starts))
    if min(padded, default=0) < 0 or min(count, default=1) < 1:
        raise OperandError(
            f"windows of {extent} entries do not fit an image of {size} with padding {before} and {behind}"
        )
    return Placed(size, kernel, stride, dilation, before, behind, count)


def _count(left: int, stride: int, end: int) -> int:
    """How many windows fit, of which the first leaves so many entries behind it."""
    return left // stride + 1


def _count_up(left: int, stride: int, end: int) -> int:
    """As many as begin before the padding behind, whether or not they fit."""
    n = -(-left // stride) + 1
    return n - ((n - 1) * stride >= end)


def window(kernel: tuple[int, ...]) -> tuple[int, ...]:
    """The lengths of a window, when it has few enough entries to go through one by one.

    Raises OperandError when it has more.
    """
    if math.prod(kernel) > _MOST:
        raise OperandError(
            f"windows of {kernel} have more than the {_MOST:,} entries that are read"
        )
    return kernel


def given_pads(
    auto_pad: str, pads: Sequence[int] | None, n: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The padding in front of and behind each axis, as it is given or, with VALID, none."""
    if auto_pad not in ("NOTSET", "VALID"):
        raise OperandError(f"auto_pad is NOTSET, VALID, SAME_UPPER or SAME_LOWER, not {auto_pad!r}")
    if auto_pad == "VALID":
        refuse_both(pads)
    found = per_axis(pads if pads is not None else (0,) * 2 * n, 2 * n, "pads", 0)
    return found[:n], found[n:]


def refuse_both(pads: Sequence[int] | None) -> None:
    """Refuse padding that is given where auto_pad says what it is."""
    if pads is not None and any(pads):
        raise OperandError("pads and auto_pad are both given")


def _same(
    size: tuple[int, ...], extent: tuple[int, ...], stride: tuple[int, ...], lower: bool
) -> tuple[Any, Any]:
    """As many windows as ⌈H/S⌉, an odd entry of padding behind, or in front with SAME_LOWER."""
    total = [
        max(0, (-(-h // s) - 1) * s + x - h) for h, x, s in zip(size, extent, stride, strict=True)
    ]
    less, more = tuple(t // 2 for t in total), tuple(t - t // 2 for t in total)
    return (more, less) if lower else (less, more)
