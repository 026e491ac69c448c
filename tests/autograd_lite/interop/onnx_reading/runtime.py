"""What onnxruntime says: the peer that runs whole models."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

onnxruntime = pytest.importorskip("onnxruntime", reason="no peer: pip install onnxruntime")


def run(model: Any, *inputs: Any) -> list[Any]:
    """The outputs of a model for its inputs in order."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    feeds = {
        x.name: np.asarray(array) for x, array in zip(session.get_inputs(), inputs, strict=True)
    }
    found: list[Any] = session.run(None, feeds)
    return found
