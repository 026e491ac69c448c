"""A vector or matrix as people write it: [0.1, 0.2; 0.3, 0.4], [[.1,.2],[.3,.4]], (0,1; 0,2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from autograd_lite.errors import AnswerError
from grading.answers.numerals import joined

DEEPEST: Final = 8
MOST_ENTRIES: Final = 20_000

_BRACKETS: Final = {"[": "]", "(": ")", "{": "}"}
_SEPARATE: Final = frozenset("[](){};,& \n")
_CALL: Final = re.compile(
    r"(?:[A-Za-z]\w{0,20}\.)?(?:array|asarray|[Tt]ensor|[Mm]atrix|list|tuple)\("
)
_OPTION: Final = re.compile(r",\s{0,9}(?:dtype|device|requires_grad|name|grad|grad_fn)\s{0,3}=")
_MATRIX: Final = re.compile(r"\\(?:begin|end)\{[a-z]{1,12}\}")
_SEVERAL: Final = re.compile(r"[\[;\n&,]|(?<![\w}^])\{|[\d.)] {1,99}[-+.\d]")
_SPACED: Final = re.compile(r"(?<=\d) ?/ ?(?=\d)")
_SIGN: Final = re.compile(r"(?P<before>^|[\[({,;&\n])(?P<space> *)(?P<sign>[-+]) +(?=[\d.(])")


def is_list(text: str) -> bool:
    """Whether the text can be several numbers."""
    return bool(_SEVERAL.search(text) or _CALL.match(text))


def nested(text: str) -> Iterator[tuple[list[Any], str]]:
    """Every way to read the text as nested lists of pieces of text, and how its commas were taken.

    >>> list(nested("(0,1; 0,2)"))[0]
    (['0,1', '0,2'], 'commas were read as decimal commas')
    >>> list(nested("1 2; 3 4"))
    [([['1', '2'], ['3', '4']], '')]

    Raises AnswerError where brackets do not match, an entry is missing, or there are too many.
    """
    text = _bare(joined(text))
    for decimal, remark in _commas(text):
        brackets = _Brackets()
        for count, piece in enumerate(_pieces(text, decimal)):
            brackets.read(piece)
            if count > 2 * MOST_ENTRIES:
                raise AnswerError(f"there are more than {MOST_ENTRIES} numbers here")
        yield brackets.whole(), remark


def _bare(text: str) -> str:
    """Without the names of programs around it, and with single spaces that separate."""
    if call := _CALL.match(text):
        option = _OPTION.search(text)
        inner = (
            text[call.end() : option.start()] if option else text[call.end() :].removesuffix(")")
        )
        inner = inner.strip().rstrip(",")
        text = inner if inner[:1] in _BRACKETS else f"[{inner}]"
    if r"\begin" in text:
        text = "[" + _MATRIX.sub("", text).replace(r"\\", ";").strip(" ;\n") + "]"
    return _SIGN.sub(r"\g<before>\g<sign>", _SPACED.sub("/", text))


def _commas(text: str) -> list[tuple[bool, str]]:
    """Whether a comma between two digits may be a decimal one, the likelier answer first."""
    inside = re.findall(r"(?<=\d),(?=\d)", text)
    if not inside or re.search(r"\d\.\d|\.\d|\de[-+]?\d", text):
        return [(False, "")]
    choices = [
        (False, "commas were read as separators"),
        (True, "commas were read as decimal commas"),
    ]
    others = re.search(r"[;\n&]|, |\d +[-+\d]", re.sub(r"(?<=\d),(?=\d)", "", text))
    leading_zero = re.search(r"(?<!\d)0,\d", text)
    spaced = not re.search(r"[;\n&]", text)
    return choices[::-1] if others and (leading_zero or spaced) else choices


def _pieces(text: str, decimal_comma: bool) -> Iterator[str]:
    """Brackets, separators and entries; parentheses inside an entry, as in sqrt(2)/2, belong to it."""
    start, inner = None, 0  # where an entry began, how many of its parentheses are open
    for i, c in enumerate(text):
        within = inner > 0 or (c == "(" and start is not None)
        is_decimal = (
            decimal_comma
            and c == ","
            and text[i - 1 : i].isdigit()
            and text[i + 1 : i + 2].isdigit()
        )
        if within or is_decimal or c not in _SEPARATE:
            start = i if start is None else start
            inner += within * {"(": 1, ")": -1}.get(c, 0)
            continue
        if start is not None:
            yield text[start:i]
            start = None
        if c != " ":
            yield "," if c == "&" else c
    if start is not None:
        yield text[start:]


class _Brackets:
    """Nested lists while their text is read: for each bracket that is open, its rows of entries so far."""

    def __init__(self) -> None:
        self.open: list[tuple[str, list[list[Any]]]] = [("", [[]])]
        self.follows_comma = False

    def read(self, piece: str) -> None:
        """The next bracket, separator or entry."""
        bracket, rows = self.open[-1]
        if piece == "," and (self.follows_comma or not rows[-1]):
            raise AnswerError("an entry is missing before a comma")
        self.follows_comma = piece == "," or (self.follows_comma and piece == "\n")
        if piece in _BRACKETS:
            self.open.append((piece, [[]]))
            if len(self.open) > DEEPEST:
                raise AnswerError(f"brackets are nested more than {DEEPEST} deep")
        elif piece in _BRACKETS.values():
            self._close(piece)
        elif piece == ";" or (piece == "\n" and not bracket):
            rows.append([])
        elif piece not in ",\n":
            rows[-1].append(piece)

    def _close(self, piece: str) -> None:
        bracket, rows = self.open.pop()
        if _BRACKETS.get(bracket) != piece:
            raise AnswerError(f"the bracket {piece} closes nothing: each [ needs one ]")
        self.open[-1][1][-1].append(_entries(rows))

    def whole(self) -> list[Any]:
        """All that was read."""
        if len(self.open) > 1:
            raise AnswerError(f"a bracket {self.open[-1][0]} is never closed")
        entries = _entries(self.open[0][1])
        return entries[0] if len(entries) == 1 and isinstance(entries[0], list) else entries


def _entries(rows: list[list[Any]]) -> list[Any]:
    """Rows as lists; but their entries where each has only one, or where these are lists already."""
    rows = [row for row in rows if row]
    if len(rows) == 1 or all(len(row) == 1 or isinstance(row[0], list) for row in rows):
        return [entry for row in rows for entry in row]
    return rows
