"""What is said of a file: one line that a terminal shows as it is, which names the place and the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="no models: pip install onnx")

from autograd_lite.errors import AutogradError, GraphError, OperandError
from autograd_lite.interop import from_onnx
from tests.autograd_lite.interop.onnx_reading.building import model, node, value

EVIL = "\x1b[31m\n\x00\u202e" + "A" * 1_000_000


def named_length(m: Any) -> None:
    m.graph.input[0].type.tensor_type.shape.dim.add().dim_param = EVIL


def operator(m: Any) -> None:
    m.graph.node[0].op_type = EVIL


def domain(m: Any) -> None:
    m.graph.node[0].domain = EVIL


def node_name(m: Any) -> None:
    m.graph.node[0].name = EVIL


def attribute(m: Any) -> None:
    m.graph.node[0].attribute.add(name=EVIL, type=1)


def referred(m: Any) -> None:
    m.graph.node[0].attribute.add(name="alpha", ref_attr_name=EVIL, type=1)


def text(m: Any) -> None:
    m.graph.node[0].CopyFrom(node("Gelu", "x", "y", approximate=EVIL))


def equation(m: Any) -> None:
    m.graph.node[0].CopyFrom(node("Einsum", "x", "y", equation=EVIL))


def imported(m: Any) -> None:
    for _ in range(2):
        m.opset_import.add(domain=EVIL, version=1)


def initialiser(m: Any) -> None:
    m.graph.initializer.add(name=EVIL, data_type=11)


def input_name(m: Any) -> None:
    m.graph.input[0].name = EVIL


def output_name(m: Any) -> None:
    m.graph.output[0].name = EVIL


def function(m: Any) -> None:
    m.functions.add(name=EVIL, domain=EVIL)


PLACES = [
    named_length, operator, domain, node_name, attribute, referred, text, equation, imported, initialiser,
    input_name, output_name, function,
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_signs_for_a_terminal_and_long_texts_are_never_written_as_they_are(
    place: Callable[[Any], None],
) -> None:
    m = model([node("Neg", "x", "y")], ["x"], ["y"])
    place(m)
    with pytest.raises(AutogradError) as caught:
        from_onnx(m, np.ones((2, 2)))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) <= 400


def inside(nodes: Any, versions: Any, **attributes: Any) -> Any:
    """A model that calls a function of these nodes and versions."""
    own = onnx.helper.make_function("own", "F", ["a"], ["b"], nodes, versions)
    return model([node("F", "x", "y", domain="own", **attributes)], ["x"], ["y"], functions=[own])


@pytest.mark.parametrize("version", [0, -1, 2**40])
def test_a_functions_version_of_the_operators_exists_too(version: int) -> None:
    m = inside([node("Neg", "a", "b")], [onnx.helper.make_opsetid("", version)])
    with pytest.raises(GraphError, match=f"version {version} of ONNX's operators"):
        from_onnx(m, 1.0)


def test_a_function_says_its_version() -> None:
    m = inside([node("Neg", "a", "b")], [])
    with pytest.raises(GraphError, match=r"\(Neg\): it stands where no version"):
        from_onnx(m, 1.0)


def leaky(**referred: Any) -> Any:
    """A node whose slope is that of the function it stands in."""
    found = node("LeakyRelu", "a", "b")
    found.attribute.add(name="alpha", type=1, **referred)
    return found


def test_an_attribute_of_a_function_is_one_that_it_has() -> None:
    """Left out, it would silently be the usual one."""
    versions = [onnx.helper.make_opsetid("", 20)]
    with pytest.raises(
        GraphError, match="'alpha' is to be 'slope' of the function that it stands in"
    ):
        from_onnx(inside([leaky(ref_attr_name="slope")], versions), -1.0)
    m = model([node("LeakyRelu", "x", "y")], ["x"], ["y"])
    m.graph.node[0].attribute.add(name="alpha", type=1, ref_attr_name="slope")
    with pytest.raises(GraphError, match="which has none"):
        from_onnx(m, -1.0)
    m = inside([leaky(ref_attr_name="slope")], versions, slope=0.25)
    m.functions[0].attribute.append("slope")
    assert from_onnx(m, -1.0).outputs[0].item() == -0.25
    del m.graph.node[0].attribute[:]
    assert from_onnx(m, -1.0).outputs[0].item() == -0.01


def test_the_graph_of_a_loop_gives_what_is_carried_on() -> None:
    body = onnx.helper.make_graph([], "body", [value(n, None) for n in "abc"], [value("b", None)])
    m = model([node("Loop", "n yes x", "y", body=body)], ["x"], ["y"],
              {"n": np.array(2), "yes": np.array(True)})  # fmt: skip
    with pytest.raises(GraphError, match="gives 1 values, and has to say whether it goes on"):
        from_onnx(m, 1.0)


@pytest.mark.parametrize(
    ("x", "reason"),
    [
        (np.ma.array([1.0], mask=[True]), "masked"),
        (np.broadcast_to(1.0, (2**50,)), "no array"),
        ([[1.0], [1.0, 2.0]], "no array"),
        (None, "declared as float64"),
    ],
    ids=["masked", "larger than memory", "ragged", "nothing"],
)
def test_an_input_that_is_no_array_is_said_so(x: Any, reason: str) -> None:
    with pytest.raises(OperandError, match=reason):
        from_onnx(model([node("Neg", "x", "y")], ["x"], ["y"]), x)
