r"""Names as LaTeX: as they were typed where that is harmless, else made of the letters in them."""

from __future__ import annotations

import re
from typing import Final

from autograd_lite.names import ACCENTS, LETTERS, latex, simple

_FACES: Final = "mathbb mathbf mathcal mathfrak mathit mathrm mathsf mathtt".split()
_COMMANDS: Final = {
    *LETTERS, *ACCENTS, *_FACES, "prime", "star", "top", "log", "exp",
}  # fmt: skip
_UNKNOWN: Final = {"omicron"}  # LaTeX has the letter o


def is_harmless(name: str) -> bool:
    r"""Whether a name can stand in a formula as it is: known commands, and braces that match.

    >>> is_harmless(r"\hat{y}_{12}"), is_harmless(r"\input{x}"), is_harmless("}{"), is_harmless("loss")
    (True, False, False, True)
    """
    if not re.search("[A-Za-z]", name):
        return False
    if not re.fullmatch(r"(?:[A-Za-z0-9'(){},+ ^_-]|\\[A-Za-z]+)+", name) or len(name) > 60:
        return False
    if any(c in _UNKNOWN or c not in _COMMANDS for c in re.findall(r"\\([A-Za-z]+)", name)):
        return False
    if re.search(r"[_^](?:$|[_^}\s'])|__|\^\^", name) or re.search(
        r"_[^_^]*_|\^[^_^]*\^", _flat(name)
    ):
        return False
    return _is_balanced(name) and all(
        re.match(r"\s*\{", name[m.end() :]) for m in re.finditer(_WITH_ARGUMENT, name)
    )


_WITH_ARGUMENT: Final = rf"\\(?:{'|'.join([*ACCENTS, *_FACES])})(?![A-Za-z])"


def _flat(name: str) -> str:
    """The name without what stands in braces: scripts inside are others'."""
    while (inner := re.sub(r"\{[^{}]*\}", "", name)) != name:
        name = inner
    return name


def _is_balanced(name: str) -> bool:
    depth = 0
    for c in name:
        depth += (c == "{") - (c == "}")
        if depth < 0:
            return False
    return depth == 0


def of_identifier(name: str) -> str:
    r"""An identifier as a symbol.

    >>> of_identifier("W_xh"), of_identifier("yhat"), of_identifier("epsilon_u"), of_identifier("loss")
    ('W_{xh}', '\\hat{y}', '\\epsilon_{u}', '\\mathrm{loss}')
    """
    parts = simple(name)
    return latex(parts) if parts else name


def symbol(name: str) -> str:
    r"""A name as typed, as LaTeX, with its subscript in braces.

    >>> symbol(r"\hat{y}"), symbol("h_12"), symbol("loss")
    ('\\hat{y}', 'h_{12}', '\\mathrm{loss}')
    """
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        return of_identifier(name)
    return name
