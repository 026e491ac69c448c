"""Every key that an assignment's file may hold, with what it takes and what it is for."""

from __future__ import annotations

from typing import Final, get_args

from grading.assignments import keys
from grading.assignments.keys import Key
from grading.assignments.losses import LOSSES
from grading.assignments.models import MODELS
from grading.results import Visibility

FEEDBACK: Final = ("variable", "kind", "path", "reference")
VISIBILITY: Final = get_args(Visibility)
_WORD: Final = keys.word()
_NAMES: Final = keys.names()
_NAME: Final = keys.text(80)

ASSIGNMENT: Final = (
    Key("title", keys.text(200), "what the assignment is called"),
    Key("name", _WORD, "a short name for files; by default the file's own", ""),
    Key("text", keys.text(), "what stands before the questions", ""),
    Key("feedback", keys.one_of(FEEDBACK), "how much a student is told about a mistake", "kind"),
    Key("visibility", keys.one_of(VISIBILITY), "when a student sees the result", "visible"),
    Key("hand", keys.flag(), "worked by hand: ± 1.5 in the last place counts as right", False),
    Key("numbers", keys.one_of(("student", "class")), "each student's own, or one set for all", "student"),
    Key("secret", keys.text(200), "what numbers are drawn from; better kept out of the file", ""),
    Key("secret_file", keys.text(200), "a file beside this one that holds the secret", ""),
    Key("tier", keys.one_of("ABCD"), "how safely strangers' code must run at least", ""),
    Key("graph", keys.table(), "the graph that questions are about", None),
    Key("graphs", keys.table(), "several graphs by name", None),
    Key("question", keys.tables(), "the questions, each [[question]]"),
)  # fmt: skip

_VARIANTS: Final = keys.whole(1, 2000)
EQUATIONS: Final = (
    Key("equations", keys.text(), "one equation a line, as in h = cos(x)"),
    Key("design", keys.table(), "numbers of the inputs: fixed, a range, or a choice", {}),
    Key("variants", _VARIANTS, "how many sets of numbers there are for the class", 200),
)
MODEL: Final = (
    Key("model", keys.one_of(MODELS), "a model of nn"),
    Key("loss", keys.one_of(LOSSES), "what is taken of its output"),
    Key("decimals", keys.whole(1, 6), "decimals of every number drawn", 2),
    Key(
        "scale", keys.number(high=100.0, above=0.0), "standard deviation of the numbers drawn", 0.7
    ),
    Key("variants", _VARIANTS, "how many sets of numbers there are for the class", 20),
)

_POINTS: Final = keys.either(keys.number(high=1e6, above=0.0), keys.table())
EVERY: Final = (
    Key("name", _WORD, "what files and forms call the question"),
    Key("title", keys.text(200), "its headline", ""),
    Key("text", keys.text(), "what is asked; by default a sentence made from the other keys", ""),
    Key("graph", _WORD, "which graph it is about; by default the only one", ""),
    Key(
        "points", _POINTS, "what it is worth, shared by its parts; or a table {part = points}", 1.0
    ),
    Key("feedback", keys.one_of(FEEDBACK), "how much is told here, if not as everywhere", ""),
    Key(
        "visibility", keys.one_of(VISIBILITY), "when this result is seen, if not as everywhere", ""
    ),
)
_OF: Final = Key("of", _NAME, "what is differentiated; by default the last equation's variable", "")
_TYPED: Final = (
    Key("digits", keys.whole(3, 12), "significant digits asked for", 4),
    Key("tolerance", keys.number(high=0.5, above=0.0), "relative error that is right, not by digits", None),
    Key("hand", keys.flag(), "worked by hand, if not as everywhere", None),
)  # fmt: skip
_BY: Final = Key("wrt", _NAMES, "by which variables, each a part of the question")
_HOLD: Final = keys.either(keys.one_of(("others",)), _NAMES)

ASKED: Final[dict[str, tuple[Key, ...]]] = {
    "value": (Key("of", _NAMES, "whose values"), *_TYPED),
    "partial": (
        _OF, _BY,
        Key("hold", _HOLD, "what stays constant; by default all others", "others"),
        *_TYPED,
    ),
    "total": (_OF, _BY, *_TYPED),
    "cut": (_OF, Key("at", _NAMES, "the variables that the cut's edges end in"), *_TYPED),
    "table": (_OF, Key("nodes", _NAMES, "its lines; by default all variables but the output", ()), *_TYPED),
    "formula": (_OF, _BY),
    "array": (_OF, _BY, *_TYPED),
    "function": (
        _OF, _BY,
        Key("function", _WORD, "what the student's function is called"),
        Key("cases", keys.whole(1, 50), "on how many sets of inputs it is called", 6),
    ),
    "module": (
        _OF, _BY,
        Key("class", _WORD, "what the student's class is called, with forward and backward"),
        Key("cases", keys.whole(1, 50), "on how many sets of inputs it is called", 6),
    ),
    "operation": (
        _OF,
        Key("wrt", _NAMES, "the operation's operands, in their order"),
        Key("function", _WORD, "what the student's backward(G, *operands) is called"),
        Key("cases", keys.whole(1, 50), "on how many sets of inputs it is called", 6),
    ),
    "engine": (
        Key("class", _WORD, "what the student's class of numbers is called, as micrograd's Value"),
        Key("behaviours", _NAMES, "which behaviours are tested; by default all", ()),
    ),
}  # fmt: skip
CODE: Final = ("function", "module", "operation", "engine")
