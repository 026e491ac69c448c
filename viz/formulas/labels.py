r"""Names as mathematics that is safe to typeset.

Names are untrusted text. `latex` turns one into mathematics only if every token is on a list of
harmless ones and mathtext can set it; anything else is drawn as plain text, letter by letter, and
never read as markup.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from autograd_lite.names import ACCENTS, LETTERS, SimpleName, index, is_letter, pretty, simple
from autograd_lite.names import latex as latex_of
from viz.formulas.compound import with_place
from viz.formulas.escaping import upright
from viz.formulas.mathtext import parses
from viz.look import limits

_COMMANDS: Final = {char: name for name, char in LETTERS.items() if name != "omicron"}
_MARKS: Final = {mark: name for name, mark in ACCENTS.items()}
_HARMLESS: Final = {
    *_COMMANDS.values(),
    *ACCENTS,
    *"widehat widetilde overline prime ast star odot oplus cdot times".split(),
    *"mathrm mathbf mathit mathcal infty nabla partial top dagger log ln exp".split(),
}
_TOKEN: Final = re.compile(r"\\([A-Za-z]+)|([A-Za-z0-9_^{}()\[\],.'+\-=*/| ])")
# what mathtext sets and LaTeX refuses: a script that is no letter or group
_MISPLACED: Final = re.compile(
    r"[_^] *(?![{A-Za-z0-9(\[|+\-*/=.,]|\\)"
    r"|[_^] *\\(?:(?:wide)?hat|(?:wide)?tilde|bar|overline|d?dot|vec|math[a-z]+|log|ln|exp)"
)
_SCRIPT: Final = r"([_^]) *(?:\{(?:[^{}]|\{[^{}]*\})*\}|\\?[A-Za-z]+|.)"
_SCRIPTS: Final = re.compile(rf"(?:{_SCRIPT} *|' *)+")
_GREEK: Final = "".join(_COMMANDS)
_ACCENTED: Final = re.compile(rf"(?<![A-Za-z{_GREEK}])([A-Za-z{_GREEK}])([{''.join(_MARKS)}])")
# a Greek letter next to another letter: Δx is no word
_BESIDE: Final = re.compile(rf"[{_GREEK}][A-Za-z{_GREEK}]|[A-Za-z][{_GREEK}]")
_UPRIGHT: Final = re.compile(r"\\(?:text|textrm|operatorname) *\{([A-Za-z0-9 .]*)\}")
_BARE: Final = re.compile(r"([_^])([A-Za-z0-9]{2,})")
# in what is typed as LaTeX: a command, with a word that stays as it is, or a word
_WORD: Final = re.compile(r"\\math[a-z]+ *\{[^{}]*\}|\\[A-Za-z]+|[A-Za-z]{2,}")
_OPERATION: Final = re.compile(r"[-+*/]|\\(?:cdot|times|odot|oplus|star|ast)(?![a-z])")
_UNSEEN: Final = re.compile(
    r"\\(?:(?:wide)?hat|(?:wide)?tilde|bar|overline|d?dot|vec|math[a-z]+)|[{} ]"
)
_PRODUCT: Final = 2  # so many letters in LaTeX are factors, more are a word
_WORDS: Final = re.compile(r"[A-Za-z0-9_.\- ]+")


@lru_cache(maxsize=4096)
def latex(name: str) -> str | None:
    r"""A name as LaTeX mathematics, or None when it can only be shown as plain text.

    >>> latex("h_0"), latex("yhat"), latex(r"\hat{y}"), latex("W_hh"), latex("epsilon_u")
    ('h_{0}', '\\hat{y}', '\\hat{y}', 'W_{hh}', '\\epsilon_{u}')
    >>> latex("loss"), latex("enc.weight"), latex("ŷ"), latex("b1")
    ('\\mathrm{loss}', '\\mathrm{enc.weight}', '\\hat{y}', 'b_{1}')
    >>> latex("$x$") is latex(r"\input{secret}") is latex("}{") is None
    True
    """
    name = unicodedata.normalize("NFD", name)
    if not name.isprintable() or not 0 < len(name) <= limits.NAME:
        return None
    if simple := _from_simple(_spelled(name)):
        return simple  # harmless by its making
    if (placed := with_place(name, latex)) and parses(placed):
        return placed
    source = _from_markup(_spelled(name)) or _from_words(name)
    return source if source and _reads_as_symbol(name) and parses(source) else None


def symbol(name: str | None, number: int) -> str:
    r"""A name as mathematics if it can be; else v with the node's number.

    >>> symbol("x", 3), symbol("$", 3), symbol(None, 3)
    ('x', 'v_{3}', 'v_{3}')
    """
    return (latex(name) if name else None) or f"v_{{{number}}}"


def copied(symbol: str, copy: int | str) -> str:
    r"""The symbol of one copy among several of a shared leaf.

    >>> copied("W_{hh}", 2), copied("x'", 1)
    ('W_{hh}^{(2)}', "{(x')}^{(1)}")
    """
    whole = "{(" + symbol + ")}" if "'" in symbol or "^" in symbol else symbol
    return f"{whole}^{{({copy})}}"


_BETWEEN_WORDS: Final = re.compile(r" |\w\.[A-Za-z]")


def differential(name: str, sign: str = "d") -> str:
    r"""A d or ∂ in front of a name, in LaTeX or text; a name of several words stands in brackets.

    >>> differential("y"), differential("learning rate", "∂"), differential(r"\mathrm{learning\ rate}")
    ('dy', '∂(learning rate)', 'd(\\mathrm{learning\\ rate})')
    >>> differential("2.bias"), differential(r"\mathrm{bias}_{2}")  # no word that begins with d
    ('d(2.bias)', 'd\\,\\mathrm{bias}_{2}')
    """
    words = r"\ " in name or (_BETWEEN_WORDS.search(name) and "\\" not in name)
    if name.startswith(r"\mathrm") and not words:
        sign = rf"{sign.strip()}\,"
    # the name may be text too, whose scripts end where it ends: h_t-1
    terms = is_composite(re.sub(r"[_^](?!\{)\S*", "", name))
    return f"{sign}({name})" if words or terms else f"{sign}{name}"


def is_composite(symbol: str) -> bool:
    r"""Whether a symbol reads as an operation on others, outside its scripts, and needs brackets in formulas.

    >>> is_composite(r"\mathrm{cross-entropy}"), is_composite("{a}+{b}"), is_composite("h_{t-1}^*")
    (True, True, False)
    """
    return _OPERATION.search(re.sub(_SCRIPT, "", symbol)) is not None


def ratio(y: str, x: str, sign: str = "d") -> str:
    """dy/dx or ∂y/∂x in a line of text."""
    return f"{differential(y, sign)}/{differential(x, sign)}"


def fraction(y: str, x: str, sign: str = "d") -> str:
    """The same in LaTeX, as tall as on a blackboard."""
    return rf"\dfrac{{{differential(y, sign)}}}{{{differential(x, sign)}}}"


def as_given(name: str | None, number: int) -> str:
    r"""A name as a line of text, Greek and accents as letters; one that is no name stays as it is.

    >>> as_given(r"\hat{y}", 4), as_given("}{", 5), as_given(None, 6)
    ('ŷ', '}{', 'v_6')
    """
    if name is None:
        return f"v_{number}"
    known = simple(name) or _from_markup(name)
    return pretty(name) if known else name


def _spelled(name: str) -> str:
    """Letters as they are typed: ε is epsilon and y with a hat yhat; in LaTeX, as commands."""
    if name.isascii():
        return name
    name = name.replace("\N{PRIME}", "'")
    if not re.search(r"[\\{^]", name) and not _BESIDE.search(name):
        whole = _ACCENTED.sub(lambda m: m[1] + _MARKS[m[2]], name, count=1)
        return "".join(_COMMANDS.get(c, c) for c in whole)
    whole = _ACCENTED.sub(lambda m: rf"\{_MARKS[m[2]]}{{{m[1]}}}", name)
    return re.sub(r"(\\[A-Za-z]+) (?![A-Za-z])", r"\1", "".join(map(_as_command, whole)))


def _as_command(char: str) -> str:
    return f"\\{_COMMANDS[char]} " if char in _COMMANDS else char


def _from_simple(name: str) -> str | None:
    """A letter, Greek name or word, its number and indices, its accent and primes."""
    parts = simple(name)
    return latex_of(parts) if parts and not _is_prose(parts) else None


def _is_prose(parts: SimpleName) -> bool:
    """Whether it is a phrase (my_long_loss_name) and no symbol with indices (w_1_2, c_max_1)."""
    places = [*([parts.number] if parts.number else []), *parts.indices]
    words = [x for x in places if len(x) > 1 and x.isalpha() and x not in LETTERS]
    return len(places) > 1 and len(words) + (not is_letter(parts.head)) > 1


def _reads_as_symbol(name: str) -> bool:
    """Whether it begins as a symbol does: formulas would say another thing with 3, -x or a blank."""
    return re.match(r"[A-Za-z_(\[|\\]|[^\W\d]", _UNSEEN.sub("", name)) is not None


def _from_markup(name: str) -> str | None:
    r"""LaTeX as people type it, if all in it is harmless: `\hat{y}`, `c_{t-1}`, `h_{\text{enc}}`."""
    name = _UPRIGHT.sub(lambda m: upright(m[1]), name)
    at = depth = 0
    while at < len(name):
        token = _TOKEN.match(name, at)
        if not token or (token[1] and token[1] not in _HARMLESS):
            return None
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth < 0:
            return None
        at = token.end()
    if _MISPLACED.search(name) or any(map(_repeated, _SCRIPTS.finditer(name))):
        return None
    typed = depth == 0 and ("\\" in name or "{" in name or "^" in name)
    return _set_words(_BARE.sub(r"\1{\2}", name)) if typed else None


def _set_words(name: str) -> str:
    r"""Words in LaTeX as simple names have them: `mu_{t-1}` is \mu_{t-1}, `h_{enc}` has its index upright."""
    out, scripts, at = "", [], 0
    while at < len(name):
        word = _WORD.match(name, at)
        part = word[0] if word else name[at]
        if part == "{":
            scripts.append(out.endswith(("_", "^")))
        elif part == "}":
            scripts.pop()
        elif word and part[0] != "\\":
            part = index(part) if any(scripts) else _set_head(part)
        out, at = out + part, at + len(word[0] if word else part)
    return out


def _set_head(word: str) -> str:
    parts = simple(word)
    known = parts is not None and (is_letter(parts.head) or len(word) > _PRODUCT)
    return latex_of(parts) if parts and known else word


def _repeated(scripts: re.Match[str]) -> bool:
    """Whether two subscripts or two superscripts (a prime is one) follow each other."""
    kinds = re.sub(r"'+\^?", "^", re.sub(_SCRIPT, r"\1", scripts[0]))
    return kinds.count("_") > 1 or kinds.count("^") > 1


def _from_words(name: str) -> str | None:
    if not _WORDS.fullmatch(name):
        return None
    return upright(name)
