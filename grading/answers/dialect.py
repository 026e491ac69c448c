"""A student's formula rewritten as an equation of `.flow` files: 2 sin^2 x is 2*(sin(x))**2.

2x, 2 sin x, (a)(b)     products without a star, as strong as one with it: a/2b is (a/2)·b
sin 2x, sin x^2         a function without parentheses takes numbers, names and powers: sin(2x), sin(x²)
sin^2 x                 the square of the sine
|x|, √x, x², 0,5        absolute value, root of one factor, power, decimal comma
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from autograd_lite.errors import AnswerError
from grading.answers.text import shown
from grading.answers.tokens import tokens
from grading.answers.words import Word, Words

_COMMA: Final = (
    "a comma between two digits is a decimal comma, and elsewhere it parts operands: max(a, b)"
)
_POWERS: Final = (["(", "2", ")"], ["(", "3", ")"], ["(", "-", "1", ")"], ["-", "1"])
_EXPONENT: Final = "write a power of {0} behind its operand: {0}(x)^n"
_UNFINISHED: Final = {
    "(": "a parenthesis is never closed",
    "|": "a bar is never closed: |x| has two",
    **dict.fromkeys(("bare", "root"), "a function has no operand: write sin(x)"),
}
_ROUND: Final = {"[": "(", "]": ")"}
_INDEXING: Final = "there is no indexing in a formula: write h_0 for the name of an element"
_WHICH: Final = "{0}^(-1) can mean arc{0} or 1/{0}: write the one that you mean"


class _Piece(NamedTuple):
    kind: str
    text: str
    word: Word | None = None
    spaced: bool = False


@dataclass
class _Open:
    """What is not finished yet: a parenthesis, a bar, the operands of a function with or without them.

    after   what is written behind it
    arity   how many operands are awaited; 1 unless it is a function that takes more
    full    of a function without parentheses: whether it has a name or group, so that no group follows
    """

    kind: str
    after: str
    arity: int = 1
    full: bool = False


@dataclass
class Rewriter:
    """Reads tokens from left to right, and writes what they mean in equations."""

    written: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    ended: bool = False  # whether an operand ends here, so that what follows is multiplied by it

    def operand(self, text: str, *, full: bool = True) -> None:
        """A number or a name."""
        self._product()
        self.written.append(text)
        self._filled(full)
        self.ended = True
        self._close("root")

    def sign(self, sign: str) -> None:
        """An operator between two operands, or a sign before one."""
        if not self.ended and sign not in "+-":
            raise AnswerError(f"something is missing before {sign}")
        if self.ended and sign != "**":
            self._close("bare")
        self.written.append(sign)
        self.ended = False

    def opening(self, kind: str = "(", word: Word | None = None, after: str = "") -> None:
        """A parenthesis or bar, or with a word the operands of that function."""
        if self.open and self.open[-1].kind == "bare" and self.open[-1].full:
            self._close("bare")
        self._product()
        before = word.before if word else "abs(" if kind == "|" else "("
        self.written.append("(" * bool(after) + before)
        behind = (word.after if word else ")") + (f"){after}" if after else "")
        self.open.append(_Open(kind, behind, word.arity if word else 1))
        self.ended = False

    def closing(self, kind: str = "(") -> None:
        """The end of a parenthesis or bar."""
        self._close("bare")
        if not self.open or self.open[-1].kind != kind:
            raise AnswerError("a parenthesis is closed that was not opened")
        if not self.ended:
            raise AnswerError("there is nothing inside a parenthesis, or it ends in an operator")
        self.written.append(self.open.pop().after)
        self._filled(True)
        self._close("root")

    def comma(self) -> None:
        """What parts two operands of a function."""
        self._close("bare")
        if not self.ended or not self.open or self.open[-1].arity < 2:
            raise AnswerError(f"a comma or semicolon has no meaning here: {_COMMA}")
        self.written.append(", ")
        self.ended = False

    def finish(self) -> str:
        """All that was written."""
        self._close("bare")
        if self.open:
            raise AnswerError(_UNFINISHED[self.open[-1].kind])
        if not self.ended:
            raise AnswerError("the formula ends where something is missing")
        return "".join(self.written)

    @property
    def in_bars(self) -> bool:
        """Whether a bar that comes now closes another."""
        groups = [group.kind for group in self.open if group.kind not in ("bare", "root")]
        return self.ended and groups[-1:] == ["|"]

    def _product(self) -> None:
        if self.ended:
            self.written.append("*")

    def _filled(self, full: bool) -> None:
        if self.open and self.open[-1].kind == "bare":
            self.open[-1].full |= full

    def _close(self, kind: str) -> None:
        """Whatever stands open without parentheses, of this kind, and is complete."""
        while self.ended and self.open and self.open[-1].kind == kind:
            self.written.append(self.open.pop().after)
            self._filled(True)


def rewritten(text: str, words: Words) -> str:
    """The formula in the syntax of equations, its variables named v0, v1, … in their order.

    >>> rewritten("a/2b - sin^2 2x |x|", Words(["a", "b", "x"]))
    'v0/2*v1-(sin(2*v2))**2*abs(v2)'

    Raises AnswerError where it cannot be read.
    """
    pieces = _with_decimal_commas(_pieces(text, words), semicolons=";" in text)
    to, at = Rewriter(), 0
    while at < len(pieces):
        at = _read(to, pieces, at)
    return to.finish()


def _pieces(text: str, words: Words) -> list[_Piece]:
    found: list[_Piece] = []
    for token in tokens(text):
        if token.kind == "word":
            found += [
                _Piece(word.kind, word.text, word, token.spaced) for word in words.read(token.text)
            ]
        elif token.text == "√":
            found.append(_Piece("function", "√", words.read("√")[0]))
        elif token.text == "[" and found and found[-1].kind == "name" and not token.spaced:
            raise AnswerError(_INDEXING)
        else:
            found.append(_Piece(token.kind, _ROUND.get(token.text, token.text), None, token.spaced))
    return found


def _with_decimal_commas(pieces: list[_Piece], *, semicolons: bool) -> list[_Piece]:
    """0,5 as one number, but where a comma parts the operands of a function."""
    found: list[_Piece] = []
    parts: list[bool] = []  # for each open parenthesis, whether commas in it part operands
    for piece in pieces:
        if piece.text == "(":
            parts.append(
                bool(found and found[-1].word and found[-1].word.arity > 1 and not semicolons)
            )
        elif piece.text == ")" and parts:
            parts.pop()
        if _is_decimal(found, piece) and not (parts and parts[-1]):
            found[-2:] = [
                _Piece("number", f"{found[-2].text}.{piece.text}", None, found[-2].spaced)
            ]
        else:
            found.append(piece)
    return found


def _is_decimal(found: list[_Piece], piece: _Piece) -> bool:
    if len(found) < 2 or piece.kind != "number" or piece.spaced or not piece.text[0].isdigit():
        return False
    whole, comma = found[-2:]
    return (
        comma.text == "," and not comma.spaced and whole.kind == "number" and whole.text.isdigit()
    )


def _read(to: Rewriter, pieces: list[_Piece], at: int) -> int:
    """The piece at this place, with those that belong to it; where the next one begins."""
    kind, text, word, _ = pieces[at]
    if kind == "number":
        if to.ended and pieces[at - 1].kind == "number":
            raise AnswerError(
                f"two numbers follow each other: {shown(f'{pieces[at - 1].text} {text}')}"
            )
        to.operand(text, full=False)
    elif word is not None and kind == "name":
        to.operand(word.before)
    elif word is not None:
        return _function(to, word, pieces, at + 1)
    elif text in ("(", ")"):
        to.opening() if text == "(" else to.closing()
    elif text == "|":
        to.closing("|") if to.in_bars else to.opening("|")
    elif text in (",", ";"):
        to.comma()
    else:
        to.sign("**" if text == "^" else text)
    return at + 1


def _function(to: Rewriter, word: Word, pieces: list[_Piece], at: int) -> int:
    """A function up to its operands: its exponent, as in sin^2 x, and its parenthesis."""
    texts = [piece.text for piece in pieces[at : at + 5]]
    exponent = ""
    if texts[:1] in (["^"], ["**"]):
        power = next((p for p in _POWERS if texts[1 : 1 + len(p)] == p), None) or texts[1:2]
        exponent = "".join(power).strip("()")
        if not exponent.isdigit():
            raise AnswerError(
                _WHICH.format(word.text) if exponent == "-1" else _EXPONENT.format(word.text)
            )
        at += 1 + len(power)
    if at < len(pieces) and pieces[at].text == "(":
        to.opening("(", word, f"**{exponent}" * bool(exponent))
        return at + 1
    if word.arity > 1:
        raise AnswerError(f"parentheses are missing: write {word.text}(a, b)")
    to.opening("root" if word.text == "√" else "bare", word, f"**{exponent}" * bool(exponent))
    return at
