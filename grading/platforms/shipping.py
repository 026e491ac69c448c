"""What travels to another machine: this project's packages, and what pip has to install there."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata, resources
from pathlib import Path, PurePosixPath
from typing import Final

PACKAGES: Final = ("autograd_lite", "nn", "viz", "grading", "flowgraph")
ASSIGNMENT: Final = "assignment.toml"
SECRET_FILE: Final = "secret.txt"  # noqa: S105 - the name of a file


def packages() -> Iterator[tuple[str, bytes]]:
    """(name, content) of each file, in the folder `packages`.

    >>> "packages/grading/__init__.py" in dict(packages())
    True
    """
    for package in PACKAGES:
        root = Path(str(resources.files(package)))
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                name = PurePosixPath("packages", package, *path.relative_to(root).parts)
                yield str(name), path.read_bytes()


def requirements() -> list[str]:
    """What the project needs, without its extras, as pip reads it.

    >>> [line for line in requirements() if line.startswith("numpy")]
    ['numpy>=2.0']
    """
    return [line for line in metadata.requires("autograd_lite") or () if "extra ==" not in line]


def requirements_file() -> bytes:
    """The same as a file for `pip install -r`."""
    return "".join(f"{line}\n" for line in requirements()).encode()
