"""A question, checked: what is asked of which graph, in which parts, for how many points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from autograd_lite.names import pretty
from grading.assignments.graphs import Graph
from grading.results import Visibility

FieldKind: TypeAlias = Literal["number", "formula", "array", "function", "module"]
Feedback: TypeAlias = Literal["variable", "kind", "path", "reference"]


@dataclass(frozen=True)
class Field:
    """What a student fills in.

    name    of the part: "h_0"
    label   as the student reads it: "dŷ/dh_0"
    kind    what is typed, or handed in as code
    points  what it is worth
    digits  significant digits asked for; None where there are none to count
    shape   of an array
    """

    name: str
    label: str
    kind: FieldKind
    points: float
    digits: int | None = None
    shape: tuple[int, ...] = ()


@dataclass(frozen=True)
class Part:
    """One asked quantity: ∂of/∂wrt with `hold` held.

    wrt   None asks for the value of `of`
    hold  None asks for the total derivative
    """

    field: Field
    of: str
    wrt: str | None = None
    hold: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Question:
    """A question of an assignment, the same for everybody but for the numbers.

    ask        what kind it is: "total", "table", "formula", "function" …
    graph      what it is about; None where a student's own engine is
    parts      its asked quantities
    tolerance  relative error that counts as right; None goes by the digits typed
    hand       whether it is worked by hand, with every intermediate number rounded
    settings   what else the file says of this kind of question: "function", "cases", …
    """

    name: str
    ask: str
    title: str
    text: str
    graph: Graph | None
    parts: tuple[Part, ...]
    feedback: Feedback
    visibility: Visibility
    tolerance: float | None = None
    hand: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[Field, ...]:
        """What is filled in."""
        return tuple(part.field for part in self.parts)

    @property
    def points(self) -> float:
        """What all parts together are worth."""
        return sum(x.points for x in self.fields)

    @property
    def is_code(self) -> bool:
        """Whether a student's program is judged, not what was typed."""
        return any(x.kind in ("function", "module") for x in self.fields)


def derivative(part_of: str, wrt: str | None, hold: tuple[str, ...] | None) -> str:
    """A derivative as one line of text.

    >>> derivative("yhat", "h_0", None), derivative("z", "u", ("v",)), derivative("z", None, None)
    ('dŷ/dh_0', '∂z/∂u (v held)', 'z')
    """
    if wrt is None:
        return pretty(part_of)
    if hold is None:
        return f"d{pretty(part_of)}/d{pretty(wrt)}"
    held = f" ({', '.join(map(pretty, hold))} held)" if hold else ""
    return f"∂{pretty(part_of)}/∂{pretty(wrt)}{held}"
