"""Slopes on planted powers; what is drawn, and how sizes and times are written."""

import numpy as np
import pytest

from benchmarks.growth import plot
from benchmarks.growth.axes import AXES
from benchmarks.growth.slopes import Point, slope

SERIES = {
    axis: {"eager": [Point(n, 1e-6 * n, 2e-3 * n) for n in along.sizes], "program": []}
    for axis, along in AXES.items()
}


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_the_slope_of_a_power_is_its_exponent(power):
    sizes = [10, 30, 100, 300]
    assert slope(sizes, [7 * n**power for n in sizes]) == pytest.approx(power)


def test_a_constant_part_counts_only_at_the_small_sizes():
    sizes = [1, 10, 10**5, 10**6, 10**7]
    assert slope(sizes, [100 + n for n in sizes]) == pytest.approx(1.0, abs=1e-3)


def test_the_slope_is_that_of_least_squares():
    sizes, costs = [1, 2, 4], [1, 3, 5]
    assert slope(sizes, costs) == pytest.approx(
        np.polyfit(np.log(sizes), np.log(costs), 1)[0], abs=1e-6
    )


def test_one_point_has_no_slope():
    assert slope([10], [1.0]) is None


def test_memory_too_small_to_measure_is_left_out():
    points = [Point(1, 1.0, 0.01), Point(10, 2.0, 3.0)]
    assert plot.costs(points, "megabytes") == ([10], [3.0])
    assert plot.costs(points, "seconds") == ([1, 10], [1.0, 2.0])


@pytest.mark.parametrize(
    ("what", "decade", "told"),
    [("seconds", -6, "1 µs"), ("seconds", -2, "10 ms"), ("seconds", 1, "10 s"), ("megabytes", 2, "100 MB"),
     ("megabytes", 3, "1 GB"), ("seconds", 4, "10,000 s")],
)  # fmt: skip
def test_a_power_of_ten_is_told_in_a_unit(what, decade, told):
    assert plot.UNITS[what](decade) == told


def test_sizes_are_short():
    assert [plot.short(n) for n in (64, 1000, 1024, 10**6)] == ["64", "1k", "1,024", "1M"]


def test_the_picture_has_no_type_below_twelve_points_and_states_the_slopes(tmp_path):
    files = plot.draw(SERIES, tmp_path / "growth", ("svg",))
    text = files[0].read_text(encoding="utf-8")
    assert text.count("eager  1.00") == 6  # time and memory on three axes
    assert min(map(float, plot_sizes(text))) >= 12


def test_the_legend_covers_no_line(tmp_path):
    import matplotlib.pyplot as plt

    figure, panel = plt.subplots(figsize=(4.0, 3.3), layout="constrained")
    names = ("eager", "program", "torch", "micrograd", "casadi")
    flat = {
        name: [Point(n, 1.0 + k, 1.0 + k) for n in (10, 100, 1000)] for k, name in enumerate(names)
    }
    with plt.rc_context(plot.STYLE):
        plot._panel(panel, flat, "seconds", (10, 100, 1000))
        figure.canvas.draw()
    below = panel.get_legend().get_window_extent().y0
    tops = [
        line.get_transform().transform((10, max(line.get_ydata())))[1] for line in panel.get_lines()
    ]
    plt.close(figure)
    assert max(tops) < below


def plot_sizes(svg):
    """The sizes of an SVG's letters, in pixels that are points here."""
    import re

    return re.findall(r"font: (?:\w+ )?([\d.]+)px", svg) or re.findall(
        r"font-size: ?([\d.]+)px", svg
    )


def test_who_would_take_minutes_stops_earlier():
    assert AXES["nodes"].sizes_of("micrograd")[-1] == 100_000
    assert AXES["nodes"].sizes_of("program")[-1] == 1_000_000
