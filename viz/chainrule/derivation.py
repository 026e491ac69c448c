"""Derivation: what `viz.derive` returns. It shows itself in a notebook, and writes itself down."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from viz.chainrule import lines
from viz.chainrule.ambiguous import ambiguous
from viz.chainrule.lines import Line, Note
from viz.chainrule.steps import Step
from viz.chainrule.telling import lines_of
from viz.chainrule.writer import Names, Writer
from viz.content.domain import nan_notes
from viz.formulas.labels import ratio
from viz.formulas.latex import LATEX
from viz.formulas.naming import names_of
from viz.formulas.notation import Notation
from viz.formulas.text import TEXT
from viz.render import files, tex

_INDICES: Final = "tknij"
_LAYERS: Final = f"l{_INDICES}"
_MARGINS: Final = r"\usepackage[margin=25mm]{geometry}"
_NEEDS: Final = (r"\usepackage{amsmath,amssymb}",)


def _over_pages(body: str) -> str:
    """Equations that may go on on the next page."""
    return "\n".join([r"{\allowdisplaybreaks", body, "}"])


@dataclass(frozen=True)
class Remark:
    """A sentence about some variables."""

    words: str
    nodes: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Derivation:
    """The chain rule written out for one derivative (or several).

    flow     the flow graph
    steps    what was derived, in order; steps that are the same but for the index stand together
    remarks  what is held, what was left out

    >>> from autograd_lite import FlowGraph, Value, cos, sqrt
    >>> from viz import derive
    >>> x = Value(1.0, name="x")
    >>> h = cos(x).named("h")
    >>> print(derive(FlowGraph(sqrt(1 + h**2).named("yhat")), wrt=x))
    x = 1
    h = cos x = 0.540
    ŷ = √(1 + h²) = 1.137
    First, dŷ/dh = ∂ŷ/∂h = h/√(1 + h²) = 0.475
    Second, dŷ/dx = dŷ/dh·∂h/∂x = (h/√(1 + h²))·(-sin x) = -(h·sin x)/√(1 + h²) = 0.475·(-0.841)
                  = -0.400
    """

    flow: FlowGraph
    steps: tuple[tuple[Step, ...], ...]
    remarks: tuple[Remark, ...] = ()

    def __str__(self) -> str:
        return self.text().removesuffix("\n")

    def __repr__(self) -> str:
        lefts = [step.left for run in self.steps for step in run]
        name = names_of(self.flow).text
        last = f"{ratio(name(lefts[-1].of), name(lefts[-1].wrt))}, " if lefts else ""
        return f"Derivation({last}{len(lefts)} steps)"

    def text(self, digits: int = 3) -> str:
        """Lines of Unicode text."""
        return lines.text(self._lines(TEXT, digits))

    def markdown(self, digits: int = 3) -> str:
        """Markdown with displayed formulas, for notebooks, GitHub and pandoc."""
        return lines.markdown(self._lines(LATEX, digits))

    def latex(self, digits: int = 3, standalone: bool = False) -> str:
        r"""LaTeX: `align*` for the equations, which needs amsmath; `standalone`, a whole document."""
        body = lines.latex(self._lines(LATEX, digits))
        return tex.document(_over_pages(body), _MARGINS) if standalone else body + "\n"

    def tex(self, standalone: bool = True) -> str:
        r"""A file of LaTeX: a whole document, or `align*` for \input; its first line says which."""
        if standalone:
            return self.latex(standalone=True)
        return tex.part(_over_pages(self.latex()), _NEEDS)

    def save(self, path: str | os.PathLike[str], *, standalone: bool = True) -> Path:
        r"""Write the derivation in the form its suffix names: tex, md or txt.

        A tex file is a document that compiles as it is; without `standalone` it is for \input.

        Raises PictureError for another suffix, a place that cannot be written to, or
        `standalone=False` where the file is no tex file.
        """
        return files.save(self, path, files.DERIVATION, standalone=standalone)

    def _repr_latex_(self) -> str:
        return self.latex()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Markdown where it is shown, with LaTeX and text for whoever cannot show it."""
        return {
            "text/markdown": self.markdown(),
            "text/latex": self.latex(),
            "text/plain": str(self),
        }

    def _writer(self, notation: Notation, digits: int) -> Writer:
        index = names_of(self.flow).free_letter(_LAYERS if self._has_layers() else _INDICES)
        twice = ambiguous(self.flow, [step for run in self.steps for step in run])
        return Writer(self.flow, notation, digits, Names(index=index, ambiguous=twice))

    def _has_layers(self) -> bool:
        r"""Whether what is counted is layers: there are excitations \xi_1, \xi_2, …"""
        write = names_of(self.flow).latex
        return any(write(v).startswith(r"\xi_") for v in self.flow.variables)

    def _lines(self, notation: Notation, digits: int) -> list[Line]:
        writer = self._writer(notation, digits)
        said = [Note(remark.words, writer.name_list(remark.nodes)) for remark in self.remarks]
        lost = map(Note, nan_notes(self.flow, names_of(self.flow).text))
        return [*lines_of(writer, self.steps), *said, *lost]
