"""A cut, the arrows it crosses and what stands out look alike in every form of a picture."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest

import viz
from autograd_lite import Tensor
from viz.look import palette, strokes


@pytest.fixture
def forms(example) -> dict[str, str]:
    picture = viz.draw(example.flow, cut=["h_0", "h_1"])
    return {"svg": picture.svg(), "tex": picture.tex(), "html": viz.step(example.flow).html()}


def test_a_cut_is_dashed_alike_in_svg_tikz_and_the_page(forms):
    on, off = strokes.CUT_DASH
    assert f"stroke-dasharray: {on},{off}" in forms["svg"]
    assert f"dash pattern=on {on}bp off {off}bp" in forms["tex"]
    assert f"--cut-dash:{on} {off};" in forms["html"]
    assert "stroke-dasharray: var(--cut-dash)" in forms["html"]


def test_the_circles_on_a_cut_are_as_large_in_tikz_and_the_page_and_no_gap_swallows_one(forms):
    assert forms["tex"].count(f"circle ({strokes.CIRCLE})") == 2
    assert set(re.findall(r'<circle [^>]* r="([\d.]+)"/>', forms["html"])) == {str(strokes.CIRCLE)}
    assert strokes.CUT_DASH[1] < 2 * strokes.CIRCLE


def test_lines_are_as_wide_in_svg_tikz_and_the_page(forms):
    widths = {float(w) for w in re.findall(r"stroke-width: ([\d.]+)", forms["svg"])}
    assert {strokes.LINE, strokes.CUT, strokes.CIRCLE_LINE} <= widths
    for name, width in (
        ("edge", strokes.LINE),
        ("crossing edge", strokes.CUT),
        ("cut", strokes.CUT),
    ):
        (style,) = re.findall(rf"flow/{name}/\.style={{(.*)}},", forms["tex"])
        assert f"line width={width}bp" in style
    for name, width in (("line", strokes.LINE), ("cut", strokes.CUT), ("accent", strokes.ACCENT)):
        assert f"--{name}-width:{width};" in forms["html"]


def test_an_arrow_that_stands_out_does_so_in_tikz_too(example):
    def style(v):
        return viz.Style(accent=v.name in ("x", "h_0"))

    picture = viz.draw(example.flow, style=style)
    widths = {arrow.key: arrow.width for arrow in picture.scene.arrows}
    assert sorted(widths.values()) == [strokes.LINE] * 4 + [strokes.ACCENT]
    assert picture.tex().count(r"\draw[flow/accent edge") == 1


def test_a_heat_map_is_framed_in_svg_and_tikz():
    x = Tensor(np.arange(12.0).reshape(3, 4), requires_grad=True, name="x")
    picture = viz.draw((x * x).named("y"))
    assert len(picture.scene.heats) == 2
    assert picture.svg().count(f"stroke-width: {strokes.FRAME}") == 2
    assert picture.tex().count(r"\draw[flow/frame]") == 2


def test_an_arrow_has_the_colour_of_the_first_line_it_meets_in_dot_and_canvas(written):
    """Of u → z, which crosses all lines, that of the first."""
    cuts = written.flow.cuts()[::-1]
    picture = viz.draw(written.flow, cut=cuts, style="structure")
    assert all(len(a.near) < len(b.near) for a, b in pairwise(cuts))
    expected = []
    for edge in written.flow.edges:
        met = [
            k
            for k, cut in enumerate(cuts)
            if any(edge.source is e.source and edge.target is e.target for e in cut.edges)
        ]
        expected.append(palette.CUTS[met[0] % len(palette.CUTS)] if met else palette.EDGE)
    assert len(set(expected)) > 3
    assert [arrow.color for arrow in picture.scene.arrows] == expected
    assert re.findall(r'-> n\d+ \[label="[^"]*", color="(#\w+)"\]', picture.dot()) == expected


def test_cuts_that_are_seen_one_at_a_time_colour_no_arrow(example):
    reveal = viz.slides(example.flow)._pages[0].reveal
    assert len(reveal.scene.cuts) > 1
    assert {cut.color for cut in reveal.scene.cuts} == {palette.CUTS[0]}
    assert {a.color for a in reveal.at(0).arrows} == {palette.EDGE}
