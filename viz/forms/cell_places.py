"""Where the parts of a gated cell's picture stand, in points, and which groups they form."""

from __future__ import annotations

from typing import Final

from autograd_lite.node import Node
from viz.layout.geometry import Box

CONVEYOR_Y, PRODUCT_Y, READOUT_Y, GATES_Y, TOP = 420.0, 322.0, 306.0, 208.0, 505.0
GATE_HEIGHT: Final = 106.0
LEFT, RIGHT = 172.0, 764.0  # of the gates' row
GROUND: Final = Box(162.0, 122.0, 786.0, 470.0)
BEFORE, AFTER = 80.0, 872.0

GATES, PREVIOUS, CONVEYOR, OUTPUT = "gates", "previous", "conveyor", "output"
SUM, BUSES, NOTES = "sum", "buses", "notes"
KEPT, BELT, ADDED, ENTRY, BACK_BY_BUS = "kept", "belt", "added", "entry", "back by bus"


def way(gate: Node) -> str:
    """The group of the lines from a gate on."""
    return f"from {gate.number}"


def alone(gate: Node) -> str:
    """The group of one gate's box and badge."""
    return f"gate {gate.number}"
