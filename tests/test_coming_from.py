"""docs/coming_from.md is true, and the errors for other libraries' habits name lines that can be written."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest

import autograd_lite as al
import nn
import viz
from autograd_lite import Tensor, Value, habits
from autograd_lite.errors import OperandError

PAGE = Path(__file__).parent.parent / "docs" / "coming_from.md"
ROWS = re.findall(r"^\| (.+?) \| (.+?) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
LINES = [
    line
    for there, here in ROWS
    if here.strip() not in {"here", "---"} and not there.startswith("gradients")
    for line in re.findall(r"`([^`]+)`", here)
]


WORDS = {
    "backward",
    "transpose",
    "repeat",
    ".grad",
    "float",
}  # names of methods, in the text beside a line


def session():
    """The names that a line may use."""
    leaf = Tensor(np.arange(6.0).reshape(2, 3) + 1.0, requires_grad=True)
    return {
        **{name: getattr(al, name) for name in al.__all__},
        "al": al, "nn": nn, "np": np, "viz": viz, "x": np.array([1.0, 2.0]), "i": 0,
        "t": leaf * 1.0, "u": leaf + 1.0,  "w": leaf, "v": Value(2.0), "mask": np.ones((2, 3), bool),
        "value": 0.0, "index": np.array([[0, 1]]), "axis": 0, "shape": (2, 3), "n": 2, "low": 0.0,
        "a": leaf, "high": 1.0, "b": leaf.T, "c": 1.0, "places": [1], "times": 2, "dtype": "float32",
        "data": [1.0],
        "array": np.ones((2, 3)), "number": 2.0, "f": lambda x: (x * x).sum(), "node": leaf * 2.0,
        "y": leaf.sum(),
        "model": nn.Linear(2, 1), "module": nn.Linear(2, 1), "axes": (1, 0), "k": 1,
    }  # fmt: skip


def works(line):
    names = session()
    if "@ u" in line and "u.T" not in line:
        names["u"] = names["u"].T
    if "linspace" in line:
        names.update(a=0.0, b=1.0)
    if "@ v" in line:
        names["v"] = np.ones(3)
    eval(compile(line, "a line of the page", "eval"), names)  # noqa: S307 - the project's own page


@pytest.mark.parametrize("line", LINES)
def test_what_the_page_says_can_be_written(line):
    if line not in WORDS:
        works(line)


def test_the_page_has_rows_for_each_library():
    assert len(ROWS) > 50


# --- the errors ----------------------------------------------------------------------------------

TENSOR = Tensor([[1.0, 2.0]], requires_grad=True)


@pytest.mark.parametrize(
    ("owner", "thing"),
    [("Tensor", TENSOR), ("Value", Value(1.0)), ("Entries", TENSOR.at[0]), ("autograd_lite", al), ("nn", nn),
     ("Module", nn.Linear(2, 1))],
)  # fmt: skip
def test_a_habit_is_answered_with_its_line_and_hides_nothing_that_works(owner, thing):
    for name, line in habits.ATTRIBUTES[owner].items():
        with pytest.raises(AttributeError, match=re.escape(f"{name!r}: write {line}")):
            getattr(thing, name)
        assert not hasattr(thing, name)


@pytest.mark.parametrize("thing", [al, nn, nn.Linear(2, 1), TENSOR.at[0]])
def test_a_typing_error_is_answered_with_the_nearest_name(thing):
    with pytest.raises(AttributeError, match="has no attribute 'zzyzx'; known: "):
        thing.zzyzx  # noqa: B018 - asking is the point


EXPRESSION = re.compile(
    r"^(?:np\.|t\b|a |-t|norm|erf|where|concatenate|clip|expand_dims|Tensor|sort|outer|tri)"
)


@pytest.mark.parametrize("owner", ["Tensor", "autograd_lite"])
def test_the_lines_that_are_expressions_can_be_written(owner):
    for name, line in habits.ATTRIBUTES[owner].items():
        expression = line.split(", ")[0] if line.startswith("t.expand") else line
        if EXPRESSION.match(expression) and " = " not in expression and "…" not in expression:
            try:
                works(expression.removesuffix(", a new leaf").removesuffix("; there are no devices")
                      .removesuffix(", the shortest dtype there is"))  # fmt: skip
            except Exception as error:
                raise AssertionError(f"{owner}.{name}: {line}") from error


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (lambda: TENSOR.sum(dim=1), "axis=1"),
        (lambda: al.softmax(TENSOR, dim=-1), "axis=-1"),
        (lambda: al.softmax([1.0, 2.0], dim=-1), "axis=-1"),
        (lambda: TENSOR.mean(0, keepdim=True), "keepdims=True"),
        (lambda: al.concatenate([TENSOR, TENSOR], dim=0), "axis=0"),
        (lambda: TENSOR.std(unbiased=False), "ddof=0"),
        (lambda: TENSOR.sum().backward(retain_graph=True), "leave it out"),
        (lambda: Value(1.0).backward(retain_graph=True), "leave it out"),
        (lambda: TENSOR.sum().backward(create_graph=True), r"grad\(grad\(f\)\)"),
    ],
)
def test_an_argument_of_another_library_is_answered_with_the_one_here(call, line):
    with pytest.raises(OperandError, match=line):
        call()


def test_every_function_refuses_dim_with_the_line():
    """Whatever takes `axis` says so when it is given `dim`."""
    asked = 0
    for name in al.functions.__all__:
        function = getattr(al, name)
        if "axis" in inspect.signature(function).parameters:
            operands = [TENSOR] * sum(p.default is p.empty and p.kind <= p.POSITIONAL_OR_KEYWORD
                                      for p in inspect.signature(function).parameters.values())  # fmt: skip
            with pytest.raises(OperandError, match="axis=1"):
                function(*operands, dim=1)
            asked += 1
    assert asked > 30
