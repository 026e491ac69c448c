"""Out to ONNX and in again: the same numbers to the last bit, the same parameters, the same derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="the format: pip install onnx")

import autograd_lite as al
import nn
from autograd_lite import Tensor
from autograd_lite.interop import from_onnx, to_onnx
from tests.autograd_lite.interop.onnx_writing.test_modules import INPUTS, TRIED, made
from tests.nn.good_arguments import ROWS

rng = np.random.default_rng(0)
x_of = lambda *shape: rng.normal(size=shape)
MODELS: dict[str, tuple[nn.Module, Any]] = {
    "MLP": (nn.MLP((3, 5, 2), generator=0), x_of(4, 3)),
    "Sequential": (
        nn.Sequential(nn.Linear(3, 4, generator=0), nn.Sigmoid(), nn.LayerNorm(4), nn.SiLU()),
        x_of(4, 3),
    ),
    "convnet": (
        nn.Sequential(
            nn.Conv2d(1, 2, 3, generator=0), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2)
        ).eval(),
        x_of(2, 1, 8, 8),
    ),
    "RNN": (nn.RNN(2, 3, generator=0), x_of(5, 2, 2)),
    "LSTM": (nn.LSTM(2, 3, generator=0), x_of(5, 2, 2)),
    "GRU": (nn.GRU(2, 3, generator=0), x_of(5, 2, 2)),
    "attention": (nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0, generator=0).eval(), x_of(3, 2, 4)),
}  # fmt: skip


def first(y: Any) -> Any:
    return first(y[0]) if isinstance(y, (tuple, list)) else y


def there_and_back(name: str, path: Any = None) -> tuple[Any, Callable[[Any], Any], nn.Module, Any]:
    module, x = MODELS[name]
    f = lambda x: first(module(x))
    model = to_onnx(f, x)
    if path is not None:
        onnx.save(model, path)
    return from_onnx(model if path is None else path, x), f, module, x


@pytest.mark.parametrize("name", MODELS)
def test_the_numbers_are_the_same_to_the_last_bit(name: str) -> None:
    graph, f, _, x = there_and_back(name)
    np.testing.assert_array_equal(graph.outputs[0].value, f(x).value)


@pytest.mark.parametrize("name", MODELS)
def test_parameters_have_their_names_and_everything_its_derivative(name: str) -> None:
    graph, f, module, x = there_and_back(name)
    leaf = Tensor(x, requires_grad=True)
    module.zero_grad()
    weights = np.cos(np.arange(f(x).size)).reshape(f(x).shape)
    al.sum(f(leaf) * weights).backward()
    al.sum(graph.outputs[0] * weights).backward()
    own = dict(module.named_parameters())
    assert {*graph.parameters} == {*own}
    pairs = [(graph.inputs[0], leaf), *((p, own[key]) for key, p in graph.parameters.items())]
    for there, here in pairs:
        np.testing.assert_allclose(there.grad, here.grad, rtol=1e-11, atol=1e-13)


def test_a_file_is_read_as_the_model_is(tmp_path: Any) -> None:
    graph, f, _, x = there_and_back("LSTM", tmp_path / "lstm.onnx")
    np.testing.assert_array_equal(graph.outputs[0].value, f(x).value)
    assert [leaf.name for leaf in graph.inputs] == ["x"]


def moving(y: Any) -> list[Any]:
    """The results that move with the inputs."""
    if isinstance(y, (tuple, list)):
        return [part for one in y for part in moving(one)]
    return [y] if isinstance(y, Tensor) and y.requires_grad else []


WITHOUT_KERNEL = {
    "CELU", "ConvAutoencoder", "ConvTranspose1d", "ConvTranspose2d", "ELU", "GELU", "Mish", "RBM", "SELU",
    "Softplus", "VAE",
}  # fmt: skip
"""Modules for which onnxruntime has no kernel in float64, so that they are written in other operators."""


@pytest.mark.parametrize("name", TRIED)
@pytest.mark.filterwarnings("ignore::autograd_lite.errors.GraphCutWarning")  # a VAE's noise
def test_every_module_comes_back_to_the_last_bit(name: str) -> None:
    """Where there is a kernel; else as near as two ways of writing it are."""
    module, given = made(name, "float64"), [np.asarray(x) for x in INPUTS.get(name, (ROWS,))]

    def f(*xs: Any) -> tuple[Any, ...]:
        floating = iter(xs)
        return tuple(moving(module(*(x if x.dtype.kind == "i" else next(floating) for x in given))))

    inputs = [x.astype(float) for x in given if x.dtype.kind != "i"]
    back = from_onnx(to_onnx(f, *inputs, batch=None), *inputs).outputs
    for y, want in zip(back, f(*(Tensor(x, requires_grad=True) for x in inputs)), strict=True):
        if name in WITHOUT_KERNEL:
            close = 5e-16 * np.max(np.abs(want.value))
            np.testing.assert_allclose(y.value, want.value, rtol=0, atol=close)
        else:
            np.testing.assert_array_equal(y.value, want.value)


def test_erf_is_written_out_and_differs_in_the_last_place_at_most() -> None:
    """ONNX's kernels of it are not of float64's precision."""
    x = x_of(4, 3)
    graph = from_onnx(to_onnx(al.gelu, x), x)
    np.testing.assert_allclose(graph.outputs[0].value, al.gelu(x), rtol=1e-14)
