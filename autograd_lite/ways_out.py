"""Ways out of the graph: which are silent, which warn, and which are refused.

A number that leaves the graph takes no derivative along, so whatever is computed from it has derivative 0.

    silent    what says so itself: `.value`, `.data`, `.item()`, `.numpy()`, `.detach()`, f"{x:.3f}",
              printing, comparing, `bool`; everything under `no_grad()`; constants
    copied    on the graph: copies inside grad and its like, see `copying`
    warned    a conversion that Python or NumPy asks for on its own: `float(x)`, `int(x)`, `math.sin(x)`,
              "%.3f" % x, `out[0] = x`, `plt.plot([x])`: a `GraphCutWarning`, once for each line;
              a node written into a leaf, `w.data = x`, see `written`
    refused   the same inside grad, jacobian, jvp, vjp, gradcheck …, when x depends on what these
              differentiate by, and there its derivatives as numbers: `backward()`, `total`, `partial`,
              and its pickles; also in threads that the differentiated function starts;
              a Tensor as a NumPy array, `np.asarray(t)`, if recorded; masked arrays;
              a recorded node as another library's array, `torch.as_tensor(t)`, see `dlpack`

Values in NumPy arrays stay on the graph: an object array is a list of nodes; see `numpy_calls`.
"""

from __future__ import annotations

import dis
import itertools
import linecache
import re
import sys
import warnings
from typing import Any, Final

from autograd_lite import functions
from autograd_lite.errors import GraphCutWarning, OperandError
from autograd_lite.frames import users_frame
from autograd_lite.modes import ACTIVE, MODES
from autograd_lite.node import Node
from autograd_lite.watches import current, depends, note

MEANT: Final = "x.item() where only the number is meant (logging, plotting)"


def warn_of_cut(node: Node, instead: str = "", how: str = "number") -> None:
    """Say what happens when the number of `node` is taken, if a derivative is lost by that.

    instead  what to write, where the line that asked does not tell
    how      what a program's recording is told

    Raises OperandError where `node` depends on an argument that is being differentiated by.
    """
    if ACTIVE and note(node, how):
        return  # all that leaves the graph of a program is said at once, when it has been recorded
    if not (node.requires_grad and MODES.recording):
        return
    caller: Any = sys._getframe(2)
    instead = instead or meant_by(caller)
    if is_traced(node):
        raise OperandError(
            f"{node.describe()} depends on what is being differentiated by, and its number alone would "
            f"have derivative 0: write {instead}"
        )
    user = users_frame(caller)
    warnings.warn_explicit(
        f"a number leaves the graph here, and what is computed from it has no derivative: write {instead}",
        GraphCutWarning,
        user.f_code.co_filename,
        user.f_lineno,
        # without a module, as in exec with names of its own, Python would warn of nothing
        user.f_globals.get("__name__") or user.f_code.co_filename,
        user.f_globals.setdefault("__warningregistry__", {}),
    )


def refuse_derivatives(node: Node) -> None:
    """Raise where the derivatives of `node`, as plain numbers, would cut a running grad, jacobian, …"""
    refuse_traced(
        node,
        "its derivatives as numbers",
        "write grad, jacobian or jvp inside one another, or Tape(y).adjoints(graph=True)",
    )


def refuse_traced(node: Node, what: str, instead: str) -> None:
    """Raise where a number of `node` would cut a running grad, jacobian, …, though elsewhere it may be taken.

    what  what would be made of the number; instead  what to do or to write
    """
    if not (node.requires_grad and MODES.recording):
        return
    if current.get() is not None:
        raise OperandError(
            f"{node.describe()} is part of a program that is being recorded, and {what} would stay the "
            f"example's: {instead}"
        )
    if is_traced(node):
        raise OperandError(
            f"{node.describe()} depends on what is being differentiated by, and {what} would have "
            f"derivative 0: {instead}"
        )


def refuse_as_array(node: Node) -> None:
    """Raise where NumPy asks for the array of `node` and a derivative would be lost by that."""
    if node.requires_grad and MODES.recording:
        raise OperandError(
            f"{node.describe()} is no NumPy array, since an array has no derivative: write t.numpy() or "
            f"x.item() for the numbers alone, stack([…]) for one tensor of several, "
            f"out = out.at[i].set(t) for out[i] = t"
        )


def refuse_elsewhere(node: Node) -> None:
    """Raise where another library asks for the numbers of `node` and a derivative would be lost by that."""
    if node.requires_grad and MODES.recording:
        raise OperandError(
            f"{node.describe()} is not handed to another library, since what that computes has no derivative "
            f"here: write x.detach() for a copy of the numbers alone, as in torch.as_tensor(x.detach())"
        )


# --- does it matter? -------------------------------------------------------------------------------


def is_traced(node: Node) -> bool:
    """Whether `node` depends on an argument of a running grad, jacobian, … of any thread.

    Only nodes made since the first of them began are walked, and only when a number is about to leave.
    """
    if not (traces := MODES.traces):
        return False
    since = min(trace.since for trace in traces)
    return depends(node, {x for trace in traces for x in trace.sources}, since)


# --- what to write instead -------------------------------------------------------------------------

_CALLED: Final = r"([A-Za-z_][\w.]*)\s*\("
_MATHS: Final = {
    "asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2", "asinh": "arcsinh",
    "acosh": "arccosh", "atanh": "arctanh", "fabs": "abs", "pow": "power", "fsum": "sum",
}  # fmt: skip


def meant_by(caller: Any, number: str = MEANT) -> str:
    """What is meant by the line that asked for a number; `number` says what to write for that alone."""
    text = _expression(caller)
    for function in (_found(name, caller) for name in re.findall(_CALLED, text)):
        if getattr(function, "__module__", None) in ("math", "cmath"):
            return _of_math(function, number)
    instruction = dis.opname[caller.f_code.co_code[caller.f_lasti]]
    if instruction == "STORE_SUBSCR":
        return f"out = out.at[i].set(x) for a Tensor, stack([…]), a list of Values, or {number}"
    if instruction == "BINARY_MODULO" or (instruction == "BINARY_OP" and "%" in text):
        return f'f"{{x:.3f}}" for "%.3f" % x, or {number}'
    return f"{number}, or a function of autograd_lite to stay on the graph"


def _of_math(function: Any, number: str) -> str:
    name = _MATHS.get(function.__name__, function.__name__)
    call = f"{function.__module__}.{function.__name__}(x)"
    if name in functions.__all__:
        return f"{name}(x) of autograd_lite for {call}, or {number}"
    return f"a function of autograd_lite for {call}, which records nothing, or {number}"


def _found(name: str, frame: Any) -> Any:
    """What a dotted name means in `frame`; None when nothing does."""
    first, *rest = name.split(".")
    thing = frame.f_locals.get(first, frame.f_globals.get(first))
    for part in rest:
        thing = getattr(thing, part, None)
    return thing


def _expression(frame: Any) -> str:
    """The source of what `frame` is evaluating: from Python 3.11 on this very call, before that its line."""
    code = frame.f_code
    start, end = 0, None
    if sys.version_info >= (3, 11):
        places = itertools.islice(code.co_positions(), frame.f_lasti // 2, None)
        line, last, start, end = next(places, (None,) * 4)
        start, end = (start or 0), (end if line == last else None)
    text = linecache.getline(code.co_filename, frame.f_lineno, frame.f_globals)
    return text.encode()[start:end].decode(errors="replace")
