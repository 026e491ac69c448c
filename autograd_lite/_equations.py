"""Text to graph: one equation a line, each a named Value, read without evaluating Python."""

from __future__ import annotations

import ast
import math
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, Final

from autograd_lite.errors import EquationError, brief, did_you_mean
from autograd_lite.expressions import CONSTANTS, Expression, read, word
from autograd_lite.expressions import functions as callables
from autograd_lite.rules.leaves import alias
from autograd_lite.rules.namespaces import NUMBERS
from autograd_lite.rules.rule import Rule
from autograd_lite.syntax import parse, printable
from autograd_lite.value import Value

if TYPE_CHECKING:
    from importlib.abc import Traversable

_LONGEST_TEXT: Final = 200_000
_SHOWN: Final = 72


@dataclass(frozen=True)
class Equation:
    """One line: `name = expression`, or `name: constant = number` for what is no variable."""

    line: int
    text: str
    name: str
    is_constant: bool
    expression: Expression

    @property
    def is_input(self) -> bool:
        """Whether the line states a number, which `values` may replace."""
        return self.is_constant or not set(self.expression.names) - set(CONSTANTS)


def equations(
    text: str, /, *, functions: Mapping[str, Rule] | None = None, **values: float
) -> dict[str, Value]:
    r"""The named Values that lines such as `h_1 = (h_0**3 + sin(x)) / sqrt(2)` describe, in order.

    text    one equation a line, in Python's expression syntax. `x = 1.0` is an input variable,
            `e_u: constant = 0.3` a named number that is no variable; # begins a comment; inside
            parentheses an equation may go on in the next line. The functions are this package's
            elementwise ones, under the same names; pi and e are known.
    functions  elementwise operations of your own by the names that the text calls them
    values  numbers for inputs: for names that no line defines (they come first in the result),
            or in place of the number that a line states

    >>> graph = equations("h = cos(x)\nyhat = sqrt(1 + h**2)  # third lecture", x=0.0)
    >>> graph["yhat"].backward()
    >>> list(graph), graph["h"]
    (['x', 'h', 'yhat'], Value(1.0, name='h', grad=0.707))
    >>> from autograd_lite import elementwise
    >>> @elementwise(lambda xp, y, x: -2 * x * y)
    ... def bell(xp, x):
    ...     return xp.exp(-x * x)
    >>> equations("y = bell(x)", functions={"bell": bell}, x=0.0)["y"]
    Value(1.0, name='y')

    Raises EquationError, with the line's number and text, when a line cannot be read or its value
    is not finite, when a name is unknown, used too early, defined twice or in a circle, or when an
    input has no value. Then nothing is made.
    """
    if functions is not None and not isinstance(functions, Mapping):
        raise EquationError(
            f"functions={brief(functions)}: give a dict of operations, {{'f': f}}; an input variable "
            f"needs another name"
        )
    known = callables(functions)
    lines = [_equation(number, source, known) for number, source in _logical_lines(text)]
    given = {word(name): _finite(name, x) for name, x in values.items()}
    _check_names(lines, given)
    return _evaluated(lines, given)


def example(name: str) -> str:
    """The text of a shipped example, to be given to `equations`.

    >>> equations(example("one_step"), x=0.0)["yhat"].item() == 2**0.5
    True

    Raises EquationError when there is no example of this name.
    """
    if name not in examples():
        hint = did_you_mean(str(name), examples())
        raise EquationError(f"there is no example {brief(name)}: {hint}")
    return (_folder() / f"{name}.flow").read_text(encoding="utf-8")


def examples() -> list[str]:
    """The names of the shipped examples.

    >>> examples()
    ['one_step', 'three_step', 'written_example']
    """
    files = (entry.name for entry in _folder().iterdir())
    return sorted(name.removesuffix(".flow") for name in files if name.endswith(".flow"))


def _folder() -> Traversable:
    from importlib import resources  # a tenth of the time that importing the package takes

    return resources.files("autograd_lite") / "examples"


# --- lines ---------------------------------------------------------------------------------------


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Number and text of each equation, without comments and with its parentheses closed."""
    if not isinstance(text, str):
        raise EquationError(
            f"equations are text, not {type(text).__name__}; write equations('y = x**2', x=1.0)"
        )
    if len(text) > _LONGEST_TEXT:
        raise EquationError(f"the text is longer than {_LONGEST_TEXT} characters")
    start, depth = 0, 0
    parts: list[str] = []
    for number, line in enumerate(unicodedata.normalize("NFC", text).split("\n"), 1):
        code = line.partition("#")[0].strip()
        if not code:
            continue
        start = start if parts else number
        parts.append(code)
        depth += code.count("(") - code.count(")")
        if depth <= 0:
            yield start, " ".join(parts)
            parts, depth = [], 0
    if parts:
        with _at(start, " ".join(parts)):
            raise EquationError("a parenthesis that opens here is never closed; write )")


def _equation(line: int, text: str, known: Mapping[str, Rule]) -> Equation:
    with _at(line, text):
        match parse(text):
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                return Equation(line, text, name, False, read(value, known))
            case ast.AnnAssign(
                target=ast.Name(id=name),
                annotation=ast.Name(id="constant"),
                value=ast.expr() as value,
            ):
                return Equation(line, text, name, True, _only_numbers(name, read(value, known)))
            case ast.AnnAssign():
                raise EquationError("a number that is no variable is written name: constant = 0.3")
        raise EquationError(
            "this is no equation; write name = expression, with one name on the left"
        )


def _only_numbers(name: str, expression: Expression) -> Expression:
    variables = [other for other in expression.names if other not in CONSTANTS]
    if variables:
        raise EquationError(
            f"a constant is a number, but {name} needs {variables[0]!r}; leave ': constant' out"
        )
    return expression


@contextmanager
def _at(line: int, text: str) -> Iterator[None]:
    """Say in an error which line it is about."""
    try:
        yield
    except EquationError as error:
        raise EquationError(f"line {line}, {_shown(text)}: {error}") from None


def _shown(text: str) -> str:
    text = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return f"`{printable(text)}`"


# --- names ---------------------------------------------------------------------------------------


def _check_names(lines: list[Equation], given: Mapping[str, float]) -> None:
    if not lines:
        raise EquationError("the text holds no equation; write one a line, such as y = x**2")
    defined: dict[str, Equation] = {}
    for line in lines:
        with _at(line.line, line.text):
            if line.name in defined:
                raise EquationError(
                    f"{line.name!r} has an equation already, in line {defined[line.name].line}; "
                    f"give the new value a name of its own"
                )
        defined[line.name] = line
    _check_given(defined, given)
    _check_uses(lines, defined, given)


def _check_given(defined: Mapping[str, Equation], given: Mapping[str, float]) -> None:
    used = {name for line in defined.values() for name in line.expression.names}
    for name in given:
        if name in defined and not defined[name].is_input:
            line = defined[name]
            with _at(line.line, line.text):
                raise EquationError(
                    f"{name!r} is computed, so it takes no value; give values to inputs"
                )
        if name not in defined and name not in used:
            known = [
                *(other for other in defined if defined[other].is_input),
                *(used - set(defined)),
            ]
            raise EquationError(
                f"a value is given for {name!r}, which no equation mentions; "
                f"{did_you_mean(name, known)}"
            )


def _check_uses(
    lines: list[Equation], defined: Mapping[str, Equation], given: Mapping[str, float]
) -> None:
    seen: set[str] = set(given)
    for line in lines:
        for name in line.expression.names:
            if name in seen or (name in CONSTANTS and name not in defined):
                continue
            with _at(line.line, line.text):
                if name in defined:
                    _refuse_cycle(defined)
                    raise EquationError(
                        f"{name!r} is used before its equation in line {defined[name].line}; "
                        f"move that line up"
                    )
                others = [other for other in (*defined, *given) if other != line.name]
                raise EquationError(_unknown(name, others))
        seen.add(line.name)


def _refuse_cycle(defined: Mapping[str, Equation]) -> None:
    try:
        TopologicalSorter({name: line.expression.names for name, line in defined.items()}).prepare()
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise EquationError(
            f"the equations go in a circle, {circle}; a flow graph has none: "
            f"give the next value of a variable a name of its own"
        ) from None


def _unknown(name: str, known: list[str]) -> str:
    if name in callables():
        return f"{name!r} is a function; write {name}(…) with its operands"
    hint = f"; {did_you_mean(name, known)}" if known else ""
    return (
        f"{name!r} has neither an equation above nor a value (an input gets one by a line "
        f"{name} = 1.0, by equations(text, {name}=1.0), or by --at {name}=1.0){hint}"
    )


def _finite(name: str, x: Any) -> float:
    try:
        number = float(x) if isinstance(x, NUMBERS) else math.nan
    except OverflowError:
        number = math.inf
    if math.isfinite(number):
        return number
    raise EquationError(f"the value of {name!r} must be a finite real number, not {brief(x)}")


# --- values --------------------------------------------------------------------------------------


def _evaluated(lines: list[Equation], given: Mapping[str, float]) -> dict[str, Value]:
    defined = {line.name for line in lines}
    used = dict.fromkeys(name for line in lines for name in line.expression.names)
    graph = {
        name: Value(given[name], name=name)
        for name in used
        if name in given and name not in defined
    }
    for line in lines:
        with _at(line.line, line.text):
            graph[line.name] = _value(line, graph, given)
    return graph


def _value(line: Equation, graph: Mapping[str, Value], given: Mapping[str, float]) -> Value:
    x = given[line.name] if line.name in given else line.expression.evaluate(graph)
    if not isinstance(x, Value):
        return Value(x, name=line.name, requires_grad=not line.is_constant)
    # `y = x` is an equation too: a node of its own, with ∂y/∂x = 1
    return (x if x.name is None else alias(x)).named(line.name)
