"""PyTorch's own samples of its modules through the importer: the same values and gradients, or a refusal."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="no oracle: pip install torch")
pytest.importorskip("expecttest", reason="torch's tables of samples need expecttest")

from autograd_lite.errors import AutogradError
from autograd_lite.interop import from_torch
from tests.autograd_lite.interop.pytorch.comparing import refuse_other_gradients, tensors
from tests.peers.torch_samples import TOLERANCE, refuse_difference

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from torch.testing._internal.common_modules import module_db

TABLE = {info.name: info for info in module_db if not info.name.startswith(("ao.", "nn.Lazy"))}


# torch exports a model for each, which takes a second: so many of a module in one mode, spread over all
# it has; TORCH_SAMPLES=1000 takes every one
MOST = int(os.environ.get("TORCH_SAMPLES", "3"))


def samples(info: Any, training: bool) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = info.module_inputs_func(
            info, device="cpu", dtype=torch.float64, requires_grad=True, training=training
        )
    whole = [sample for sample in made if sample.forward_input is not None]
    return whole[:: max(-(-len(whole) // MOST), 1)]


SUPPORTED = 0.95
REFUSED = {"nn.CTCLoss", "nn.FractionalMaxPool2d", "nn.FractionalMaxPool3d"}
"""Modules of which every sample is refused, by the name of an operator that there is not here."""

OTHER_SHAPE = {"nn.MultiLabelMarginLoss"}
"""Of a single number torch's export, as its own shapes say, gives (1,) where the module gives ()."""


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("info", TABLE.values(), ids=lambda info: info.name)
@pytest.mark.filterwarnings("ignore")  # torch's, of its own plans
def test_numbers_and_gradients_are_torchs(info: Any, training: bool, record_property: Any) -> None:
    outcomes = Counter(outcome(info, sample, training) for sample in samples(info, training))
    record_property("suite", ("PyTorch's samples of modules, imported", dict(outcomes)))
    assert (outcomes["agree"] > 0) == (info.name not in REFUSED or not outcomes)


def test_few_modules_are_refused():
    assert len(REFUSED) < (1 - SUPPORTED) * len(TABLE)
    assert set(TABLE) >= REFUSED


def outcome(info: Any, sample: Any, training: bool) -> str:
    """Whether the sample agrees or is refused, also because torch does not export it; fails otherwise."""
    built, given = sample.constructor_input, sample.forward_input
    module = info.module_cls(*built.args, **built.kwargs).double().train(training)
    torch.manual_seed(0)
    try:
        graph = from_torch(module, *given.args, **given.kwargs)
    except AutogradError:
        return "refused"
    torch.manual_seed(0)
    theirs = tensors(module(*given.args, **given.kwargs))
    results = list(zip(graph.outputs, theirs, strict=True))
    leaves = [x for x in tensors((given.args, given.kwargs)) if x.is_floating_point()]
    both = [(t, x) for t, x in zip(graph.inputs, leaves, strict=False) if x.requires_grad]
    both += [(graph.parameters[name], p) for name, p in module.named_parameters()]
    if info.name in OTHER_SHAPE and any(mine.shape != tuple(y.shape) for mine, y in results):
        return "of another shape in torch's export"
    for mine, y in results:
        refuse_difference(mine.numpy(), y.detach().numpy(), "value")
    refuse_other_gradients(results, both, TOLERANCE)
    return "agree"
