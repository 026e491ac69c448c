"""A table of derivatives: what was asked for, and what a student has in it, from the output back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd_lite.errors import AnswerError, NotAVariableError, brief, did_you_mean
from autograd_lite.flow import FlowGraph
from autograd_lite.names import pretty
from autograd_lite.node import Node
from autograd_lite.value import Value
from autograd_lite.variables import Key, as_list, label, variable_named
from grading.answers import Reading
from grading.asking import Asked, prepare
from grading.closeness import FEWEST, half_width
from grading.diagnosis import Diagnosis
from grading.recognizers.given import FULL, extended

_TINY: Final = 1e-9
_LEAST: Final = 1e-300
"""below this, numbers have few digits and are as good as zero"""


class Lines(dict[str, Diagnosis]):
    """The diagnosis of each line by the variable's name, as printed or as typed."""

    def __init__(self, lines: Mapping[Node, Diagnosis]) -> None:
        super().__init__({label(v): d for v, d in lines.items()})
        self._variables = tuple(lines)

    def __missing__(self, key: str) -> Diagnosis:
        return self[label(line_of(key, self._variables))]


class Table:
    """A table of total derivatives that was asked for: of one variable, by several others.

    flow       the graph
    of         what is differentiated; the output by default
    asked_for  the variables that have a line; all but `of` by default
    values     {name of an input: numbers of shape (K,)} for K students at once
    """

    def __init__(
        self,
        flow: FlowGraph,
        *,
        of: Key | None = None,
        asked_for: Key | Iterable[Key] | None = None,
        values: Mapping[str, ArrayLike] | None = None,
    ) -> None:
        self.flow, self.values = flow, values
        self.of = flow.output if of is None else flow.variable(of)
        every = [v for v in flow.variables if v is not self.of]
        chosen = every if asked_for is None else [flow.variable(v) for v in as_list(asked_for)]
        self.lines = frozenset(chosen)
        self._asked: dict[Node, Asked] = {}

    def asked(self, v: Node) -> Asked:
        """The question of one line."""
        if v not in self._asked:
            self._asked[v] = prepare(self.flow, v, of=self.of, values=self.values)
        return self._asked[v]

    @cached_property
    def links(self) -> dict[Node, list[tuple[Node, Any]]]:
        """For each variable those computed directly from it, with the partial derivatives."""
        return {
            v: [(c, self._partial(c, v)) for c in self.flow.targets[v]] for v in self.flow.variables
        }

    def _partial(self, c: Node, v: Node) -> Any:
        if not isinstance(c, Value):
            return np.asarray(self.flow.partial(c, v))[None]
        return prepare(self.flow, v, of=c, hold=self.flow.sources[c], values=self.values).right

    def right(self, v: Node, k: int) -> NDArray[Any]:
        """The right derivative by v."""
        rows = self.asked(v).right
        return rows[min(k, len(rows) - 1)]  # type: ignore[no-any-return]


def line_of(name: object, variables: Sequence[Node]) -> Node:
    """The variable that a line is about: "h_0", "h0", "dŷ/dh_0" and "yhat" are understood.

    Raises AnswerError for a line that is about none.
    """
    try:
        return variable_named(str(name), variables)
    except NotAVariableError:
        by_letters = {_letters(label(v)): v for v in variables}
        wanted = _letters(pretty(str(name).rpartition("/d")[2]))
        if wanted in by_letters:
            return by_letters[wanted]
    hint = did_you_mean(str(name), [label(v) for v in variables])
    raise AnswerError(f"no variable is called {brief(name)}, of which the table has a line; {hint}")


def _letters(name: str) -> str:
    return "".join(c for c in name if c.isalnum()).casefold()


@dataclass
class Sheet:
    """A table as it is gone through, from the output back.

    own          what the student has at each variable; where nothing was given what follows from above
    rough, fine  how far off that may be, by the digits given, three at least, and four at least
    given        what was read
    wrong_above  whether a variable that this one leads to is wrong
    terms        the sizes of what is added up for a variable, together
    """

    table: Table
    k: int
    hand: bool
    digits: int | None
    own: dict[Node, Any] = field(default_factory=dict)
    rough: dict[Node, Any] = field(default_factory=dict)
    fine: dict[Node, Any] = field(default_factory=dict)
    given: dict[Node, Reading] = field(default_factory=dict)
    wrong_above: dict[Node, bool] = field(default_factory=dict)
    terms: dict[Node, Any] = field(default_factory=dict)

    def step(self, v: Node) -> None:
        """What follows for v from the lines above it, until its own line is read."""
        y, links = self.table.of, self.table.links[v]
        if v is y:
            shape = np.shape(v.value)
            ones = np.eye(int(np.prod(shape, dtype=int))).reshape(shape + shape)
            self.own[v], self.rough[v], self.fine[v] = ones, 0.0 * ones, 0.0 * ones
        else:
            self.own[v], self.rough[v], self.fine[v] = (
                self._passed_on(v, row, size)
                for row, size in ((self.own, False), (self.rough, True), (self.fine, True))
            )
            sizes = {c: np.abs(x) for c, x in self.own.items() if c is not v}
            self.terms[v] = self._passed_on(v, sizes, True)
        self.wrong_above[v] = v is not y and any(self.wrong_above.get(c, False) for c, _ in links)

    def slack(self, v: Node, row: Mapping[Node, Any]) -> Any:
        """How far off what follows for v may be, by `rough` or `fine`.

        Nothing, where that is as much as the number itself: zero and the other sign would follow as well.
        """
        size = np.max(np.abs(self.own[v]), initial=0.0)
        return row[v] if np.max(row[v], initial=0.0) < size else 0.0 * self.own[v]

    def tells(self, v: Node) -> bool:
        """Whether an answer that follows from the lines above shows that this step was understood.

        Out of zeros comes zero whatever is done, and what overflows is near to everything.
        """
        numbers = (self.own[v], self.rough[v], self.terms.get(v, 1.0))
        least = max(_TINY * float(np.max(np.abs(self.table.right(v, self.k)), initial=0.0)), _LEAST)
        finite = all(np.all(np.isfinite(x)) for x in numbers)
        return finite and bool(np.any(numbers[-1] > least))

    def _passed_on(self, v: Node, row: Mapping[Node, Any], size: bool) -> Any:
        """Σ_c row[c]·∂c/∂v, or with the sizes of both."""
        total = np.zeros(np.shape(self.table.of.value) + np.shape(v.value))
        for c, partials in self.table.links[v]:
            if c in row:
                w = np.asarray(partials[min(self.k, len(partials) - 1)])
                total = total + np.tensordot(row[c], np.abs(w) if size else w, np.ndim(c.value))
        return total

    def enter(self, v: Node, reading: Reading) -> None:
        """The student's own value takes the place of what follows from the lines above."""
        self.given[v] = reading
        shape = np.shape(self.own[v])
        if np.size(reading.value) == int(np.prod(shape, dtype=int)):
            self.own[v] = np.asarray(reading.value, float).reshape(shape)
            self.rough[v], self.fine[v] = (
                half_width(extended(reading, n), hand=self.hand).reshape(shape)
                for n in (FEWEST, FULL)
            )
