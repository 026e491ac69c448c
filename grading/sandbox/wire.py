"""Plain values as JSON that has no surprises in it: the same file on both sides of the wall.

None, bools, numbers and lists stand for themselves; all else is an object with one key: `t` a tuple,
`d` a dictionary as pairs, `s` a string and `a` an array as [dtype, shape, bytes], in base64. So no string
of a message holds a bracket, a quote or a backslash, and its depth can be counted before it is parsed.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from math import prod
from typing import Any, Final, TypeAlias

import numpy as np

Plain: TypeAlias = Any  # a value that may pass, on either side
Json: TypeAlias = Any  # what json reads and writes

DEPTH: Final = 24  # of lists in lists; each is two brackets at most
DIGITS: Final = 400  # of an integer: more than any float has
AXES: Final = 16
ENTRIES: Final = (
    10_000_000  # of an array, axes of no length left out: rows without entries cost memory too
)
DTYPES: Final = {
    name: np.dtype(name).newbyteorder("<")
    for name in "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64".split()
}
_BIGGEST: Final = 10**DIGITS
_bases = type.__dict__["__mro__"].__get__  # what a class is made of, which no metaclass can hide


class WireError(ValueError):
    """A value that cannot pass, or a message that holds none; says which."""


def encode(value: Plain, depth: int = DEPTH) -> Json:
    """A value as JSON, by what it truly is: no method of a subclass is called."""
    if value is None or value is True or value is False:
        return value
    kind = type(value)
    bases = _bases(kind)
    for base, write in _WRITERS:
        if base in bases:
            if depth == 0 and base in (list, tuple, dict):
                raise WireError(f"lists within lists, more than {DEPTH} deep")
            return write(value, depth - 1)
    raise WireError(
        f"an object of the class {_name(kind)}, where a number, list or array is needed"
    )


def _name(kind: type) -> str:
    """The name of a class, whatever it says of itself."""
    return str.__str__(type.__dict__["__name__"].__get__(kind))[:60]


def _array(value: Any, depth: int) -> Json:
    plain = np.ndarray.view(value, np.ndarray)
    name = plain.dtype.name
    if name not in DTYPES:
        raise WireError(f"an array of dtype {name[:40]}, where numbers are needed")
    if plain.ndim > AXES:
        raise WireError(f"an array with more than {AXES} axes")
    data = plain.astype(DTYPES[name]).tobytes()
    return {"a": [_text(name), list(plain.shape), b64encode(data).decode()]}


def _integer(value: Any, depth: int) -> Json:
    plain = int.__add__(value, 0)
    if abs(plain) >= _BIGGEST:
        raise WireError(f"an integer of more than {DIGITS} digits")
    return plain


def _generic(value: Any, depth: int) -> Json:
    """One number of NumPy's; np.float64 and np.str_ are Python's too and do not come here."""
    plain = np.generic.item(value)
    if type(plain) not in (bool, int, float):
        raise WireError(
            f"a NumPy scalar of the class {_name(type(value))}, where a number is needed"
        )
    return plain


def _text(value: Any, depth: int = 0) -> str:
    return b64encode(str.encode(value, "utf-8", "surrogatepass")).decode()


def _items(value: Any, depth: int) -> Json:
    pairs = []
    for key, item in list(dict.items(value)):
        if str not in _bases(type(key)):
            raise WireError("a dictionary whose keys are no strings")
        pairs.append([_text(key), encode(item, depth)])
    return {"d": pairs}


_WRITERS: Final[tuple[tuple[type, Callable[[Any, int], Json]], ...]] = (
    (np.ndarray, _array),
    (float, lambda value, depth: float.__float__(value)),
    (int, _integer),
    (str, lambda value, depth: {"s": _text(value)}),
    (np.generic, _generic),
    (list, lambda value, depth: [encode(x, depth) for x in list.__getitem__(value, slice(None))]),
    (tuple, lambda value, depth: {
        "t": [encode(x, depth) for x in tuple.__getitem__(value, slice(None))]
    }),
    (dict, _items),
)  # fmt: skip


def decode(sent: Json) -> Plain:
    """The value that was sent; of exactly Python's types, or an array made here."""
    if sent is None or type(sent) in (bool, float):
        return sent
    if type(sent) is int:
        if abs(sent) >= _BIGGEST:
            raise WireError(f"an integer of more than {DIGITS} digits")
        return sent
    if type(sent) is list:
        return [decode(x) for x in sent]
    if type(sent) is not dict or len(sent) != 1:
        raise WireError("a value that is written in no known way")
    ((key, content),) = sent.items()
    if key not in _READERS:
        raise WireError("a value of no known kind")
    return _READERS[key](content)


def as_bytes(text: Json) -> bytes:
    """Base64, strictly."""
    if type(text) is not str:
        raise WireError("text that is no text")
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError):
        raise WireError("text that is not base64") from None


def as_text(text: Json) -> str:
    """A string."""
    try:
        return as_bytes(text).decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise WireError("text that is not UTF-8") from None


def _read_list(content: Json) -> list[Json]:
    if type(content) is not list:
        raise WireError("a list that is none")
    return content


def _read_items(content: Json) -> Plain:
    pairs = [_read_list(pair) for pair in _read_list(content)]
    if any(len(pair) != 2 for pair in pairs):
        raise WireError("a dictionary that is none")
    return {as_text(key): decode(item) for key, item in pairs}


def _read_array(content: Json) -> Plain:
    """An array whose dtype is on the list and whose shape says how many bytes there are."""
    parts = _read_list(content)
    if len(parts) != 3 or type(parts[1]) is not list or len(parts[1]) > AXES:
        raise WireError("an array that is none")
    dtype = DTYPES.get(as_text(parts[0]))
    shape = parts[1]
    if dtype is None or any(type(n) is not int or not 0 <= n < 2**40 for n in shape):
        raise WireError("an array of a kind that is not allowed")
    if prod(n or 1 for n in shape) > ENTRIES:
        raise WireError(f"an array of more than {ENTRIES:,} entries or rows")
    data = as_bytes(parts[2])
    if prod(shape) * dtype.itemsize != len(data):
        raise WireError("an array whose shape and data disagree")
    if dtype.kind == "b" and data.strip(b"\x00\x01"):
        raise WireError("an array of bools that are none")
    return _made(data, dtype, shape)


def _made(data: bytes, dtype: Any, shape: list[int]) -> Plain:
    """Owned, writable and in this machine's byte order."""
    try:
        return np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="))
    except (ValueError, OverflowError):
        raise WireError("an array of an impossible shape") from None


_READERS: Final[dict[str, Callable[[Json], Plain]]] = {
    "t": lambda content: tuple(decode(x) for x in _read_list(content)),
    "d": _read_items,
    "s": as_text,
    "a": _read_array,
}
