"""An untrusted line as a tree of Python's, after a scanner that knows few characters and counts.

Nothing that could harm or confuse Python's own parser reaches it: no strings, no deep nesting, no
endless lines. What the tree may hold is decided in `expressions`.
"""

from __future__ import annotations

import ast
import keyword
import re
from typing import Final

from autograd_lite.errors import EquationError
from autograd_lite.names import GREEK

_LONGEST: Final = 4000
_MOST_TOKENS: Final = 1000
_DEEPEST: Final = 50
_LONGEST_NAME: Final = 40

_TOKEN: Final = re.compile(
    r"(?P<space>\s+)|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|[-+*/(),:=])"
    r"|(?P<number>(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)"
)
_READ_BY_PYTHON: Final = (
    "True False None if else and or not".split()
)  # the tree says what was meant
_GENERAL_HINT: Final = "write name = expression with numbers, names, + - * / ** ( )"
_SPLIT: Final = "give its parts names of their own"
NO_COMPARISON: Final = "there are no comparisons: write maximum, minimum, relu or where"
_HINTS: Final = {
    "^": "a power is written with two stars, x**2",
    "−": "write the minus sign of the keyboard, -",
    ".": "there are no attributes and no modules: write sin(x), not math.sin(x)",
    ";": "write one equation a line",
    "\\": "an equation goes on in the next line only inside parentheses",
    **dict.fromkeys("·×", "a product is written with a star, 2*x"),
    **dict.fromkeys("÷∕", "a quotient is written with a slash, x/2"),
    **dict.fromkeys("²³", "a power is written with two stars, x**2"),
    **dict.fromkeys("'\"`", "equations hold numbers and names, no text in quotes"),
    **dict.fromkeys("<>!≤≥", NO_COMPARISON),
    **dict.fromkeys("[]{}", "there is no indexing: write h_0 for the name of an element"),
}


def parse(source: str) -> ast.stmt:
    """The one statement that `source` is, as a tree of Python's.

    >>> type(parse("y = 2*x")).__name__
    'Assign'

    Raises EquationError when a character, the length, the nesting or the syntax forbids it.
    """
    scan(source)
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError) as error:
        reason = getattr(error, "msg", str(error))
        raise EquationError(f"this is no equation ({reason}); {_GENERAL_HINT}") from None
    except (RecursionError, MemoryError):
        raise EquationError(f"it is nested too deeply; {_SPLIT}") from None
    if len(statements) != 1:
        raise EquationError(f"this is no equation; {_GENERAL_HINT}")
    return statements[0]


def scan(source: str) -> None:
    """Pass only characters that equations need, in amounts that Python's parser takes well."""
    if len(source) > _LONGEST:
        raise EquationError(f"it is longer than {_LONGEST} characters; {_SPLIT}")
    at = depth = count = 0
    while at < len(source):
        token = _TOKEN.match(source, at)
        if token is None:
            raise EquationError(_refused(source[at]))
        _check(token, source[token.end() : token.end() + 1])
        at, count = token.end(), count + (token["space"] is None)
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if depth > _DEEPEST:
            raise EquationError(f"more than {_DEEPEST} parentheses are open; {_SPLIT}")
        if count > _MOST_TOKENS:
            raise EquationError(f"it has more than {_MOST_TOKENS} numbers, names, signs; {_SPLIT}")


def printable(text: str) -> str:
    r"""Text with nothing in it that moves a terminal's cursor.

    >>> print(printable("h\x1b[2J"))
    h\x1b[2J
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _check(token: re.Match[str], following: str) -> None:
    text = token[0]
    if token["number"] and (following == "_" or following.isalnum()):
        hint = f"a product needs a star, {text}*{following}"
        raise EquationError(f"{text}{following} begins neither number nor name; {hint}")
    if not token["name"]:
        return
    if not text.isidentifier():
        raise EquationError(next((_HINTS[c] for c in text if c in _HINTS), f"{text!r} is no name"))
    if len(text) > _LONGEST_NAME:
        raise EquationError(f"the name {text[:12]}… is longer than {_LONGEST_NAME} characters")
    if keyword.iskeyword(text) and text not in _READ_BY_PYTHON:
        other = GREEK.get(text, f"{text}_1")
        raise EquationError(f"{text} is a word of Python's own; choose another name, say {other}")


def _refused(char: str) -> str:
    return f"{printable(char)} has no place here: {_HINTS.get(char, _GENERAL_HINT)}"
