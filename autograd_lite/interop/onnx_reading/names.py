"""Names in a model: which are refused, which a variable may have, which scope a node's name says."""

from __future__ import annotations

import re
from typing import Any, Final

from autograd_lite.errors import GraphError
from autograd_lite.names import pretty

_LONGEST: Final = 500
_MESSAGE: Final = 400
_VARIABLE: Final = re.compile(r"[^\W\d](?:\w|[\u0300-\u036f])*(?:\^\(?[\w']+\)?)?")
_STEP: Final = re.compile(r"\w+")


def checked(name: str, what: str) -> str:
    """A name of the model's, when it can be printed.

    >>> checked("encoder.weight", "an initialiser's name")
    'encoder.weight'

    Raises GraphError when it is not text, holds control characters, or is longer than any name.
    """
    if not name.isprintable() or len(name) > _LONGEST:
        raise GraphError(f"{what} cannot be printed: {shown(name)}; rename it in the model")
    return name


def shown(name: str) -> str:
    """A name as messages show it, on one line.

    >>> shown("a" * 100) == repr("a" * 60) + "…"
    True
    """
    return repr(name) if len(name) <= 60 else f"{name[:60]!r}…"


def in_short(message: str) -> str:
    r"""A message on one line, its middle left out where it is long: where it happened, and in the end why.

    >>> len(in_short("node 7: " * 1000)), in_short("a\nb\x1b")
    (400, 'a b\\x1b')
    """
    message = " ".join(message.split())
    if not message.isprintable():
        message = "".join(c if c.isprintable() else repr(c)[1:-1] for c in message)
    if len(message) <= _MESSAGE:
        return message
    return f"{message[: _MESSAGE // 3]} … {message[3 - _MESSAGE + _MESSAGE // 3 :]}"


def as_variable(name: str) -> str | None:
    r"""The name for a variable of the flow graph, if it is one: a word, as h_1 or \hat{y}; else None.

    >>> as_variable("h_1"), as_variable(r"\hat{y}"), as_variable("/encoder/0/Conv_output_0")
    ('h_1', '\\hat{y}', None)
    """
    return name if len(name) <= 60 and _VARIABLE.fullmatch(pretty(name)) else None


def scope_of(name: str) -> str | None:
    """The module in which a node's name says that it is; None where the name is no path of words.

    >>> scope_of("/encoder/0/Conv"), scope_of("Conv_3")
    ('encoder.0', None)
    """
    steps = [step for part in name.strip("/").split("/")[:-1] for step in part.split(".")]
    return ".".join(steps) if steps and all(map(_STEP.fullmatch, steps)) else None


def described(node: Any, place: int) -> str:
    """What messages call a node: its operator, and its name or its place.

    >>> from types import SimpleNamespace
    >>> described(SimpleNamespace(op_type="Conv", name=""), 3)
    'node 3 (Conv)'
    """
    operator = node.op_type[:60] if node.op_type.isprintable() else repr(node.op_type[:60])
    return f"node {shown(node.name)} ({operator})" if node.name else f"node {place} ({operator})"
