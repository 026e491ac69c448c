"""Formulas as matplotlib sets them (its mathtext): whether it can, and how large they come out."""

from __future__ import annotations

import re
from functools import lru_cache
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from autograd_lite.names import LETTERS
from viz.formulas.escaping import drawable
from viz.look import limits

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

# matplotlib has one set of fonts and settings for all threads, and they break when two draw at once
MATPLOTLIB: Final = RLock()
MATH_FONT: Final = "cm"
PLAIN_FONTS: Final = ("STIXGeneral", "DejaVu Sans")
# points: matplotlib sets every text at this size, and then makes it larger or smaller
SCALE: Final = 100.0
# a minus behind a comma or a space is a sign, which mathtext does not know
_UNARY: Final = re.compile(r"(?<=[,;])-|(?<=\\[:!])-|(?<=[,;] )-(?! )|(?<=quad)(?: ?)-(?! )")
# a factor in front of a function, between which TeX leaves a thin space and mathtext none
_FUNCTIONS: Final = "arccos arcsin arctan cosh cos exp ln log max min sinh sin tanh tan".split()
_CLOSE: Final = re.compile(
    rf"(\\(?:{'|'.join(LETTERS)})(?![A-Za-z])|(?<![A-Za-z\\])[A-Za-z]|[0-9}})\]'!])"
    rf" *(?=\\(?:{'|'.join(_FUNCTIONS)})(?![A-Za-z]))"
)
# a dot in a path, as in encoder.0, behind which mathtext leaves the space of a sentence
_DOT: Final = re.compile(r"(?<=[A-Za-z0-9])\.(?=[A-Za-z])|(?<=[A-Za-z])\.(?=[0-9])")

_THIN: Final = r"\1\\,"


@lru_cache(maxsize=4096)
def parses(source: str) -> bool:
    """Whether mathtext can set this as one formula."""
    if len(source) > limits.FORMULA or "$" in source or "\n" in source:
        return False
    try:
        measure(source, True, 10.0)
    except (ValueError, RecursionError):
        return False
    return True


@lru_cache(maxsize=8192)
def measure(source: str, is_math: bool, size: float) -> tuple[float, float, float]:
    """Width, height above the baseline and depth below it, in points."""
    width, height, depth = _extent(source, is_math)
    scale = size / SCALE
    return width * scale, height * scale - depth * scale, depth * scale


@lru_cache(maxsize=8192)
def _extent(source: str, is_math: bool) -> tuple[float, float, float]:
    """Width, height with depth, and depth, at matplotlib's own size."""
    from matplotlib.textpath import text_to_path

    shown = mathtext(source) if is_math else source
    with MATPLOTLIB:
        found = text_to_path.get_text_width_height_descent(shown, font(SCALE), ismath=is_math)
        if is_math:  # matplotlib has it read just now, which is nine tenths of the work
            outline(source, is_math)
    width, height, depth = map(float, found)
    return width, height, depth


@lru_cache(maxsize=2048)
def outline(source: str, is_math: bool) -> tuple[Any, Any]:
    """Its outline as matplotlib draws it at its own size: points, of which there may be none, and codes."""
    import numpy as np
    from matplotlib.textpath import text_to_path

    if not is_math:
        with MATPLOTLIB:
            vertices, codes = text_to_path.get_text_path(font(SCALE), source)
        return np.asarray(vertices, float), np.asarray(codes, np.uint8)
    placed, letters, bars = glyphs(source)
    parts = [
        (np.asarray(letters[g][0]) * scale + [x, y], letters[g][1]) for g, x, y, scale in placed
    ]
    parts += [(np.asarray(points), codes) for points, codes in bars]
    if not parts:
        return np.empty((0, 2)), np.empty(0, np.uint8)
    points, kinds = zip(*parts, strict=True)
    return np.concatenate([p.reshape(-1, 2) for p in points]).astype(float), np.concatenate(
        kinds
    ).astype(np.uint8)


@lru_cache(maxsize=2048)
def glyphs(source: str) -> tuple[Any, Any, Any]:
    """A formula's letters with their places and sizes, each letter's outline by name, and its bars.

    matplotlib remembers fifty formulas, and reading one takes a hundredth of a second.
    """
    from matplotlib.textpath import text_to_path

    with MATPLOTLIB:
        placed, letters, bars = text_to_path.get_glyphs_mathtext(font(SCALE), mathtext(source))
    return placed, letters, bars


def mathtext(source: str) -> str:
    r"""LaTeX mathematics as matplotlib sets it alike: with TeX's spaces around signs and functions.

    >>> mathtext(r"[-1,\,-2] - 3"), mathtext(r"t \log y"), mathtext(r"\mathrm{encoder.0}")
    ('$[-1,\\,{-}2] - 3$', '$t\\,\\log y$', '$\\mathrm{encoder.\\!0}$')
    """
    spaced = _CLOSE.sub(_THIN, _DOT.sub(r".\\!", source))
    return f"${_UNARY.sub('{-}', spaced)}$"


@lru_cache(maxsize=64)
def font(size: float) -> FontProperties:
    """The font of every text: Computer Modern for mathematics, a Times for plain text."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=list(PLAIN_FONTS), size=size, math_fontfamily=MATH_FONT)


def displayed(source: str | None, widest: float) -> str | None:
    """A formula with fractions in display size, if it can be set and is not too wide at 14 points."""
    shown = display(source) if source else ""
    fits = bool(shown) and parses(shown) and measure(shown, True, 14.0)[0] <= widest
    return shown if fits else None


def as_set(source: str, is_math: bool = True) -> tuple[str, bool]:
    """What is set, and whether as a formula: what mathtext cannot set is plain text."""
    if is_math and not parses(source):
        return drawable(source, limits.SENTENCE), False
    return source, is_math


def display(source: str) -> str:
    r"""Outermost fractions in display size, as on a blackboard.

    >>> display(r"\frac{a}{\frac{b}{c}} + x^{\frac{1}{2}}")
    '\\dfrac{a}{\\frac{b}{c}} + x^{\\frac{1}{2}}'
    """
    depth, out, at = 0, "", 0
    while at < len(source):
        if depth == 0 and source.startswith(r"\frac", at):
            out, at = out + r"\dfrac", at + 5
            continue
        depth += {"{": 1, "}": -1}.get(source[at], 0)
        out, at = out + source[at], at + 1
    return out


def summands(source: str) -> list[str]:
    r"""The formula's summands.

    >>> summands(r"y = 0.1 x - (a + b) + \frac{c + d}{2}")
    ['y = 0.1 x', '- (a + b)', '+ \\frac{c + d}{2}']
    """
    found, depth = [""], 0
    for word in source.split(" "):
        if depth == 0 and word in "+-" and found[-1].rstrip()[-1:] not in "=":
            found.append("")
        found[-1] += f" {word}"
        depth += sum(word.count(c) for c in "({[") - sum(word.count(c) for c in ")}]")
    return [term.strip() for term in found]
