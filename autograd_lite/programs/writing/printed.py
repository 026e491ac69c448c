"""The source of a program: text that prints itself, with colours in a notebook."""

from __future__ import annotations

import html
import importlib
from collections.abc import Collection
from typing import Any, Final

from autograd_lite.errors import NotAVariableError, OperandError, did_you_mean
from autograd_lite.node import Node
from autograd_lite.programs.graph import Graph, graph_up_to
from autograd_lite.programs.writing.javascript import JavaScriptWriter
from autograd_lite.programs.writing.latex import LatexWriter
from autograd_lite.programs.writing.plan import plan
from autograd_lite.programs.writing.python import PythonWriter

_WRITERS: Final[dict[str, Any]] = {
    "python": PythonWriter,
    "latex": LatexWriter,
    "javascript": JavaScriptWriter,
}


class Source(str):
    """A program's source: text, shown with colours in a notebook, as equations where it is LaTeX.

    language   "python", "latex" or "javascript"
    arguments  of the function, by name: their numbers in the example that was traced

    >>> print(Source("y = x", "python", {}))
    y = x
    """

    language: str
    arguments: dict[str, Any]

    def __new__(cls, text: str, language: str, arguments: dict[str, Any]) -> Source:
        source = super().__new__(cls, text)
        source.language, source.arguments = language, arguments
        return source

    def __repr__(self) -> str:
        return str(self)

    def __reduce__(self) -> Any:
        return type(self), (str(self), self.language, self.arguments)

    def _repr_html_(self) -> str | None:
        """Coloured where pygments is installed; LaTeX shows itself as equations."""
        if self.language == "latex":
            return None
        try:
            lexers, formatters = (
                importlib.import_module(f"pygments.{m}") for m in ("lexers", "formatters")
            )
            highlight = importlib.import_module("pygments").highlight
        except ImportError:
            return f"<pre>{html.escape(self)}</pre>"
        form = formatters.HtmlFormatter(noclasses=True, nobackground=True)
        found: str = highlight(str(self), lexers.get_lexer_by_name(self.language), form)
        return found

    def _repr_latex_(self) -> str | None:
        """The equations themselves."""
        return f"$${self}$$" if self.language == "latex" else None


def source_of(
    output: Node, language: str = "python", by: Collection[str] | None = None, name: str = "program"
) -> Source:
    r"""The source of a node that has been computed; its leaves are the arguments.

    by  the names of the leaves by which derivatives are written; None for all of them

    >>> from autograd_lite import equations
    >>> yhat = equations("x = 1.0\nh = cos(x)\nyhat = sqrt(1 + h**2)")["yhat"]
    >>> print(source_of(yhat).partition("# backward")[2])
    <BLANKLINE>
        d_h = h / yhat
        d_x = -d_h * np.sin(x)
        return yhat, (d_x,)
    <BLANKLINE>

    Raises NotAVariableError for a name that no leaf has, and what `source` raises.
    """
    if not output.requires_grad:
        raise OperandError(f"{output.describe()} is a constant, of which there is no program")
    graph = graph_up_to(output)
    known = {leaf.name: leaf for leaf in graph.inputs if leaf.name is not None}
    for missing in (given for given in by or () if given not in known):
        raise NotAVariableError(f"{missing!r:.40} is no input; {did_you_mean(missing, known)}")
    return source(graph, language, None if by is None else [known[given] for given in by], name)


def source(
    graph: Graph,
    language: str = "python",
    wanted: Collection[Node] | None = None,
    name: str = "program",
) -> Source:
    """A graph's values and derivatives, as a person would write them.

    language  "python": a function that needs NumPy alone; "latex": equations; "javascript": of numbers alone
    wanted    the leaves by which derivatives are written; None for all of them
    name      of the function

    >>> from autograd_lite import Value
    >>> from autograd_lite.programs.graph import graph_of
    >>> print(source(graph_of(lambda x, w: (w * x).tanh(), (2.0, 0.5))))
    import numpy as np
    <BLANKLINE>
    <BLANKLINE>
    def program(x, w):
        # forward
        a_1 = w * x
        result = np.tanh(a_1)
    <BLANKLINE>
        # backward
        d_a_1 = 1 - result ** 2
        d_w = d_a_1 * x
        d_x = d_a_1 * w
        return result, (d_x, d_w)
    <BLANKLINE>

    Raises OperandError for another language, SourceError for an operation that cannot be written.
    """
    if language not in _WRITERS:
        raise OperandError(
            f"source is written in {', '.join(_WRITERS)}, not in {language!r:.40}; "
            f"{did_you_mean(str(language), _WRITERS)}"
        )
    leaves = graph.leaves if wanted is None else [x for x in graph.leaves if x in set(wanted)]
    writer = _WRITERS[language](plan(graph, tuple(leaves)), name)
    text = writer.source()
    return Source(text, language, writer.arguments())
