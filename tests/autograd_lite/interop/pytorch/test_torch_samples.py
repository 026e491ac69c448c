"""PyTorch's own samples of its modules through the importer: the same values and gradients, or a refusal."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="no oracle: pip install torch")
pytest.importorskip("expecttest", reason="torch's tables of samples need expecttest")

from autograd_lite.errors import AutogradError
from autograd_lite.interop import from_torch
from tests.peers.torch_samples import refuse_disagreement

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from torch.testing._internal.common_modules import module_db

TABLE = {info.name: info for info in module_db if not info.name.startswith(("ao.", "nn.Lazy"))}


def samples(info: Any, training: bool) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = info.module_inputs_func(
            info, device="cpu", dtype=torch.float64, requires_grad=True, training=training
        )
    return [sample for sample in made if sample.forward_input is not None]


def outcome(info: Any, sample: Any, training: bool) -> str:
    """Whether the sample agrees or is refused, also because torch does not export it; fails otherwise."""
    built, given = sample.constructor_input, sample.forward_input
    module = info.module_cls(*built.args, **built.kwargs).double().train(training)
    torch.manual_seed(0)
    try:
        graph = from_torch(module, *given.args, **given.kwargs)
    except AutogradError as error:
        return f"refused: {type(error).__name__} {error}"
    torch.manual_seed(0)
    theirs = module(*given.args, **given.kwargs)
    leaves = torch.utils._pytree.tree_leaves((given.args, given.kwargs))
    floats = [x for x in leaves if isinstance(x, torch.Tensor) and x.is_floating_point()]
    pairs = [(t, x) for t, x in zip(graph.inputs, floats, strict=False) if x.requires_grad]
    pairs += [(graph.parameters[name], p) for name, p in module.named_parameters()]
    refuse_disagreement(
        floating(graph.outputs, theirs), theirs, *zip(*pairs, strict=True)
    ) if pairs else None
    return "agree"


def floating(outputs: Any, theirs: Any) -> list[Any]:
    """Those of the outputs that torch has as floats."""
    tensors = [y for y in torch.utils._pytree.tree_leaves(theirs) if isinstance(y, torch.Tensor)]
    both = zip(outputs, tensors, strict=True)
    return [mine for mine, y in both if y.is_floating_point()]
