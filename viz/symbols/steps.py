"""An expression as steps, each of operations of this project: what is made of which, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import sympy
from sympy.core.function import AppliedUndef
from sympy.matrices import MatrixBase

from autograd_lite.errors import EquationError, OperandError, brief
from autograd_lite.record import Record
from viz.symbols.matrices import MATRICES
from viz.symbols.parts import PLANS, Plan
from viz.symbols.scalars import FUNCTIONS

_ARGUMENTS: Final = (sympy.Symbol, sympy.MatrixSymbol, sympy.IndexedBase, AppliedUndef)

_PLANS: Final = PLANS | MATRICES


class Step(NamedTuple):
    """One operation: `result` is computed by `function` of `operands`."""

    result: Any
    function: Callable[..., Any]
    operands: tuple[Any, ...]


class Results(NamedTuple):
    """What is computed, and in which form it is given back."""

    expressions: list[Any]
    put_together: Callable[[list[Any]], Any]


def arguments_of(symbols: Any) -> tuple[Any, ...]:
    """The symbols as a tuple, each once.

    Raises OperandError for what is none of sympy's, or stands for no number.
    """
    given = tuple(symbols) if isinstance(symbols, (list, tuple, sympy.Tuple)) else (symbols,)
    for symbol in given:
        if not isinstance(symbol, _ARGUMENTS):
            raise OperandError(
                f"an argument is a symbol of sympy's, not {brief(symbol)}: write sympy.symbols('x y')"
            )
        if isinstance(symbol, sympy.Symbol) and not symbol.is_commutative:
            raise OperandError(
                f"{symbol} does not commute, so it is no number: write a MatrixSymbol"
            )
        if given.count(symbol) > 1:
            raise OperandError(f"{symbol} stands twice among the arguments")
    return given


def results_of(expression: Any) -> Results:
    """One expression, or a list or tuple of them.

    Raises OperandError for text, which sympy would evaluate as Python.
    """
    if isinstance(expression, (list, tuple, sympy.Tuple)):
        form = list if isinstance(expression, list) else tuple
        return Results([_checked(part) for part in expression], form)
    return Results([_checked(expression)], lambda values: values[0])


def _checked(expression: Any) -> Any:
    if isinstance(expression, (MatrixBase, sympy.NDimArray)):
        return expression.as_immutable()
    if isinstance(expression, (bool, int, float)):
        return sympy.sympify(expression)
    if not isinstance(expression, sympy.Basic):
        raise OperandError(
            f"{brief(expression)} is no expression of sympy's; text is read by equations(text)"
        )
    return expression


def steps_of(
    expressions: Sequence[Any], given: Sequence[Any], functions: Mapping[str, Callable[..., Any]]
) -> list[Step]:
    """The steps that compute the expressions, each part once and after its own parts.

    Raises EquationError for a part that has no operation here.
    """
    done, steps = set(given), []
    walk: list[tuple[Any, Plan | None]] = [(x, None) for x in reversed(expressions)]
    while walk:
        part, plan = walk.pop()
        if part in done:
            continue
        if plan is None:
            plan = plan_of(part, functions, given)
            walk.append((part, plan))
            walk.extend((x, None) for x in reversed(plan.operands) if x not in done)
        else:
            done.add(part)
            steps.append(Step(part, *plan))
    return steps


def plan_of(
    part: Any, functions: Mapping[str, Callable[..., Any]], given: Sequence[Any] = ()
) -> Plan:
    """How one part is computed, and of which parts."""
    if isinstance(part, sympy.Expr) and part.is_number:
        return _constant(part)
    if isinstance(part, AppliedUndef) and part.func.__name__ in functions:
        return Plan(functions[part.func.__name__], part.args)
    record = getattr(type(part), "rule", None)  # of a function that `algebra` made of a record
    own = record if isinstance(record, Record) else FUNCTIONS.get(type(part))
    if own is not None:
        return Plan(own, part.args)
    for kind in type(part).__mro__:
        if kind in _PLANS:
            return _PLANS[kind](part)
    raise EquationError(_why_not(part, given))


def _constant(part: sympy.Expr) -> Plan:
    """A number as Python has it: an integer where it is one, else the nearest float."""
    try:
        if part.is_Integer and abs(part) < 2**53:
            found: float = int(part)
        elif part.is_Rational:
            found = part.p / part.q
        else:
            found = float(part.evalf(20))
    except (TypeError, OverflowError):
        raise EquationError(f"{brief(part)} is no real number that a float can hold") from None
    return Plan(lambda: found, ())


def _why_not(part: Any, given: Sequence[Any]) -> str:
    if part.is_Symbol and part.name in {x.name for x in given if x.is_Symbol}:
        return (
            f"{part} with the assumptions {sorted(part.assumptions0)} is another symbol than the argument "
            f"{part}: make both alike, as sympy.Symbol({part.name!r}, real=True) of a graph's expression"
        )
    if isinstance(part, _ARGUMENTS[:3]):
        return f"{part} is not among the arguments: write lambdify([…, {part}], …)"
    if isinstance(part, AppliedUndef):
        name = part.func.__name__
        return f"{brief(part)} is of an undefined function: say what it means, functions={{{name!r}: …}}"
    if isinstance(part, sympy.Derivative | sympy.Integral | sympy.Limit | sympy.Subs):
        return f"{brief(part)} is not worked out: write .doit() before"
    kind = type(part).__name__
    return (
        f"{brief(part)} has no operation here: {kind} is not among them; "
        f"rewrite it, as in .rewrite(sympy.exp), or give an operation of your own for an undefined function"
    )
