"""Which function an operator is, in which version of ONNX's operators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

Function: TypeAlias = Callable[..., Any]
"""Takes an operator's inputs in order, None for what is left out, and its attributes by their names."""

Table: TypeAlias = dict[str, Function | Mapping[int, Function]]
"""Functions by operator, or by the version since which the operator means that."""

LATEST: Final = 28
"""The last version of the operators that was read when this was written."""


def function_for(operators: Table, name: str, version: int) -> Function | None:
    """The function of an operator in a version; None when there is none.

    >>> function_for({"Abs": abs, "Clip": {6: min, 11: max}}, "Clip", 8)
    <built-in function min>
    """
    found = operators.get(name)
    if found is None or not isinstance(found, Mapping):
        return found
    since = [k for k in found if k <= version]
    return found[max(since)] if since else None
