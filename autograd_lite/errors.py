"""Every error of the project, in one tree.

Each says what happened, where (operation, operand, node number and name), why, and what to write instead.

    AutogradError
    ├── GraphError (ValueError)        the graph cannot answer what was asked
    │   ├── CutError                   the variables do not separate input from output
    │   ├── StaleError                 a leaf changed after something was computed from it
    │   ├── NotAVariableError          the name or node is no variable of this flow graph
    │   └── TraceError                 a function's program would not hold for other numbers
    ├── ShapeError (ValueError)        the operands' shapes do not fit the operation
    ├── MatrixError (LinAlgError)      a matrix is singular, not symmetric or not positive definite
    ├── IndexingError (IndexError)     an index lies outside the array
    ├── OperandError (TypeError)       the operation does not take this kind of operand
    │   └── SourceError                source was asked of a record that looks at its numbers
    ├── NamespaceError (AttributeError) a rule is written with a function that its namespace lacks
    ├── DerivativeError (ValueError)   this derivative does not exist, or was not asked rightly
    ├── CheckError (AssertionError)    gradcheck found a derivative that is wrong
    ├── StateError (ValueError)        a state or file does not fit the module it is loaded into
    ├── TrainingError (ArithmeticError) training met a number that is none
    ├── FilterError (ArithmeticError)  a filter that is not stable was asked for its response
    ├── EquationError (ValueError)     a line of equations cannot be read or evaluated
    ├── ExportError (BufferError)      another library asked for numbers in a way that they are not given
    ├── GradingError                   homework cannot be judged
    │   ├── AnswerError (ValueError)   what was typed is no answer: no number, formula or array
    │   ├── AssignmentError (ValueError) an assignment is broken: file, line, key, what was expected
    │   ├── SubmissionError (ValueError) what was handed in cannot be read
    │   └── SandboxError (RuntimeError) strangers' code cannot be run as safely as asked
    └── PictureError (ValueError)      a picture cannot be drawn or saved as asked

and one warning, GraphCutWarning (UserWarning): a number left the graph where no derivative is being taken.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable

import numpy as np


class AutogradError(Exception):
    """The root of the tree: `except AutogradError` catches whatever this project raises on purpose."""


class GraphError(AutogradError, ValueError):
    """The graph cannot answer what was asked of it."""


class CutError(GraphError):
    """The variables given are no cut: a path leaks past them, or one of them is not on the line."""


class StaleError(GraphError):
    """A leaf's data changed after something was computed from it, so recorded numbers disagree."""


class NotAVariableError(GraphError, LookupError):
    """The name or node given is no variable of this flow graph."""


class TraceError(GraphError):
    """A function cannot be recorded as a program, or has changed since: other numbers would need others."""


class ShapeError(AutogradError, ValueError):
    """The operands' shapes do not fit the operation."""


class MatrixError(AutogradError, np.linalg.LinAlgError):
    """A matrix is singular, not symmetric or not positive definite, and the operation needs it to be."""


class IndexingError(AutogradError, IndexError):
    """An index lies outside the array."""


class OperandError(AutogradError, TypeError):
    """The operation does not take this kind of operand."""


class SourceError(OperandError):
    """A record cannot be written as source: it looks at its numbers, or uses what the language lacks."""


class NamespaceError(AutogradError, AttributeError):
    """A rule is written with a function that the namespace it runs in does not have."""


class DerivativeError(AutogradError, ValueError):
    """The derivative asked for does not exist, or the question lacks something."""


class CheckError(AutogradError, AssertionError):
    """A derivative disagrees with finite differences."""


class StateError(AutogradError, ValueError):
    """A state dict or file does not fit the module it is loaded into; nothing was loaded."""


class TrainingError(AutogradError, ArithmeticError):
    """Training met a loss or a gradient that is nan or infinite."""


class FilterError(AutogradError, ArithmeticError):
    """A filter that is not stable was asked for its response, which grows without bound."""


class EquationError(AutogradError, ValueError):
    """A line of equations cannot be read or evaluated."""


class PictureError(AutogradError, ValueError):
    """A picture cannot be drawn or saved as asked."""


class ExportError(AutogradError, BufferError):
    """Another library asked for a node's numbers in a way in which they are not handed over.

    A BufferError, as DLPack has it: after a TypeError a library asks again and leaves its wishes out.
    """


class GradingError(AutogradError):
    """Homework cannot be judged as asked."""


class AnswerError(GradingError, ValueError):
    """What a student typed is no answer: no number, formula, list or array."""


class AssignmentError(GradingError, ValueError):
    """An assignment is broken: the message names file, line and key, and says what was expected."""


class SubmissionError(GradingError, ValueError):
    """What a student handed in cannot be read."""


class SandboxError(GradingError, RuntimeError):
    """Strangers' code cannot be run as safely as was asked for."""


class GraphCutWarning(UserWarning):
    """A number was taken out of the graph, so no derivative passes on from there; see `ways_out`."""


class PictureWarning(UserWarning):
    """A picture was made, but otherwise than it was meant to be."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of an error message: the nearest known word, or all of them when none is near.

    >>> did_you_mean("h0", ["h_0", "h_1"])
    "did you mean 'h_0'?"
    """
    import difflib  # loads when something was misspelt

    choices = sorted(set(known))
    near = difflib.get_close_matches(word, choices, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    shown = ", ".join(choices[:12]) + (", …" if len(choices) > 12 else "")
    return f"known: {shown or 'none'}"


def brief(x: object) -> str:
    """What a message is about, on one short line.

    >>> brief([1.0, None]), brief(10**5000), len(brief("a" * 100))
    ('[1.0, None]', 'a giant int', 61)
    """
    try:
        text = repr(x)
    except ValueError:  # Python spells out no integer of more than 4300 digits
        return f"a giant {type(x).__name__}"
    return text if len(text) <= 60 else f"{text[:60]}…"


def without_types(signature: inspect.Signature) -> str:
    """What a function takes, as a message shows it.

    >>> without_types(inspect.signature(did_you_mean))
    '(word, known)'
    """
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    return str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))
