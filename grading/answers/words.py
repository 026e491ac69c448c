"""The words of a formula: which variable, constant or function a student means by them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from autograd_lite.errors import AnswerError, did_you_mean
from autograd_lite.expressions import functions as callables
from autograd_lite.names import ACCENTS, GREEK, pretty
from autograd_lite.rules.rule import Rule
from autograd_lite.spellings import MATHEMATICS
from grading.answers.text import shown

LONGEST_WORD: Final = 40

_ALSO: Final = {
    "max": "maximum", "min": "minimum", "√": "sqrt", "σ": "sigmoid", "sigma": "sigmoid", "arsinh": "arcsinh",
    "arcosh": "arccosh", "artanh": "arctanh",
}  # fmt: skip
_CONSTANTS: Final = {"e": "e", "pi": "pi", "π": "pi"}


@dataclass(frozen=True)
class Word:
    """A piece of a formula's word, and how it is written in equations.

    kind    "name" of a variable or constant, or "function"
    text    as the student wrote it
    before  what stands for it; of a function, up to its operands: "sin("
    after   of a function, what stands behind its operands: ")"
    arity   of a function, how many operands it takes
    """

    kind: Literal["name", "function"]
    text: str
    before: str
    after: str = ""
    arity: int = 0


class Words:
    r"""What every word of a formula stands for.

    variables  the names that the formula may have; h1, h_1, h_{1} and h₁ are one, as are ŷ, yhat and \hat{y}
    functions  further elementwise operations by name

    >>> words = Words(["x", "h_1", "ŷ"])
    >>> [word.before for word in words.read("h1")], [word.before for word in words.read("xyhat")]
    (['v1'], ['v0', 'v2'])
    """

    def __init__(
        self, variables: Iterable[str], functions: Mapping[str, Rule] | None = None
    ) -> None:
        self.variables = tuple(variables)
        self.rules = callables(functions)
        self._known = {
            **_functions(self.rules, functions or {}),
            **_constants(),
            **_names(self.variables),
        }

    def read(self, text: str) -> list[Word]:
        """The word, or the words that were written without a space or star between them.

        Raises AnswerError when a part of it stands for nothing.
        """
        if len(text) > LONGEST_WORD:
            raise AnswerError(
                f"the name {shown(text[:12])}… is longer than {LONGEST_WORD} characters"
            )
        if word := self._word(text):
            return [word]
        if found := self._split(text):
            return found
        raise AnswerError(f"there is no variable and no function {shown(text)}; {self._hint(text)}")

    def _hint(self, text: str) -> str:
        known = [*self.variables, *(k for k in self._known if len(k) > 2 and k.isascii())]
        near = did_you_mean(text, known)
        if near.startswith("did"):
            return near
        return (
            f"the variables are {', '.join(self.variables)}" if self.variables else "write a number"
        )

    def _word(self, text: str) -> Word | None:
        for form in (text, _folded(text), _bare(text), text.lower()):
            if word := self._known.get(form):
                return Word(word.kind, text, word.before, word.after, word.arity)
        return None

    def _split(self, text: str) -> list[Word]:
        """The word cut into known ones, the longest first; [] where it cannot be."""
        ways: dict[int, list[Word]] = {len(text): []}
        for start in range(len(text) - 1, -1, -1):
            for end in range(len(text), start, -1):
                word = self._word(text[start:end]) if end in ways else None
                if word and _follow(word, ways[end]):
                    ways[start] = [word, *ways[end]]
                    break
        return ways.get(0, [])


def words(variables: Iterable[str], functions: Mapping[str, Rule] | None = None) -> Words:
    """The words of a formula in these variables; made once where no functions are given."""
    return Words(variables, functions) if functions else _made(tuple(variables))


def knows(text: str) -> bool:
    """Whether a word stands for something in numbers alone: a function or constant.

    >>> knows("sqrt"), knows("π"), knows("metres")
    (True, True, False)
    """
    try:
        return bool(words(()).read(text))
    except AnswerError:
        return False


@lru_cache(maxsize=64)
def _made(variables: tuple[str, ...]) -> Words:
    return Words(variables)


def _follow(word: Word, rest: list[Word]) -> bool:
    """What follows a function in a word is a variable: sine is no sin(e)."""
    if word.kind == "function":
        return not rest or rest[0].before.startswith("v")
    return True


def _functions(rules: Mapping[str, Rule], own: Mapping[str, Rule]) -> dict[str, Word]:
    known = {
        name: Word("function", name, f"{name}(", ")", rule.arity) for name, rule in rules.items()
    }
    for name, other in _ALSO.items():
        if other in known and name not in own:
            known[name] = known[other]
    for name, line in MATHEMATICS.items():
        before, _, after = line.partition("x")
        known.setdefault(name, Word("function", name, f"({before}(", f"){after})", 1))
    return known


def _constants() -> dict[str, Word]:
    return {name: Word("name", name, other) for name, other in _CONSTANTS.items()}


def _names(variables: tuple[str, ...]) -> dict[str, Word]:
    """Variables under all their spellings; a spelling that two of them share is nobody's."""
    found: dict[str, set[int]] = {}
    for i, name in enumerate(variables):
        for spelling in {_folded(name), _folded(pretty(name)), *_spelt(pretty(name))}:
            found.setdefault(spelling, set()).add(i)
    exact = {name: {i} for i, name in enumerate(variables)}
    return {
        spelling: Word("name", spelling, f"v{min(those)}")
        for spelling, those in (found | exact).items() if len(those) == 1
    }  # fmt: skip


def _spelt(name: str) -> set[str]:
    """A name with Greek letters in words, and with accents as words behind: ε_u is epsilon_u, ŷ is yhat."""
    greek = {letter: word for word, letter in GREEK.items()}
    accents = {sign: word for word, sign in ACCENTS.items()}
    plain = "".join(greek.get(c, c) for c in name)
    spelt = "".join(accents.get(c, c) for c in unicodedata.normalize("NFD", plain))
    return {_bare(plain), _bare(spelt)}


def _folded(name: str) -> str:
    r"""One form for a name's spellings: \hat{y} is ŷ, h_{1} and h_1 are h1."""
    return _bare(unicodedata.normalize("NFKC", pretty(name.replace(" ", ""))))


def _bare(name: str) -> str:
    return name.replace("_", "").replace("\\", "")
