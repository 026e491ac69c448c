"""Tables of total derivatives as students hand them in; the status that each line deserves.

r right, e right given your earlier answer, w wrong, m missing. The first wrong line is diagnosed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import cos, sin, sqrt, tanh
from typing import Final, NamedTuple

Line = tuple[float | None, str]


class Table(NamedTuple):
    """What is in it, its lines with the status deserved, and the rows that explain the first wrong one."""

    what: str
    lines: dict[str, Line]
    rows: str = ""


class Tabled(NamedTuple):
    """A graph whose total derivatives are asked for, and tables for it."""

    equations: str
    of: str
    tables: Callable[[], Iterator[Table]]


def _three_step() -> Iterator[Table]:
    x = 0.7
    h0 = cos(x)
    h1 = (h0**3 + sin(x)) / sqrt(2)
    y = sqrt(h0**2 + h1**2)
    e, a, b = 3 * h0**2 / sqrt(2), -sin(x), cos(x) / sqrt(2)
    g1 = h1 / y
    g0 = h0 / y + g1 * e
    gx = g0 * a + g1 * b
    yield Table("all right", {"h_1": (g1, "r"), "h_0": (g0, "r"), "x": (gx, "r")})
    only = g1 * e
    yield Table(
        "one path at h_0, consistent afterwards",
        {"h_1": (g1, "r"), "h_0": (only, "w"), "x": (only * a + g1 * b, "e")},
        "A4 A3",
    )
    yield Table(
        "partial at h_0, consistent afterwards",
        {"h_1": (g1, "r"), "h_0": (h0 / y, "w"), "x": (h0 / y * a + g1 * b, "e")},
        "A1 A4 A3",
    )
    yield Table("wrong leaf", {"h_1": (g1, "r"), "h_0": (g0, "r"), "x": (g0 * a, "w")}, "A2 A3")
    yield Table(
        "sign at the leaf",
        {"h_1": (g1, "r"), "h_0": (g0, "r"), "x": (-g0 * a + g1 * b, "w")},
        "B1 A17",
    )
    yield Table("lines swapped", {"h_1": (g0, "w"), "h_0": (g1, "w"), "x": (gx, "r")}, "A23 J8")
    yield Table("one line missing", {"h_1": (g1, "r"), "h_0": (None, "m"), "x": (gx, "r")})
    wrong = h1
    after = h0 / y + wrong * e
    yield Table(
        "wrong from the first line on",
        {"h_1": (wrong, "w"), "h_0": (after, "e"), "x": (after * a + wrong * b, "e")},
        "A24 A10",
    )
    yield Table(
        "two mistakes",
        {"h_1": (wrong, "w"), "h_0": (h0 / y, "w"), "x": (h0 / y * a + wrong * b, "e")},
        "A24 A10",
    )


def _perceptron() -> Iterator[Table]:
    w, v, b = 0.8, 1.3, 0.4
    h = tanh(w * 1.2 + b)
    e = v * h - 0.3
    gh, gv, slope = e * v, e * h, 1 - h * h
    gu = gh * slope

    def lines(y: Line, v: Line, h: Line, u: Line, b: Line, w: Line) -> dict[str, Line]:
        return {"yhat": y, "v": v, "h": h, "u": u, "b": b, "w": w}

    yield Table(
        "all right",
        lines((e, "r"), (gv, "r"), (gh, "r"), (gu, "r"), (gu, "r"), (gu * 1.2, "r")),
    )
    yield Table(
        "tanh' forgotten, consistent afterwards",
        lines((e, "r"), (gv, "r"), (gh, "r"), (gh, "w"), (gh, "e"), (gh * 1.2, "e")),
        "B10 A10",
    )
    yield Table(
        "wrong leaf w",
        lines((e, "r"), (gv, "r"), (gh, "r"), (gu, "r"), (gu, "r"), (gu * w, "w")),
        "B7",
    )
    yield Table(
        "sign of the error, all lines follow",
        lines((-e, "w"), (-gv, "e"), (-gh, "e"), (-gu, "e"), (-gu, "e"), (-gu * 1.2, "e")),
        "A18 A17",
    )
    yield Table(
        "v and h swapped",
        lines((e, "r"), (gh, "w"), (gv, "w"), (gu, "r"), (gu, "r"), (gu * 1.2, "r")),
        "A23 J8 B7",
    )


def _chain() -> Iterator[Table]:
    a, c, q = 0.9, 0.6, 1.4
    p = a * q
    s = sin(p) + c * q
    gs = 2 * s
    gp, gc = gs * cos(p), gs * q
    ga, gq = gp * q, gp * a + gs * c
    yield Table(
        "path through p missing at q",
        {"s": (gs, "r"), "p": (gp, "r"), "c": (gc, "r"), "a": (ga, "r"), "q": (gs * c, "w")},
        "A1 A2 A3 A4",
    )
    yield Table(
        "square's 2 lost, all follow",
        {
            "s": (s, "w"),
            "p": (gp / 2, "e"),
            "c": (gc / 2, "e"),
            "a": (ga / 2, "e"),
            "q": (gq / 2, "e"),
        },
        "B6 A10 A24",
    )
    yield Table(
        "sine's sign, then right rules, one line missing",
        {
            "s": (gs, "r"),
            "p": (-gp, "w"),
            "c": (gc, "r"),
            "a": (None, "m"),
            "q": (-gp * a + gs * c, "e"),
        },
        "B1 A17 A18",
    )


TABLES: Final = (
    Tabled(
        "x = 0.7\nh_0 = cos(x)\nh_1 = (h_0**3 + sin(x)) / sqrt(2)\n"
        "yhat = sqrt(h_0**2 + h_1**2)", "yhat", _three_step,
    ),
    Tabled(
        "w = 0.8\nv = 1.3\nb = 0.4\nu = w*1.2 + b\nh = tanh(u)\n"
        "yhat = v*h\nE = 0.5*(yhat - 0.3)**2", "E", _perceptron,
    ),
    Tabled("a = 0.9\nc = 0.6\nq = 1.4\np = a*q\ns = sin(p) + c*q\ny = s**2", "y", _chain),
)  # fmt: skip
