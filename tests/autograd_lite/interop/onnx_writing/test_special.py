"""The error function and its kin in float64, over their whole range, against Python's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the models are ONNX's: pip install onnx")
pytest.importorskip("onnxruntime", reason="no oracle: pip install onnxruntime")

from autograd_lite import expm1, log1p
from autograd_lite.interop import to_onnx
from autograd_lite.rules import RULES
from tests.autograd_lite.interop.onnx_writing.runtimes import run

WIDE = np.concatenate(
    [np.linspace(-9.0, 9.0, 3001), np.geomspace(1e-300, 1.0, 200), [0.0, 40.0, -40.0]]
)


def computed(f: Any, x: Any) -> Any:
    outputs, who = run(to_onnx(f, np.linspace(0.1, 0.9, x.size)), x)
    assert who == "onnxruntime"
    return next(iter(outputs.values()))


def test_erf_has_all_digits() -> None:
    """Where ONNX's reference has 8, and onnxruntime no kernel."""
    np.testing.assert_allclose(computed(RULES["erf"], WIDE), [*map(math.erf, WIDE)], rtol=4e-16)


def test_the_normal_distribution_keeps_its_digits_far_below() -> None:
    x = np.linspace(-37.0, 9.0, 2001)
    want = [0.5 * math.erfc(-v / math.sqrt(2.0)) for v in x]
    np.testing.assert_allclose(computed(RULES["ncdf"], x), want, rtol=2e-13)


@pytest.mark.parametrize(("f", "theirs"), [(expm1, math.expm1), (log1p, math.log1p)])
def test_small_numbers_are_not_rounded_away(f: Any, theirs: Any) -> None:
    x = np.concatenate([np.geomspace(1e-300, 0.9, 500), -np.geomspace(1e-300, 0.9, 500)])
    np.testing.assert_allclose(computed(f, x), [*map(theirs, x)], rtol=1e-15)
