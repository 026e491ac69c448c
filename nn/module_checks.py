"""Checks of what a model is made of: a module, or a list of them, or a sentence that says what is wanted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd_lite.errors import OperandError, brief
from nn.checks import refuse_class
from nn.module import Module


def checked_module(wanted: str, x: Any) -> Module:
    """The module x itself; `wanted` begins the sentence that says what is wanted of another thing.

    >>> from nn.activations import Tanh
    >>> checked_module("encoder is a Module", Tanh())
    Tanh() · 0 parameters
    >>> checked_module("encoder is a Module", Tanh)
    Traceback (most recent call last):
    autograd_lite.errors.OperandError: encoder is a Module, and Tanh is a class: write nn.Tanh()

    Raises OperandError when x is none.
    """
    if isinstance(x, Module):
        return x
    refuse_class(wanted, x)
    raise OperandError(f"{wanted}, not {type(x).__name__} {brief(x)}")


def checked_entries(owner: str, given: Any) -> Iterable[Any]:
    """What can be gone through, entry by entry.

    >>> checked_entries("ModuleList", [1, 2])
    [1, 2]

    Raises OperandError when it cannot.
    """
    if not isinstance(given, Iterable) or isinstance(given, (str, bytes)):
        raise OperandError(f"{owner} takes a list of its entries, not {brief(given)}: write [x, y]")
    return given
