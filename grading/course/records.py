"""A report as one line of JSON, and back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from grading.results import Item, Report

_ITEM = {field.name for field in fields(Item)}
_REPORT = {field.name for field in fields(Report)}


@dataclass(frozen=True)
class Key:
    """What decides a report: what was handed in, what was asked and how, and by which grader."""

    submission: str
    assignment: str
    grader: str


def line(key: Key, report: Report) -> str:
    """One line, without its end."""
    return json.dumps({**asdict(key), "report": asdict(report)}, allow_nan=False)


def read_line(text: str | bytes) -> tuple[Key, Report]:
    """Key and report of a line; raises ValueError for what is no such line.

    >>> key = Key("a1", "b2", "0.1")
    >>> report = Report("ada", "week 3", (Item("q1", "x", "right", 1.0, 1.0),))
    >>> read_line(line(key, report)) == (key, report)
    True
    """
    try:
        found = json.loads(text)
        report = found.pop("report")
        return Key(**found), _report(report)
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"no line of this journal: {error}") from None


def _report(found: dict[str, Any]) -> Report:
    items = tuple(_item(item) for item in found.pop("items"))
    known = {name: value for name, value in found.items() if name in _REPORT}
    return Report(**{**known, "items": items, "warnings": tuple(known.get("warnings", ()))})


def _item(found: dict[str, Any]) -> Item:
    known = {name: value for name, value in found.items() if name in _ITEM}
    listed = {name: tuple(known.get(name, ())) for name in ("ids", "path")}
    return Item(**{**known, **listed})
