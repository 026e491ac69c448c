"""Which line of the user's a call came from: the innermost that is neither this project's nor a library's."""

from __future__ import annotations

import os.path
import sys
from typing import Any, Final

_HOUSE: Final = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 - pathlib would double the time to import
_OURS: Final = tuple(
    os.path.join(_HOUSE, name, "")  # noqa: PTH118 - as above
    for name in ("autograd_lite", "nn", "viz", "grading")
)
_LIBRARIES: Final = sys.stdlib_module_names | set(
    "numpy scipy matplotlib mpl_toolkits pandas sklearn sympy mpmath torch seaborn plotly PIL numba".split()
)


def users_frame(frame: Any) -> Any:
    """The innermost frame from `frame` on that is neither ours nor a library's."""
    while frame.f_back is not None and _is_library(frame):
        frame = frame.f_back
    return frame


def line_of(frame: Any) -> str:
    """How a message names the line that `frame` is at."""
    return f"{frame.f_code.co_filename}, line {frame.f_lineno}"


def _is_library(frame: Any) -> bool:
    package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
    is_ours = frame.f_code.co_filename.startswith(_OURS)
    return is_ours or (package != "__main__" and package in _LIBRARIES)
