"""Bugs that nobody thought of: a comparison off by one, a sign dropped, two branches swapped."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from itertools import accumulate

from tests.mutants.trial import ROOT, Mutant

SWAPPED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.And: ast.Or,
    ast.Or: ast.And,
}  # fmt: skip


def mutants(path: str, tests: tuple[str, ...]) -> Iterator[Mutant]:
    """Every bug of these kinds in one file."""
    source = (ROOT / path).read_bytes()
    starts = [0, *accumulate(map(len, source.splitlines(keepends=True)))]
    for node in _places(ast.parse(source)):
        wrong = _wrong(node)
        if wrong is None:
            continue
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        text = ast.unparse(wrong)
        planted = source[:start] + f"({text})".encode() + source[end:]
        says = f"line {node.lineno}: {source[start:end].decode()} → {text}"
        yield Mutant(path, says, planted.decode(), tests)


def _places(tree: ast.AST) -> Iterator[ast.expr]:
    """The expressions, without those in f-strings, whose places Python 3.10 does not know."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.JoinedStr):
            yield from [node] if isinstance(node, ast.expr) else []
            yield from _places(node)


def _wrong(node: ast.expr) -> ast.expr | None:
    """The expression with a bug in it, if there is one to make."""
    made = copy.deepcopy(node)
    match made:
        case ast.Compare(ops=[op]) if type(op) in SWAPPED:
            made.ops = [SWAPPED[type(op)]()]
        case ast.BinOp(op=op) | ast.BoolOp(op=op) if type(op) in SWAPPED:
            made.op = SWAPPED[type(op)]()
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            return operand
        case ast.IfExp(body=body, orelse=orelse):
            made.body, made.orelse = orelse, body
        case ast.Constant(value=bool(x)):
            made.value = not x
        case ast.Constant(value=int(x)):
            made.value = x + 1
        case _:
            return None
    return made
