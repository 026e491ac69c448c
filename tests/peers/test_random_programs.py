"""Random programs in PyTorch and here, eager and recorded: the same value, and gradient by every input.

PROGRAMS=2000 in the environment runs more of them (`make suites`).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="no oracle: pip install torch")

import autograd_lite as al
from autograd_lite import Tensor
from tests.peers.torch_samples import refuse_difference

COUNT = int(os.environ.get("PROGRAMS", "150"))
LENGTH = 12

Both = tuple[Callable[..., Any], Callable[..., Any]]

# what stays of moderate size, so that a dozen in a row neither overflow nor lose all digits
OF_ONE: list[Both] = [
    (al.sin, torch.sin), (al.tanh, torch.tanh), (al.sigmoid, torch.sigmoid), (al.arctan, torch.atan),
    (al.softplus, torch.nn.functional.softplus), (al.gelu, torch.nn.functional.gelu),
    (al.relu, torch.relu), (al.abs, torch.abs), (al.erf, torch.erf), (al.arcsinh, torch.asinh),
    (lambda x: al.exp(-x * x), lambda x: torch.exp(-x * x)),
    (lambda x: al.log1p(x * x), lambda x: torch.log1p(x * x)),
    (lambda x: al.sqrt(1 + x * x), lambda x: torch.sqrt(1 + x * x)),
    (lambda x: al.softmax(x, axis=-1), lambda x: torch.softmax(x, -1)),
    (lambda x: al.log_softmax(x, axis=0), lambda x: torch.log_softmax(x, 0)),
    (lambda x: al.cumsum(x, axis=-1) / 3, lambda x: torch.cumsum(x, -1) / 3),
    (lambda x: al.sort(x, axis=-1), lambda x: torch.sort(x, -1).values),
    (lambda x: al.flip(x, axis=0), lambda x: torch.flip(x, (0,))),
    (lambda x: al.roll(x, 1, axis=-1), lambda x: torch.roll(x, 1, -1)),
    (lambda x: x - al.mean(x, axis=-1, keepdims=True), lambda x: x - x.mean(-1, keepdim=True)),
    (lambda x: x * al.max(x, axis=0, keepdims=True), lambda x: x * x.amax(0, keepdim=True)),
    (lambda x: x / al.norm(x + 3.0), lambda x: x / torch.linalg.vector_norm(x + 3.0)),
    (lambda x: al.logsumexp(x, axis=0, keepdims=True) + x, lambda x: torch.logsumexp(x, 0, True) + x),
    (lambda x: al.clip(x, -0.5, 0.8), lambda x: torch.clamp(x, -0.5, 0.8)),
    (lambda x: x.reshape(9)[::-1].reshape(3, 3), lambda x: x.reshape(9).flip(0).reshape(3, 3)),
    (lambda x: x.at[0].set(0.5), lambda x: torch.cat([torch.full_like(x[:1], 0.5), x[1:]])),
    (lambda x: al.where(x > 0.1, x, -x * 0.3), lambda x: torch.where(x > 0.1, x, -x * 0.3)),
    (lambda x: al.tril(x) + x.T @ x / 9 @ al.triu(x), lambda x: torch.tril(x) + x.T @ x / 9 @ torch.triu(x)),
    (lambda x: al.linalg.inv(x @ x.T + 9 * np.eye(3)) * 9, lambda x: torch.linalg.inv(
        x @ x.T + 9 * torch.eye(3, dtype=x.dtype)) * 9),
]  # fmt: skip
OF_TWO: list[Both] = [
    (lambda x, y: x + y, lambda x, y: x + y), (lambda x, y: x - 0.5 * y, lambda x, y: x - 0.5 * y),
    (lambda x, y: x * y, lambda x, y: x * y), (lambda x, y: x @ y / 3, lambda x, y: x @ y / 3),
    (lambda x, y: x / (1 + y * y), lambda x, y: x / (1 + y * y)),
    (al.maximum, torch.maximum),
    (lambda x, y: al.hypot(x, 1 + y * y), lambda x, y: torch.hypot(x, 1 + y * y)),
    (al.logaddexp, torch.logaddexp),
    (lambda x, y: al.einsum("ij,kj->ik", x, y) / 3, lambda x, y: torch.einsum("ij,kj->ik", x, y) / 3),
    (lambda x, y: al.concatenate([x, y])[1:4], lambda x, y: torch.cat([x, y])[1:4]),
    (lambda x, y: al.arctan2(x, 2 + y * y), lambda x, y: torch.atan2(x, 2 + y * y)),
]  # fmt: skip


def program(seed: int) -> list[tuple[Both, tuple[int, ...]]]:
    """Operations with the places of their operands among the inputs and the results so far."""
    rng = np.random.default_rng(seed)
    steps: list[tuple[Both, tuple[int, ...]]] = []
    for k in range(LENGTH):
        table = OF_ONE if rng.random() < 0.5 else OF_TWO
        count = 1 if table is OF_ONE else 2
        # mostly what is new, so that the program is deep; sometimes the same twice
        places = tuple(int(max(0, 2 + k - 1 - rng.geometric(0.4) + 1)) for _ in range(count))
        steps.append((table[rng.integers(len(table))], places))
    return steps


def run(steps: list[tuple[Both, tuple[int, ...]]], inputs: list[Any], which: int) -> Any:
    values = list(inputs)
    for both, places in steps:
        y = both[which](*(values[i] for i in places))
        values.append(y)
    return sum((value.sum() for value in values[-3:]), 0.0)


@pytest.mark.parametrize("seed", range(COUNT))
def test_a_random_program_has_torchs_value_and_gradients(seed: int, record_property: Any) -> None:
    steps, rng = program(seed), np.random.default_rng(10_000 + seed)
    arrays = [rng.normal(size=(3, 3)) for _ in range(2)]
    ours = [Tensor(a, requires_grad=True) for a in arrays]
    theirs = [torch.tensor(a, requires_grad=True) for a in arrays]
    y, torch_y = run(steps, ours, 0), run(steps, theirs, 1)
    refuse_difference(y.data, torch_y.detach().numpy(), "value")
    y.backward()
    slopes = torch.autograd.grad(torch_y, theirs, allow_unused=True)
    for x, slope in zip(ours, slopes, strict=True):
        assert (x.grad is None) == (slope is None)
        if slope is not None:
            refuse_difference(x.grad, slope.numpy(), "gradient")
    record_property("suite", ("Random programs against PyTorch", {"agree": 1}))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("seed", range(COUNT))
def test_recorded_it_has_torchs_at_other_numbers(
    seed: int, dtype: str, record_property: Any
) -> None:
    steps, rng = program(seed), np.random.default_rng(10_000 + seed)
    drawn = [rng.normal(size=(3, 3)).astype(dtype) for _ in range(6)]
    recorded = al.trace(lambda x, y: run(steps, [x, y], 0), *drawn[:2], argnums=(0, 1))
    for arrays in (drawn[2:4], drawn[4:]):
        theirs = [torch.tensor(a, requires_grad=True) for a in arrays]
        torch_y = run(steps, theirs, 1)
        slopes = torch.autograd.grad(torch_y, theirs, materialize_grads=True)
        wide = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in arrays]
        exact = torch.autograd.grad(run(steps, wide, 1), wide, materialize_grads=True)
        value, gradients = recorded.value_and_grad(*arrays)
        if dtype == "float64":
            refuse_difference(value, torch_y.detach().numpy(), "value")
        for own, slope, best in zip(gradients, slopes, exact, strict=True):
            assert own.dtype == dtype
            if dtype == "float64":
                refuse_difference(own, slope.numpy(), "gradient")
            else:  # no farther from the exact ones than torch is, but for an order of magnitude
                scale = np.abs(best.numpy()).max(initial=1.0)
                bound = 20 * np.abs(slope.numpy() - best.numpy()).max() + 1e-4 * scale
                assert np.abs(own - best.numpy()).max() <= bound
    record_property("suite", ("Random recorded programs against PyTorch", {"agree": 1}))
