"""Checks of options: each returns the option, or raises an error that says what is allowed.

number    one real number in an interval, as lr, eps, p, gamma
at_least  a whole number, as epochs, in_features
sizes     several lengths, as normalized_shape
axis      the number of an axis, as dim
amounts   numbers of at least 0, as the weights of classes
flag      True or False, as nesterov, shuffle
choice    one of some words, as mode, reduction
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeVar

import numpy as np

from autograd_lite.errors import OperandError, brief, did_you_mean
from autograd_lite.rules.namespaces import plain

Word = TypeVar("Word", bound=str)
MOST: Final = 2**63 - 1
"""No array is longer, and no counter goes further."""
TO_EVALUATE: Final = "call model.eval() before, or train without a program, record=False"
"""What to do where a module that is being trained cannot be recorded as a program."""


def number(name: str, x: Any, interval: str = "(-∞, ∞)") -> float:
    """One real number in an interval: "[" and "]" allow the end itself, "(" and ")" do not.

    Numbers of Python and NumPy pass, arrays and Tensors without axes too; the result is a float.

    >>> number("momentum", 1, "[0, ∞)")
    1.0
    >>> number("alpha", 1.5, "[0, 1)")
    Traceback (most recent call last):
    autograd_lite.errors.OperandError: alpha lies in [0, 1), and 1.5 does not

    Raises OperandError for anything else, such as nan, None, True, or a node that requires grad.
    """
    value = _as_float(name, x)
    if value is None or not _inside(value, interval):
        raise OperandError(_sentence(name, x, interval))
    return value


def numbers(name: str, x: Any, interval: str, count: int) -> tuple[float, ...]:
    """A sequence of `count` numbers in an interval.

    >>> numbers("betas", [0.9, 0.99], "[0, 1)", 2)
    (0.9, 0.99)

    Raises OperandError when it is none.
    """
    if not isinstance(x, (Sequence, np.ndarray)) or isinstance(x, str) or len(x) != count:
        raise OperandError(f"{name} are {count} numbers in {interval}, not {brief(x)}")
    return tuple(number(f"{name}[{i}]", entry, interval) for i, entry in enumerate(x))


def at_least(name: str, n: Any, least: int, most: int = MOST) -> int:
    """A whole number that is at least `least`, and no more than a computer can count.

    >>> at_least("epochs", np.int64(3), 0)
    3

    Raises OperandError when it is not.
    """
    whole = plain(n) if not getattr(n, "requires_grad", False) else None
    if isinstance(whole, np.ndarray) and whole.ndim == 0 and whole.dtype.kind in "iu":
        whole = whole.item()
    if isinstance(whole, bool) or not isinstance(whole, (int, np.integer)) or whole < least:
        raise OperandError(f"{name} is a whole number of at least {least}, not {brief(n)}")
    if whole > most:
        raise OperandError(f"{name} is a whole number of at most {most}, not {brief(n)}")
    return int(whole)


def sizes(name: str, x: Any, fewest: int = 1) -> tuple[int, ...]:
    """A sequence of at least `fewest` lengths, each at least 1.

    >>> sizes("channels", [1, 16, 32], 2)
    (1, 16, 32)

    Raises OperandError when it is none.
    """
    if not isinstance(x, (Sequence, np.ndarray)) or isinstance(x, (str, bytes)) or len(x) < fewest:
        listed = ", ".join("1234"[: fewest + 1])
        raise OperandError(
            f"{name} are at least {fewest} whole numbers, as in ({listed}), not {brief(x)}"
        )
    return tuple(at_least(f"{name}[{i}]", n, 1) for i, n in enumerate(x))


def axis(name: str, n: Any) -> int:
    """The number of an axis, of the 64 that an array may have; a negative one counts from the last.

    >>> axis("dim", -1)
    -1

    Raises OperandError when it is none.
    """
    return whole(name, n, -64, 63)


def amounts(name: str, x: Any) -> Any:
    """How much things count: a number or an array of finite numbers of at least 0, or None.

    >>> amounts("weight", [0.5, 2.0])
    [0.5, 2.0]

    Raises OperandError when one is negative, nan or no number.
    """
    try:
        array = np.asarray(plain(x))
    except ValueError:  # lists of unequal lengths
        array = np.asarray(None)
    known = array.dtype.kind in "fiub" and bool((np.isfinite(array) & (array >= 0)).all())
    if x is not None and not known:
        raise OperandError(f"{name} holds finite numbers of at least 0, not {brief(x)}")
    return x


def whole(name: str, n: Any, least: int, most: int) -> int:
    """A whole number from `least` to `most`.

    >>> whole("padding_idx", -1, -3, 2)
    -1

    Raises OperandError when it is not.
    """
    try:
        found = at_least(name, n, least)
    except OperandError:
        found = most + 1
    if found > most:
        raise OperandError(f"{name} is a whole number from {least} to {most}, not {brief(n)}")
    return found


def flag(name: str, x: Any) -> bool:
    """A switch: True or False, and not 1 or 0 or None.

    >>> flag("nesterov", True)
    True

    Raises OperandError when it is none.
    """
    if not isinstance(x, (bool, np.bool_)):
        raise OperandError(f"{name} is True or False, not {brief(x)}")
    return bool(x)


def choice(name: str, x: Any, words: Iterable[Word]) -> Word:
    """One of some words.

    >>> choice("mode", "min", ["min", "max"])
    'min'

    Raises OperandError that names the nearest of them.
    """
    known = list(words)
    for word in known:
        if isinstance(x, str) and x == word:
            return word
    quoted = [repr(word) for word in known]
    listed = f"{', '.join(quoted[:-1])} or {quoted[-1]}"
    raise OperandError(f"{name} is {listed}, not {brief(x)}; {did_you_mean(str(x), known)}")


def function(name: str, x: Any) -> Any:
    """Something that can be called.

    >>> function("loss", max)
    <built-in function max>

    Raises OperandError when it cannot, and for a class of modules: its objects can.
    """
    refuse_class(f"{name} is a function", x)
    if not callable(x):
        raise OperandError(f"{name} is a function, not {brief(x)}")
    return x


def refuse_class(wanted: str, x: Any) -> None:
    """Raise OperandError when x is a class of modules where one of its objects is meant.

    >>> refuse_class("loss is a function", abs)
    """
    if isinstance(x, type) and hasattr(x, "forward"):
        raise OperandError(f"{wanted}, and {x.__name__} is a class: write {constructor_call(x)}")


def constructor_call(kind: type) -> str:
    """How an object of a class of modules is made, as text.

    >>> from nn import Linear, Tanh
    >>> constructor_call(Tanh), constructor_call(Linear)
    ('nn.Tanh()', 'nn.Linear(…)')
    """
    home = "nn." if kind.__module__.partition(".")[0] == "nn" else ""
    needed = any(
        p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD
        for p in inspect.signature(kind).parameters.values()
    )
    return f"{home}{kind.__name__}({'…' if needed else ''})"


def _as_float(name: str, x: Any) -> float | None:
    """The number that x is, or None when it is none."""
    if getattr(x, "requires_grad", False):
        raise OperandError(
            f"{name} is a number, and {x.describe()} is a node that requires grad, to which no "
            f"derivative would flow: write .item() behind it"
        )
    x = plain(x)
    if isinstance(x, (bool, np.bool_)) or np.ndim(x) or np.asarray(x).dtype.kind not in "iuf":
        return None
    return float(x)


def _inside(x: float, interval: str) -> bool:
    low, high = map(_end, interval[1:-1].split(", "))
    # an end at infinity is written open, and then infinity is outside
    above = low <= x if interval[0] == "[" else low < x
    below = x <= high if interval[-1] == "]" else x < high
    return above and below


def _end(text: str) -> float:
    return math.copysign(math.inf, -1.0 if text[0] == "-" else 1.0) if "∞" in text else float(text)


def _sentence(name: str, x: Any, interval: str) -> str:
    said = {
        "(-∞, ∞)": "is a finite number",
        "[0, ∞)": "is a finite number of at least 0",
        "[0, ∞]": "is a number of at least 0",
        "(0, ∞)": "is a finite number above 0",
        "(0, ∞]": "is a number above 0",
    }
    if interval == "[0, 1]":
        return f"{name} lies in [0, 1], as a probability does, and {brief(x)} does not"
    if interval in said:
        return f"{name} {said[interval]}, not {brief(x)}"
    return f"{name} lies in {interval}, and {brief(x)} does not"
