"""What NumPy has no function for, printed above a program that needs it."""

from __future__ import annotations

from typing import Any, Final

from autograd_lite.errors import SourceError
from autograd_lite.record import Record
from autograd_lite.source.helpers import HELPERS

_TEXTS: Final = {
    **HELPERS,
    "at_set": '''\
def at_set(x, values, index):
    """A copy of x with other values at an index."""
    y = np.array(x)
    y[index] = values
    return y
''',
    "at_add": '''\
def at_add(x, values, index):
    """A copy of x with the values added at an index, to repeated entries each time."""
    y = np.array(x)
    np.add.at(y, index, values)
    return y
''',
    "recurrence": '''\
def recurrence(a, b, axis):
    """y[t] = a[t]*y[t - 1] + b[t] along an axis."""
    a, y = np.moveaxis(a, axis, 0), np.array(np.moveaxis(b, axis, 0))
    for t in range(1, len(y)):
        y[t] += a[t] * y[t - 1]
    return np.moveaxis(y, 0, axis)
''',
    "symmetric_part": '''\
def symmetric_part(a):
    """(a + a.T)/2 of each matrix, which is a itself where a is symmetric."""
    return (a + np.swapaxes(a, -1, -2)) / 2
''',
    "erf": '''\
def erf(x):
    """2/sqrt(pi) times the integral of exp(-s**2) from 0 to x: a series near 0, a fraction far out."""
    size = np.abs(x)
    near, far = np.minimum(size, 3.0), np.maximum(size, 3.0)
    term = total = near
    for k in range(1, 80):
        term = term * 2 * near**2 / (2 * k + 1)
        total = total + term
    tail = far
    for k in range(60, 0, -1):
        tail = far + k / 2 / tail
    inside = 2 / np.sqrt(np.pi) * np.exp(-(near**2)) * total
    return np.sign(x) * np.where(size <= 3.0, inside, 1 - np.exp(-(far**2)) / (tail * np.sqrt(np.pi)))
''',
    "ncdf": '''\
def ncdf(x):
    """The standard normal distribution function: a series near 0, a fraction far out."""
    size = np.abs(x)
    near, far = np.minimum(size, 3.0), np.maximum(size, 3.0)
    term = total = near
    for k in range(1, 80):
        term = term * near**2 / (2 * k + 1)
        total = total + term
    tail = far
    for k in range(80, 0, -1):
        tail = far + k / tail
    inside = np.exp(-(near**2) / 2) / np.sqrt(2 * np.pi) * total
    below = np.where(size <= 3.0, 0.5 - inside, np.exp(-(far**2) / 2) / (tail * np.sqrt(2 * np.pi)))
    return np.where(x < 0, below, 1 - below)
''',
}  # fmt: skip


def helper(function: Any, name: str) -> str:
    """The text of a function that NumPy lacks.

    Raises SourceError where there is none: the function looks at its numbers while it runs.
    """
    is_ours = isinstance(function, Record) or getattr(function, "__module__", "").startswith(
        "autograd_lite."
    )
    if is_ours and name in _TEXTS:
        return _TEXTS[name]
    raise SourceError(
        f"the program calls {name or type(function).__name__}, which is no NumPy formula: it decides by the "
        f"numbers that it is given. Ask for the source of what leads to it and of what comes after, as two "
        f"functions; the program itself runs as it is"
    )
