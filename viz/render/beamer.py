"""A scene revealed step by step as a Beamer frame: one picture, in which overlays show the parts."""

from __future__ import annotations

from typing import Final

from viz.look import strokes
from viz.render.tex import document
from viz.render.tikz import body
from viz.render.tikz_styles import LIBRARIES, styles
from viz.scene.schedule import Reveal

_PREAMBLE: Final = "\n".join(
    [r"\usepackage{tikz}", LIBRARIES, r"\usefonttheme[onlymath]{serif}",
     r"\setbeamertemplate{navigation symbols}{}",
     r"\setbeamersize{text margin left=5mm, text margin right=5mm}"]
)  # fmt: skip
_SHAPE: Final = 1.9  # width by height of what fits below a frame's edge
_OVERLAYS: Final = (
    r"\tikzset{",
    r"  flow/onslide/.code args={<#1>#2}{\only<#1>{\pgfkeysalso{#2}}},",
    r"  flow/from/.style={flow/slot=#1, flow/onslide={<1>{opacity=1}}},",
    r"  flow/slot/.style={opacity=.18, flow/since=#1},",
    r"  flow/since/.code={\ifnum#1>0\pgfkeysalso{flow/onslide={<#1->{opacity=1}}}\fi},",
    rf"  flow/now/.style={{flow/onslide={{<#1>{{draw=flowcutA, line width={strokes.CUT:g}bp}}}}}},",
    "}",
)


def beamer(reveal: Reveal, standalone: bool = False) -> str:
    r"""A Beamer frame with an overlay for each picture; `standalone`, a whole document."""
    scene = reveal.scene
    wide = scene.width / scene.height > _SHAPE
    size = (r"\linewidth", "!") if wide else ("!", r"0.9\textheight")
    lines = [
        *styles(scene),
        *_OVERLAYS,
        r"\begin{frame}",
        rf"\centering\resizebox{{{size[0]}}}{{{size[1]}}}{{%",
        *body(scene, reveal.overlay),
        "}",
        r"\end{frame}",
    ]
    frame = "\n".join(lines) + "\n"
    return document(frame, _PREAMBLE, "beamer") if standalone else frame
