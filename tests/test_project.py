"""The promises of the project as a whole: what is installed, exported, documented and imported."""

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

from tests.longest import LONGEST
from tests.mutants.planted import planted
from tests.processes import PATIENCE
from tests.where import covering, rows, sources

ROOT = Path(__file__).parents[1]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
NAMES = ("autograd_lite", "nn", "viz", "grading")
PACKAGES = [name for name in NAMES if (ROOT / name / "__init__.py").is_file()]
COMMANDS = {"flowgraph"}  # what a command is before its package has been loaded
MODULES = {name: importlib.import_module(name) for name in PACKAGES}
SUBMODULES = {
    f"{package}.{name}": value
    for package, module in MODULES.items()
    for name, value in vars(module).items()
    if isinstance(value, ModuleType) and name in module.__all__
}
PUBLIC = [
    (where, name)
    for where, module in (MODULES | SUBMODULES).items()
    for name in module.__all__
    if f"{where}.{name}" not in SUBMODULES
]


def run(*command: str, cwd: Path = ROOT) -> str:
    """What the command prints; an error shows what it said."""
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def top_level_modules(statement: str) -> set[str]:
    """The packages a fresh interpreter has loaded after the statement."""
    tell = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    return set(run(sys.executable, "-c", f"{statement}; {tell}").split())


def test_the_engine_loads_numpy_and_nothing_heavier():
    extra = top_level_modules("import autograd_lite") - top_level_modules("import numpy.random")
    assert extra - set(sys.stdlib_module_names) == {"autograd_lite"}


def test_viz_loads_its_canvas_only_when_a_picture_is_asked_for():
    heavy = {"matplotlib", "sympy", "graphviz", "PIL"}
    assert not heavy & top_level_modules("import viz")


@pytest.mark.parametrize("package", PACKAGES)
def test_all_is_what_is_exported(package):
    module = MODULES[package]
    assert all(
        hasattr(module, name) for name in module.__all__
    )  # loads what loads when it is asked for
    visible = {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not isinstance(value, ModuleType) and name != "annotations"
    }
    whole = {name for name in module.__all__ if not name.startswith("_")}
    assert visible == {name for name in whole if f"{package}.{name}" not in SUBMODULES}
    assert len(module.__all__) == len(set(module.__all__))


@pytest.mark.parametrize("where", SUBMODULES)
def test_a_module_that_is_exported_is_the_packages_own_and_exports_what_it_defines(where):
    module = SUBMODULES[where]
    own = {
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (getattr(value, "__module__", None) or "").startswith((where + ".", where))
    }
    assert module.__name__ == where
    assert own == set(module.__all__)
    assert len(module.__all__) == len(own)


@pytest.mark.parametrize("where", MODULES | SUBMODULES)
def test_no_file_is_hidden_by_a_function_of_its_name(where):
    package = (MODULES | SUBMODULES)[where]
    files = {file.name for file in pkgutil.iter_modules(getattr(package, "__path__", []))}
    shown = {name for name in package.__all__ if isinstance(getattr(package, name), ModuleType)}
    assert not files & set(package.__all__) - shown


@pytest.mark.parametrize(("where", "name"), PUBLIC, ids=[f"{w}.{n}" for w, n in PUBLIC])
def test_every_public_name_is_documented_by_an_example(where, name):
    value = getattr((MODULES | SUBMODULES)[where], name)
    if not callable(value) or (inspect.isclass(value) and issubclass(value, BaseException)):
        return  # a constant is what its class says; an error's example is the call that raises it
    doc = inspect.getdoc(value) or ""
    assert doc.strip(), "no docstring"
    assert ">>> " in doc, "no runnable example"
    methods = inspect.getmembers(value, inspect.isroutine) if inspect.isclass(value) else []
    silent = [m for m, f in methods if not m.startswith("_") and not inspect.getdoc(f)]
    assert not silent, "methods without a docstring"


# the gallery's types are checked too, but it may import whatever it shows
@pytest.mark.parametrize(
    ("setting", "besides"), [("files", {"examples"}), ("root_packages", set())]
)
def test_types_and_import_contracts_are_checked_in_every_package(setting, besides):
    declared = re.search(rf"^{setting} = (\[.+\])$", (ROOT / "pyproject.toml").read_text(), re.M)
    assert declared
    assert set(ast.literal_eval(declared[1])) == set(PACKAGES) | COMMANDS | besides


def layers_of(container: str) -> list[str]:
    """The modules that the import contract of a package of the engine names."""
    contract = PYPROJECT.partition(f'containers = ["{container}"]\n')[2].partition("[[tool.")[0]
    listed = re.search(r"^layers = \[(.*?)\]$", contract, re.MULTILINE | re.DOTALL)[1]
    without_comments = re.sub(r"#.*", "", listed)
    assert "exhaustive = true" in contract
    return re.findall(r"\w+", without_comments)


ENGINE = ROOT / "autograd_lite"
PACKAGES_OF_ENGINE = [
    ".".join(path.parent.relative_to(ROOT).parts) for path in sorted(ENGINE.rglob("__init__.py"))
]


@pytest.mark.parametrize("container", PACKAGES_OF_ENGINE)
def test_an_import_contract_orders_every_module_of_the_engine(container):
    folder = ROOT.joinpath(*container.split("."))
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    assert sorted(layers_of(container)) == sorted(modules | packages)


def test_an_import_contract_keeps_the_engines_private_files_to_itself():
    declared = re.search(
        r"^forbidden_modules = (\[.*autograd_lite\..*\])$", PYPROJECT, re.MULTILINE
    )
    private = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in ENGINE.rglob("_[!_]*.py")
    }
    assert set(ast.literal_eval(declared[1])) == private


def imports_inside_functions(path: Path) -> list[str]:
    """The lines in which a function of a file of the engine imports another of its files."""
    text = path.read_text(encoding="utf-8")
    functions = [f for f in ast.walk(ast.parse(text)) if isinstance(f, ast.FunctionDef)]
    lines = [
        text.splitlines()[node.lineno - 1]
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return [line for line in lines if "autograd_lite" in line]


def test_the_engine_imports_its_own_files_at_the_top_but_for_two_of_which_it_says_why():
    inside = [
        (path.stem, line)
        for path in ENGINE.rglob("*.py")
        for line in imports_inside_functions(path)
    ]
    assert sorted(where for where, _ in inside) == ["node", "record"]
    assert all(re.search("  # .{20}", line) for _, line in inside)


def test_one_version_everywhere():
    declared = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert declared
    assert metadata.version("autograd_lite") == declared[1]
    assert MODULES["autograd_lite"].__version__ == declared[1]


def test_the_wheel_holds_the_packages_and_their_data_and_nothing_else(tmp_path):
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    wheel = zipfile.ZipFile(next(tmp_path.glob("*.whl")))
    names = wheel.namelist()
    folders = {name.split("/")[0] for name in names}
    assert {folder for folder in folders if not folder.endswith(".dist-info")} == {
        *PACKAGES, *COMMANDS
    }  # fmt: skip
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(names)
    assert sum(name.startswith("autograd_lite/examples/") for name in names) >= 3
    [scripts] = (name for name in names if name.endswith(".dist-info/entry_points.txt"))
    assert b"flowgraph = flowgraph:main" in wheel.read(scripts)


def test_no_tracked_file_names_a_place_on_somebodys_machine():
    # The pattern is spelt so as not to find itself.
    homes = "|".join(("work", "root", "home", "Users", "tmp", "opt"))
    place = re.compile(rf"(?<![\w.:~)}}\]-])/(?:{homes})/\w+")
    found = []
    for name in run("git", "ls-files", "-z").split("\0")[:-1]:
        path = ROOT / name
        if path.suffix in {".png", ".pdf", ".zip"} or not path.is_file():
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        found += [f"{name}:{i}: {line}" for i, line in enumerate(lines, 1) if place.search(line)]
    assert not found


def test_the_engine_alone_reads_the_slot_behind_value_and_data():
    """Whoever goes round `.value` and `.data` reads a stale number, or writes one that nobody notices."""
    slot = re.compile(r"\.\s*_data\b|['\"]_data['\"]")  # data= and _data(x) are other things
    found = []
    for name in run("git", "ls-files", "-z", "*.py", "*.ipynb", "*.md").split("\0")[:-1]:
        path = ROOT / name
        if not name.startswith("autograd_lite/") and path.is_file() and path != Path(__file__):
            lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            found += [f"{name}:{i}: {line.strip()}" for i, line in lines if slot.search(line)]
    assert not found


SKIPPING = {
    "in a test": "import pytest\ndef test_it(): pytest.skip('no such tool')",
    "by a marker": "import pytest\n@pytest.mark.skip('no such tool')\ndef test_it(): pass",
    "at import": "import pytest\npytest.importorskip('no_such_module')\ndef test_it(): pass",
}


@pytest.mark.parametrize("path", LONGEST)
def test_the_files_that_begin_first_are_there(path):
    assert (ROOT / path).is_file()


@pytest.mark.parametrize("ci", ["true", ""], ids=["in CI", "at home"])
@pytest.mark.parametrize("source", SKIPPING.values(), ids=SKIPPING)
def test_a_skip_fails_in_ci_and_only_there(source, ci, tmp_path, monkeypatch):
    monkeypatch.setenv("CI", ci)
    (tmp_path / "conftest.py").write_text((ROOT / "tests/conftest.py").read_text())
    (tmp_path / "test_it.py").write_text(source)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert ("nothing may skip in CI" in done.stdout) == (ci == "true")
    assert (done.returncode in {1, 2}) == (ci == "true"), done.stdout


NOT_IMPORTED = {
    "jupyterlab",  # what a notebook is opened in
    "expecttest",  # torch's own tables of operations import it
}


def test_every_extra_is_of_what_somebody_here_imports():
    """What nothing imports would only be a promise; the extra `test` has tools that are run."""
    section = re.search(
        r"^\[project\.optional-dependencies\]$(.*?)^\[", PYPROJECT, re.MULTILINE | re.DOTALL
    )[1]
    extras = dict(re.findall(r"^(\w+) = \[([^\]]*)\]", section, re.MULTILINE))
    wanted = [
        name
        for extra, listed in extras.items() if extra != "test"
        for name in re.findall(r'"([\w-]+)[^"]*"', listed)
    ]  # fmt: skip
    assert len(wanted) > 5
    files = [p for folder in (*PACKAGES, "tests", "examples", "notebooks", "benchmarks")
             for p in (ROOT / folder).rglob("*") if p.suffix in {".py", ".ipynb"}]  # fmt: skip
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    for name in wanted:
        module = {"scikit-learn": "sklearn", "otter-grader": "otter"}.get(name, name)
        if name not in NOT_IMPORTED:
            assert re.search(rf"(import|from|importorskip\(\")\s*{module}\b", text), name


# --- where a thing's tests are ---------------------------------------------------------------------


def test_contributing_says_for_every_file_which_tests_it_has():
    assert len(sources()) > 150
    assert not [path for path in sources() if not covering(path)]


def test_contributing_names_files_and_tests_that_exist():
    named = [path for row in rows() for path in (*row.files, *row.tests)]
    assert len(named) > 100
    assert not [path for path in named if not any(ROOT.glob(path))]


def test_contributing_says_what_every_test_is_of():
    named = {path for source in sources() for path in covering(source)}
    named |= {path for row in rows() for path in row.tests}
    named |= {
        f"tests/{of_all}"
        for of_all in (
            "benchmarks/",
            "mutants/",
            "notebooks/",
            "peers/",
            "test_house.py",
            "test_readme.py",
        )
    }
    places = {place for path in named for place in ROOT.glob(path)}
    tests = (ROOT / "tests").rglob("test_*.py")
    assert not [test for test in tests if not places.intersection([test, *test.parents])]


CLOCKS = (
    r"time\.time\(|time\w*\.timeit|perf_" + r"counter|process_time|monotonic\(|performance\.now"
)


def test_no_test_measures_time():
    """A busy machine is slow: `tests/work.py` counts calls, and so does the stepper's `calls_of`."""
    files = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    assert not [path.name for path in files if re.search(CLOCKS, path.read_text(encoding="utf-8"))]


# --- planted bugs ----------------------------------------------------------------------------------


def test_every_planted_bug_finds_its_place_and_its_tests():
    """So that `make mutants` still plants what it says: where a text has changed, change the list."""
    assert len(list(planted())) >= 60
    for bug in planted():
        mutant = bug.mutant()
        if bug.path.endswith(".py"):
            ast.parse(mutant.source, bug.promise)
        for test in bug.tests:
            path, _, name = test.partition("::")
            assert f"def {name}" in (ROOT / path).read_text(encoding="utf-8"), test
