"""Lines of Python that are too long for a page, broken where a reader expects it: at sums, in brackets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

_OPEN: Final = "([{"
_CLOSE: Final = ")]}"


def wrapped(line: str, width: int) -> list[str]:
    """The lines that say the same, each no longer than the width where something can be broken.

    >>> for part in wrapped("d_x = np.add(first, second) + np.add(third, fourth)", 32):
    ...     print(part)
    d_x = (
        np.add(first, second)
        + np.add(third, fourth)
    )
    """
    if len(line) <= width or line.lstrip().startswith("#"):
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    head, sign, value = _assignment(line)
    terms = list(_split(value, (" + ", " - "))) if sign else []
    if len(terms) > 1:
        return [f"{head}{sign}(", *_filled(terms, " ", f"{indent}    ", width), f"{indent})"]
    if (place := _largest_brackets(line)) is None:
        return [line]
    begin, end = place
    parts = [part.removeprefix(", ") + "," for part in _split(line[begin + 1 : end], (", ",))]
    parts[-1] = parts[-1].removesuffix(",")
    inside = _filled(parts, " ", f"{indent}    ", width)
    return [line[: begin + 1], *inside, *wrapped(indent + line[end:], width)]


def _assignment(line: str) -> tuple[str, str, str]:
    """What is assigned to, the sign, and the value; without a sign where nothing is assigned."""
    for sign in (" += ", " = "):
        head, found, value = line.partition(sign)
        if found and not any(c in head for c in "\"'"):
            return head, found, value
    return line, "", ""


def _split(text: str, signs: Sequence[str]) -> Iterator[str]:
    """The parts at these signs outside of brackets; a sign is the beginning of the part behind it."""
    depth = begin = 0
    for k, c in enumerate(text):
        depth += (c in _OPEN) - (c in _CLOSE)
        if depth == 0 and k > begin and text.startswith(tuple(signs), k):
            yield text[begin:k]
            begin = k
    yield text[begin:]


def _largest_brackets(text: str) -> tuple[int, int] | None:
    """Where the longest bracketed part begins and ends."""
    opened: list[int] = []
    found: list[tuple[int, int]] = []
    for k, c in enumerate(text):
        if c in _OPEN:
            opened.append(k)
        elif c in _CLOSE and opened:
            found.append((opened.pop(), k))
    found = [place for place in found if place[1] > place[0] + 1]
    return max(found, key=lambda place: place[1] - place[0], default=None)


def _filled(parts: Sequence[str], between: str, indent: str, width: int) -> list[str]:
    """As many parts on a line as there is place for."""
    lines: list[str] = []
    for part in (part.strip() for part in parts):
        if lines and len(lines[-1]) + len(between) + len(part) <= width:
            lines[-1] += between + part
        else:
            lines.append(indent + part)
    return [short for line in lines for short in wrapped(line, width)]
