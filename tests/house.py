"""The house in figures: files, functions and imports of the packages, measured from their source text.

`python -m tests.house` prints them.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = [name for name in ("autograd_lite", "nn", "viz", "grading") if (ROOT / name).is_dir()]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file: its module's name, its tree, its lines."""

    module: str
    tree: ast.Module
    lines: list[str] = field(repr=False)

    def functions(self) -> Iterator[Function]:
        """All of them, methods and inner ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def code_of(self, function: Function) -> int:
        """How many lines of code a function has: no docstring, comment or blank line."""
        lines = self.lines[function.lineno - 1 : function.end_lineno]
        if ast.get_docstring(function) is not None:
            text, first = function.body[0], function.lineno
            del lines[text.lineno - first : text.end_lineno - first + 1]
        return sum(bool(line.strip()) and not line.strip().startswith("#") for line in lines)


@cache
def sources(package: str) -> tuple[Source, ...]:
    """Every file of a package."""
    return tuple(map(_source, sorted((ROOT / package).rglob("*.py"))))


def _source(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    parts = path.relative_to(ROOT).with_suffix("").parts
    module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Source(module, ast.parse(text), text.splitlines())


@cache
def modules() -> frozenset[str]:
    """The names of all modules and packages of the project."""
    return frozenset(source.module for package in PACKAGES for source in sources(package))


def imported(tree: ast.AST) -> Iterator[str]:
    """The project's modules that the imports below a node name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules())
        elif isinstance(node, ast.ImportFrom):
            inner = {f"{node.module}.{alias.name}" for alias in node.names} & modules()
            yield from inner or ({node.module} & modules())


def lazy_imports(package: str) -> list[str]:
    """Functions that import the project's own modules when they are called."""
    return [
        f"{source.module}.{function.name}: {module}"
        for source in sources(package)
        for function in source.functions()
        for module in sorted(set(imported(function)))
    ]


def top_level_imports() -> dict[str, set[str]]:
    """What each module imports when it is loaded."""
    return {
        source.module: {
            module
            for node in source.tree.body
            if isinstance(node, ast.Import | ast.ImportFrom)
            for module in imported(node)
        }
        for package in PACKAGES
        for source in sources(package)
    }


def cycle() -> list[str]:
    """A circle of top-level imports, if there is one."""
    try:
        TopologicalSorter(top_level_imports()).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def parameters_of_any(package: str) -> tuple[int, int]:
    """How many parameters of functions are annotated with Any, and how many there are."""
    annotations = [
        ast.unparse(x.annotation) if x.annotation else "Any"
        for source in sources(package)
        for function in source.functions()
        for x in _parameters(function)
    ]
    return sum("Any" in text for text in annotations), len(annotations)


def _parameters(function: Function) -> Iterator[ast.arg]:
    names = function.args
    every = [*names.posonlyargs, *names.args, *names.kwonlyargs, names.vararg, names.kwarg]
    return (x for x in every if x is not None and x.arg not in {"self", "cls"})


def endless_waits(tree: ast.AST) -> list[str]:
    """The calls that wait for a program, a process or a thread, however long that takes."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    entered = [
        i.context_expr for node in ast.walk(tree) if isinstance(node, ast.With) for i in node.items
    ]
    held = [node for node in entered if isinstance(node, ast.Call) and _name(node) == "Popen"]
    return [ast.unparse(node) for node in [*filter(_waits_for_ever, calls), *held]]


def _waits_for_ever(call: ast.Call) -> bool:
    has_limit = any(keyword.arg in ("timeout", None) for keyword in call.keywords)
    if has_limit or not isinstance(call.func, ast.Attribute):
        return False
    if ast.unparse(call.func.value) == "subprocess":
        return _name(call) in ("run", "call", "check_call", "check_output")
    return _name(call) == "communicate" or (_name(call) in ("wait", "join") and not call.args)


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def lengths(package: str) -> list[int]:
    """Lines of each function, with its docstring, the shortest first."""
    every = ((f.lineno, f.end_lineno) for source in sources(package) for f in source.functions())
    return sorted(end - start + 1 for start, end in every)


def percentile(numbers: list[int], share: float) -> int:
    """The number below which this share of them lies."""
    return numbers[int(share * len(numbers))]


def main() -> None:
    """Print what the tests bound."""
    for package in PACKAGES:
        found, files = lengths(package), sources(package)
        some, every = parameters_of_any(package)
        print(
            f"{package}: {len(files)} files, {sum(len(s.lines) for s in files):,} lines, longest "
            f"{max(len(s.lines) for s in files)}; functions: median {percentile(found, 0.5)}, "
            f"p90 {percentile(found, 0.9)}, longest {found[-1]}; Any on {some / every:.0%} of "
            f"parameters; {len(lazy_imports(package))} lazy imports"
        )


if __name__ == "__main__":
    main()
