"""RNN, GRU and LSTM with every option that onnxruntime has too: the same numbers; torch's gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="no models: pip install onnx")
pytest.importorskip("onnxruntime", reason="no peer: pip install onnxruntime")
torch = pytest.importorskip("torch", reason="no peer: pip install torch")

from autograd_lite import FlowGraph
from autograd_lite.errors import OperandError
from autograd_lite.interop import from_onnx
from tests.autograd_lite.interop.onnx_reading.building import model, node, one, value
from tests.autograd_lite.interop.onnx_reading.runtime import run

T, N, I, H = 4, 3, 2, 5
GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


def inputs(kind: str, ways: int = 1, layout: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    g = GATES[kind]
    found = {
        "x": (N, T, I) if layout else (T, N, I),
        "w": (ways, g * H, I),
        "r": (ways, g * H, H),
        "b": (ways, 2 * g * H),
        "h": (N, ways, H) if layout else (ways, N, H),
        "c": (N, ways, H) if layout else (ways, N, H),
        "p": (ways, 3 * H),
    }
    return {k: rng.standard_normal(shape).astype(np.float32) for k, shape in found.items()}


def agrees(kind: str, *given: Any, **options: Any) -> None:
    outputs = 3 if kind == "LSTM" else 2
    written = one(kind, *given, outputs=outputs, hidden_size=H, opset=14, **options)
    ours = from_onnx(written, *(x for x in given if x is not None)).outputs
    theirs = run(written, *(x for x in given if x is not None))
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.numpy(), other, rtol=2e-5, atol=2e-6)


LENGTHS = np.array([4, 1, 3], np.int32)


@pytest.mark.parametrize("kind", GATES)
@pytest.mark.parametrize("direction", ["forward", "reverse", "bidirectional"])
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["whole", "lengths"])
def test_directions_and_lengths(kind: str, direction: str, lengths: Any) -> None:
    a = inputs(kind, 2 if direction == "bidirectional" else 1)
    states = [a["h"], a["c"]] if kind == "LSTM" else [a["h"]]
    agrees(kind, a["x"], a["w"], a["r"], a["b"], lengths, *states, direction=direction)


@pytest.mark.parametrize("kind", GATES)
def test_bias_and_first_state_may_be_left_out(kind: str) -> None:
    a = inputs(kind)
    agrees(kind, a["x"], a["w"], a["r"])


@pytest.mark.parametrize("clip", [0.5, 100.0])
@pytest.mark.parametrize("kind", ["RNN", "GRU"])
def test_clip(kind: str, clip: float) -> None:
    a = inputs(kind)
    agrees(kind, a["x"], a["w"], a["r"], a["b"], clip=clip)


def test_clip_of_an_lstm_is_refused_since_onnx_and_onnxruntime_disagree() -> None:
    a = inputs("LSTM")
    with pytest.raises(OperandError, match="clip"):
        agrees("LSTM", a["x"], a["w"], a["r"], clip=0.5)


ACTIVATIONS = {
    "Relu": {}, "Softsign": {}, "Softplus": {}, "LeakyRelu": {"activation_alpha": [0.2]},
    "ThresholdedRelu": {"activation_alpha": [0.3]}, "Elu": {"activation_alpha": [0.7]},
    "HardSigmoid": {"activation_alpha": [0.3], "activation_beta": [0.4]},
    "Affine": {"activation_alpha": [0.3], "activation_beta": [0.4]},
    "ScaledTanh": {"activation_alpha": [0.3], "activation_beta": [0.4]},
}  # fmt: skip


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(name: str) -> None:
    a = inputs("RNN")
    agrees("RNN", a["x"], a["w"], a["r"], a["b"], activations=[name], **ACTIVATIONS[name])


def test_constants_go_to_the_activations_that_take_them() -> None:
    a = inputs("GRU")
    agrees(
        "GRU", a["x"], a["w"], a["r"], a["b"], activations=["HardSigmoid", "LeakyRelu"],
        activation_alpha=[0.25, 0.1], activation_beta=[0.5],
    )  # fmt: skip


def test_a_gru_may_be_linear_before_its_reset() -> None:
    a = inputs("GRU", 2)
    agrees("GRU", a["x"], a["w"], a["r"], a["b"], direction="bidirectional", linear_before_reset=1)


def test_an_lstm_may_have_peepholes_and_tie_its_gates() -> None:
    a = inputs("LSTM")
    given = a["x"], a["w"], a["r"], a["b"], None, a["h"], a["c"]
    agrees("LSTM", *given, a["p"])
    agrees("LSTM", *given, a["p"], input_forget=1)


def test_batches_first_is_the_same_with_axes_exchanged() -> None:
    """onnxruntime does not have it."""
    first, last = inputs("LSTM", 2), inputs("LSTM", 2, layout=1)
    last["x"] = first["x"].swapaxes(0, 1)
    last["h"], last["c"] = first["h"].swapaxes(0, 1), first["c"].swapaxes(0, 1)
    outputs = []
    for layout, a in enumerate((first, last)):
        given = a["x"], first["w"], first["r"], first["b"], None, a["h"], a["c"]
        written = one(
            "LSTM", *given, outputs=3, hidden_size=H, direction="bidirectional", layout=layout
        )
        outputs.append(from_onnx(written, *(x for x in given if x is not None)).outputs)
    y, h, c = outputs[0]
    np.testing.assert_array_equal(outputs[1][0].numpy(), y.numpy().transpose(2, 0, 1, 3))
    np.testing.assert_array_equal(outputs[1][1].numpy(), h.numpy().swapaxes(0, 1))
    np.testing.assert_array_equal(outputs[1][2].numpy(), c.numpy().swapaxes(0, 1))


def as_onnx(weight: Any, order: list[int]) -> Any:
    """Torch's rows by gate in ONNX's order, with an axis for the direction."""
    parts = np.split(weight.detach().numpy(), len(order))
    return np.concatenate([parts[k] for k in order])[None]


@pytest.mark.parametrize(
    ("kind", "order", "options"),
    [("RNN", [0], {}), ("GRU", [1, 0, 2], {"linear_before_reset": 1}), ("LSTM", [0, 3, 1, 2], {})],
)
def test_torchs_module_has_the_same_values_and_gradients(
    kind: str, order: Any, options: Any
) -> None:
    torch.manual_seed(0)
    module = getattr(torch.nn, kind)(I, H).double()
    w, r = as_onnx(module.weight_ih_l0, order), as_onnx(module.weight_hh_l0, order)
    b = np.concatenate([as_onnx(module.bias_ih_l0, order), as_onnx(module.bias_hh_l0, order)], 1)
    written = model(
        [node(kind, "x W R B", "Y", hidden_size=H, **options)],
        [value("x", [T, N, I])], ["Y"], {"W": w, "R": r, "B": b},
    )  # fmt: skip
    x = np.random.default_rng(0).standard_normal((T, N, I))
    graph = from_onnx(written, x)
    (graph.outputs[0] ** 3).sum().backward()
    given = torch.tensor(x, requires_grad=True)
    states, _ = module(given)
    (states**3).sum().backward()
    np.testing.assert_allclose(graph.outputs[0].numpy()[:, 0], states.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(graph.inputs[0].grad, given.grad.numpy(), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(
        graph.parameters["R"].grad, as_onnx(module.weight_hh_l0.grad, order), rtol=1e-10, atol=1e-12
    )


def test_states_have_names_and_partial_derivatives_as_in_back_propagation_through_time() -> None:
    a = {k: x.astype(float) for k, x in inputs("RNN").items()}
    written = model(
        [node("RNN", "x W R", "Y Y_h", hidden_size=H)],
        [value("x", [T, N, I])], ["Y_h"], {"W": a["w"], "R": a["r"]},
    )  # fmt: skip
    L = (from_onnx(written, a["x"]).outputs[0] ** 2).sum().named("L")
    flow = FlowGraph(L)
    assert {"h_1", "h_2", "h_3", "h_4", "W", "R", "x"} <= {v.name for v in flow.variables}
    h, before = (next(v for v in flow.variables if v.name == name) for name in ("h_4", "h_3"))
    slope = 1.0 - h.numpy() ** 2  # ∂h_4/∂h_3 = diag(φ')·R
    expected = np.einsum("ni,ij,nm->nimj", slope, a["r"][0], np.eye(N))
    np.testing.assert_allclose(flow.partial(h, before), expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"direction": "sideways"}, "direction"),
        ({"activations": ["Gauss"]}, "no activation 'Gauss'"),
        ({"activations": ["Tanh"] * 3}, "3 activations"),
        ({"activations": ["Affine"]}, "an alpha and a beta"),
        ({"activation_alpha": [1.0]}, "1 numbers too many"),
        ({"hidden_size": 7}, "hidden_size=7"),
    ],
)
def test_options_that_do_not_fit_are_refused_by_name(options: Any, message: str) -> None:
    a = inputs("RNN")
    with pytest.raises(OperandError, match=message):
        from_onnx(one("RNN", a["x"], a["w"], a["r"], **options), a["x"], a["w"], a["r"])
