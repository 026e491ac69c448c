"""One HTML file: template, style, scripts and data put together so that nothing can break out."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from string import Template
from typing import Any, Final

from autograd_lite.source.javascript import functions
from viz.content.content import Content
from viz.formulas.escaping import json_in_html
from viz.look import limits, palette, strokes
from viz.scene.scene import Scene
from viz.stepper.drawing import Drawing
from viz.stepper.fonts import faces
from viz.stepper.glyphs import Glyphs
from viz.stepper.page_data import PageData

_SCRIPTS: Final = (
    "numbers",
    "tape",
    "flow",
    "formulas",
    "picture",
    "panels",
    "search",
    "model",
    "main",
)
_FACE: Final = "@font-face{font-family:Digits;src:url(data:font/woff;base64,%s);%s}"


def page(pictures: Sequence[Picture], start: int, glyphs: Glyphs) -> str:
    """The page that shows one of several pictures at a time, and whose scripts read their data."""
    views = [view_of(one, glyphs) for one in pictures]
    tape = _shared([view.data["tape"] for view in views if view.data["tape"]])
    data = {
        "views": [{**view.data, "title": view.title, "box": view.box} for view in views],
        "start": start,
        "scalar": pictures[0].data.is_scalar,
        "terms": limits.TERMS,
        "signs": {sign: glyphs.formula(source) for sign, source in _SIGNS.items()},
        "formulas": glyphs.sizes,
        "nodes": tape["nodes"],
        "sums": tape["sums"],
    }
    script, style = _script(tape["rules"]), _style(pictures[start].scene)
    return Template(_read("page.html")).substitute(
        title=html.escape(views[start].title),
        policy=_policy(script, style),
        style=style,
        script=script,
        data=json_in_html(data),
        definitions=glyphs.definitions(),
        view=f"0 0 {views[start].box[0]} {views[start].box[1]}",
        picture=views[start].svg,
        others="".join(
            "" if k == start else f'<template id="view-{k}"><svg>{view.svg}</svg></template>\n'
            for k, view in enumerate(views)
        ),
    )


@dataclass(frozen=True)
class Picture:
    """One picture of a page: its content, and where everything stands."""

    data: PageData
    content: Content
    scene: Scene


@dataclass(frozen=True)
class _View:
    """A picture as SVG, its data for the scripts, and its size."""

    svg: str
    data: dict[str, Any]
    title: str
    box: list[float]


def _shared(tapes: list[dict[str, Any]]) -> dict[str, Any]:
    """What all pictures compute with, once; each keeps the places of its own variables."""
    found: dict[str, Any] = {"nodes": [], "sums": [], "rules": []}
    for tape in tapes:
        found = {key: tape.pop(key) for key in found}
    return found


def view_of(one: Picture, glyphs: Glyphs) -> _View:
    """A picture written down."""
    scene = one.scene
    data = {**one.data.for_scripts(one.content, glyphs), "tags": _tags(scene)}
    svg = Drawing(scene, glyphs, one.data.is_scalar).svg()
    size = [round(scene.width, 1), round(scene.height, 1)]
    return _View(svg, data, scene.title, size)


_SIGNS: Final = {
    "d": "d", "partial": r"\partial", "equals": "=", "sum": r"\sum", "times": r"\cdot", "plus": "+",
    "open": "(", "close": ")",
}  # fmt: skip


def _tags(scene: Scene) -> list[list[float] | None]:
    """Centre and width of each variable's tag."""
    tags = {tag.key: tag.box for tag in scene.tags}
    boxes = (tags.get(b.key.replace("node", "tag")) for b in scene.bubbles)
    return [
        [round(box.center.x, 1), round(scene.height - box.center.y, 1), round(box.width, 1)]
        if box
        else None
        for box in boxes
    ]


def _script(rules: list[str]) -> str:
    """The scripts in one strict function, with the rules between them as the only generated part."""
    parts = [functions(), *(_read(f"{name}.js") for name in _SCRIPTS)]
    table = "const RULES = [\n" + "".join(f"  {rule},\n" for rule in rules) + "];\n"
    return '"use strict";\n{\n' + table + "\n".join(parts) + "}\n"


def _style(scene: Scene) -> str:
    """The style sheet, with the palette's colours and the picture's size in front."""
    inks = {**palette.BUBBLES, "total": palette.TAG}
    colors = "".join(f"--{role}-line:{i.line};--{role}-fill:{i.fill};" for role, i in inks.items())
    colors += f"--ink:{palette.TEXT};--value:{palette.VALUE};--total:{palette.TAG.text};"
    colors += f"--edge:{palette.EDGE};--cut:{palette.CUTS[0]};--active:{palette.CUTS[1]};"
    ranges = ("unicode-range:U+20-7E", "unicode-range:U+B7,U+D7,U+2212,U+221E")
    fonts = "".join(_FACE % pair for pair in zip(faces(), ranges, strict=False))
    size = f"--picture-width:{scene.width * 96 / 72:.0f}px;--picture-height:{scene.height * 96 / 72:.0f}px;"
    return f"{fonts}\n:root{{{colors}{size}{_strokes()}}}\n{_read('page.css')}"


def _strokes() -> str:
    widths = {
        "line": strokes.LINE, "cut": strokes.CUT, "accent": strokes.ACCENT, "frame": strokes.FRAME,
        "circle": strokes.CIRCLE_LINE,
    }  # fmt: skip
    dash = " ".join(map(str, strokes.CUT_DASH))
    return "".join(f"--{key}-width:{x};" for key, x in widths.items()) + f"--cut-dash:{dash};"


def _policy(script: str, style: str) -> str:
    """A Content-Security-Policy: this script, this style, nothing from anywhere else."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()


def _read(name: str) -> str:
    return resources.files("viz.stepper").joinpath(name).read_text(encoding="utf-8")
