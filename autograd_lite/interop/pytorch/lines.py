"""Where in the user's model something is: the line that messages name."""

from __future__ import annotations

import re
import sysconfig
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from linecache import getline
from pathlib import Path
from types import TracebackType
from typing import Any, Final

_FRAME: Final = re.compile(r'File "([^"]*)", line (\d+), in (\S+)(?:\n +(?!File )([^\n]*))?')
_INSTALLED: Final = ("site-packages", "dist-packages")


@lru_cache(maxsize=4096)
def is_users(path: str) -> bool:
    """Whether a file is the user's model's: neither of torch's, nor of Python's own, nor of this project's.

    >>> is_users(re.__file__), is_users("model.py"), is_users("<frozen importlib>")
    (False, True, False)
    """
    if path.startswith(("<frozen", "<eval_with_key")):
        return False
    where = Path(path)
    if any(where.is_relative_to(root) for root in _not_users()):
        return False
    of_python = where.is_relative_to(sysconfig.get_path("stdlib"))
    return not of_python or any(part in _INSTALLED for part in where.parts)


@lru_cache(maxsize=1)
def _not_users() -> list[Path]:
    """The folders of torch, of what it computes with, and of this project."""
    names = ("torch", "sympy", "numpy", "typing_extensions", "optree", "autograd_lite")
    found = (find_spec(name) for name in names)
    return [Path(s.origin).parent if s.submodule_search_locations else Path(s.origin)
            for s in found if s and s.origin]  # fmt: skip


def line_of(node: Any) -> str:
    """The user's line in which a node of torch's graph was made, or else the module that made it."""
    frames = list(_frames(str(node.meta.get("stack_trace") or "")))
    users = [frame for frame in frames if is_users(frame[0])]
    if users:
        return _shown(*users[-1])
    stack = list((node.meta.get("nn_module_stack") or {}).values())
    if stack:
        path, kind = stack[-1]
        return f"module {path or 'itself'} ({str(kind).rpartition('.')[2]})"
    return "a line that torch does not tell"


def raised_at(error: BaseException) -> str:
    """The line of the user's model in which an error was raised, with a blank before; "" if in none."""
    found = ""
    for path, line, name in _traced(error.__traceback__):
        if is_users(path) and name != "<lambda>":
            found = _shown(path, line, name, getline(path, line).strip())
    return f" in {found}" if found else ""


def _traced(traceback: TracebackType | None) -> Iterator[tuple[str, int, str]]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        yield code.co_filename, traceback.tb_lineno, code.co_name
        traceback = traceback.tb_next


def _frames(trace: str) -> Iterator[tuple[str, int, str, str]]:
    for path, line, name, text in _FRAME.findall(trace):
        yield path, int(line), name, text.strip()


def _shown(path: str, line: int, name: str, text: str) -> str:
    return f"{path}, line {line}, in {name}" + (f", `{text}`" if text else "")
