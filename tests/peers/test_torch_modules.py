"""PyTorch's own samples of its modules: the same arguments and weights give the same gradients."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="no oracle: pip install torch")
pytest.importorskip("expecttest", reason="torch's tables of samples need expecttest")

import nn
from autograd_lite.errors import AutogradError
from tests.peers.torch_samples import ours, refuse_disagreement

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from torch.testing._internal.common_modules import module_db

GIVEN_MODULES = {"TransformerEncoder"}  # torch's own, as arguments: tests/nn has it
TABLE = [
    info
    for info in module_db
    if info.name.startswith("nn.") and info.name[3:] in set(nn.__all__) - GIVEN_MODULES
]


def samples(info: Any, training: bool) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = info.module_inputs_func(
            info, device="cpu", dtype=torch.float64, requires_grad=True, training=training
        )
    return [sample for sample in made if sample.forward_input is not None and _is_said(sample)]


def _is_said(sample: Any) -> bool:
    """Whether the sample can be said here: with inputs, and without torch's own modules and functions."""
    given = sample.constructor_input
    objects = [x for x in (*given.args, *given.kwargs.values()) if callable(x)]
    return bool(sample.forward_input.args) and not objects


def both(info: Any, sample: Any, training: bool) -> tuple[Any, Any]:
    """torch's module, and this project's with the same arguments and weights."""
    args, kwargs = sample.constructor_input.args, sample.constructor_input.kwargs
    theirs = info.module_cls(*args, **kwargs).double().train(training)
    mine = getattr(nn, info.name[3:])(*ours(args), **ours(kwargs))
    state = {key: value.detach().numpy() for key, value in theirs.state_dict().items()}
    if state and mine.state_dict():
        mine.load_state_dict(state)
    return theirs, mine.train(training)


def compare(theirs: Any, mine: Any, sample: Any) -> None:
    args, kwargs = sample.forward_input.args, sample.forward_input.kwargs
    args_here, kwargs_here = ours((args, kwargs))
    refuse_disagreement(
        mine(*args_here, **kwargs_here),
        theirs(*args, **kwargs),
        (args_here, kwargs_here),
        (args, kwargs),
    )


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("info", TABLE, ids=lambda info: info.name)
@pytest.mark.filterwarnings("ignore")  # of broadcasting, and torch's of its own plans
def test_numbers_and_gradients_are_torchs(info: Any, training: bool, record_property: Any) -> None:
    outcomes = Counter(agrees(info, sample, training) for sample in samples(info, training))
    record_property("suite", ("PyTorch's samples of modules", dict(outcomes)))
    assert outcomes["agree"] > 0


def agrees(info: Any, sample: Any, training: bool) -> str:
    """Whether the sample agrees or is refused; fails when it does neither."""
    try:
        theirs, mine = both(info, sample, training)
        compare(theirs, mine, sample)
    except AutogradError:
        return "refused"
    return "agree"
