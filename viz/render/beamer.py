"""Scenes revealed step by step as Beamer frames: one picture each, in which overlays show the parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from viz.look import strokes
from viz.render.tex import document, part
from viz.render.tikz import body
from viz.render.tikz_styles import LIBRARIES, NEEDS, styles
from viz.scene.schedule import Reveal

_PREAMBLE: Final = "\n".join(
    [r"\usepackage{tikz}", LIBRARIES, r"\usefonttheme[onlymath]{serif}",
     r"\setbeamertemplate{navigation symbols}{}",
     r"\setbeamersize{text margin left=2mm, text margin right=2mm}"]
)  # fmt: skip
_NEEDS: Final = (r"\documentclass[aspectratio=169]{beamer}", *NEEDS)
_COUNTED: Final = (
    "% Overlay 1 of a graph is its forward pass; each one after it has one more derivative."
)
_OVERLAYS: Final = (
    r"\tikzset{",
    r"  flow/onslide/.code args={<#1>#2}{\only<#1>{\pgfkeysalso{#2}}},",
    r"  flow/from/.style={flow/slot=#1, flow/onslide={<1>{opacity=1}}},",
    r"  flow/slot/.style={opacity=.18, flow/since=#1},",
    r"  flow/since/.code={\ifnum#1>0\pgfkeysalso{flow/onslide={<#1->{opacity=1}}}\fi},",
    rf"  flow/now/.style={{flow/onslide={{<#1>{{draw=flowcutA, line width={strokes.CUT:g}bp}}}}}},",
    "}",
)


Shown = Sequence[tuple[Reveal, int]]
"""Pictures in order: each the number of one of a scene's."""


def beamer(shown: Shown, standalone: bool = False) -> str:
    r"""Beamer frames, an overlay for each picture; `standalone`, a whole document."""
    frames = [_frame(reveal, list(numbers)) for reveal, numbers in _together(shown)]
    made = "\n".join([_COUNTED, *_OVERLAYS, *frames])
    return document(made, _PREAMBLE, "beamer") if standalone else part(made, _NEEDS)


def _together(shown: Shown) -> Iterator[tuple[Reveal, Iterator[int]]]:
    """What stands next to each other in one scene is one frame."""
    for _, pictures in groupby(shown, key=lambda picture: id(picture[0])):
        found = list(pictures)
        yield found[0][0], (k for _, k in found)


def _frame(reveal: Reveal, numbers: Sequence[int]) -> str:
    scene = reveal.scene
    there = f"<{numbers[0] + 1}-{numbers[-1] + 1}>"
    lines = [
        *styles(scene),
        rf"\begin{{frame}}{there}[plain]",
        r"\centering\resizebox{\linewidth}{!}{%",
        *body(scene, reveal.overlay),
        "}",
        r"\end{frame}",
    ]
    return "\n".join(lines)
