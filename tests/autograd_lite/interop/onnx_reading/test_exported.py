"""Modules that torch itself has exported: its values and gradients in float64, onnxruntime's in float32."""

from __future__ import annotations

import copy
import io
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="no models: pip install onnx")
pytest.importorskip("onnxruntime", reason="no peer: pip install onnxruntime")
torch = pytest.importorskip("torch", reason="no peer: pip install torch")

from autograd_lite.interop import from_onnx
from tests.autograd_lite.interop.onnx_reading.runtime import run

nn = torch.nn


class Picked(nn.Module):
    """A module whose first result alone is asked for."""

    def __init__(self, module: Any) -> None:
        super().__init__()
        self.module = module

    def forward(self, *xs: Any) -> Any:
        return self.module(*xs)[0]


class Attending(nn.Module):
    """Attention of a sequence to itself."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x: Any) -> Any:
        return self.attention(x, x, x, need_weights=False)[0]


class Encoding(nn.Module):
    """A transformer's layer, told that it is not causal: torch's exporter cannot find that out."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, norm_first=True)

    def forward(self, x: Any) -> Any:
        return self.layer(x, is_causal=False)


class Called(nn.Module):
    """A function as a module."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Any) -> Any:
        return self.function(x)


def upsampled(mode: str, **options: Any) -> Any:
    return nn.Upsample(scale_factor=2, mode=mode, **options)


IMAGE, LINE, ROWS, STEPS = (2, 4, 6, 6), (2, 4, 9), (3, 8), (5, 3, 8)
MODULES: dict[str, tuple[Callable[[], Any], tuple[int, ...]]] = {
    "MLP": (lambda: nn.Sequential(nn.Linear(8, 5), nn.Tanh(), nn.Linear(5, 2), nn.Softmax(1)), ROWS),
    "Conv1d": (lambda: nn.Conv1d(4, 6, 3, 2, padding=2, dilation=2, groups=2), LINE),
    "Conv2d": (lambda: nn.Conv2d(4, 6, (3, 2), padding="same"), IMAGE),
    "Conv3d": (lambda: nn.Conv3d(2, 3, 2), (1, 2, 4, 4, 4)),
    "ConvTranspose2d": (lambda: nn.ConvTranspose2d(4, 3, 3, 2, padding=1, output_padding=1), IMAGE),
    "BatchNorm2d": (lambda: nn.BatchNorm2d(4), IMAGE),
    "GroupNorm": (lambda: nn.GroupNorm(2, 4), IMAGE),
    "InstanceNorm2d": (lambda: nn.InstanceNorm2d(4, affine=True), IMAGE),
    "LayerNorm": (lambda: nn.LayerNorm((6, 6)), IMAGE),
    "MaxPool2d": (lambda: nn.MaxPool2d(3, 2, padding=1, ceil_mode=True), IMAGE),
    "AvgPool2d": (lambda: nn.AvgPool2d(2, count_include_pad=False, padding=1), IMAGE),
    "AdaptiveAvgPool2d": (lambda: nn.AdaptiveAvgPool2d(2), IMAGE),
    "nearest": (lambda: upsampled("nearest"), IMAGE),
    "bilinear": (lambda: upsampled("bilinear"), IMAGE),
    "aligned": (lambda: upsampled("bilinear", align_corners=True), IMAGE),
    "bicubic": (lambda: upsampled("bicubic"), IMAGE),
    "PixelShuffle": (lambda: nn.PixelShuffle(2), IMAGE),
    "ReflectionPad2d": (lambda: nn.ReflectionPad2d(2), IMAGE),
    "GELU": (nn.GELU, ROWS),
    "SiLU": (nn.SiLU, ROWS),
    "ELU": (lambda: nn.ELU(0.7), ROWS),
    "Hardswish": (nn.Hardswish, ROWS),
    "Mish": (nn.Mish, ROWS),
    "PReLU": (lambda: nn.PReLU(4), IMAGE),
    "Softplus": (nn.Softplus, ROWS),
    "LogSoftmax": (lambda: nn.LogSoftmax(1), IMAGE),
    "RNN": (lambda: Picked(nn.RNN(8, 4, nonlinearity="relu")), STEPS),
    "GRU": (lambda: Picked(nn.GRU(8, 4, bidirectional=True)), STEPS),
    "LSTM": (lambda: Picked(nn.LSTM(8, 4, num_layers=2, batch_first=True)), STEPS),
    "MultiheadAttention": (Attending, STEPS),
    "TransformerEncoderLayer": (Encoding, STEPS),
    "std": (lambda: Called(lambda x: (x - x.mean(1, keepdim=True)) / x.std(1, keepdim=True)), ROWS),
    "norm": (lambda: Called(lambda x: x / x.norm(dim=1, keepdim=True)), ROWS),
    "einsum": (lambda: Called(lambda x: torch.einsum("tni,tnj->tij", x, x)), STEPS),
    "indexing": (lambda: Called(lambda x: x[:, 1:, ::2] * x[:, :1, 1::2]), STEPS),
    "masked": (lambda: Called(lambda x: x.masked_fill(x > 0.5, 0.1).cumsum(1)), ROWS),
    "clamped": (lambda: Called(lambda x: x.clamp(-0.5, 0.5).abs().sqrt()), ROWS),
    "sorted": (lambda: Called(lambda x: x.topk(3, dim=1)[0] ** 2), ROWS),
    "gathered": (lambda: Called(lambda x: x.gather(1, torch.tensor([[0, 2]] * 3))), ROWS),
}  # fmt: skip


def exported(module: Any, x: Any) -> Any:
    """What torch writes of a module, with the weights' names."""
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own, of what it will do otherwise
        torch.onnx.export(
            module,
            (x,),
            file,
            dynamo=False,
            opset_version=17,
            input_names=["x"],
            output_names=["y"],
        )
    return onnx.load_model_from_string(file.getvalue())


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")
def test_torchs_values_and_gradients_and_onnxruntimes_values(
    name: str, record_property: Any
) -> None:
    torch.manual_seed(0)
    make, shape = MODULES[name]
    module = make().eval()
    for weight in (*module.parameters(), *module.buffers()):  # torch writes equal ones once
        if weight.is_floating_point():
            weight.data += torch.rand_like(weight)
    x = torch.randn(*shape)
    small = exported(module, x)
    (theirs,) = run(small, x.numpy())
    np.testing.assert_allclose(
        from_onnx(small, x.numpy()).outputs[0].numpy(), theirs, rtol=2e-4, atol=2e-5
    )
    exactly = copy.deepcopy(module).double()
    given = x.double().requires_grad_()
    graph = from_onnx(exported(exactly, given.detach()), given.detach().numpy())
    y = exactly(given)
    (y**2).sum().backward()
    (graph.outputs[0] ** 2).sum().backward()
    np.testing.assert_allclose(graph.outputs[0].numpy(), y.detach().numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(graph.inputs[0].grad, given.grad.numpy(), rtol=1e-7, atol=1e-9)
    same = [
        (w, graph.parameters[k]) for k, w in exactly.named_parameters() if k in graph.parameters
    ]
    for weight, mine in same:
        np.testing.assert_allclose(mine.grad, weight.grad.numpy(), rtol=1e-7, atol=1e-9)
    record_property("suite", ("modules that torch exported", {"agree": 1}))
