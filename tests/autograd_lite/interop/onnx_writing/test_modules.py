"""Every module of nn as an ONNX model: value and gradients by inputs and parameters, in both dtypes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the models are ONNX's: pip install onnx")
pytest.importorskip("onnxruntime", reason="no oracle: pip install onnxruntime")

import nn
from autograd_lite import Tensor, sin
from autograd_lite.errors import TraceError
from autograd_lite.interop import to_onnx
from tests.autograd_lite.interop.onnx_writing.runtimes import dims, run
from tests.nn.good_arguments import PROBABILITIES, ROWS, SEQUENCES, USES, arguments

CONTAINERS = {"Module", "ModuleDict", "ModuleList", "ParameterDict", "ParameterList"}
NO_FORWARD = {"Bernoulli", "Gaussian"}  # likelihoods: they have other methods
FROZEN = {"CrossEntropyLoss", "Embedding", "NLLLoss"}  # their classes are closed over
REFUSED = {"IIRFilter"}  # it reads its coefficients as numbers
INPUTS = {
    **USES,
    **dict.fromkeys(["RNNCell", "GRUCell", "LSTMCell"], (SEQUENCES[0],)),
    "RBM": (np.rint(np.random.default_rng(2).uniform(size=(3, 8))),),
    "TiedAutoencoder": (SEQUENCES,),
    "VAE": (PROBABILITIES, np.ones((2, 2))),
}
MODULES = [
    name
    for name in nn.__all__
    if isinstance(getattr(nn, name), type) and issubclass(getattr(nn, name), nn.Module)
]
TRIED = sorted({*MODULES} - CONTAINERS - NO_FORWARD - REFUSED)
CLOSE = {"float64": 1e-12, "float32": 2e-6}


def made(name: str, dtype: str) -> Any:
    return getattr(nn, name)(**arguments(name)).eval().astype(dtype)


def one_number(y: Any) -> Any:
    """A number that moves with every entry of what a module returns."""
    parts = y if isinstance(y, (tuple, list)) else [y]
    return sum(
        one_number(p) if isinstance(p, (tuple, list)) else (sin(p) * p).mean() for p in parts
    )


def use(name: str, module: Any, dtype: str) -> tuple[Any, list[Any]]:
    """The module as a function of what may move, and these inputs; whole numbers are held."""
    given = [_as_whole_numbers_are(x, dtype) for x in INPUTS.get(name, (ROWS,))]
    held = [np.asarray(x).dtype.kind == "i" for x in given]

    def f(*xs: Any) -> Any:
        rest = iter(xs)
        operands = (x if h else next(rest) for x, h in zip(given, held, strict=True))
        return one_number(module(*operands))

    return f, [np.asarray(x, dtype) for x, h in zip(given, held, strict=True) if not h]


def _as_whole_numbers_are(x: Any, dtype: str) -> Any:
    """Signs ±1 are factors, which would make float64 of float32."""
    is_sign = np.asarray(x).dtype.kind == "i" and np.min(x) < 0
    return np.asarray(x, dtype) if is_sign else x


def other(name: str, x: Any) -> Any:
    """Other numbers: of binary units other ones of the two, else nearby ones."""
    if np.array_equal(np.abs(x), np.ones_like(x)) and name != "VAE":
        return np.array(x)  # signs
    return 1.0 - x if name == "RBM" else np.asarray(0.9 * x + 0.01, x.dtype)


@pytest.mark.parametrize("dtype", CLOSE)
@pytest.mark.parametrize("name", TRIED)
def test_value_and_gradients_are_the_engines(name: str, dtype: str, record_property: Any) -> None:
    module = made(name, dtype)
    f, inputs = use(name, module, dtype)
    batch = None if dtype == "float32" else (0, 1)
    model = to_onnx(f, *inputs, gradients=True, batch=batch)
    new = [other(name, x) for x in inputs]
    who = compare(name, module, f, model, new)
    record_property("suite", ("Modules as ONNX models", {f"{dtype} by {who}": 1}))


def compare(name: str, module: Any, f: Any, model: Any, new: list[Any]) -> str:
    """Compare the model's outputs with the engine's values and gradients; returns who computed them."""
    outputs, who = run(model, *new)
    # a VAE's noise, its second input, is drawn, and has no derivative
    xs = [Tensor(x, requires_grad=not (k and name == "VAE")) for k, x in enumerate(new)]
    module.zero_grad()
    y = f(*xs)
    y.backward()
    expected = {model.graph.output[0].name: y.value}
    expected |= {f"d_{i.name}": x.grad for i, x in zip(model.graph.input, xs, strict=True)}
    expected |= {f"d_{key}": p.grad for key, p in module.named_parameters() if p.grad is not None}
    assert {key for key, want in expected.items() if want is not None} <= set(outputs)
    for key, got in outputs.items():
        want = np.zeros_like(got) if expected[key] is None else expected[key]
        assert (got.shape, got.dtype) == (want.shape, y.dtype), key
        scale = max(1.0, float(np.max(np.abs(want), initial=0.0)))
        close = CLOSE[str(got.dtype)] * scale
        np.testing.assert_allclose(got, want, rtol=0.0, atol=close, err_msg=key)
    return who


@pytest.mark.parametrize("name", sorted({*TRIED} - FROZEN))
def test_a_batch_may_be_of_any_size(name: str) -> None:
    module = made(name, "float64")
    f, inputs = use(name, module, "float64")
    model = to_onnx(f, *inputs, gradients=True)
    axes = [dims(x).index("batch") if "batch" in dims(x) else None for x in model.graph.input]
    assert any(axis is not None for axis in axes)
    for n in (1, 3, 7):
        new = [
            x if axis is None else np.take(x, np.arange(n) % x.shape[axis], axis)
            for x, axis in zip((other(name, x) for x in inputs), axes, strict=True)
        ]
        compare(name, module, f, model, new)


@pytest.mark.parametrize("name", sorted(FROZEN))
def test_whole_numbers_that_are_closed_over_freeze_the_batch_and_that_is_said(name: str) -> None:
    f, inputs = use(name, made(name, "float64"), "float64")
    assert to_onnx(f, *inputs, gradients=True).doc_string.startswith(
        "All shapes are the example's:"
    )


@pytest.mark.parametrize("name", REFUSED)
def test_a_module_that_takes_numbers_out_of_the_graph_is_refused_with_the_line(name: str) -> None:
    f, inputs = use(name, made(name, "float64"), "float64")
    with pytest.raises(TraceError, match="takes the number of"):
        to_onnx(f, *inputs)


def test_every_module_is_tried_or_named() -> None:
    assert {*TRIED, *CONTAINERS, *NO_FORWARD, *REFUSED} == {*MODULES}
