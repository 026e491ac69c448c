"""How marks are distributed: bars of an inline SVG that a screen reader can read too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from grading.reports.html import Html, element

BINS: Final = 10
_WIDTH, _HEIGHT, _FOOT = 640, 190, 34


def histogram(shares: Sequence[float]) -> Html:
    """Bars for shares from 0 to 1, in ten bins; the last holds 1 too.

    >>> histogram([0.05, 1.0]).count("<rect")
    2
    """
    counts = [0] * BINS
    for share in shares:
        counts[min(max(int(share * BINS + 1e-9), 0), BINS - 1)] += 1
    told = ", ".join(f"{10 * k} to {10 * k + 10} %: {n}" for k, n in enumerate(counts) if n)
    bars = [_bar(k, n, max(counts)) for k, n in enumerate(counts) if n]
    ticks = [_text(_x(k), _HEIGHT - 12, f"{10 * k}", "tick") for k in range(BINS + 1)]
    base = element("path", d=f"M{_x(0)} {_HEIGHT - _FOOT}H{_x(BINS)}", class_="axis")
    return element(
        "svg",
        element("title", f"Distribution of marks. {told}"),
        *bars, base, *ticks,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}", role="img", class_="histogram",
    )  # fmt: skip


def _x(k: int) -> float:
    return 24 + k * (_WIDTH - 48) / BINS


def _bar(k: int, count: int, most: int) -> Html:
    tall = (_HEIGHT - _FOOT - 24) * count / most
    top, wide = _HEIGHT - _FOOT - tall, _x(1) - _x(0) - 6
    rect = element(
        "rect", x=f"{_x(k) + 3:g}", y=f"{top:.1f}", width=f"{wide:g}", height=f"{tall:.1f}", rx="3"
    )
    return element("g", rect, _text(_x(k) + 3 + wide / 2, top - 6, str(count), "count"))


def _text(x: float, y: float, text: str, class_: str) -> Html:
    return element("text", text, x=f"{x:g}", y=f"{y:.1f}", text_anchor="middle", class_=class_)
