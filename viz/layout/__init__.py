"""Layouts: pure geometry. A graph of sizes goes in; places, curves and cut lines come out."""

from viz.layout.geometry import Box, Cubic, Curve, Point
from viz.layout.graph import Edge, Graph, Layout, Node, Placement

__all__ = ["Box", "Cubic", "Curve", "Edge", "Graph", "Layout", "Node", "Placement", "Point"]
