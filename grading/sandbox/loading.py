"""What the child is started with: the text of its first line, and all that it reads from its input."""

from __future__ import annotations

import marshal
from functools import cache
from pathlib import Path
from typing import Any, Final

INSIDE: Final = ("syscalls", "seccomp", "landlock", "confinement", "wire", "cells", "inside")

# reads three parts, the trusted code, the request and the source, and gives up its input
FIRST_LINE: Final = """\
import marshal, os
with open(0, "rb") as file:
    parts = [file.read(int.from_bytes(file.read(8), "little")) for _ in range(3)]
os.open(os.devnull, os.O_RDONLY)
code, codes = marshal.loads(parts[0])
space = {"__name__": "starting"}
exec(code, space)
space["start"](codes, marshal.loads(parts[1]), parts[2])
"""


@cache
def _trusted() -> bytes:
    """The files of this folder that run in the child, compiled once."""
    here = Path(__file__).parent
    codes = {
        name: compile(
            (here / f"{name}.py").read_text(encoding="utf-8"),
            f"<{name}>",
            "exec",
            dont_inherit=True,
        )
        for name in ("starting", *INSIDE)
    }
    return marshal.dumps((codes.pop("starting"), codes))


def written(request: dict[str, Any], source: bytes) -> bytes:
    """All that the child reads."""
    parts = (_trusted(), marshal.dumps(request), source)
    return b"".join(len(part).to_bytes(8, "little") + part for part in parts)
