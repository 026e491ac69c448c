"""Dropout as it is when a model is used: nothing is dropped. Its random choice in training is refused."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.errors import OperandError
from autograd_lite.interop.onnx_reading.operators.versions import Table
from autograd_lite.interop.onnx_reading.values import Given, single


def _kept(x: Given, *, ratio: float = 0.5) -> Any:
    return x, np.ones(x.shape, bool)


def _kept_with_inputs(
    x: Given,
    ratio: Given | None = None,
    training_mode: Given | None = None,
    *,
    seed: int | None = None,
) -> Any:
    share = 0.5 if ratio is None else single(ratio, "the ratio")
    if training_mode is not None and single(training_mode, "training_mode") and share != 0.0:
        raise OperandError(
            "training_mode is true: what is dropped would be drawn anew each time; export the model "
            "for evaluation"
        )
    return x, np.ones(x.shape, bool)


OPERATORS: Table = {"Dropout": {7: _kept, 12: _kept_with_inputs}}
