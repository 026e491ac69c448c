"""Habits from PyTorch, NumPy, micrograd and JAX that are written otherwise here: the errors that say so.

The tables are in `spellings`, read by the errors of every package: a name that is missing, an argument that
is not taken. What is written as there needs no line: the page docs/coming_from.md says the rest.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from opcode import opname
from typing import Final, NoReturn, ParamSpec, TypeVar

from autograd_lite.errors import OperandError, did_you_mean
from autograd_lite.spellings import ARGUMENTS, ATTRIBUTES, shown

P = ParamSpec("P")
R = TypeVar("R")


def missing(owner: str, name: str, known: Iterable[str], *, instead: str = "") -> AttributeError:
    """The error for an attribute that is not there: the line to write, or the nearest name there is.

    owner  a key of `ATTRIBUTES`; instead  how the message calls it, if otherwise

    >>> raise missing("Tensor", "unsqueeze", ["squeeze"])
    Traceback (most recent call last):
    AttributeError: Tensor has no attribute 'unsqueeze': write t.expand_dims(axis), or t[None]
    >>> raise missing("Tensor", "squeze", ["squeeze"])
    Traceback (most recent call last):
    AttributeError: Tensor has no attribute 'squeze'; did you mean 'squeeze'?
    """
    habit = ATTRIBUTES[owner].get(name)
    end = f"; {did_you_mean(name, known)}" if habit is None else f": write {shown(habit)}"
    return AttributeError(f"{instead or owner} has no attribute {name!r}{end}", name=name)


def missing_in_package(
    package: str, name: str, known: Iterable[str]
) -> AttributeError | ImportError:
    """As `missing`, for a package's `__getattr__`: `from package import name` says it too.

    That statement replaces an AttributeError by words of its own, and lets an ImportError pass.
    """
    error, asking = missing(package, name, known), sys._getframe(2)
    if opname[asking.f_code.co_code[asking.f_lasti]] == "IMPORT_FROM":
        return ImportError(str(error), name=package)
    return error


class MissingAttribute:
    """An attribute that other libraries have: reading it raises the error that says what to write here.

    For classes of nodes, where a `__getattr__` would make every access to a slot slower.
    """

    def __init__(self, owner: str, name: str) -> None:
        self.owner, self.name = owner, name

    def __get__(self, instance: object, owner: type) -> NoReturn:
        raise missing(self.owner, self.name, ())


def add_hints(kind: type) -> None:
    """Give a class of nodes what `ATTRIBUTES` says of it."""
    for name in ATTRIBUTES[kind.__name__]:
        setattr(kind, name, MissingAttribute(kind.__name__, name))


def hint_for_argument(name: str, value: object = None) -> str | None:
    """What to write for an argument called `name` elsewhere; None where that is nobody's habit.

    >>> hint_for_argument("dim", 1)
    'axis=1'
    """
    habit = ARGUMENTS.get(name)
    return None if habit is None else shown(habit).format(repr(value))


_UNKNOWN: Final = r"unexpected keyword argument '(\w+)'"


def hinted(function: Callable[P, R]) -> Callable[P, R]:
    """The function, whose error for an argument of other libraries says what to write here.

    >>> @hinted
    ... def backward(gradient=None):
    ...     return gradient
    >>> backward(retain_graph=True)
    Traceback (most recent call last):
    autograd_lite.errors.OperandError: backward does not take retain_graph: leave it out: a graph is kept ...
    """

    @wraps(function)
    def call(*args: P.args, **options: P.kwargs) -> R:
        try:
            return function(*args, **options)
        except TypeError as error:
            habits = {
                key: habit for key, x in options.items() if (habit := hint_for_argument(key, x))
            }
            unknown = re.search(_UNKNOWN, str(error))
            if not unknown or unknown[1] not in habits:
                raise
            said = f"{', '.join(habits)}: {'; '.join(habits.values())}"
            raise OperandError(f"{function.__name__} does not take {said}") from None

    return call
