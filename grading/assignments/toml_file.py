"""A stranger's TOML file: read in small amounts, and with the line of every key at hand for messages."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias

from autograd_lite.errors import AssignmentError
from autograd_lite.syntax import printable

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LARGEST: Final = 1_000_000
Place: TypeAlias = tuple[str | int, ...]
"""Where a value stands: ("question", 0, "points") is the points of the first [[question]]"""

_BARE: Final = r"[A-Za-z0-9_-]+"
_QUOTED: Final = r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'"
_KEY: Final = rf"(?:{_BARE}|{_QUOTED})(?:\s*\.\s*(?:{_BARE}|{_QUOTED}))*"
_HEADER: Final = re.compile(rf"\s*(\[\[?)\s*({_KEY})\s*\]")
_ENTRY: Final = re.compile(rf"\s*({_KEY})\s*=")
_LONG_TEXT: Final = r'"""(?:[^"\\]|\\.|"(?!""))*"""|' r"'''(?:[^']|'(?!''))*'''"
_STRING: Final = re.compile(rf"{_LONG_TEXT}|{_QUOTED}|#[^\n]*", re.DOTALL)
# short strings come before comments, as # may stand in them; they stay, as a key may be one
_LONG: Final = re.compile(rf"(?:{_LONG_TEXT})|(?P<short>{_QUOTED})|#[^\n]*", re.DOTALL)


@dataclass(frozen=True)
class TomlFile:
    """The text of an assignment and what it says.

    name  as messages call it
    """

    name: str
    text: str

    @cached_property
    def content(self) -> dict[str, Any]:
        """The tables and values that the text says.

        Raises AssignmentError with the line where it is no TOML.
        """
        try:
            found: dict[str, Any] = tomllib.loads(self.text)
            return found
        except tomllib.TOMLDecodeError as error:
            line, reason = _line_of_error(str(error), self.text)
            raise AssignmentError(
                f"{self.name}, line {line}: this is no TOML ({reason}); write key = value, with text in "
                f"quotes and tables as [graph] or [[question]]"
            ) from None
        except (RecursionError, ValueError) as error:  # deep nesting, a giant integer
            reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
            raise AssignmentError(
                f"{self.name}: this is no TOML for an assignment ({printable(reason)[:120]})"
            ) from None

    @cached_property
    def lines(self) -> dict[Place, int]:
        """The line of every key and every table."""
        return dict(_places(self.text))

    def line(self, place: Place) -> int:
        """The line of a value, or of the nearest table around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def row(self, place: Place) -> str:
        """The text of that line."""
        return self.text.split("\n")[self.line(place) - 1]

    def error(self, place: Place, message: str, *, offset: int = 0) -> AssignmentError:
        """What is wrong with a value: file, line and key come first.

        offset  lines below the key, within a text of several lines
        """
        key = _dotted(place)
        where = self.where(place, offset)
        return AssignmentError(f"{where}{', ' + key if key else ''}: {message}")

    def where(self, place: Place, offset: int) -> str:
        """File and line."""
        return f"{self.name}, line {self.line(place) + offset}"


def read_toml(path: Path) -> TomlFile:
    """The file at `path`, if it is text of a modest size.

    Raises AssignmentError when it cannot be read, is too large or is no UTF-8.
    """
    name = printable(path.name)
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise AssignmentError(
            f"{name} cannot be read: {reason}; give the path of a TOML file"
        ) from None
    if len(raw) > LARGEST:
        raise AssignmentError(f"{name} has more than {LARGEST} bytes, which no assignment needs")
    try:
        return TomlFile(name, raw.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise AssignmentError(
            f"{name}, line {line}: byte {error.start + 1} is not UTF-8 text; save the file as UTF-8"
        ) from None


def _line_of_error(message: str, text: str) -> tuple[int, str]:
    """The line that the parser names, and its reason without it."""
    found = re.search(r"\(at line (\d+), column \d+\)", message)
    reason = message[: found.start()].strip() if found else message.partition(" (at")[0]
    line = int(found[1]) if found else text.count("\n") + 1
    return line, printable(reason)[:120]


def _dotted(place: Place) -> str:
    """A place as one reads it: question 2, points."""
    words: list[str] = []
    for part in place:
        if isinstance(part, int) and words:
            words[-1] += f" {part + 1}"
        else:
            words.append(printable(str(part))[:60])
    return ", ".join(words)


def _places(text: str) -> Iterator[tuple[Place, int]]:
    """Every key and table with its line; what stands in strings and comments is no key."""
    table: Place = ()
    counts: dict[Place, int] = {}
    depth = 0
    readable = _LONG.sub(_blank, text).split("\n")
    bare = _STRING.sub(_blank, text).split("\n")
    for number, (line, without_strings) in enumerate(zip(readable, bare, strict=True), 1):
        if depth == 0 and (header := _HEADER.match(line)):
            table = _opened(header, counts)
            yield table, number
            if table[-1] == 0:
                yield table[:-1], number  # the list itself begins where its first table does
            continue
        if depth == 0 and (entry := _ENTRY.match(line)):
            yield (*table, *_parts(entry[1])), number
        depth += sum(without_strings.count(c) for c in "[{") - sum(map(without_strings.count, "]}"))


def _blank(found: re.Match[str]) -> str:
    """As many lines with nothing on them; where keys are looked for, short strings stay."""
    if found[0].startswith("#"):
        return ""
    if found.re is _LONG and found["short"] is not None:
        return found[0]
    return "\n".join(" " * len(line) for line in found[0].split("\n"))


def _opened(header: re.Match[str], counts: dict[Place, int]) -> Place:
    """The table that a header opens; tables in double brackets are counted."""
    parts = _parts(header[2])
    place: Place = ()
    for part in parts[:-1]:
        place = (*place, part)
        if place in counts:
            place = (*place, counts[place] - 1)
    place = (*place, parts[-1])
    if header[1] == "[[":
        counts[place] = counts.get(place, 0) + 1
        place = (*place, counts[place] - 1)
    return place


def _parts(key: str) -> list[str]:
    return [
        tomllib.loads(f"x = {part}")["x"] if part.startswith('"') else part.strip("'")
        for part in re.findall(rf"{_QUOTED}|{_BARE}", key)
    ]
