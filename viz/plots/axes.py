"""What the plots share: axes, arrays and colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from autograd_lite.errors import PictureError
from autograd_lite.rules.namespaces import plain
from viz.look.heat import color

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array: TypeAlias = "np.ndarray[Any, Any]"

GRID: Final = "0.85"


def axes(ax: Axes | None, width: float = 4.6, height: float = 3.4) -> Axes:
    """The caller's axes, or those of a new figure that pyplot does not hold on to."""
    if ax is not None:
        return ax
    from matplotlib.figure import Figure  # loaded when a plot is asked for

    return Figure(figsize=(width, height), layout="constrained").subplots()


def beside(ax: Axes) -> None:
    """The legend outside the axes, where it is taken for no point and lies under none."""
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0), borderaxespad=0.2)


def data(x: Any) -> Array:
    """The numbers of an array or of a node."""
    return np.asarray(plain(x), dtype=float)


def matrix(x: Any, what: str, columns: int | None = None) -> Array:
    """Rows of numbers; PictureError for anything else."""
    found = data(x)
    if found.ndim != 2 or not found.size or columns not in (None, found.shape[1]):
        wanted = f"(n, {columns})" if columns else "(n, m)"
        raise PictureError(f"{what} are of shape {wanted}, not {found.shape}")
    return found


def diverging() -> Any:
    """The colours of heat maps: orange below zero, white at zero, blue above."""
    from matplotlib.colors import LinearSegmentedColormap  # loaded when a plot is asked for

    return LinearSegmentedColormap.from_list("flowgraph", [color(-1.0), color(0.0), color(1.0)])
