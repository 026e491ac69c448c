"""What `from_onnx` gives: leaves, values, names and scopes, and all that can be asked of a flow graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="no models: pip install onnx")
pytest.importorskip("onnxruntime", reason="no peer: pip install onnxruntime")

import viz
from autograd_lite import FlowGraph, Tape
from autograd_lite.interop import ImportedGraph, from_onnx
from tests.autograd_lite.interop.onnx_reading.building import model, node, value
from tests.autograd_lite.interop.onnx_reading.runtime import run

RNG = np.random.default_rng(3)
X = RNG.standard_normal((4, 3))
WEIGHTS = {
    "layer.0.weight": RNG.standard_normal((5, 3)),
    "layer.0.bias": RNG.standard_normal(5),
    "W_2": RNG.standard_normal((5, 2)),
}


def mlp() -> Any:
    return model(
        [
            node("Gemm", "x layer.0.weight layer.0.bias", "/net/layer.0/Gemm_output_0", transB=1,
                 name="/net/layer.0/Gemm"),
            node("Tanh", "/net/layer.0/Gemm_output_0", "h", name="/net/act/Tanh"),
            node("MatMul", "h W_2", r"\hat{y}", name="/net/MatMul"),
        ],
        [value("x", ["batch", 3])], [value(r"\hat{y}", ["batch", 2])], WEIGHTS,
    )  # fmt: skip


@pytest.fixture
def graph() -> ImportedGraph:
    return from_onnx(mlp(), X)


def test_leaves_have_the_models_names(graph: ImportedGraph) -> None:
    assert [x.name for x in graph.inputs] == ["x"]
    assert list(graph.parameters) == list(WEIGHTS)
    assert all(w.is_leaf and w.requires_grad and w.name == k for k, w in graph.parameters.items())
    assert repr(graph) == r"<imported graph: x (4, 3) → \hat{y} (4, 2); parameters 3>"


def test_the_value_is_onnxruntimes_and_numpys(graph: ImportedGraph) -> None:
    (theirs,) = run(mlp(), X)
    np.testing.assert_allclose(graph.outputs[0].numpy(), theirs, rtol=1e-14)
    W, b, V = WEIGHTS.values()
    np.testing.assert_allclose(graph.outputs[0].numpy(), np.tanh(X @ W.T + b) @ V, rtol=1e-14)


def test_a_file_gives_what_the_model_gives(graph: ImportedGraph, tmp_path: Any) -> None:
    path = tmp_path / "model.onnx"
    onnx.save(mlp(), path)
    for source in (path, str(path)):
        np.testing.assert_array_equal(
            from_onnx(source, X).outputs[0].numpy(), graph.outputs[0].numpy()
        )


def test_words_name_variables_and_paths_do_not(graph: ImportedGraph) -> None:
    flow = FlowGraph(graph.outputs[0])
    assert {v.name for v in flow.variables} == {"x", *WEIGHTS, "h", r"\hat{y}"}


def test_paths_of_nodes_are_scopes(graph: ImportedGraph) -> None:
    y = graph.outputs[0]
    (h, _) = y.parents
    (excitation,) = h.parents
    assert (y.scope, h.scope, excitation.scope) == ("net", "net.act", "net.layer.0")


def test_partial_and_total_derivatives_are_those_of_the_equations(graph: ImportedGraph) -> None:
    L = (graph.outputs[0] ** 2).sum().named("L")
    flow = FlowGraph(L)
    W, b, V = WEIGHTS.values()
    h = np.tanh(X @ W.T + b)
    total_y = 2 * h @ V
    np.testing.assert_allclose(flow.total(r"\hat{y}"), total_y, rtol=1e-12)
    np.testing.assert_allclose(flow.total("h"), total_y @ V.T, rtol=1e-12)
    np.testing.assert_allclose(flow.total("x"), (total_y @ V.T * (1 - h**2)) @ W, rtol=1e-12)
    assert not np.any(flow.partial(L, "h"))  # ŷ is held, and L is computed from ŷ alone
    np.testing.assert_allclose(flow.cut(["h"]).derivative("x"), flow.total("x"), rtol=1e-12)


def test_gradients_are_checked_by_differences() -> None:
    graph = from_onnx(mlp(), X)
    (graph.outputs[0] ** 2).sum().backward()
    step = 1e-6
    for i in np.ndindex(X.shape):
        moved = [X.copy(), X.copy()]
        moved[0][i] += step
        moved[1][i] -= step
        up, down = (float((run(mlp(), m)[0] ** 2).sum()) for m in moved)
        assert graph.inputs[0].grad[i] == pytest.approx((up - down) / (2 * step), rel=1e-6)


def test_a_changed_leaf_is_evaluated_again_with_its_comparisons() -> None:
    chosen = model(
        [node("Greater", "x zero", "m"), node("Mul", "x x", "a"), node("Where", "m a x", "y")],
        ["x"], ["y"], {"zero": np.array(0.0)},
    )  # fmt: skip
    graph = from_onnx(chosen, np.array([-1.0, 2.0]))
    y = graph.outputs[0]
    assert y.numpy().tolist() == [-1.0, 4.0]
    graph.inputs[0].data = [3.0, -2.0]
    Tape(y).evaluate()
    assert y.numpy().tolist() == [9.0, -2.0]
    y.sum().backward()
    assert graph.inputs[0].grad.tolist() == [6.0, 1.0]


@pytest.mark.parametrize("suffix", ["svg", "txt", "tex", "dot"])
def test_it_is_drawn(graph: ImportedGraph, suffix: str, tmp_path: Any) -> None:
    path = tmp_path / f"model.{suffix}"
    viz.draw(FlowGraph(graph.outputs[0])).save(path)
    text = path.read_text(encoding="utf-8")
    assert "layer" in text or (suffix == "svg" and len(text) > 10_000)  # as outlines there


def test_it_is_derived_and_stepped_through(graph: ImportedGraph) -> None:
    L = (graph.outputs[0] ** 2).sum().named("L")
    text = viz.derive(FlowGraph(L), wrt="x").text()
    assert "dL/dh" in text
    assert "tanh" in text
    assert len(viz.step(FlowGraph(L)).html()) > 1000


def test_whole_numbers_and_truth_values_are_constants_at_the_border() -> None:
    m = model(
        [node("Gather", "table ids", "e"), node("ArgMax", "e", "best", axis=1, keepdims=0)],
        [value("ids", [3], "int64")], ["e", value("best", [3], "int64")],
        {"table": np.arange(12.0).reshape(4, 3)},
    )  # fmt: skip
    graph = from_onnx(m, [0, 2, 2])
    ids, best = graph.inputs[0], graph.outputs[1]
    assert (ids.name, ids.requires_grad, ids.numpy().tolist()) == ("ids", False, [0.0, 2.0, 2.0])
    assert (best.name, best.requires_grad, best.numpy().tolist()) == (
        "best",
        False,
        [2.0, 2.0, 2.0],
    )
    graph.outputs[0].sum().backward()
    assert graph.parameters["table"].grad.tolist() == [[1.0] * 3, [0.0] * 3, [2.0] * 3, [0.0] * 3]


def test_whole_numbers_that_no_float_holds_are_refused() -> None:
    m = model([node("Identity", "n", "m")], [value("n", [], "int64")], [value("m", [], "int64")])
    assert from_onnx(m, 2**53).outputs[0].item() == 2**53
    with pytest.raises(TypeError, match="2⁵³"):
        from_onnx(m, 2**53 + 1)


def test_an_identity_is_a_variable_of_its_own() -> None:
    m = model([node("Identity", "x", "y"), node("Dropout", "y", "z")], ["x"], ["z", "x"])
    graph = from_onnx(m, [2.0])
    z, x = graph.outputs
    assert x is graph.inputs[0]
    flow = FlowGraph(z)
    assert [v.name for v in flow.variables] == ["x", "y", "z"]
    assert flow.total("y") == 1.0


def test_float32_stays_float32_and_constants_of_the_model_do_not_widen_it() -> None:
    m = model(
        [node("Mul", "x two", "y"), node("Pow", "y n", "z")], [value("x", [2], "float32")],
        [value("z", [2], "float32")],
        {"two": np.array(2.0, np.float32), "n": np.array(3, np.int64)},
    )  # fmt: skip
    graph = from_onnx(m, [1.0, 2.0])
    assert graph.outputs[0].dtype == np.float32
    graph.outputs[0].sum().backward()
    assert graph.inputs[0].grad.dtype == np.float32


def test_a_model_may_be_read_under_no_grad_and_then_has_no_graph() -> None:
    from autograd_lite import no_grad

    with no_grad():
        graph = from_onnx(mlp(), X)
    assert not graph.outputs[0].requires_grad
