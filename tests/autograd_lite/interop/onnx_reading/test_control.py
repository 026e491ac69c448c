"""If, Loop, Scan and functions: run in their place where what is chosen is fixed, refused where it is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="no models: pip install onnx")
pytest.importorskip("onnxruntime", reason="no peer: pip install onnxruntime")

from autograd_lite.errors import GraphError, OperandError
from autograd_lite.interop import from_onnx
from autograd_lite.interop.onnx_reading import budget
from tests.autograd_lite.interop.onnx_reading.building import model, node, value
from tests.autograd_lite.interop.onnx_reading.runtime import run

X = np.array([1.0, -2.0, 3.0])


@pytest.fixture
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small budget, so that it is used up soon."""
    monkeypatch.setattr(budget, "MOST_STEPS", 2000)


def graph(nodes: Any, inputs: Any, outputs: Any) -> Any:
    return onnx.helper.make_graph(nodes, "inside", inputs, outputs)


def branches() -> dict[str, Any]:
    double = graph([node("Add", "x x", "t")], [], [value("t", None)])
    square = graph([node("Mul", "x x", "e")], [], [value("e", None)])
    return {"then_branch": double, "else_branch": square}


@pytest.mark.parametrize(("condition", "slope"), [(True, [2.0] * 3), (False, [2.0, -4.0, 6.0])])
def test_a_branch_that_an_input_of_truth_values_chooses(condition: bool, slope: Any) -> None:
    m = model(
        [node("If", "c", "y", **branches())],
        [value("c", [], "bool"), value("x", [3])],
        [value("y", [3])],
    )
    read = from_onnx(m, np.array(condition), X)
    np.testing.assert_array_equal(read.outputs[0].numpy(), run(m, np.array(condition), X)[0])
    read.outputs[0].sum().backward()
    assert read.inputs[1].grad.tolist() == slope


def test_a_branch_that_a_shape_chooses() -> None:
    m = model(
        [node("Size", "x", "n"), node("Equal", "n three", "c"), node("If", "c", "y", **branches())],
        [value("x", [3])], ["y"], {"three": np.array(3)},
    )  # fmt: skip
    assert from_onnx(m, X).outputs[0].numpy().tolist() == [2.0, -4.0, 6.0]


@pytest.mark.parametrize(
    "nodes",
    [
        [node("ReduceSum", "x", "s", keepdims=0), node("Greater", "s zero", "c")],
        [node("ArgMax", "x", "k", keepdims=0), node("Equal", "k one", "c")],
        [node("NonZero", "x", "k"), node("Size", "k", "n"), node("Equal", "n one", "c")],
    ],
    ids=["a comparison", "a place", "a shape that numbers decide"],
)
def test_a_branch_that_numbers_choose_is_refused(nodes: Any) -> None:
    m = model(
        [*nodes, node("If", "c", "y", **branches())], ["x"], ["y"],
        {"zero": np.array(0.0), "one": np.array(1)},
    )  # fmt: skip
    with pytest.raises(
        OperandError, match=r"\(If\): the condition of the If depends on the numbers"
    ):
        from_onnx(m, X)


def loop(condition: str = "go") -> Any:
    body = graph(
        [node("Mul", "v x", "w"), node("Identity", condition, "on"), node("Identity", "w", "seen")],
        [value("i", [], "int64"), value("go", [], "bool"), value("v", [3])],
        [value("on", [], "bool"), value("w", [3]), value("seen", [3])],
    )
    return node("Loop", "n yes x", "last all", body=body)


def test_a_loop_of_fixed_turns_is_unrolled() -> None:
    m = model([loop()], [value("x", [3])], [value("last", [3]), value("all", [2, 3])],
              {"n": np.array(2), "yes": np.array(True)})  # fmt: skip
    read = from_onnx(m, X)
    for mine, theirs in zip(read.outputs, run(m, X), strict=True):
        np.testing.assert_array_equal(mine.numpy(), theirs)
    read.outputs[0].sum().backward()
    np.testing.assert_allclose(read.inputs[0].grad, 3 * X**2)


def test_a_loop_without_end_ends(few_steps: None) -> None:
    m = model([loop()], [value("x", [3])], ["last"], {"n": np.array(2**62), "yes": np.array(True)})
    with pytest.raises(GraphError, match="more than [0-9,]+ (nodes would be run|entries)"):
        from_onnx(m, np.ones(3))


def test_a_loop_without_end_and_without_nodes_ends(few_steps: None) -> None:
    body = graph([], [value("i", [], "int64"), value("go", [], "bool")], [value("go", [], "bool")])
    body.output.add().CopyFrom(value("i", [], "int64"))
    m = model([node("Loop", "n yes", "all", body=body)], [], [value("all", None, "int64")],
              {"n": np.array(2**62), "yes": np.array(True)})  # fmt: skip
    with pytest.raises(GraphError, match="nodes would be run"):
        from_onnx(m)


def test_a_loop_whose_turns_depend_on_numbers_is_refused() -> None:
    m = model(
        [node("ReduceSum", "x", "s", keepdims=0), node("Cast", "s", "n", to=7), loop()],
        [value("x", [3])], ["last"], {"yes": np.array(True)},
    )  # fmt: skip
    with pytest.raises(OperandError, match=r"\(Loop\): the number of turns depends on the numbers"):
        from_onnx(m, X)


def test_a_scan_is_unrolled() -> None:
    body = graph(
        [node("Add", "s r", "t"), node("Identity", "t", "o")], [value("s", []), value("r", [])],
        [value("t", []), value("o", [])],
    )  # fmt: skip
    scan = node("Scan", "zero x", "sum sums", body=body, num_scan_inputs=1)
    m = model(
        [scan], [value("x", [3])], [value("sum", []), value("sums", [3])], {"zero": np.array(0.0)}
    )
    read = from_onnx(m, X)
    for mine, theirs in zip(read.outputs, run(m, X), strict=True):
        np.testing.assert_array_equal(mine.numpy(), theirs)


# --- functions -----------------------------------------------------------------------------------


def function(name: str, nodes: Any, domain: str = "own", **more: Any) -> Any:
    imports = [onnx.helper.make_opsetid("", 20), onnx.helper.make_opsetid("own", 1)]
    return onnx.helper.make_function(domain, name, ["a", "b"], ["y"], nodes, imports, **more)


def calling(*functions: Any, name: str = "F", inputs: str = "x x", **attributes: Any) -> Any:
    call = node(name, inputs, "z", domain="own", **attributes)
    return model([call], [value("x", [3])], [value("z", [3])], functions=functions)


def test_a_models_own_function_is_run_in_its_place() -> None:
    m = calling(function("F", [node("Mul", "a b", "p"), node("Exp", "p", "y")]))
    np.testing.assert_allclose(from_onnx(m, X).outputs[0].numpy(), run(m, X)[0], rtol=1e-15)


def test_a_functions_attributes_are_put_in_its_nodes() -> None:
    inner = node("Elu", "a", "y")
    inner.attribute.append(onnx.AttributeProto(name="alpha", type=1, ref_attr_name="slope"))
    m = calling(function("F", [inner], attributes=["slope"]), slope=0.25)
    expected = np.where(X > 0, X, 0.25 * np.expm1(X))
    np.testing.assert_allclose(from_onnx(m, X).outputs[0].numpy(), expected, rtol=1e-15)
    usual = calling(function("F", [inner], attributes=["slope"]))
    assert from_onnx(usual, X).outputs[0].numpy()[1] == pytest.approx(np.expm1(-2.0))


def test_an_input_of_a_function_may_be_left_out() -> None:
    m = calling(function("F", [node("Clip", "a b", "y")]), inputs="x")
    assert from_onnx(m, X).outputs[0].numpy().tolist() == X.tolist()


def test_a_function_that_calls_itself_is_refused() -> None:
    m = calling(function("F", [node("F", "a b", "y", domain="own")]))
    with pytest.raises(GraphError, match="deep in one another"):
        from_onnx(m, X)


def test_functions_that_call_each_other_ever_more_often_are_refused(few_steps: None) -> None:
    """As in the bomb of a thousand million laughs: ten functions of ten calls each."""
    functions = [function("F0", [node("Neg", "a", "y")])]
    for k in range(1, 10):
        calls = [node(f"F{k - 1}", "a b", f"t{j}", domain="own") for j in range(9)]
        functions.append(function(f"F{k}", [*calls, node(f"F{k - 1}", "a b", "y", domain="own")]))
    with pytest.raises(GraphError, match="nodes would be run"):
        from_onnx(calling(*functions, name="F9"), X)


def test_a_function_of_onnxs_own_schema_is_run_in_its_place() -> None:
    m = model([node("MeanVarianceNormalization", "x", "y", axes=[0])], [value("x", [3], "float32")],
              [value("y", [3], "float32")])  # fmt: skip
    x = X.astype(np.float32)
    np.testing.assert_allclose(from_onnx(m, x).outputs[0].numpy(), run(m, x)[0], rtol=1e-5)
