"""Whole models as torch has them, written in ONNX: torch's values and gradients, onnxruntime's values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="no models: pip install onnx")
pytest.importorskip("onnxruntime", reason="no peer: pip install onnxruntime")
torch = pytest.importorskip("torch", reason="no peer: pip install torch")

from autograd_lite import FlowGraph, einsum
from autograd_lite.interop import from_onnx
from tests.autograd_lite.interop.onnx_reading.building import model, node, value
from tests.autograd_lite.interop.onnx_reading.runtime import run

RNG = np.random.default_rng(5)


def state(module: Any) -> dict[str, Any]:
    """The weights by their names, without what counts batches."""
    entries = module.state_dict().items()
    return {k: v.detach().numpy() for k, v in entries if v.is_floating_point()}


def agrees(written: Any, module: Any, x: Any, close: float = 1e-10) -> Any:
    """Torch's values and gradients, in float64; returns the imported graph."""
    graph = from_onnx(written, x)
    (graph.outputs[0] ** 2).sum().backward()
    given = torch.tensor(x, requires_grad=True)
    y = module(given)
    (y**2).sum().backward()
    np.testing.assert_allclose(graph.outputs[0].numpy(), y.detach().numpy(), rtol=close, atol=close)
    np.testing.assert_allclose(graph.inputs[0].grad, given.grad.numpy(), rtol=close, atol=close)
    for name, weight in module.named_parameters():
        np.testing.assert_allclose(
            graph.parameters[name].grad, weight.grad.numpy(), rtol=close, atol=close, err_msg=name
        )
    return graph


def in_float32(written: Any, module: Any, x: Any) -> None:
    """Onnxruntime's values, in float32, where it has the kernels."""
    graph = from_onnx(written, x.astype(np.float32))
    (theirs,) = run(written, x.astype(np.float32))
    np.testing.assert_allclose(graph.outputs[0].numpy(), theirs, rtol=1e-4, atol=1e-5)


class Residual(torch.nn.Module):
    """A convnet with a residual connection, as an image classifier has them."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = torch.nn.Conv2d(3, 8, 3, padding=1)
        self.norm = torch.nn.BatchNorm2d(8)
        self.conv = torch.nn.Conv2d(8, 8, 3, padding=1, groups=2)
        self.head = torch.nn.Linear(8, 5)

    def forward(self, x: Any) -> Any:
        h = torch.nn.functional.max_pool2d(torch.relu(self.norm(self.stem(x))), 2)
        h = h + torch.nn.functional.gelu(self.conv(h))
        return torch.log_softmax(self.head(h.mean(dim=(2, 3))), dim=1)


def residual(weights: dict[str, Any], dtype: str) -> Any:
    nodes = [
        node("Conv", "x stem.weight stem.bias", "c", name="/stem/Conv", pads=[1] * 4, kernel_shape=[3, 3]),
        node("BatchNormalization", "c norm.weight norm.bias norm.running_mean norm.running_var", "n",
             name="/norm/BatchNormalization", epsilon=1e-5),
        node("Relu", "n", "r"),
        node("MaxPool", "r", "p", kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", "p conv.weight conv.bias", "d", name="/conv/Conv", pads=[1] * 4, group=2),
        node("Gelu", "d", "g"),
        node("Add", "p g", "h"),
        node("GlobalAveragePool", "h", "a"),
        node("Flatten", "a", "f"),
        node("Gemm", "f head.weight head.bias", "s", name="/head/Gemm", transB=1),
        node("LogSoftmax", "s", "y"),
    ]  # fmt: skip
    declared = [value("x", ["batch", 3, 8, 8], dtype)], [value("y", ["batch", 5], dtype)]
    return model(nodes, *declared, {k: w.astype(dtype) for k, w in weights.items()})


def test_a_residual_convnet() -> None:
    torch.manual_seed(0)
    module = Residual().double().eval()
    x = RNG.standard_normal((2, 3, 8, 8))
    graph = agrees(residual(state(module), "float64"), module, x)
    in_float32(residual(state(module), "float32"), module, x)
    names = {v.name for v in FlowGraph(graph.outputs[0]).variables}
    assert {"x", "c", "h", "y", "stem.weight"} <= names
    scopes = {v.scope for v in FlowGraph(graph.outputs[0]).variables}
    assert {"stem", "norm", "conv", "head"} <= scopes


class Decoder(torch.nn.Module):
    """Transposed convolution, upsampling and a squashing at the end, as autoencoders have them."""

    def __init__(self) -> None:
        super().__init__()
        self.first = torch.nn.ConvTranspose2d(4, 3, 3, stride=2, padding=1, output_padding=1)
        self.second = torch.nn.Conv2d(3, 1, 3)

    def forward(self, z: Any) -> Any:
        h = torch.nn.functional.elu(self.first(z))
        h = torch.nn.functional.interpolate(h, scale_factor=2, mode="bilinear", align_corners=False)
        return torch.sigmoid(self.second(h))


def decoder(weights: dict[str, Any], dtype: str) -> Any:
    nodes = [
        node("ConvTranspose", "z first.weight first.bias", "c", strides=[2, 2], pads=[1] * 4,
             output_padding=[1, 1]),
        node("Elu", "c", "e"),
        node("Constant", "", "scales", value_floats=[1.0, 1.0, 2.0, 2.0]),
        node("Resize", "e _ scales", "u", mode="linear"),
        node("Conv", "u second.weight second.bias", "d"),
        node("Sigmoid", "d", "y"),
    ]  # fmt: skip
    declared = [value("z", ["n", 4, 3, 3], dtype)], [value("y", ["n", 1, 10, 10], dtype)]
    return model(nodes, *declared, {k: w.astype(dtype) for k, w in weights.items()})


def test_a_decoder() -> None:
    torch.manual_seed(1)
    module = Decoder().double()
    z = RNG.standard_normal((2, 4, 3, 3))
    agrees(decoder(state(module), "float64"), module, z)
    in_float32(decoder(state(module), "float32"), module, z)


class Block(torch.nn.Module):
    """A transformer's block: attention and two layers, each with a residual connection and a norm before."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = torch.nn.LayerNorm(8)
        self.qkv = torch.nn.Linear(8, 24)
        self.out = torch.nn.Linear(8, 8)
        self.wide = torch.nn.Linear(8, 16)
        self.narrow = torch.nn.Linear(16, 8)

    def forward(self, x: Any) -> Any:
        q, k, v = self.qkv(self.norm(x)).reshape(*x.shape[:2], 3, 2, 4).permute(2, 0, 3, 1, 4)
        a = torch.softmax(q @ k.mT / 2.0, dim=-1) @ v
        x = x + self.out(a.permute(0, 2, 1, 3).reshape(x.shape))
        return x + self.narrow(torch.nn.functional.silu(self.wide(x)))


def linear(x: str, layer: str, y: str) -> list[Any]:
    return [
        node("Transpose", f"{layer}.weight", f"{layer}.T", perm=[1, 0]),
        node("MatMul", f"{x} {layer}.T", f"{y}_p", name=f"/{layer}/MatMul"),
        node("Add", f"{y}_p {layer}.bias", y, name=f"/{layer}/Add"),
    ]


def block(weights: dict[str, Any], dtype: str) -> Any:
    nodes = [
        node("LayerNormalization", "x norm.weight norm.bias", "n", epsilon=1e-5),
        *linear("n", "qkv", "t"),
        node("Shape", "x", "size"),
        node("Slice", "size zero two", "lead"),
        node("Concat", "lead heads", "split", axis=0),
        node("Reshape", "t split", "five"),
        node("Transpose", "five", "parts", perm=[2, 0, 3, 1, 4]),
        node("Split", "parts", "q1 k1 v1", axis=0, num_outputs=3),
        *[node("Squeeze", f"{c}1 zero", c) for c in "qkv"],
        node("Transpose", "k", "k_T", perm=[0, 1, 3, 2]),
        node("MatMul", "q k_T", "qk"),
        node("Div", "qk half", "scores"),
        node("Softmax", "scores", "p", axis=-1),
        node("MatMul", "p v", "heads_out"),
        node("Transpose", "heads_out", "back", perm=[0, 2, 1, 3]),
        node("Reshape", "back size", "joined"),
        *linear("joined", "out", "o"),
        node("Add", "x o", "x_1"),
        *linear("x_1", "wide", "w"),
        node("Sigmoid", "w", "gate"),
        node("Mul", "w gate", "s"),
        *linear("s", "narrow", "m"),
        node("Add", "x_1 m", "y"),
    ]
    constants = {"zero": np.array([0]), "two": np.array([2]), "heads": np.array([3, 2, 4]),
                 "half": np.array(2.0, dtype)}  # fmt: skip
    declared = [value("x", ["n", "time", 8], dtype)], [value("y", ["n", "time", 8], dtype)]
    return model(
        nodes, *declared, {**{k: w.astype(dtype) for k, w in weights.items()}, **constants}
    )


def test_a_transformers_block() -> None:
    torch.manual_seed(2)
    module = Block().double()
    x = RNG.standard_normal((2, 5, 8))
    agrees(block(state(module), "float64"), module, x)
    in_float32(block(state(module), "float32"), module, x)


def test_scores_of_classes_and_their_loss() -> None:
    scores, target, weight = (
        RNG.standard_normal((4, 3, 2)),
        np.array([[0, 2], [1, 1], [2, 0], [7, 1]]),
        RNG.random(3),
    )
    loss = node("SoftmaxCrossEntropyLoss", "s t w", "L", ignore_index=7)
    declared = [value("s", [4, 3, 2]), value("t", [4, 2], "int64")], [value("L", [])]
    graph = from_onnx(model([loss], *declared, {"w": weight}), scores, target)
    graph.outputs[0].backward()
    given = torch.tensor(scores, requires_grad=True)
    theirs = torch.nn.functional.cross_entropy(
        given, torch.tensor(target), torch.tensor(weight), ignore_index=7
    )
    theirs.backward()
    assert graph.outputs[0].item() == pytest.approx(theirs.item(), rel=1e-12)
    np.testing.assert_allclose(graph.inputs[0].grad, given.grad.numpy(), atol=1e-14)


def test_a_float_among_attributes_is_the_decimal_that_was_meant() -> None:
    (y,) = from_onnx(model([node("LeakyRelu", "x", "y", alpha=0.1)], ["x"], ["y"]), [-1.0]).outputs
    assert y.item() == -0.1
    assert np.float32(y.item()) == np.float32(-0.1)  # the file's number is lost by none of it


EXACT = {
    "MatMul": (lambda a, b: a @ b, [(3, 4), (4, 2)], {}),
    "Transpose": (np.transpose, [(3, 4)], {}),
    "ReduceSum": (lambda x: x.sum(keepdims=True), [(3, 4)], {}),
    "Add": (np.add, [(3, 4), (4,)], {}),
    "Div": (np.divide, [(3, 4), (3, 1)], {}),
    "Exp": (np.exp, [(3, 4)], {}),
    "Tanh": (np.tanh, [(3, 4)], {}),
    "Sqrt": (np.sqrt, [(3, 4)], {}),
    "CumSum": (lambda x: np.cumsum(x, 1), [(3, 4)], {}),
    "Concat": (lambda a, b: np.concatenate([a, b], 1), [(3, 4), (3, 2)], {"axis": 1}),
    "Einsum": (lambda a, b: einsum("ij,jk->ik", a, b), [(3, 4), (4, 2)], {"equation": "ij,jk->ik"}),
    "Max": (np.maximum, [(3, 4), (3, 1)], {}),
}  # fmt: skip


@pytest.mark.parametrize("op", EXACT)
def test_what_is_numpys_call_is_its_number_to_the_last_bit(op: str) -> None:
    function, shapes, options = EXACT[op]
    given = [RNG.random(shape) + 0.5 for shape in shapes]
    names = [f"x{k}" for k in range(len(given))]
    constants = {"axis": np.array(1)} if op == "CumSum" else {}
    only = node(op, " ".join([*names, *constants]), "y", **options)
    (y,) = from_onnx(model([only], names, ["y"], constants), *given).outputs
    np.testing.assert_array_equal(y.numpy(), function(*given))
