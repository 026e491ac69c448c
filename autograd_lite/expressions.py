"""One expression: a tree of Python's read against a whitelist, as steps for a stack.

It is never evaluated as Python, and no expression, however nested, makes anything here recurse.
"""

from __future__ import annotations

import ast
import keyword
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

from autograd_lite import functions as public
from autograd_lite.errors import AutogradError, EquationError, brief, did_you_mean
from autograd_lite.rules import RULES
from autograd_lite.rules.kinks import unsmooth
from autograd_lite.rules.leaves import alias
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.rule import Rule
from autograd_lite.spellings import MATHEMATICS
from autograd_lite.syntax import NO_COMPARISON
from autograd_lite.value import Value

CONSTANTS: Final = {"pi": math.pi, "e": math.e}

_LARGEST_EXPONENT: Final = 1000.0
_INFIX: Final[dict[type, tuple[str, str]]] = {
    ast.Add: ("add", "+"),
    ast.Sub: ("subtract", "-"),
    ast.Mult: ("multiply", "*"),
    ast.Div: ("divide", "/"),
    ast.Pow: ("power", "**"),
}
_NO_LOGIC: Final = "there is no and, or, not: write maximum, minimum or where"
_REFUSED: Final[dict[type, str]] = {
    ast.FloorDiv: "// has no derivative: write /",
    ast.Compare: NO_COMPARISON,
    ast.BoolOp: _NO_LOGIC,
    ast.Not: _NO_LOGIC,
    ast.IfExp: "there is no if: write where(condition, a, b), maximum or minimum",
    ast.NamedExpr: "there is no := inside an equation: give the variable a line of its own",
    ast.Tuple: "an equation has one value: write one line for each",
    ast.Constant: "True, False and None are no numbers: write 1 or 0",
    ast.Call: "only a function's name can be called; a product needs a star, 2*(x + 1)",
}


class Apply(NamedTuple):
    """The step that replaces as many numbers on the stack as `rule` has operands by its value."""

    rule: Rule
    sign: str | None

    def in_numbers(self, operands: list[Any]) -> str:
        """The application in numbers, for messages: `1 / 0`, `log(0)`."""
        numbers = [f"{plain(x):.6g}" for x in operands]
        if self.sign is None:
            return f"{self.rule.name}({', '.join(numbers)})"
        return f" {self.sign} ".join(f"({x})" if x.startswith("-") else x for x in numbers)


Step: TypeAlias = float | str | Apply


@dataclass(frozen=True)
class Expression:
    """Steps for a stack: a float is put there, a name's value is put there, an Apply computes.

    >>> expression = read(ast.parse("2*x + 1", mode="eval").body)
    >>> expression.names, expression.evaluate({"x": 3.0})
    (('x',), 7.0)
    """

    steps: tuple[Step, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names it mentions, each once, in order."""
        return tuple(dict.fromkeys(step for step in self.steps if isinstance(step, str)))

    def evaluate(self, known: Mapping[str, Value | float]) -> Value | float:
        """The value, recorded on the graph where a name stands for a Value.

        Raises EquationError when it is not finite, naming the operation that made it so.
        """
        known = {**CONSTANTS, **known}
        stack: list[Any] = []
        trouble = ""
        for step in self.steps:
            if not isinstance(step, Apply):
                stack.append(known[step] if isinstance(step, str) else step)
                continue
            operands = [stack.pop() for _ in range(step.rule.arity)][::-1]
            stack.append(_applied(step, operands))
            if not trouble and not math.isfinite(plain(stack[-1])):
                trouble = f"{step.in_numbers(operands)} is {plain(stack[-1])}"
        if not math.isfinite(plain(stack[0])):
            raise EquationError(f"its value is {plain(stack[0])}, because {trouble}")
        return stack[0]  # type: ignore[no-any-return]


def functions(own: Mapping[str, Any] | None = None) -> dict[str, Rule]:
    """The functions an equation may call: every elementwise rule, under its public names.

    own  further ones by name, which may take the place of the others

    >>> "sin" in functions(), "abs" in functions(), "matmul" in functions()
    (True, True, False)
    """
    names = {k: getattr(f, "__name__", "") for k, f in vars(public).items()}
    named = {**RULES, **{k: RULES[name] for k, name in names.items() if name in RULES}}
    inner = (alias, unsmooth)
    known = {k: rule for k, rule in named.items() if rule.is_elementwise and rule not in inner}
    behind = {id(f): known[k] for k, f in vars(public).items() if k in known}
    return known | {
        word(name): _callable(name, behind.get(id(f), f)) for name, f in (own or {}).items()
    }


def word(name: Any) -> str:
    """A name as Python reads it: ﬁ is fi."""
    return unicodedata.normalize("NFKC", name) if isinstance(name, str) else name


def _callable(name: object, rule: Any) -> Rule:
    """A rule that a user gave as a function of equations, if it can be one."""
    if not isinstance(name, str) or not word(name).isidentifier() or keyword.iskeyword(word(name)):
        raise EquationError(f"a function's name is one word, not {brief(name)}")
    if not isinstance(rule, Rule) or not rule.is_elementwise:
        raise EquationError(
            f"{name} is given as a function but is no elementwise operation: decorate it with "
            f"@elementwise(…), its partial derivatives in the brackets"
        )
    needed = [p.name for p in rule.__signature__.parameters.values()
              if p.kind is p.KEYWORD_ONLY and p.default is p.empty]  # fmt: skip
    if needed:
        raise EquationError(
            f"{name} needs {needed[0]}, and an equation has operands alone: give "
            f"{rule.name}.fixed({needed[0]}=…)"
        )
    return rule


def read(tree: ast.expr, known: Mapping[str, Rule] | None = None) -> Expression:
    """The expression that a tree of Python's is, if all of it is on the whitelist.

    known  the functions it may call; by default `functions()`

    Raises EquationError naming what is not.
    """
    known = functions() if known is None else known
    steps: list[Step] = []
    todo: list[ast.expr] = [tree]
    while todo:
        step, operands = _step(_without_plus(todo.pop()), known)
        steps.append(step)
        todo.extend(operands)
    return Expression(tuple(reversed(steps)))


def _step(node: ast.expr, known: Mapping[str, Rule]) -> tuple[Step, list[ast.expr]]:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return _number(number), []
        case ast.Name(id=name):
            return name, []
        case ast.UnaryOp(op=ast.USub(), operand=x):
            return Apply(RULES["negative"], None), [x]
        case ast.BinOp(left=a, op=op, right=b) if type(op) in _INFIX:
            name, sign = _INFIX[type(op)]
            return Apply(RULES[name], sign), [a, b]
        case ast.Call(func=ast.Name(id=name), args=operands, keywords=keywords):
            return Apply(_function(name, [*operands, *keywords], known), None), operands
    raise EquationError(_refused(node))


def _without_plus(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd):
        node = node.operand
    return node


def _number(number: float) -> float:
    try:
        value = float(number)
    except OverflowError:  # an integer of more than 308 digits
        value = math.inf
    if not math.isfinite(value):
        raise EquationError("a number in it is too large: numbers reach to about 1.8e308")
    return value


def _function(name: str, operands: list[ast.AST], known: Mapping[str, Rule]) -> Rule:
    if name not in known and name in MATHEMATICS:
        raise EquationError(f"{name!r} is no function here: write {MATHEMATICS[name]}")
    if name not in known:
        hint = f"a product needs a star, {name}*(…)"
        raise EquationError(f"{name!r} is no function ({hint}); {did_you_mean(name, known)}")
    rule = known[name]
    if any(isinstance(x, (ast.Starred, ast.keyword)) for x in operands):
        raise EquationError(f"{name} takes its operands in order, without names or stars")
    if len(operands) != rule.arity:
        plural = "" if rule.arity == 1 else "s"
        raise EquationError(f"{name} takes {rule.arity} operand{plural}, not {len(operands)}")
    return rule


def _applied(step: Apply, operands: list[Any]) -> Any:
    if step.rule.name == "power" and _is_giant(operands[1]):
        reason = f"exponents of numbers reach to {_LARGEST_EXPONENT:g}"
        raise EquationError(f"{step.in_numbers(operands)} is a giant power; {reason}")
    try:
        result = step.rule(*operands)
    except (AutogradError, TypeError) as error:
        raise EquationError(f"{step.in_numbers(operands)} cannot be computed: {error}") from None
    return result if isinstance(result, Value) else float(result)


def _is_giant(exponent: Any) -> bool:
    return not isinstance(exponent, Value) and abs(exponent) > _LARGEST_EXPONENT


def _refused(node: ast.expr) -> str:
    for part in (getattr(node, "op", None), node):
        if type(part) in _REFUSED:
            return _REFUSED[type(part)]
    kind = type(node).__name__
    return f"{kind} is not part of an equation; use numbers, names, + - * / ** and functions"
