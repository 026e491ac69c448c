"""autograd_lite: derivatives on flow graphs, partial and total, with what is held and the sum at every cut.

Value, Tensor          numbers and arrays on the graph       Tape       the sweeps over it, step by step
FlowGraph, Cut         variables, partials, totals, cuts     equations  a graph from lines of text
grad, jacobian, …      derivatives of Python functions       gradcheck, trace_nan  what went wrong
Rule, elementwise, …   operations of your own                sin, matmul, sum, …   the operations
"""

import typing as _typing
from importlib import import_module as _import_module

from autograd_lite import functions
from autograd_lite._tensor import Tensor
from autograd_lite.derivatives import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from autograd_lite.edits import with_malrule
from autograd_lite.errors import (
    AutogradError,
    CheckError,
    CutError,
    DerivativeError,
    EquationError,
    FilterError,
    GraphCutWarning,
    GraphError,
    IndexingError,
    MatrixError,
    NamespaceError,
    NotAVariableError,
    OperandError,
    PictureError,
    ShapeError,
    SourceError,
    StaleError,
    StateError,
    TraceError,
    TrainingError,
)
from autograd_lite.functions import *  # noqa: F403 - the operations, listed in functions.__all__
from autograd_lite.habits import missing_in_package as _missing
from autograd_lite.modes import collector_paused, no_grad, record_lines, scope, source_line
from autograd_lite.record import Malrule
from autograd_lite.rules.rule import Rule, elementwise, linear, operation
from autograd_lite.tape import Evaluation, Propagation, Tape
from autograd_lite.value import Value

if _typing.TYPE_CHECKING:
    from autograd_lite._equations import equations, example, examples
    from autograd_lite.between import partial, total
    from autograd_lite.checks.gradient import gradcheck
    from autograd_lite.checks.nans import trace_nan
    from autograd_lite.cut import Cut, Term
    from autograd_lite.flow import Edge, FlowGraph
    from autograd_lite.programs.program import Program
    from autograd_lite.programs.trace import trace

__version__ = "0.1.0.dev0"

__all__ = [
    "AutogradError", "CheckError", "Cut", "CutError", "DerivativeError", "Edge", "EquationError",
    "Evaluation", "FilterError", "FlowGraph", "GraphCutWarning", "GraphError", "IndexingError", "Malrule",
    "MatrixError", "NamespaceError", "NotAVariableError", "OperandError", "PictureError", "Program",
    "Propagation", "Rule", "ShapeError", "SourceError", "StaleError", "StateError", "Tape", "Tensor", "Term",
    "TraceError", "TrainingError", "Value", "collector_paused", "elementwise", "equations", "example",
    "examples", "grad", "gradcheck", "hessian", "hvp", "jacobian", "jvp", "linear", "no_grad", "operation",
    "partial", "record_lines", "scope", "source_line", "total", "trace", "trace_nan", "value_and_grad", "vjp",
    "with_malrule",
]  # fmt: skip
__all__ += functions.__all__

# what not everybody needs loads when it is first asked for: a third of the time to import
_LATER = {
    "Cut": "cut", "Term": "cut", "Edge": "flow", "FlowGraph": "flow", "equations": "_equations",
    "example": "_equations", "examples": "_equations", "gradcheck": "checks.gradient",
    "Program": "programs.program", "trace": "programs.trace",
    "partial": "between", "total": "between", "trace_nan": "checks.nans",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise _missing("autograd_lite", name, __all__)
    value = getattr(_import_module(f"autograd_lite.{_LATER[name]}"), name)
    globals()[name] = value
    return value
