r"""Names of variables as identifiers: \hat{y} as yhat, h_{12} as h_12, and the time steps in them."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from autograd_lite.automatic import Automatic
from autograd_lite.names import ACCENTS, LETTERS
from autograd_lite.node import Node

_RESERVED: Final = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "np", "program"}
_NAMES_OF: Final = {mark: name for name, mark in ACCENTS.items()}
_LETTERS: Final = {letter: name for name, letter in LETTERS.items()}


class Timed(NamedTuple):
    r"""A name with a time step in it: h_{12} is h at 12, h_3^{(2)} is h2 at 3."""

    base: str
    step: int


@lru_cache(maxsize=4096)
def identifier(name: str | None) -> str:
    r"""A name as letters, digits and _, or "" where nothing of it is left.

    >>> identifier(r"\hat{y}"), identifier(r"\epsilon_u"), identifier("h_{12}"), identifier("ŷ")
    ('yhat', 'epsilon_u', 'h_12', 'yhat')
    >>> identifier("x; import os"), identifier("3 d"), identifier("☂"), identifier("0.weight")
    ('x_import_os', 'v_3_d', '', 'weight_0')
    """
    name = re.sub(r"((?:[0-9]+\.)+)(\w+)", r"\2_\1", name or "", count=1)
    text = re.sub(r"\\(hat|tilde|bar|dot|ddot|vec)\s*\{\s*(\\?\w+)\s*\}", r"\2\1", name)
    text = re.sub(r"\\(?:math\w+|text)\s*\{([^{}]*)\}", r"\1", text).replace("'", "rev")
    text = "".join(map(_ascii, unicodedata.normalize("NFD", text)))
    text = re.sub(r"_?\^\{?\(?(\w+)\)?\}?", r"_\1", text)
    text = re.sub(r"[{}\\]", "", text)
    text = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")[:40]
    return f"v_{text}" if text[:1].isdigit() else text


@lru_cache(maxsize=4096)
def timed(name: str | None) -> Timed | None:
    r"""The time step in a name, if there is one.

    >>> timed("h_{12}"), timed("h_3^{(2)}"), timed(r"\tilde{c}_{4}"), timed("W_xh")
    (Timed(base='h', step=12), Timed(base='h_2', step=3), Timed(base='ctilde', step=4), None)
    >>> timed("y[5]")
    Timed(base='y', step=5)
    """
    step = r"_\{?([0-9]{1,9})\}?(\^.*)?|\[([0-9]{1,9})\]"
    found = re.fullmatch(rf"(.*?)(?:{step})", name or "", re.DOTALL)
    if not found:
        return None
    base = identifier(found[1] + (found[3] or ""))
    return Timed(base, int(found[2] or found[4])) if base else None


def name_of(node: Node) -> str | None:
    """The name that gives a node a line of its own: no module's for an argument's entry, x_1 for x[0]."""
    name: str | None = node.name
    is_entry = type(name) is Automatic and node.rule.name == "getitem" and node.left.is_leaf
    return None if is_entry else name


def _ascii(letter: str) -> str:
    if letter.isascii():
        return letter
    return _LETTERS.get(letter) or _NAMES_OF.get(letter) or ""


class Names:
    """Identifiers given out so far: none twice, and none that means something in Python or NumPy's name."""

    def __init__(self, reserved: set[str] | None = None) -> None:
        self.taken: set[str] = set(reserved if reserved is not None else _RESERVED)
        self._last: dict[str, int] = {}

    def new(self, wanted: str) -> str:
        """`wanted`, or with a number behind it where it is taken.

        >>> names = Names()
        >>> names.new("W"), names.new("W"), names.new("lambda")
        ('W', 'W_2', 'lambda_2')
        """
        name, k = wanted, 1
        while name in self.taken:
            k += 1
            name = f"{wanted}_{k}"
        self.taken.add(name)
        return name

    def numbered(self, base: str) -> str:
        """The next of a_1, a_2, …

        >>> Names().numbered("a")
        'a_1'
        """
        k = self._last.get(base, 0) + 1
        while f"{base}_{k}" in self.taken:
            k += 1
        self._last[base] = k
        return self.new(f"{base}_{k}")
