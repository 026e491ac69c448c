"""The form that a student fills in: one HTML file without a network, which saves the answers as JSON."""

from __future__ import annotations

import base64
import html
import json
from importlib import resources
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import viz
from autograd_lite import FlowGraph
from autograd_lite.errors import PictureError
from autograd_lite.names import pretty
from grading.assignments.asked_of import AskedOf, Given
from grading.assignments.paper import Paper
from grading.assignments.questions import Field, Question
from grading.assignments.readable import as_html, identifier, prose
from grading.assignments.show import points
from viz import STRUCTURE
from viz.formulas.escaping import json_in_html

_MOST_DRAWN: Final = 14
_PICTURES: dict[tuple[str, ...], str] = {}
_MOST_PICTURES: Final = 100


def form_html(paper: Paper) -> str:
    """A student's paper as one HTML file, to be opened from a disk, filled in, and saved as JSON.

    The file that it saves is what `flowgrade run` reads: {"assignment": …, "student": …, "answers":
    {question: {field: text}}}. It holds no right answer.

    >>> from grading.assignments import load
    >>> page = form_html(load("three_step").paper("ada"))
    >>> page.startswith("<!doctype html>"), "http" in page
    (True, False)
    """
    folder = resources.files("grading.assignments") / "page"
    facts = {"assignment": paper.assignment, "student": paper.student, "purpose": paper.purpose}
    return _PAGE.format(
        title=html.escape(paper.title),
        style=(folder / "form.css").read_text(encoding="utf-8"),
        script=(folder / "form.js").read_text(encoding="utf-8"),
        facts=json_in_html(facts),
        student=html.escape(paper.student),
        intro=prose(paper.text),
        points=points(sum(q.question.points for q in paper.questions)),
        questions="\n".join(
            _question(i, q, shows_graph=q in paper.showing)
            for i, q in enumerate(paper.questions, 1)
        ),
    )


def _question(number: int, asked: AskedOf, *, shows_graph: bool) -> str:
    q = asked.question
    body = _code(q) if q.is_code else "".join(_field(q, x) for x in q.fields)
    return _QUESTION.format(
        number=number, title=html.escape(q.title), points=points(q.points), text=prose(q.text),
        graph=_graph(asked) if shows_graph else "", kind=q.ask, fields=body,
    )  # fmt: skip


# --- the graph -----------------------------------------------------------------------------------


def _graph(asked: AskedOf) -> str:
    """Equations, picture and numbers of a graph."""
    lines = "".join(f"<div>{as_html(line)}</div>" for line in asked.says)
    return (
        f'<div class="graph"><div class="equations" role="group" aria-label="Equations">{lines}</div>'
        f"{_picture(asked)}</div>{_givens(asked.givens)}"
    )


def _picture(asked: AskedOf) -> str:
    """The flow graph without numbers, as an image in the page; nothing where it would be too large."""
    if asked.pool is None:
        return ""
    flow = FlowGraph(list(asked.pool.graph.nodes(asked.pool.points[asked.k]).values())[-1])
    if len(flow.variables) > _MOST_DRAWN:
        return ""
    edges = [f"{pretty(str(e.source.name))} to {pretty(str(e.target.name))}" for e in flow.edges]
    alt = html.escape("The flow graph, with arrows from " + ", from ".join(edges) + ".")
    return f'<img class="flow" alt="{alt}" src="data:image/svg+xml;base64,{_drawn(flow, tuple(edges))}">'


def _drawn(flow: FlowGraph, key: tuple[str, ...]) -> str:
    """The picture, drawn once for all students: it shows no numbers."""
    if key not in _PICTURES:
        if len(_PICTURES) >= _MOST_PICTURES:
            _PICTURES.clear()
        try:
            svg = viz.draw(flow, style=STRUCTURE).svg()
        except PictureError:
            svg = "<svg xmlns='http://www.w3.org/2000/svg'/>"
        _PICTURES[key] = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    return _PICTURES[key]


def _givens(givens: tuple[Given, ...]) -> str:
    numbers = [x for x in givens if np.ndim(x.value) == 0]
    arrays = [x for x in givens if np.ndim(x.value) > 0]
    listed = "".join(
        f"<div><dt>{as_html(pretty(x.name))}</dt><dd>{html.escape(f'{x.value:.12g}')}</dd></div>"
        for x in numbers
    )
    shown = f'<dl class="givens" aria-label="Your numbers">{listed}</dl>' if numbers else ""
    return shown + (_arrays(arrays) if arrays else "")


def _arrays(arrays: list[Given]) -> str:
    """Arrays as tables where they have two axes at most, and all of them as text to copy."""
    tables = "".join(_array(x) for x in arrays)
    text = "\n".join(
        f"{identifier(x.name)} = np.array({json.dumps(x.value.tolist())})" for x in arrays
    )
    return (
        f'<div class="arrays">{tables}</div><details><summary>All arrays as Python, to copy</summary>'
        f'<pre tabindex="0">{html.escape(text)}</pre></details>'
    )


def _array(given: Given) -> str:
    x = np.asarray(given.value)
    caption = f"{as_html(pretty(given.name))} <small>{_shape(x.shape)}</small>"
    axes = 2
    if x.ndim > axes:
        body = "".join(map(_slice, np.ndindex(x.shape[:-axes]), _matrices(x)))
    else:
        body = _rows(np.atleast_2d(x))
    return f"<div><table><caption>{caption}</caption><tbody>{body}</tbody></table></div>"


def _matrices(x: NDArray[Any]) -> NDArray[Any]:
    """The matrices of an array of more axes, one after the other."""
    return x.reshape(-1, *x.shape[-2:])


def _slice(index: tuple[int, ...], x: NDArray[Any]) -> str:
    """One of them, below its index."""
    return f"<tr><th colspan='{x.shape[-1]}'>[{', '.join(map(str, index))}]</th></tr>{_rows(x)}"


def _rows(x: Any) -> str:
    """Numbers with as many decimals as the longest needs, so that their points stand below each other."""
    plain = [f"{float(v):.6f}".rstrip("0").partition(".")[2] for v in np.ravel(x)]
    places = max(map(len, plain), default=0)
    return "".join(
        "<tr>" + "".join(f"<td>{float(v):.{places}f}</td>" for v in row) + "</tr>"
        for row in np.asarray(x)
    ).replace("-", "−")


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))


# --- fields --------------------------------------------------------------------------------------


def _field(q: Question, x: Field) -> str:
    key = html.escape(f"{q.name}.{x.name}", quote=True)
    tag = _AREA if x.kind == "array" else _INPUT
    return _FIELD.format(
        key=key, label=as_html(x.label), hint=_hint(x), points=points(x.points),
        control=tag.format(
            key=key, question=html.escape(q.name, quote=True), field=html.escape(x.name, quote=True),
            kind=x.kind, digits=x.digits or "", count=int(np.prod(x.shape)) if x.shape else "",
            rows=min(8, x.shape[-2] + 1) if len(x.shape) > 1 else 2,
        ),
    )  # fmt: skip


def _hint(x: Field) -> str:
    if x.kind == "formula":
        return "a formula, such as 2x sin(x)^2"
    if x.kind == "array":
        return f"{_shape(x.shape)} numbers, {x.digits} significant digits: {_example(len(x.shape))}"
    return f"{x.digits} significant digits"


def _example(axes: int) -> str:
    """How an array of so many axes is typed.

    >>> _example(1), _example(2)
    ('[1.234, …]', '[[1.234, …], …]')
    """
    return "[" * axes + "1.234" + ", …]" * axes


def _code(q: Question) -> str:
    names = ", ".join(f"<code>{html.escape(x.name)}</code>" for x in q.fields)
    return f'<p class="code">Hand in {names} in a Python file beside the answers that you save here.</p>'


_FIELD: Final = """<div class="field"><label for="{key}">{label}</label>{control}
<span class="hint" id="{key}-hint">{hint} · {points}</span>
<span class="said" id="{key}-said" role="status"></span></div>"""
_CONTROL: Final = """id="{key}" data-question="{question}" data-field="{field}" data-kind="{kind}"
data-digits="{digits}" data-count="{count}" aria-describedby="{key}-hint {key}-said" autocomplete="off"
spellcheck="false" """
_INPUT: Final = f'<input type="text" maxlength="2000" {_CONTROL}>'
_AREA: Final = f'<textarea rows="{{rows}}" maxlength="100000" {_CONTROL}></textarea>'
_QUESTION: Final = """<section class="question" data-ask="{kind}" aria-labelledby="title-{number}">
<h2 id="title-{number}"><span class="number">{number}</span>{title}<span class="points">{points}</span></h2>
{text}{graph}<div class="fields">{fields}</div></section>"""
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header><h1>{title}</h1><p class="for">{student} · {points}</p>{intro}</header>
<main><form id="form" novalidate>
{questions}
<div class="save"><button type="submit">Save answers</button><p id="saved" role="status">Your answers become a
file that you hand in. Nothing is sent from this page.</p></div>
</form></main>
<script type="application/json" id="facts">{facts}</script>
<script>{script}</script>
</body>
</html>
"""
