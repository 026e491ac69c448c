"""CONTRIBUTING's tables, read: which tests a source file has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PACKAGES = ("autograd_lite", "nn", "viz", "grading")


class Row(NamedTuple):
    """One line of a table: the files and folders to look in, and those of their tests."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


@cache
def rows() -> tuple[Row, ...]:
    """Every line; paths are from the package, or the folder of its tests, or the project's root."""
    return tuple(_rows())


def _rows() -> Iterator[Row]:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("## Where a thing lives")[2].partition("\n## ")[0]
    for table in section.split("\n### ")[1:]:
        package = re.match(r"`(\w+)/`", table)[1]
        for cells in re.findall(r"^\|(.*)\|(.*)\|(.*)\|$", table, re.MULTILINE)[2:]:
            files, tests = (re.findall("`([^`]+)`", cell) for cell in cells[1:])
            yield Row(
                tuple(_found(file, package) for file in files),
                tuple(_found(test, f"tests/{package}") for test in tests),
            )


def _found(path: str, folder: str) -> str:
    return f"{folder}/{path}" if any(ROOT.glob(f"{folder}/{path}")) else path


def sources() -> list[str]:
    """The packages' Python files."""
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return sorted(str(path.relative_to(ROOT)) for path in found)


def covering(path: str) -> tuple[str, ...]:
    """The tests of a file: those of its name and those of its rows, or else those of its folder's."""
    package, *folders, name = path.removesuffix(".py").split("/")
    if (name, folders) == ("__init__", []):
        return ("tests/test_project.py",)
    places = (f"tests/{package}", "/".join(["tests", package, *folders]))
    own = [f"{place}/test_{name.lstrip('_')}.py" for place in dict.fromkeys(places)]
    named = [test for row in rows() if path in row.files for test in row.tests]
    found = [*(test for test in own if (ROOT / test).is_file()), *named] or _of_folder(path)
    places = (place for test in found for place in sorted(ROOT.glob(test)))
    return tuple(dict.fromkeys(str(place.relative_to(ROOT)) for place in places))


def _of_folder(path: str) -> Sequence[str]:
    """The tests of the innermost folder that has a row."""
    inside = {file: row.tests for row in rows() for file in row.files
              if file.endswith("/") and path.startswith(file)}  # fmt: skip
    return inside[max(inside, key=len)] if inside else ()
