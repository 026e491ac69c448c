"""PyTorch's own samples of its operations: the same values and gradients here, or a refusal that says why."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="no oracle: pip install torch")
pytest.importorskip("expecttest", reason="torch's tables of samples need expecttest")

from autograd_lite.errors import AutogradError
from tests.peers.torch_calls import OPERATIONS
from tests.peers.torch_samples import ours, refuse_disagreement

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from torch.testing._internal.common_methods_invocations import op_db

TABLE = [info for info in op_db if info.name in OPERATIONS]


def samples(info: Any) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(info.sample_inputs("cpu", torch.float64, requires_grad=info.supports_autograd))


@pytest.mark.parametrize(
    "info", TABLE, ids=lambda info: f"{info.name} {info.variant_test_name}".strip()
)
@pytest.mark.filterwarnings("ignore")  # NumPy's of poles, and torch's of its own plans
def test_values_and_gradients_are_torchs(info: Any, record_property: Any) -> None:
    outcomes = Counter(agrees(info, sample) for sample in samples(info))
    record_property("suite", ("PyTorch's samples of operations", dict(outcomes)))
    assert outcomes["agree"] > 0


def agrees(info: Any, sample: Any) -> str:
    """Whether the sample agrees or is refused; fails when it does neither."""
    given = ((sample.input, *sample.args), sample.kwargs)
    theirs, arguments = info.op(*given[0], **given[1]), ours(given)
    try:
        mine = OPERATIONS[info.name](*arguments[0], **arguments[1])
    except AutogradError:
        return "refused"
    refuse_disagreement(mine, theirs, arguments, given)
    return "agree"
