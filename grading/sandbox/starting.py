"""The first trusted lines in the child: NumPy alone is made importable, then the rest is loaded."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from types import CodeType, ModuleType
from typing import Any


def start(codes: dict[str, CodeType], request: dict[str, Any], source: bytes) -> None:
    """Loads the files of this side of the wall, and hands over."""
    sys.path[:] = request["path"]
    for module in list(sys.modules.values()):
        if hasattr(module, "__path__"):  # a package, which knows where it was found
            module.__path__ = [_moved(p, request["moved"]) for p in module.__path__]
    _numpy(request["numpy"])
    _loaded(codes).main(request, source)


def _loaded(codes: dict[str, CodeType]) -> Any:
    """The last of these files as a module; they find each other, and nobody finds them later."""
    names = ["grading", "grading.sandbox", *(f"grading.sandbox.{name}" for name in codes)]
    modules = {name: ModuleType(name) for name in names}
    sys.modules.update(modules)
    for name, code in codes.items():
        module = modules[f"grading.sandbox.{name}"]
        exec(code, module.__dict__)  # noqa: S102 – the project's own files
        setattr(modules["grading.sandbox"], name, module)
    for name in names:
        del sys.modules[name]
    return modules[names[-1]]


def _moved(path: str, moves: dict[str, str]) -> str:
    """Where a path is to be found once this process has stopped being root."""
    for old, new in moves.items():
        if path.startswith(old):
            return new + path[len(old) :]
    return path


def _numpy(folder: str) -> None:
    """NumPy from its own folder, so that what is installed beside it stays unknown."""
    spec = spec_from_file_location(
        "numpy", f"{folder}/__init__.py", submodule_search_locations=[folder]
    )
    if spec is None or spec.loader is None:
        raise ImportError("NumPy is not where it was")
    sys.modules["numpy"] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules["numpy"])
