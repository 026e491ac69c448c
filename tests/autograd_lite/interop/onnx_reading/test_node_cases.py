"""ONNX's published cases of its nodes, each written to a file and read from there: the same arrays."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="no cases: pip install onnx")

from autograd_lite import Tensor
from autograd_lite.errors import AutogradError
from autograd_lite.interop import from_onnx
from autograd_lite.interop.onnx_reading.tensors import CODES
from tests.autograd_lite.interop.onnx_reading.published import cases, in_double, nodes_in, readable

DTYPES = {code: name for name, code in CODES.items()}
CASES = [case for case in cases() if readable(case)]
REFUSED = {
    "Dropout": "training_mode is true",
    "Loop": "depends on the numbers of inputs",
    "Resize": "no whole number",
    "Scan": "since version 9",
}
"""What is refused on purpose, by a word of the reason."""


def arrays(xs: Any) -> list[Any]:
    return [onnx.numpy_helper.to_array(x) if isinstance(x, onnx.TensorProto) else x for x in xs]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, of poles
def test_the_arrays_are_onnxs(case: Any, tmp_path: Any, record_property: Any) -> None:
    path = tmp_path / "case.onnx"
    path.write_bytes(case.model.SerializeToString())
    outcomes = Counter(agrees(path, case, xs, ys) for xs, ys in case.data_sets)
    record_property("suite", ("ONNX's cases through from_onnx", dict(outcomes)))


def agrees(path: Any, case: Any, xs: list[Any], expected: list[Any]) -> str:
    """Whether the arrays agree or are refused for a known reason; fails when they do neither."""
    try:
        graph = from_onnx(path, *arrays(xs))
    except AutogradError as error:
        if is_refused(case, error):
            return "refused"
        raise
    for mine, theirs in zip(graph.outputs, arrays(expected), strict=True):
        assert mine.shape == np.shape(theirs)
        close = max(case.rtol, 1e-6), max(case.atol, 1e-7)
        np.testing.assert_allclose(mine.numpy(), np.asarray(theirs).astype(float), *close)
    return "agree"


def is_refused(case: Any, error: AutogradError) -> bool:
    """Whether this is one of the refusals that are meant."""
    operators = {n.op_type for n in nodes_in(case.model.graph)}
    return any(word in str(error) for op, word in REFUSED.items() if op in operators)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_at_least_95_of_100_agree() -> None:
    """And that there are many: a table that shrank would agree more easily."""
    assert len(CASES) > 1400
    outcomes = Counter(
        agrees_or_not(case, xs, ys) for case in CASES[::5] for xs, ys in case.data_sets
    )
    assert outcomes["agree"] >= 0.95 * sum(outcomes.values())


def agrees_or_not(case: Any, xs: list[Any], expected: list[Any]) -> str:
    try:
        graph = from_onnx(case.model, *arrays(xs))
    except AutogradError:
        return "refused"
    pairs = zip(graph.outputs, arrays(expected), strict=True)
    close = [
        np.allclose(m.numpy(), t, max(case.rtol, 1e-6), 1e-6, equal_nan=True) for m, t in pairs
    ]
    return "agree" if all(close) else "differ"


# --- derivatives: along a direction, against differences of the same case in float64 --------------

NO_LIMIT = {"Sign", "Floor", "Ceil", "Round", "Mod", "Hardmax", "Cast", "CastLike"}
"""Operators that jump, near which a difference is none of a derivative, or that round to float32."""


def moving(case: Any) -> bool:
    only = case.model.graph.node
    names = {n.op_type for n in only}
    single = len(only) == 1 and not names & NO_LIMIT
    kinds = [x.type.tensor_type.elem_type for x in case.model.graph.output]
    return single and any(k in (1, 11) for k in kinds) and bool(case.data_sets[0][0])


@pytest.mark.parametrize("case", [c for c in CASES if moving(c)], ids=lambda case: case.name)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_derivative_is_the_limit_of_differences(case: Any, record_property: Any) -> None:
    rng = np.random.default_rng(0)
    model = in_double(case.model)
    pairs = zip(model.graph.input, arrays(case.data_sets[0][0]), strict=True)
    given = [spread(x.astype(DTYPES[v.type.tensor_type.elem_type]), rng) for v, x in pairs]
    try:
        graph = from_onnx(model, *given)
    except AutogradError as error:
        if not (
            is_refused(case, error) or re.search("not of float64 in ONNX|one type", str(error))
        ):
            raise
        record_property("suite", ("derivatives of ONNX's cases", {"of float32 alone": 1}))
        return
    weights = [rng.standard_normal(y.shape) for y in graph.outputs]
    loss = weighted(graph.outputs, weights)
    if loss is None or not np.isfinite(loss.item()):
        record_property("suite", ("derivatives of ONNX's cases", {"constant or not finite": 1}))
        return
    loss.backward()
    # what no derivative asks for stays: numbers that say how, as the region that is resized
    towards = [(x.grad is not None) * rng.standard_normal(x.shape) for x in graph.inputs]
    slope = sum(
        float(np.sum(x.grad * d))
        for x, d in zip(graph.inputs, towards, strict=True)
        if x.grad is not None
    )
    step = 1e-6
    ends = []
    for sign in (step, -step):
        moved = [
            x + sign * d if x.dtype == np.float64 else x
            for x, d in zip(given, towards, strict=True)
        ]
        there = weighted(from_onnx(model, *moved).outputs, weights)
        ends.append(0.0 if there is None else there.item())
    assert slope == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=2e-5, abs=2e-6)
    record_property("suite", ("derivatives of ONNX's cases", {"agree": 1}))


def spread(x: Any, rng: Any) -> Any:
    """Numbers near these at which nothing ties and nothing lies on a kink."""
    if x.dtype != np.float64 or not np.isfinite(x).all():
        return x
    return x + 1e-3 * rng.uniform(0.1, 1.0, x.shape)


def weighted(outputs: tuple[Tensor, ...], weights: list[Any]) -> Any:
    pairs = zip(outputs, weights, strict=True)
    terms = [(y * w).sum() for y, w in pairs if y.requires_grad and y.dtype == np.float64]
    return sum(terms[1:], terms[0]) if terms else None
