"""docs/coming_from.md is true, and the errors for other libraries' habits name lines that can be written."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest

import autograd_lite as al
import nn
import viz
from autograd_lite import GraphCutWarning, Tensor, Value, spellings
from autograd_lite.errors import AutogradError, OperandError
from autograd_lite.rules.namespaces import plain

PAGE = Path(__file__).parent.parent / "docs" / "coming_from.md"
ROWS = [
    row
    for row in re.findall(r"^\| (.+?) \| (.+?) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    if row[1] not in {"here", "---"} and not row[0].startswith("gradients")
]
CODE = re.compile(r"`([^`]+)`")
WORDS = {"backward", "transpose", "repeat", "max", "size", ".grad", "float"}
"""Names of methods, in the text beside a line."""
LINES = [line for _, here in ROWS for line in CODE.findall(here) if line not in WORDS]


def session():
    """The names that a line may use."""
    leaf = Tensor(np.arange(6.0).reshape(2, 3) + 1.0, requires_grad=True)
    model = nn.Linear(2, 1)
    return {
        **{name: getattr(al, name) for name in al.__all__},
        "al": al, "nn": nn, "np": np, "viz": viz, "x": np.array([1.0, 2.0]), "i": 0,
        "t": leaf * 1.0, "u": leaf + 1.0,  "w": leaf, "v": Value(2.0), "mask": np.ones((2, 3), bool),
        "value": 0.0, "index": np.array([[0, 1, 0]]), "axis": 0, "shape": (2, 3), "n": 2, "low": 0.0,
        "a": leaf, "high": 1.0, "b": leaf.T, "c": 1.0, "places": [1], "times": 2, "dtype": "float32",
        "data": [1.0], "array": np.ones((2, 3)), "number": 2.0,
        "f": lambda x: (x * x).sum(), "node": leaf * 2.0,
        "y": leaf.sum(), "model": model, "module": model, "axes": (1, 0), "k": 1, "lr": 0.1,
        "part": nn.ReLU(), "name": "weight", "optimizer": nn.SGD(model.parameters(), lr=0.1),
        "vjps": [lambda xp, g, y, x: g], "jvps": [lambda xp, t, y, x: t],
    }  # fmt: skip


def run(line, names):
    """The value of an expression; a statement is carried out."""
    try:
        code = compile(line, f"<{line}>", "eval")
    except SyntaxError:
        return exec(compile(line, f"<{line}>", "exec"), names)  # noqa: S102 - the project's own
    return eval(code, names)  # noqa: S307 - the project's own page


@pytest.mark.parametrize("line", LINES)
def test_what_the_page_says_can_be_written(line):
    run(line, session())


def test_the_page_has_rows_for_each_library():
    assert len(ROWS) > 45
    assert len(THERE) >= 60


def habits_session():
    """As `session`, for what is written elsewhere: every library is this one, x a leaf with one entry."""
    names = session()
    names["w"].sum().backward()
    names["v"].zero_grad()
    v = names["v"]
    (v * v).backward()
    x = Tensor([3.0], requires_grad=True)
    return {**names, "torch": al, "jax": al, "x": x, "parameters": [v], "p": v}


THERE = [(code, here) for there, here in ROWS for code in CODE.findall(there)]
THEIRS = {"draw_dot(y)"}
"""What is no name of a library, but a function in a notebook of micrograd's."""
PYTHONS = {"t.size()"}
"""What Python refuses by itself: a number cannot say how it should not be called."""


@pytest.mark.parametrize(("code", "here"), THERE)
def test_what_is_written_elsewhere_works_or_names_the_line_or_the_page_says_no_error(code, here):
    if "no error" in here or "the same" in here:
        run(code, habits_session())
        return
    with pytest.raises((AutogradError, AttributeError, GraphCutWarning, NameError, TypeError)) as e:
        run(code, habits_session())
    assert (code in THEIRS) == (e.type is NameError)
    assert (code in PYTHONS) == (e.type is TypeError)
    assert code in THEIRS | PYTHONS or names_one_of(here, str(e.value)), e.value


def names_one_of(here, message):
    """Whether the message has a name in it that the page's line has: a method, a function, an argument."""
    name = re.compile(r"[A-Za-z]\w+|(?<=\.)T|\*\*|@")
    known = {found for line in CODE.findall(here) for found in name.findall(line)} - {"np", "nn"}
    known |= {"nothing", "leave it out", "no devices", "main memory"} & set(re.findall(
        r"nothing|leave it out|no devices|main memory", here))  # fmt: skip
    return any(name in message for name in known)


def bare(x):
    """The numbers of a tensor of PyTorch's; anything else as it is."""
    return x.detach().numpy() if hasattr(x, "detach") else x


FROM_TORCH = ROWS[: [there for there, _ in ROWS].index("`np.array([v, v])` of Values")]


@pytest.mark.parametrize(("there", "here"), FROM_TORCH)
def test_both_columns_give_the_same_numbers(there, here):
    """The left one in PyTorch itself, the right one here."""
    torch = pytest.importorskip("torch")
    entries = torch.arange(6.0, dtype=torch.float64).reshape(2, 3) + 1.0
    theirs = {"torch": torch, "nn": torch.nn, "t": entries, "u": entries + 1.0, "data": [1.0, 2.0]}
    lines = [line for line in CODE.findall(here) if line not in WORDS]
    for k, code in enumerate(CODE.findall(there)):
        if re.search(r"cuda|\bx\.|backward|retain_grad|no_grad|seed|optim|utils|t\[0\]", code):
            continue  # no number, or nothing to compare it with
        found = run(code, dict(theirs))
        parts = list(found) if isinstance(found, tuple) and len(lines) == len(found) else [found]
        for part, line in zip(parts, lines[k : k + len(parts)], strict=len(parts) > 1):
            ours = run(line, session())
            np.testing.assert_allclose(plain(ours), np.asarray(bare(part)), rtol=1e-6)


# --- the errors ----------------------------------------------------------------------------------

TENSOR = Tensor([[1.0, 2.0]], requires_grad=True)


@pytest.mark.parametrize(
    ("owner", "thing"),
    [("Tensor", TENSOR), ("Value", Value(1.0)), ("Entries", TENSOR.at[0]), ("autograd_lite", al), ("nn", nn),
     ("nn.optim", nn.optim), ("Module", nn.Linear(2, 1))],
)  # fmt: skip
def test_a_habit_is_answered_with_its_line_and_hides_nothing_that_works(owner, thing):
    for name, line in spellings.ATTRIBUTES[owner].items():
        said = re.escape(f"{name!r}: write {spellings.shown(line)}")
        with pytest.raises(AttributeError, match=said):
            getattr(thing, name)
        assert not hasattr(thing, name)


@pytest.mark.parametrize("thing", [al, nn, nn.Linear(2, 1), TENSOR.at[0]])
def test_a_typing_error_is_answered_with_the_nearest_name(thing):
    with pytest.raises(AttributeError, match="has no attribute 'zzyzx'; known: "):
        thing.zzyzx  # noqa: B018 - asking is the point


HINTS = {
    **{f"{owner}.{name}": hint
       for owner, table in spellings.ATTRIBUTES.items() for name, hint in table.items()},
    **{f"argument {name}": hint for name, hint in spellings.ARGUMENTS.items()},
    **{f"mathematics {name}": f"`{line}`" for name, line in spellings.MATHEMATICS.items()},
    **{f"{name} of Values": hint for name, hint in spellings.OF_VALUES.items()},
}  # fmt: skip


@pytest.mark.parametrize("where", HINTS)
def test_every_line_that_a_hint_tells_to_write_can_be_written(where, tmp_path):
    names = {**session(), "path": tmp_path / "model.npz"}
    names["t"] = names["w"]  # a leaf too, for what is said of leaves
    if where.startswith(("Value", "Entries")):
        names.update(v=Value(2.0) if where.startswith("Value") else 2.0)
    if where == "Tensor.mv":
        names["x"] = np.ones(3)
    if (
        where.startswith("mathematics")
        or where.removeprefix("autograd_lite.") in spellings.MATHEMATICS
    ):
        names["x"] = Value(0.5)
    if "Batches" in HINTS[where]:
        names["t"] = names["x"]
    if where == "Module.apply":
        names["f"] = repr
    if where.endswith("of Values"):
        names.update(a=Value(2.0), b=Value(3.0), c=Value(4.0))
    lines = CODE.findall(HINTS[where])
    for line in lines:
        run(line, names)
    # what has no line to run says that nothing is to be written, or which argument
    words = r"^(nothing|leave it out|axis=|keepdims=|ddof=|give the second operand)"
    assert lines or re.match(words, HINTS[where])
    assert not re.search(r"\w\(", CODE.sub("", HINTS[where])), "a call outside of the marks"


@pytest.mark.parametrize(
    ("package", "name", "line"),
    [("autograd_lite", "tensor", "Tensor(data, requires_grad=True)"), ("autograd_lite", "ln", "log(x)"),
     ("autograd_lite", "Variable", "Value(2.0)"), ("autograd_lite", "sinn", "did you mean 'sin'"),
     ("nn", "DataLoader", "nn.Batches(x, t, size=32)"),
     ("nn.optim", "lr_scheduler", "nn.StepLR(optimizer, 10)")],
)  # fmt: skip
def test_a_name_that_is_imported_is_answered_as_one_that_is_read(package, name, line):
    with pytest.raises(ImportError, match=re.escape(line)):
        run(f"from {package} import {name}", {})
    with pytest.raises(AttributeError, match=re.escape(line)):
        run(f"import {package}; {package}.{name}", {})


def test_no_module_of_the_package_has_the_name_of_a_function_elsewhere():
    """`autograd_lite.tensor(…)` would say that a module is not callable."""
    folder = Path(al.__file__).parent
    modules = {path.stem for path in folder.iterdir()} - {"__init__"}
    assert len(modules) > 30
    assert not modules & set(spellings.ATTRIBUTES["autograd_lite"])
    torch = pytest.importorskip("torch")
    assert not {name for name in modules if inspect.isroutine(getattr(torch, name, None))}


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (lambda: TENSOR.sum(dim=1), "axis=1"),
        (lambda: al.softmax(TENSOR, dim=-1), "axis=-1"),
        (lambda: al.softmax([1.0, 2.0], dim=-1), "axis=-1"),
        (lambda: TENSOR.mean(0, keepdim=True), "keepdims=True"),
        (lambda: TENSOR.sum(dim=1, keepdim=True), "axis=1; keepdims=True"),
        (
            lambda: TENSOR.sum().backward(retain_graph=True, create_graph=True),
            r"leave it out.*grad\(grad",
        ),
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
