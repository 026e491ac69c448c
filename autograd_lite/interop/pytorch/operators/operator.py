"""What a table of operators holds: functions of this project by the names of ATen's operators.

An operator is listed without its overload where all overloads take the same arguments ("add"), else with it
("max.dim"). What torch passes for dtypes, devices and layouts never comes here: the result is brought to the
dtype that torch says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from autograd_lite.errors import GraphError

Operators: TypeAlias = Mapping[str, Callable[..., Any]]


def refuse(option: str, value: object, instead: str) -> GraphError:
    """The error for an option that has no counterpart here; it is raised where the operator is applied."""
    return GraphError(f"{option}={value!r} is not supported: {instead}")
