"""The house stays as it is promised: short functions and files, imports at the top and without circles."""

import importlib
import pkgutil
from types import ModuleType

import pytest

from examples import house as rooms
from tests import house

# what a reader can hold in mind; tests/house.py prints where we are
LONGEST_FILE, LONGEST_CODE, NINE_OF_TEN = 300, 40, 16
MOST_LAZY_IMPORTS = 2
MOST_ANY = 0.40


@pytest.mark.parametrize("package", house.PACKAGES)
def test_functions_and_files_are_short(package):
    files = house.sources(package)
    assert not [s.module for s in files if len(s.lines) > LONGEST_FILE]
    assert not [f.name for s in files for f in s.functions() if s.code_of(f) > LONGEST_CODE]
    assert house.percentile(house.lengths(package), 0.9) <= NINE_OF_TEN


def test_the_engine_imports_its_own_modules_at_the_top():
    """But for two, which say why."""
    assert len(found := house.lazy_imports("autograd_lite")) <= MOST_LAZY_IMPORTS, found


def test_no_module_is_imported_in_a_circle():
    assert house.cycle() == []


def test_the_engines_parameters_have_types_that_say_something():
    some, every = house.parameters_of_any("autograd_lite")
    assert some / every < MOST_ANY


@pytest.mark.parametrize("package", house.PACKAGES)
def test_no_file_is_hidden_by_a_name_of_its_package(package):
    """`import viz.table as t` would give the function where a file had its name."""
    todo = [importlib.import_module(package)]
    for parent in todo:
        for info in pkgutil.iter_modules(parent.__path__):
            child = importlib.import_module(f"{parent.__name__}.{info.name}")
            assert isinstance(getattr(parent, info.name), ModuleType), child.__name__
            if info.ispkg:
                todo.append(child)


def test_only_a_package_imports_its_private_files():
    """A file whose name begins with an underscore is read by the files beside it alone."""
    for module, imports in house.top_level_imports().items():
        for other in imports:
            parent, _, name = other.rpartition(".")
            assert not name.startswith("_") or module.split(".")[0] == parent.split(".")[0], module


def test_every_wait_for_another_process_has_an_end():
    """One that hangs would keep a class, or all tests, from their end, and nobody would know which."""
    files = [
        s for package in (*house.PACKAGES, "flowgraph", "tests") for s in house.sources(package)
    ]
    assert {s.module: found for s in files if (found := house.endless_waits(s.tree))} == {}


@pytest.mark.parametrize(
    "line",
    [
        "subprocess.run(c)",
        "p.wait()",
        "p.communicate()",
        "t.join()",
        "with subprocess.Popen(c): pass",
    ],
)
def test_an_endless_wait_is_seen(line):
    assert house.endless_waits(house.ast.parse(line))


def test_the_measure_finds_what_it_looks_for():
    """A long function, an inner import and an Any are seen where they are planted."""
    text = 'def f(x: Any, y):\n    """One."""\n    import nn\n    # no code\n\n    return x\n'
    source = house.Source("m", house.ast.parse(text), text.splitlines())
    (function,) = source.functions()
    assert source.code_of(function) == 3
    assert set(house.imported(function)) == {"nn"}


def test_the_picture_of_the_house_is_that_of_its_imports():
    """CONTRIBUTING's picture; `make docs` draws it again."""
    shown = (house.ROOT / "docs" / "house.dot").read_text(encoding="utf-8")
    assert rooms.house().dot() == shown
    assert (house.ROOT / "docs" / "house.svg").is_file()


@pytest.mark.parametrize("package", house.PACKAGES)
def test_every_file_lives_in_a_room_of_the_picture(package):
    packages = {"autograd_lite", "viz"}
    inside = [s.module for s in house.sources(package) if s.module not in packages]
    assert not [module for module in inside if rooms.room_of(module) is None]
