"""Names as typed and as a terminal shows them; untrusted names are harmless."""

import pytest

from autograd_lite import FlowGraph, Tensor, Value
from autograd_lite.errors import OperandError
from autograd_lite.names import GREEK, pretty


def kind(thing):
    return type(thing).__name__


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("x", "x"), ("h_0", "h_0"), ("h_{12}", "h_12"), ("W_xh", "W_xh"), ("\\hat{y}", "ŷ"), ("yhat", "ŷ"),
        ("\\tilde{c}_t", "c̃_t"), ("ctilde_t", "c̃_t"), ("\\epsilon_u", "ε_u"), ("epsilon_u", "ε_u"),
        ("\\hat{\\theta}", "θ̂"), ("lambda", "λ"), ("\\lambda_1", "λ_1"), ("pi", "π"), ("what", "ŵ"),
        ("hat", "hat"), ("hatch", "hatch"), ("whatever", "whatever"), ("alphabet", "alphabet"),
        ("\\bar{x}", "x̄"), ("ŷ", "ŷ"), ("Größe", "Größe"),
        ("\\mathcal{L}", "L"), ("\\mathbf{h}_0", "h_0"), ("\\hat{\\mathbf{y}}", "ŷ"),
    ],
)  # fmt: skip
def test_names_as_shown(typed, shown):
    import unicodedata

    assert pretty(typed) == unicodedata.normalize("NFC", shown)
    assert Value(1.0).named(typed).name == typed


def test_the_whole_alphabet():
    assert len(GREEK) == 24
    assert (GREEK["alpha"], GREEK["omega"], GREEK["lambda"]) == ("α", "ω", "λ")


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b[31mred",
        "a\nb",
        "\r",
        "\u202eabc",
        "\\hat{",
        "{}{}",
        "}",
        "_",
        "__",
        "\\",
        "%s %d {0}",
        "\0",
        "a" * 5000,
    ],
)
def test_hostile_names_are_one_printable_line(hostile):
    x = Value(1.0, name=hostile)
    for text in (pretty(hostile), repr(x), x.describe(), repr(FlowGraph(x * 2))):
        assert text.isprintable()
    assert x.name == hostile


def test_the_empty_name_is_no_name():
    assert Value(1.0, name="").name is None
    assert Tensor([1.0], name="").name is None


@pytest.mark.parametrize("bad", [3, 1.5, ["x"], b"x", Value(1.0)], ids=kind)
def test_a_name_is_text(bad):
    for make in (
        lambda: Value(1.0, name=bad),
        lambda: Tensor([1.0], name=bad),
        lambda: Value(1.0).named(bad),
    ):
        with pytest.raises(OperandError, match="a name is text"):
            make()


def test_messages_name_a_node_or_its_operation_and_always_its_number():
    x = Value(2.0, name="\\hat{x}")
    assert x.describe() == f"x̂ (node {x.number})"
    y = x * x
    assert y.describe() == f"multiply (node {y.number})"
