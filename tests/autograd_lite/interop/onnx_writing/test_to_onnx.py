"""to_onnx: names, dtypes, any size of batch, gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the models are ONNX's: pip install onnx")
pytest.importorskip("onnxruntime", reason="no oracle: pip install onnxruntime")

import onnx

import nn
from autograd_lite import Tensor, equations, sin, where
from autograd_lite.interop import ImportedGraph, from_onnx, to_onnx
from tests.autograd_lite.interop.onnx_writing.runtimes import dims, props, run


def normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(shape).normal(size=shape)


def names(model: Any) -> tuple[list[str], list[str], set[str]]:
    graph = model.graph
    return (
        [x.name for x in graph.input],
        [y.name for y in graph.output],
        {c.name for c in graph.initializer},
    )


def mlp() -> Any:
    return nn.MLP((2, 3, 1), generator=0)


# --- names -------------------------------------------------------------------------------------------


def test_inputs_are_called_after_arguments_and_parameters_by_their_place_in_the_module() -> None:
    model = mlp()
    made = to_onnx(
        lambda x, t: nn.mse_loss(model(x), t), normal(4, 2), normal(4, 1), gradients=True
    )
    weights = [f"layers.{k}.{kind}" for k in (0, 1) for kind in ("weight", "bias")]
    inputs, outputs, constants = names(made)
    assert inputs == ["x", "t"]
    assert outputs == ["output", "d_x", "d_t", *(f"d_{w}" for w in weights)]
    assert {*weights} <= constants
    for w, p in model.named_parameters():
        stored = next(c for c in made.graph.initializer if c.name == w)
        np.testing.assert_array_equal(onnx.numpy_helper.to_array(stored), p.value)


def test_of_two_modules_each_parameter_says_whose_it_is() -> None:
    first, second = nn.Linear(2, 2, generator=0), nn.Linear(2, 2, generator=1)
    constants = names(to_onnx(lambda x: second(first(x)), normal(3, 2)))[2]
    assert {"first.weight", "first.bias", "second.weight", "second.bias"} <= constants


def test_nodes_say_their_module_and_variables_keep_their_names() -> None:
    made = to_onnx(mlp(), normal(4, 2))
    nodes = {node.name: list(node.output) for node in made.graph.node}
    assert nodes["MLP.layers.0/xi_1/add"] == ["xi_1"]
    assert nodes["MLP/h_1/relu"] == ["h_1"]
    assert names(made)[1] == ["yhat"]


def test_an_input_that_is_called_as_an_output_would_be_keeps_its_name() -> None:
    made = to_onnx(
        lambda output, d_output: (output * d_output).sum(), normal(2), normal(2), gradients=True
    )
    inputs, outputs, _ = names(made)
    assert inputs == ["output", "d_output"]
    assert len({*inputs, *outputs}) == 5


# --- forms -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtypes_are_kept(dtype: str) -> None:
    x = normal(3, 2).astype(dtype)
    outputs, who = run(to_onnx(mlp().astype(dtype), x), x + np.asarray(1, dtype))
    assert outputs["yhat"].dtype == dtype
    assert who == "onnxruntime"


@pytest.mark.parametrize("dtype", ["float16", "longdouble"])
def test_other_floating_numbers_are_float64_as_they_are_in_the_engine(dtype: str) -> None:
    made = to_onnx(lambda x: (x * x).sum(), normal(3).astype(dtype), gradients=True)
    outputs, _ = run(made, np.array([1.0, 2.0, 3.0]))
    assert outputs["output"] == 14.0
    np.testing.assert_array_equal(outputs["d_x"], [2.0, 4.0, 6.0])


def test_whole_numbers_and_truths_stay_so_and_have_no_gradient() -> None:
    def f(count: Any, mask: Any, x: Any) -> Any:
        return where(mask, count * x, 0.0).sum()

    made = to_onnx(f, np.array([1, 2]), np.array([True, False]), normal(2), gradients=True)
    outputs, _ = run(made, np.array([5, 7]), np.array([False, True]), np.array([1.0, 2.0]))
    assert [*outputs] == ["output", "d_x"]
    assert outputs["output"] == 14.0
    np.testing.assert_array_equal(outputs["d_x"], [0.0, 7.0])


def test_classes_may_be_an_input() -> None:
    model = nn.MLP((4, 3), generator=0)
    made = to_onnx(
        lambda x, t: nn.cross_entropy(model(x), t), normal(5, 4), np.array([0, 1, 2, 0, 1])
    )
    x, t = normal(6, 4), np.array([2, 2, 1, 0, 0, 1])
    outputs, _ = run(made, x, t)
    want = nn.cross_entropy(model(Tensor(x)), t).value
    np.testing.assert_allclose(outputs[made.graph.output[0].name], want, rtol=1e-14)


def test_numbers_lists_and_dicts_are_arguments_too() -> None:
    made = to_onnx(lambda pair, more: pair[0] * more["k"] + sin(pair[1]), [1.0, 2.0], {"k": 3.0})
    assert names(made)[0] == ["pair_1", "pair_2", "more"]
    outputs, _ = run(made, *map(np.array, (2.0, 0.5, 4.0)))
    np.testing.assert_allclose(outputs["output"], 8.0 + np.sin(0.5), rtol=1e-15)


def test_several_results_and_results_that_move_with_nothing() -> None:
    made = to_onnx(lambda x: (x, x * 2.0, np.ones(2)), normal(2))
    outputs, _ = run(made, np.array([3.0, 4.0]))
    assert [y.tolist() for y in outputs.values()] == [[3.0, 4.0], [6.0, 8.0], [1.0, 1.0]]


# --- any size of batch -------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 4, 9])
def test_a_batch_may_have_any_size_backward_too(n: int) -> None:
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3, generator=0),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(8, 2, generator=0),
    )

    def loss(x: Any) -> Any:
        return (model(x) ** 2).mean()

    made = to_onnx(loss, normal(4, 1, 6, 6), gradients=True)
    assert dims(made.graph.input[0]) == ["batch", 1, 6, 6]
    assert props(made)["batch"] == "The size of the batch is any: axis 0 of x."
    x = Tensor(normal(n, 1, 6, 6), requires_grad=True)
    outputs, _ = run(made, x.value)
    model.zero_grad()
    y = loss(x)
    y.backward()
    np.testing.assert_allclose(outputs[made.graph.output[0].name], y.value, rtol=1e-13)
    np.testing.assert_allclose(outputs["d_x"], x.grad, rtol=0, atol=1e-14)
    for name, p in model.named_parameters():
        np.testing.assert_allclose(outputs[f"d_{name}"], p.grad, rtol=0, atol=1e-13)


def test_behind_time_steps_the_batch_is_found_and_the_length_of_time_is_frozen() -> None:
    rnn = nn.RNN(3, 4, generator=0)
    made = to_onnx(lambda x: rnn(x)[0], normal(5, 2, 3))
    assert dims(made.graph.input[0]) == [5, "batch", 3]
    assert dims(made.graph.output[0]) == [5, "batch", 4]
    x = normal(5, 7, 3)
    outputs, _ = run(made, x)
    np.testing.assert_allclose(*outputs.values(), rnn(Tensor(x))[0].value, rtol=1e-13, atol=1e-15)


def test_lengths_that_move_with_the_batch_say_how() -> None:
    made = to_onnx(lambda x: (x.reshape(-1), x.var(axis=0, ddof=1)), normal(4, 3))
    assert [dims(y) for y in made.graph.output] == [["3*batch"], [3]]
    x = normal(6, 3)
    outputs, _ = run(made, x)
    flat, var = outputs.values()
    np.testing.assert_array_equal(flat, x.ravel())
    np.testing.assert_allclose(var, x.var(axis=0, ddof=1), rtol=1e-14)


def test_sorting_and_a_batch_that_was_empty_hold_for_other_sizes() -> None:
    x = np.array([3.0, 1.0, 2.0, 1.0, 0.5])
    np.testing.assert_array_equal(run(to_onnx(np.sort, normal(3)), x)[0]["output"], np.sort(x))
    outputs, _ = run(to_onnx(lambda x: x * 2.0, np.ones((0, 2))), np.ones((3, 2)))
    np.testing.assert_array_equal(outputs["output"], np.full((3, 2), 2.0))


@pytest.mark.parametrize(
    ("f", "why"),
    [
        (lambda x: x * np.array([1.0, 2.0, 3.0]), "at another size it does not run"),
        (
            lambda x: sum(x[k] for k in range(len(x))),
            "another size of batch gives other operations",
        ),
    ],
)
def test_what_holds_for_one_size_alone_says_so_and_why(f: Any, why: str) -> None:
    made = to_onnx(f, normal(3))
    assert dims(made.graph.input[0]) == [3]
    assert props(made)["batch"].startswith(f"All shapes are the example's: {why}")
    assert made.doc_string == props(made)["batch"]
    np.testing.assert_allclose(run(made, np.ones(3))[0]["output"], f(Tensor(np.ones(3))).value)


def test_a_frozen_batch_is_asked_for_with_none() -> None:
    assert dims(to_onnx(lambda x: x * 2.0, normal(3), batch=None).graph.input[0]) == [3]


# --- gradients that add up -----------------------------------------------------------------------------


def test_rows_that_are_read_many_times_add_up_in_every_run() -> None:
    """ScatterND of onnxruntime's threads loses some: 200 000 reads of three rows would show it."""
    index = np.random.default_rng(0).integers(0, 3, 200_000)
    made = to_onnx(lambda w: w[index].sum(), normal(3, 4), gradients=True, batch=None)
    assert "ScatterND" not in {node.op_type for node in made.graph.node}
    counts = np.repeat(np.bincount(index)[:, None], 4, axis=1)
    np.testing.assert_array_equal(run(made, normal(3, 4))[0]["d_w"], counts)


# --- graphs that have been computed ----------------------------------------------------------------------


def test_a_node_is_a_model_of_its_leaves() -> None:
    graph = equations("x = 0.5\nu = 2.0\nh = sin(x)*u\nyhat = h*x")
    made = to_onnx(graph["yhat"], gradients=True)
    outputs, _ = run(made, np.array(0.75), np.array(3.0))
    assert [*outputs] == ["yhat", "d_x", "d_u"]
    x, u = 0.75, 3.0
    want = [u * x * np.sin(x), u * (np.sin(x) + x * np.cos(x)), x * np.sin(x)]
    np.testing.assert_allclose([*outputs.values()], want, rtol=1e-15)


def test_an_imported_graph_keeps_the_names_of_its_parameters() -> None:
    x, w = Tensor(normal(2, 3), name="x"), Tensor(normal(3, 2), requires_grad=True)
    x = Tensor(normal(2, 3), requires_grad=True, name="x")
    made = to_onnx(ImportedGraph((x,), ((x @ w).named("y"),), {"encoder.0.weight": w}))
    assert names(made) == (["x"], ["y"], {"encoder.0.weight"})
    np.testing.assert_allclose(run(made, np.eye(2, 3))[0]["y"], w.value[:2])


def test_whole_numbers_of_an_imported_graph_are_no_inputs_and_that_is_said() -> None:
    """The graph has read the places that they say; an input of that name would change nothing."""
    gather = onnx.helper.make_node("Gather", ["w", "i"], ["y"])
    i = onnx.helper.make_tensor_value_info("i", onnx.TensorProto.INT64, [2])
    y = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.DOUBLE, [2])
    w = onnx.numpy_helper.from_array(np.array([1.0, 2.0, 3.0]), "w")
    graph = onnx.helper.make_graph([gather], "g", [i], [y], [w])
    read = from_onnx(
        onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 20)]), [2, 0]
    )
    made = to_onnx(read)
    assert names(made) == ([], ["y"], {"w"})
    assert made.doc_string == (
        "Shapes, and what was decided by numbers, are those of the graph, which had been computed. "
        "So are the numbers of i, which are no inputs."
    )
    np.testing.assert_array_equal(run(made)[0]["y"], [3.0, 1.0])
