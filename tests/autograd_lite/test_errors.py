"""One exception tree, drawn in the docstring of its module; every message says what to write instead."""

import re

import pytest

from autograd_lite import Value, errors
from autograd_lite.errors import AutogradError, did_you_mean

CLASSES = {
    name: cls
    for name, cls in vars(errors).items()
    if isinstance(cls, type) and issubclass(cls, AutogradError)
}


def drawn():
    """(depth, name, builtin) of each line of the tree in the docstring."""
    lines = re.findall(
        r"^( *)([│ ]*[├└]── )?(\w+Error)\b(?: \((\w+)\))?", errors.__doc__, re.MULTILINE
    )
    return [(len(marks or "") // 4, name, builtin) for _, marks, name, builtin in lines]


def test_the_tree_in_the_docstring_is_the_tree():
    above: list[str] = []
    for depth, name, builtin in drawn():
        del above[depth:]
        cls = CLASSES[name]
        if above:
            assert CLASSES[above[-1]] in cls.__bases__
        if builtin:
            assert any(base.__name__ == builtin for base in cls.__mro__)
        above.append(name)
    assert {name for _, name, _ in drawn()} == set(CLASSES)


@pytest.mark.parametrize("cls", CLASSES.values(), ids=CLASSES)
def test_each_is_documented_and_caught_by_the_root(cls):
    assert cls.__doc__
    with pytest.raises(AutogradError, match="what"):
        raise cls("what happened")


def test_each_is_also_what_python_would_raise():
    builtin = {
        "ShapeError": ValueError,
        "IndexingError": IndexError,
        "OperandError": TypeError,
        "NotAVariableError": LookupError,
        "CheckError": AssertionError,
        "GraphError": ValueError,
    }
    for name, base in builtin.items():
        assert issubclass(CLASSES[name], base)


def test_did_you_mean_offers_the_nearest_or_all():
    assert did_you_mean("h0", ["h_0", "h_1", "x"]) == "did you mean 'h_0'?"
    assert did_you_mean("h1", ["h_0", "h_1", "x"]) == "did you mean 'h_1'?"
    assert did_you_mean("q", ["b", "a", "a"]) == "known: a, b"
    assert did_you_mean("q", []) == "known: none"
    assert did_you_mean("q", [f"name_{k}" for k in range(100)]).endswith("…")


@pytest.mark.parametrize(
    "data", ["a" * 10_000, 10**400, 10**5000, [None] * 10_000], ids=["text", "int", "giant", "list"]
)
def test_messages_stay_short_whatever_was_given(data):
    with pytest.raises(AutogradError) as raised:
        Value(data)
    assert len(str(raised.value)) < 200
