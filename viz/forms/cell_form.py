"""The form "cell": a recurrent cell with gates."""

from __future__ import annotations

from typing import Final

from viz.forms.cell import find
from viz.forms.cell_drawing import draw
from viz.forms.form import Form

CELL: Final = Form("cell", find, draw)
"""Recurrent cells with gates as a picture: the state's way as a conveyor, the gates under it."""
