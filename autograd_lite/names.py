r"""Names of variables: as typed (`\hat{y}`, `mu_hat`, `h_0`), as letters (ŷ, μ̂, h_0), as LaTeX.

A simple name is a letter, a Greek letter by its name, or a word; then its number and its indices. A letter
may have an accent or primes, at its end or among its indices: `muhat`, `mu_hat_1`, `theta_dot`, `x_prime`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

GREEK: Final = {
    name.lower().replace("lamda", "lambda"): chr(code)
    for code in range(0x3B1, 0x3CA)
    if "FINAL" not in (name := unicodedata.name(chr(code)).removeprefix("GREEK SMALL LETTER "))
}
"""The small letters; `LETTERS` has the others that LaTeX knows too."""
LETTERS: Final = {
    **GREEK,
    **{name: unicodedata.lookup(f"GREEK CAPITAL LETTER {name.replace('Lambda', 'Lamda').upper()}")
       for name in "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split()},
    "varepsilon": "ϵ", "vartheta": "ϑ", "varphi": "ϕ", "varrho": "ϱ", "varsigma": "ς", "varpi": "ϖ",
    "ell": "ℓ",
}  # fmt: skip
ACCENTS: Final = {
    "hat": "\u0302",
    "tilde": "\u0303",
    "bar": "\u0304",
    "dot": "\u0307",
    "ddot": "\u0308",
    "vec": "\u20d7",
}
# as text: compiled when the first name is printed, not when this is imported
_SIMPLE: Final = r"([A-Za-z]+)(\d*)((?:_[A-Za-z0-9]+)*)('{0,3})"
_ACCENT: Final = r"\\(?:wide)?(hat|tilde|bar|dot|ddot|vec)\s*\{\s*(\\?\w+)\s*\}"
_FACE: Final = (
    r"\\(?:math(?:bb|bf|cal|frak|it|rm|scr|sf|tt)|text|textrm|operatorname)\s*\{([^{}]*)\}"
)
_COMMAND: Final = r"\\([A-Za-z]+)"
_PRIMES: Final = 3
# words of two letters; other pairs are names of variables next to each other, as in W_xh and w_ij
_TWO_LETTERS: Final = frozenset("at by eq hi id in lo lr no of on or te to tr up CE KL NN".split())
_PLACES: Final = "[ijkl]+"  # letters for places, of which there may be several: w_ijk


class SimpleName(NamedTuple):
    """A name taken apart: x_hat_1 is the letter x with a hat and the index 1.

    head     a letter, a Greek letter's name, or a word
    number   what stands behind it without an underscore: of b1 the 1
    indices  what stands behind underscores
    """

    head: str
    number: str = ""
    indices: tuple[str, ...] = ()
    accent: str = ""
    primes: int = 0


def simple(name: str) -> SimpleName | None:
    """A simple name's parts; None for any other.

    >>> simple("mu_hat_1")
    SimpleName(head='mu', number='', indices=('1',), accent='hat', primes=0)
    """
    match = re.fullmatch(_SIMPLE, name)
    if not match:
        return None
    head, number, tail, primes = match.groups()
    head, *marks = _marked(head)
    parts = tail.split("_")[1:]
    if not marks and not primes and _MARKS.isdisjoint(parts):
        return SimpleName(head, number, tuple(parts))
    indices: list[str] = []
    for part in parts:
        (marks if is_letter(head) and part in _MARKS else indices).append(part)
    accents = [mark for mark in marks if mark != "prime"]
    count = len(primes) + marks.count("prime")
    indices += accents[1:]  # one accent a letter
    return SimpleName(head, number, tuple(indices), "".join(accents[:1]), min(count, _PRIMES))


_MARKS: Final = frozenset((*ACCENTS, "prime"))


def is_letter(head: str) -> bool:
    """Whether this is one letter, as such or by its Greek name."""
    return len(head) == 1 or head in LETTERS


def _marked(head: str) -> tuple[str, ...]:
    """The letter and the mark in `muhat`, or the whole."""
    if is_letter(head):
        return (head,)
    found = ((head.removesuffix(mark), mark) for mark in _MARKS if head.endswith(mark))
    return next((pair for pair in found if is_letter(pair[0])), (head,))


def latex(parts: SimpleName) -> str:
    r"""A simple name as LaTeX.

    >>> for name in ("theta_dot", "h_enc", "W_xh_1", "loss"):
    ...     print(latex(simple(name)))
    \dot{\theta}
    h_{\mathrm{enc}}
    W_{xh,1}
    \mathrm{loss}
    """
    head = letter(parts.head)
    if parts.accent:
        head = rf"\{parts.accent}{{{head}}}"
    places = [*([parts.number] if parts.number else []), *map(index, parts.indices)]
    return head + (f"_{{{','.join(places)}}}" if places else "") + "'" * parts.primes


def letter(head: str) -> str:
    r"""A letter, or a word in upright type.

    >>> letter("x"), letter("mu"), letter("loss"), letter("omicron")
    ('x', '\\mu', '\\mathrm{loss}', 'o')
    """
    if head == "omicron":
        return "o"  # LaTeX has no other
    if head in LETTERS:
        return f"\\{head}"
    return head if len(head) == 1 else rf"\mathrm{{{head}}}"


def index(part: str) -> str:
    r"""One index: words upright, names of variables and places in italics.

    >>> index("enc"), index("in"), index("xh"), index("ij"), index("12"), index("mu"), index("enc1")
    ('\\mathrm{enc}', '\\mathrm{in}', 'xh', 'ij', '12', '\\mu', '\\mathrm{enc}1')
    """
    word = part.rstrip("0123456789")
    if word in LETTERS:
        return letter(word) + part[len(word) :]
    long = len(word) > 2 and word.isalpha() and not re.fullmatch(_PLACES, word)
    return rf"\mathrm{{{word}}}{part[len(word) :]}" if long or word in _TWO_LETTERS else part


def pretty(name: str) -> str:
    r"""A name as one line of Unicode text, for terminals and error messages.

    >>> pretty(r"\hat{y}"), pretty("yhat"), pretty(r"\epsilon_u"), pretty("epsilon_u"), pretty("h_{12}")
    ('ŷ', 'ŷ', 'ε_u', 'ε_u', 'h_12')
    >>> pretty("mu_hat_1"), pretty("x_prime"), pretty("Sigma_x")
    ('μ̂_1', "x'", 'Σ_x')
    """
    if parts := simple(name):
        return _in_letters(parts)
    text = re.sub(_FACE, r"\1", name)
    text = re.sub(_ACCENT, lambda m: _accented(m[2].removeprefix("\\"), m[1]), text)
    text = re.sub(_COMMAND, lambda m: LETTERS.get(m[1], m[1]), text)
    head = re.match(r"[^_^]*", text)[0]  # type: ignore[index]  # it matches always
    first = _in_letters(parts) if (parts := simple(head)) else head
    text = (first + text[len(head) :]).replace("{", "").replace("}", "")
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _in_letters(parts: SimpleName) -> str:
    head = _accented(parts.head, parts.accent) if parts.accent else parts.head
    head = LETTERS.get(head, head) + parts.number
    return (
        "_".join([head, *(LETTERS.get(part, part) for part in parts.indices)]) + "'" * parts.primes
    )


def _accented(word: str, accent: str) -> str:
    return unicodedata.normalize("NFC", LETTERS.get(word, word) + ACCENTS[accent])
