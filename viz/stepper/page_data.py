"""PageData: what one picture of a page holds: bubbles, arrows, cuts, the engine's numbers, formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.value import Value
from viz.choose.sheet import Arrow, Bubble, Level, Sheet, sheet
from viz.choose.style import Style
from viz.content import derivatives, wording
from viz.content.content import Content, CutText, EdgeText, VariableText
from viz.content.describe import Description
from viz.formulas import numbers
from viz.formulas.escaping import drawable, upright
from viz.formulas.labels import differential
from viz.formulas.naming import names_of, renamed
from viz.look import limits
from viz.stepper import arrays
from viz.stepper.glyphs import Glyphs
from viz.stepper.products import product
from viz.stepper.recording import NotLiveError, plain_number, recording
from viz.stepper.room import with_numbers, with_room, with_room_for_partial


@dataclass(frozen=True)
class PageData:
    """A flow graph as asked for, as content of the picture and as data of the scripts.

    level   its variables, and the modules that some are collapsed into
    wrt     the variable by which the output is differentiated first
    hold    the variables held at the start
    notes   what the page should admit
    module  the module that is opened in this picture, if one is
    opens   for each bubble of a module, by number, the module that a click opens
    """

    level: Level
    wrt: Node
    hold: Sequence[Node] = ()
    notes: Sequence[str] = ()
    module: str = ""
    opens: dict[int, str] = field(default_factory=dict)

    @property
    def flow(self) -> FlowGraph:
        """The variables, and what is between them."""
        return self.level.flow

    @cached_property
    def sheet(self) -> Sheet:
        """The bubbles in order, and the arrows between them."""
        return sheet(self.level, self.flow)

    @cached_property
    def place(self) -> dict[Node, int]:
        """The number of each variable's bubble."""
        return {v: k for k, bubble in enumerate(self.sheet.bubbles) for v in bubble.variables}

    @property
    def is_scalar(self) -> bool:
        """Whether all numbers are floats; else the page shows arrays, small ones in full."""
        return isinstance(self.flow.output, Value)

    @property
    def is_large(self) -> bool:
        """Whether formulas and cut lines would make an unreadable sheet."""
        page = self.sheet
        return len(page.bubbles) > limits.VARIABLES or len(page.arrows) > limits.ARROWS

    @property
    def lines(self) -> list[int]:
        """The cuts that are drawn, each by how many bubbles stand in front of it."""
        places = range(1, len(self.sheet.bubbles))
        return [] if self.is_large else [k for k in places if k in self._entered & self._leading]

    @cached_property
    def _leading(self) -> frozenset[int]:
        """The bubbles from which arrows lead to the output."""
        return frozenset(self.place[v] for v in self.flow.leads_to_output)

    def content(self) -> Content:
        """The picture's content, with room for the numbers that will be written into it."""
        said = self._description.content(self.flow)
        if self.is_scalar:
            variables = tuple(with_room(v, self.is_large) for v in said.variables)
            edges = tuple(map(with_room_for_partial, said.edges))
        else:
            pairs = zip(said.variables, self.sheet.bubbles, strict=True)
            variables = tuple(self._with_numbers(v, bubble) for v, bubble in pairs)
            edges = tuple(_bare(e) if self.is_large else e for e in said.edges)
        near = [frozenset(self._near(k)) for k in self.lines]
        return Content(said.title, variables, edges, tuple(map(CutText, near)), at_once=False,
                       order=said.order)  # fmt: skip

    def _with_numbers(self, said: VariableText, bubble: Bubble) -> VariableText:
        nodes = [(self._symbol(bubble, v), numbers.shown_value(v)) for v in bubble.variables]
        totals = [self.total(v) for v in bubble.variables]
        return with_numbers(said, nodes, totals, named=bubble.module is not None)

    def for_scripts(self, content: Content, glyphs: Glyphs) -> dict[str, Any]:
        """Everything the scripts need, as JSON can hold it."""
        tape, reason = self._tape()
        page = self.sheet
        pairs = zip(page.bubbles, content.variables, strict=True)
        arrows = zip(page.arrows, content.edges, strict=True)
        return {
            "variables": [self._variable(bubble, said, glyphs) for bubble, said in pairs],
            "edges": [self._edge(arrow, said, glyphs) for arrow, said in arrows],
            "tape": tape,
            "output": self.place[self.flow.output],
            "input": self.place[self.wrt],
            "hold": [self.place[v] for v in self.hold],
            "lines": self.lines,
            "still": reason,
            "notes": list(self.notes),
            "module": drawable(self.module),
            "opens": {str(k): drawable(name) for k, name in self.opens.items()},
        }

    @cached_property
    def _description(self) -> Description:
        return Description(self.level, (), [self.wrt], Style(formulas=not self.is_large))

    def _near(self, k: int) -> list[int]:
        """Numbers of the bubbles in front of a line, with those that lead nowhere."""
        return [j for j in range(len(self.sheet.bubbles)) if j < k or j not in self._leading]

    def _tape(self) -> tuple[dict[str, Any] | None, str]:
        try:
            tape = recording(self.flow)
        except NotLiveError as reason:
            return None, f"Inputs stay as recorded: {reason}."
        found = {"nodes": tape.nodes, "variables": tape.variables, "sums": tape.sums}
        return {**found, "rules": tape.rules}, ""

    def _variable(self, bubble: Bubble, said: VariableText, glyphs: Glyphs) -> dict[str, Any]:
        symbol, equation = self._symbol(bubble, bubble.node), said.equation or ""
        place = self.place[bubble.node]
        return {
            "name": self._name(bubble),
            **({"module": self._title(bubble)} if bubble.module else {}),
            **self._typed(bubble),
            "symbol": glyphs.formula(symbol),
            "under": glyphs.formula(differential(symbol, "")),
            "equation": glyphs.formula(equation) if "=" in equation else None,
            "input": place not in self._entered,
            **self._numbers("value", [numbers.shown_value(v) for v in bubble.variables]),
            **({} if self.is_scalar else self._totals(bubble)),
        }

    @cached_property
    def _entered(self) -> frozenset[int]:
        """The bubbles into which arrows lead."""
        return frozenset(arrow.target for arrow in self.sheet.arrows)

    def _symbol(self, bubble: Bubble, v: Node) -> str:
        """A variable's symbol; of what leaves a module without a name, the module's last name."""
        if bubble.module is None or v.name is not None:
            return self._description.symbol(v)
        return upright(f"{bubble.module.name.rpartition('.')[2]}")

    def _name(self, bubble: Bubble) -> str:
        """A name for lists and the screen reader; one that cannot be typeset says its symbol too."""
        names, v = names_of(self.flow), bubble.node
        if bubble.module is not None and v.name is None:
            return self._title(bubble)
        name = drawable(names.given(v))
        return f"{name} ({names.text(v)})" if renamed([v]) else name

    def _typed(self, bubble: Bubble) -> dict[str, str]:
        """The names as they were typed, by which a variable is searched for too."""
        typed = [drawable(v.name) for v in bubble.variables if v.name]
        return {"typed": " ".join(typed)} if typed and typed != [self._name(bubble)] else {}

    def _title(self, bubble: Bubble) -> str:
        """A module's name, with how often it is repeated."""
        return drawable(wording.title(bubble, names_of(self.flow)))

    def _edge(self, arrow: Arrow, said: EdgeText, glyphs: Glyphs) -> dict[str, Any]:
        bubbles = [self.sheet.bubbles[k] for k in (arrow.source, arrow.target)]
        single = len(arrow.edges) == 1 and not any(b.module for b in bubbles)
        return {
            "source": arrow.source,
            "target": arrow.target,
            "formula": glyphs.formula(said.formula) if said.formula else None,
            **self._numbers("partial", [derivatives.partial(arrow.edges[0])] if single else [None]),
            **({} if self.is_scalar else {"product": self._product(arrow)}),
        }

    def _product(self, arrow: Arrow) -> str | None:
        """What an arrow of arrays brings to each variable at its start, from one sweep for each edge."""
        if arrow.target not in self._leading or len(self.flow.edges) > limits.PRODUCTS:
            return None
        found: dict[Node, Any] = {}
        for edge in arrow.edges:
            part = product(self.flow, edge)
            if part is None:
                return None
            found[edge.source] = found[edge.source] + part if edge.source in found else part
        return "; ".join(map(arrays.text, found.values()))

    def total(self, v: Node) -> Any | None:
        """dy/dv, 0 where it is but rounding."""
        return derivatives.total(self.flow, v)

    def _totals(self, bubble: Bubble) -> dict[str, Any]:
        return self._numbers("total", [self.total(v) for v in bubble.variables])

    def _numbers(self, key: str, xs: Sequence[Any | None]) -> dict[str, Any]:
        found = [x for x in xs if x is not None]
        if not found:
            return {key: None}
        if self.is_scalar:
            return {key: plain_number(np.asarray(found[0]).item())}
        return {key: "; ".join(map(arrays.text, found))}


def _bare(said: EdgeText) -> EdgeText:
    """An arrow of a large sheet without norms, which nobody could read there: a closer look has them."""
    return replace(said, formula=None, number=None)
