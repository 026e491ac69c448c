"""One HTML file: template, style, scripts and data put together so that nothing can break out."""

from __future__ import annotations

import base64
import hashlib
import html
from importlib import resources
from string import Template
from typing import Any, Final

from autograd_lite.source.javascript import functions
from viz.formulas.escaping import json_in_html
from viz.look import palette, strokes
from viz.scene.scene import Scene
from viz.stepper.drawing import Drawing
from viz.stepper.fonts import faces
from viz.stepper.glyphs import Glyphs

_SCRIPTS: Final = ("numbers", "tape", "flow", "formulas", "picture", "panels", "main")
_WIDEST_SHRUNK: Final = 2200
_FACE: Final = "@font-face{font-family:Digits;src:url(data:font/woff;base64,%s);%s}"


def page(scene: Scene, data: dict[str, Any], glyphs: Glyphs) -> str:
    """The page whose picture is `scene` and whose scripts read `data`."""
    rules = (data["tape"] or {"rules": []}).pop("rules", [])
    drawn = Drawing(scene, glyphs, data["scalar"]).svg()
    data = {**data, "formulas": glyphs.sizes, "tags": _tags(scene)}
    script, style = _script(rules), _style(scene)
    return Template(_read("page.html")).substitute(
        title=html.escape(scene.title),
        policy=_policy(script, style),
        style=style,
        script=script,
        data=json_in_html(data),
        view=f"0 0 {scene.width:.1f} {scene.height:.1f}",
        definitions=glyphs.definitions(),
        picture=drawn,
    )


def _tags(scene: Scene) -> list[list[float] | None]:
    """Centre and width of each variable's tag."""
    tags = {tag.key: tag.box for tag in scene.tags}
    boxes = (tags.get(b.key.replace("node", "tag")) for b in scene.bubbles)
    return [
        [box.center.x, scene.height - box.center.y, box.width] if box else None for box in boxes
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
    width = scene.width * 96 / 72
    least = 0.6 if width < _WIDEST_SHRUNK else 0.85
    sizes = f"--picture-width:{width:.0f}px;--least:{least};"
    return f"{fonts}\n:root{{{colors}{sizes}{_strokes()}}}\n{_read('page.css')}"


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
