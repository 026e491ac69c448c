"""Keys of a file: which there are, what each takes, and messages for all else."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from autograd_lite.errors import brief, did_you_mean
from grading.assignments.toml_file import Place, TomlFile

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_LONGEST_TEXT: Final = 20_000
_REQUIRED: Final = object()
_MOST_NAMES: Final = 100


@dataclass(frozen=True)
class Kind:
    """What a key takes.

    expected  as a message says it: "a number above 0"
    read      gives the value, or raises ValueError or TypeError where it is another thing
    """

    expected: str
    read: Callable[[Any], Any]


@dataclass(frozen=True)
class Key:
    """A key of a table.

    says     what it is for, in a line
    default  what holds when it is left out; without one it must be there
    """

    name: str
    kind: Kind
    says: str
    default: Any = _REQUIRED

    @property
    def is_required(self) -> bool:
        """Whether a table without it is broken."""
        return self.default is _REQUIRED


def read_keys(file: TomlFile, place: Place, table: Any, keys: Sequence[Key]) -> dict[str, Any]:
    """What a table says for each of these keys.

    Raises AssignmentError when it is no table, has another key, lacks one, or a value is not as expected.
    """
    if not isinstance(table, Mapping):
        raise file.error(place, f"a table is expected here, not {brief(table)}")
    refuse_unknown(file, place, table, [key.name for key in keys])
    return {key.name: _value(file, place, table, key) for key in keys}


def refuse_unknown(
    file: TomlFile, place: Place, table: Iterable[str], known: Collection[str]
) -> None:
    """Refuse a key that means nothing here: a misspelt one would be overlooked without a word."""
    for name in table:
        if name not in known:
            raise file.error(
                (*place, name), f"there is no such key here: {did_you_mean(name, known)}"
            )


def _value(file: TomlFile, place: Place, table: Mapping[str, Any], key: Key) -> Any:
    if key.name not in table:
        if key.is_required:
            raise file.error(
                place, f"the key {key.name!r} is missing: {key.kind.expected} ({key.says})"
            )
        return key.default
    return as_expected(file, (*place, key.name), table[key.name], key.kind)


def as_expected(file: TomlFile, place: Place, value: Any, kind: Kind) -> Any:
    """The value read as its kind.

    Raises AssignmentError when it is another thing.
    """
    try:
        return kind.read(value)
    except (ValueError, TypeError) as error:
        hint = f" ({error})" if isinstance(error, _HintedError) else ""
        raise file.error(place, f"expected {kind.expected}, got {brief(value)}{hint}") from None


class _HintedError(ValueError):
    """A refusal with a reason that is worth showing."""


# --- kinds ---------------------------------------------------------------------------------------


def text(most: int = _LONGEST_TEXT) -> Kind:
    """Text in quotes, of some length."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > most:
            raise ValueError
        if any(not c.isprintable() and c not in "\n\t" for c in value):
            raise _HintedError("it holds characters that cannot be shown")
        return value

    return Kind(f"text in quotes, at most {most} characters", read)


def word() -> Kind:
    """A name that files and forms can carry."""

    def read(value: Any) -> str:
        if not _WORD.fullmatch(value):
            raise ValueError
        return str(value)

    return Kind("a word of letters, digits, - and _, at most 40, a letter first", read)


def number(low: float = -1e12, high: float = 1e12, *, above: float | None = None) -> Kind:
    """A finite number within bounds."""
    bounds = f"above {above:g}" if above is not None else f"from {low:g} to {high:g}"

    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError
        # a nan is not within any bounds
        if not low <= value <= high or (above is not None and value <= above):
            raise ValueError
        return float(value)

    return Kind(f"a number {bounds}", read)


def whole(low: int, high: int) -> Kind:
    """A whole number within bounds."""

    def read(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            raise ValueError
        return value

    return Kind(f"a whole number from {low} to {high}", read)


def flag() -> Kind:
    """Either true or false."""

    def read(value: Any) -> bool:
        if not isinstance(value, bool):
            raise TypeError
        return value

    return Kind("true or false", read)


def one_of(options: Iterable[str]) -> Kind:
    """One of several words."""
    known = tuple(options)

    def read(value: Any) -> str:
        if value in known:
            return str(value)
        if isinstance(value, str):
            raise _HintedError(did_you_mean(value, known))
        raise TypeError

    return Kind("one of " + ", ".join(f'"{x}"' for x in known), read)


def names() -> Kind:
    """The name of a variable, or a list of some, each once."""

    def read(value: Any) -> tuple[str, ...]:
        found = (value,) if isinstance(value, str) else value
        if not isinstance(found, (list, tuple)) or not 1 <= len(found) <= _MOST_NAMES:
            raise ValueError
        if not all(isinstance(x, str) and x.strip() for x in found):
            raise ValueError
        if len(set(found)) < len(found):
            raise _HintedError("one of them stands there twice")
        return tuple(found)

    return Kind('a variable\'s name or a list of names, such as "x" or ["h_0", "h_1"]', read)


def either(*kinds: Kind) -> Kind:
    """What any of these kinds takes."""

    def read(value: Any) -> Any:
        found = [x for kind in kinds[:-1] for x in _taken(kind, value)]
        return found[0] if found else kinds[-1].read(value)

    return Kind(", or ".join(kind.expected for kind in kinds), read)


def _taken(kind: Kind, value: Any) -> list[Any]:
    """The value as the kind reads it, if it does."""
    try:
        return [kind.read(value)]
    except (ValueError, TypeError):
        return []


def table() -> Kind:
    """A table, which is looked into elsewhere."""

    def read(value: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise TypeError
        return value

    return Kind("a table", read)


def tables() -> Kind:
    """A list of tables, at least one, which are looked into elsewhere."""

    def read(value: Any) -> list[Any]:
        if not isinstance(value, (list, tuple)) or not 1 <= len(value) <= _MOST_NAMES:
            raise ValueError
        return list(value)

    return Kind(f"a list of 1 to {_MOST_NAMES} tables", read)
