"""The checks of a layout find planted faults, and crossings agree with closed forms."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from viz.layout import Box, Cubic, Edge, Graph, Node, Point
from viz.layout.check import crossings, problems
from viz.layout.geometry import hermite, straight
from viz.layout.layered import layered

BUBBLE = Node(20, 15, Box(-12, -25, 12, -8))
LABEL = Box(-10, -6, 10, 6)
EDGES = (Edge(0, 1, LABEL), Edge(1, 2, LABEL), Edge(0, 2, LABEL))
GRAPH = Graph((BUBBLE,) * 3, EDGES, (frozenset({0}),))


@pytest.fixture
def placed():
    found = layered(GRAPH)
    assert problems(GRAPH, found) == []
    return found


def test_overlapping_bubbles_are_found(placed) -> None:
    centers = (placed.centers[0], placed.centers[0], placed.centers[2])
    assert "node 0 overlaps node 1" in problems(GRAPH, replace(placed, centers=centers))


def test_a_label_on_a_bubble_is_found(placed) -> None:
    labels = (placed.centers[1], *placed.labels[1:])
    assert "node 1 overlaps label 0" in problems(GRAPH, replace(placed, labels=labels))


def test_an_arrow_that_ends_in_the_air_is_found(placed) -> None:
    curves = ((straight(placed.curves[0][0].p0, Point(1e3, 1e3)),), *placed.curves[1:])
    assert "edge 0 does not end at node 1" in problems(GRAPH, replace(placed, curves=curves))


def test_an_arrow_that_ends_inside_its_bubble_is_found(placed) -> None:
    curves = ((straight(placed.curves[0][0].p0, placed.centers[1]),), *placed.curves[1:])
    assert "edge 0 does not end at node 1" in problems(GRAPH, replace(placed, curves=curves))


def test_an_arrow_through_a_bubble_is_found(placed) -> None:
    through = tuple(straight(a, b) for a, b in pairwise(placed.centers))
    found = problems(GRAPH, replace(placed, curves=(*placed.curves[:2], through)))
    assert "edge 2 runs through node 1" in found


def test_an_arrow_through_a_label_is_found(placed) -> None:
    labels = (placed.labels[0], placed.labels[1], placed.curves[0][0].at(0.5))
    assert "edge 0 runs through label 2" in problems(GRAPH, replace(placed, labels=labels))


def test_a_cut_that_misses_or_doubles_or_hits_a_bubble_is_found(placed) -> None:
    ((bottom, top),) = placed.cuts
    far = ((Point(1e4, -1e3), Point(1e4, 1e3)),)
    assert "cut 0 crosses edge 0 0 times, not 1" in problems(GRAPH, replace(placed, cuts=far))
    there_and_back = ((bottom, top, Point(top.x + 1, top.y), Point(bottom.x + 1, bottom.y)),)
    doubled = problems(GRAPH, replace(placed, cuts=there_and_back))
    assert "cut 0 crosses edge 0 2 times, not 1" in doubled
    x = placed.centers[1].x
    hit = problems(GRAPH, replace(placed, cuts=((Point(x, bottom.y), Point(x, top.y)),)))
    assert "cut 0 runs through node 1" in hit


def test_crossings_of_a_cubic_are_its_roots() -> None:
    # y = x³ − x on [−2, 2] has roots −1, 0, 1 and slope 3x² − 1 = 11 at the ends
    curve = (hermite(Point(-2, -6), 11, Point(2, 6), 11),)
    found = sorted(p.x for p in crossings(curve, (Point(-3, 0), Point(3, 0))))
    assert found == pytest.approx([-1, 0, 1], abs=1e-9)


def test_a_crossing_at_the_joint_of_two_pieces_counts_once() -> None:
    curve = (straight(Point(0, 0), Point(1, 1)), straight(Point(1, 1), Point(2, 2)))
    assert crossings(curve, (Point(1, -5), Point(1, 5))) == [Point(1, 1)]
    assert crossings(curve, (Point(-5, 9), Point(5, 9))) == []


def test_splitting_a_curve_keeps_its_points() -> None:
    curve = Cubic(Point(0, 0), Point(1, 3), Point(2, -1), Point(4, 2))
    part = curve.part(0.25, 0.75)
    assert part.at(0.5) == pytest.approx(curve.at(0.5))
    assert part.p0 == pytest.approx(curve.at(0.25))


def test_a_bubbles_outline_is_that_of_ellipse_and_tag() -> None:
    assert BUBBLE.reach(Point(1, 0)) == pytest.approx(20)
    assert BUBBLE.reach(Point(0, 1)) == pytest.approx(15)
    assert BUBBLE.reach(Point(0, -1)) == pytest.approx(25)
    assert BUBBLE.covers(Point(11, -24))
    assert not BUBBLE.covers(Point(19, 14))
