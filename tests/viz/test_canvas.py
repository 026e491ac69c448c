"""matplotlib draws scenes: the same bytes each time, no global state, inside the axes given."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Patch

import viz
from autograd_lite import Tensor, Value
from tests.processes import PATIENCE
from viz.formulas import mathtext
from viz.look import palette
from viz.look.heat import color
from viz.render.canvas import paint, render

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def scene(example):
    return viz.draw(example.flow, cut=[example.h0, example.h1]).scene


@pytest.mark.parametrize("suffix", ["pdf", "svg", "png"])
def test_the_same_scene_gives_the_same_bytes(scene, suffix: str) -> None:
    assert render(scene, suffix) == render(scene, suffix)


def test_each_format_is_what_it_says(scene) -> None:
    assert render(scene, "pdf").startswith(b"%PDF")
    assert render(scene, "png").startswith(b"\x89PNG")
    root = ElementTree.fromstring(render(scene, "svg"))  # noqa: S314  (made here)
    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}title").text == "flow graph of ŷ"


def test_pdf_and_svg_are_vectors(scene) -> None:
    assert b"/Subtype /Image" not in render(scene, "pdf")
    assert b"<image" not in render(scene, "svg")


def test_every_part_of_the_scene_has_its_key_in_the_svg(scene) -> None:
    root = ElementTree.fromstring(render(scene, "svg"))  # noqa: S314  (made here)
    ids = {element.get("id") for element in root.iter()}
    assert {"node-0", "node-3", "tag-3", "edge-4-head", "cut-0", "cut-0-crossing-1"} <= ids


def patches(scene) -> dict[str, Patch]:
    """What matplotlib draws, by key."""
    ax = Figure().subplots()
    paint(scene, ax)
    return {patch.get_gid(): patch for patch in ax.patches}


def test_what_stands_out_and_what_is_held_has_an_outline_of_its_own() -> None:
    x, c = Tensor([[2.0, 3.0]], requires_grad=True, name="x"), Tensor([[0.1, -0.3]], name="c")
    y = (x * c).sum().named("y")
    bare = replace(viz.STRUCTURE, accent=True)
    scene = viz.draw(y, style=lambda v: bare if v is x else None).scene
    found = patches(scene)
    role = {bubble.role: found[bubble.key] for bubble in scene.bubbles}
    assert to_hex(role["input"].get_edgecolor()) == palette.ACCENT
    assert to_hex(role["output"].get_edgecolor()) == palette.BUBBLES["output"].line
    assert role["input"].get_linewidth() > 2 * role["output"].get_linewidth()
    assert role["held"].get_linestyle() != role["output"].get_linestyle() == "solid"


def test_an_arrowhead_ends_where_its_arrow_does(scene) -> None:
    found = patches(scene)
    for arrow in scene.arrows:
        tip, *corners = found[f"{arrow.key}-head"].get_xy()[:-1]
        end, before = arrow.curve[-1].p3, arrow.curve[-1].p2
        assert tip == pytest.approx((end.x, end.y))
        forward = (end.x - before.x, end.y - before.y)
        for x, y in corners:
            assert (x - tip[0]) * forward[0] + (y - tip[1]) * forward[1] < 0


def test_a_heat_maps_first_row_is_on_top_and_its_first_column_on_the_left() -> None:
    data = np.arange(8.0).reshape(2, 4)
    x = Tensor(data, requires_grad=True, name="x")
    found = patches(viz.draw((x * x).sum().named("y")).scene)
    cells = {(i, j): found[f"heat-0-{i}-{j}"] for i in range(2) for j in range(4)}
    assert all(cells[0, j].get_y() > cells[1, j].get_y() for j in range(4))
    assert all(cells[i, j].get_x() < cells[i, j + 1].get_x() for i in range(2) for j in range(3))
    colors = {at: to_hex(cell.get_facecolor()) for at, cell in cells.items()}
    assert colors == {(i, j): color(data[i, j] / 7) for i in range(2) for j in range(4)}


def test_a_hostile_name_stays_inside_the_svg(hostile: str) -> None:
    picture = viz.draw((Value(2.0, name=hostile) * 2).named(hostile))
    root = ElementTree.fromstring(picture.svg())  # noqa: S314  (made here)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert not tags & {"script", "image", "foreignObject", "a", "text"}
    assert not [key for e in root.iter() for key in e.attrib if key.startswith("on")]


def test_nothing_global_is_touched(scene) -> None:
    before = dict(mpl.rcParams)
    render(scene, "png")
    render(scene, "svg")
    assert dict(mpl.rcParams) == before
    code = "import viz, sys; from autograd_lite import Value; viz.draw(Value(1.0)).png();"
    code += "sys.exit('matplotlib.pyplot' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE)


def test_drawing_into_axes_stays_inside_them(example) -> None:
    figure = Figure(figsize=(8, 3))
    left, right = figure.subplots(1, 2)
    picture = viz.draw(example.flow, ax=left)
    figure.canvas.draw()
    room = left.get_window_extent()
    for patch in left.patches:
        extent = patch.get_window_extent()
        assert room.x0 - 2 <= extent.x0 <= extent.x1 <= room.x1 + 2
        assert room.y0 - 2 <= extent.y0 <= extent.y1 <= room.y1 + 2
    assert not right.patches
    paint(picture.scene, right)
    assert len(right.patches) == len(left.patches)


def test_threads_may_draw_at_once(example) -> None:
    mathtext.measure.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: viz.draw(example.flow).svg(), range(8)))
    assert len(set(drawn)) == 1
