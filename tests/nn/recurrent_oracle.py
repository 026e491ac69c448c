"""torch's recurrent modules as the reference: outputs, states and every gradient, h_0 given or not."""

from typing import Any

import numpy as np

from autograd_lite import Tensor
from tests.nn.oracle import assert_close, torch


def draws(seed: int) -> np.random.Generator:
    """A generator of its own for each test."""
    return np.random.default_rng(seed)


def configurations(seed: int) -> dict[str, Any]:
    """Random arguments that torch and this project share."""
    rng = draws(100 + seed)
    return {
        "input_size": int(rng.integers(1, 6)),
        "hidden_size": int(rng.integers(1, 7)),
        "num_layers": int(rng.integers(1, 4)),
        "bias": bool(rng.integers(2)),
        "batch_first": bool(rng.integers(2)),
        "bidirectional": bool(rng.integers(2)),
    }


def _listed(state: Any) -> list[Any]:
    return list(state) if isinstance(state, tuple) else [state]


def _both(arrays: list[Any]) -> tuple[list[Tensor], list[Any]]:
    ours = [Tensor(a, requires_grad=True) for a in arrays]
    return ours, [torch.tensor(a, requires_grad=True) for a in arrays]


def _state(parts: list[Any]) -> Any:
    return tuple(parts) if len(parts) > 1 else parts[0]


def _compare(ours: Any, theirs: Any, x: Any, state: list[Any], directions: Any) -> None:
    (X, *S), (u, *s) = _both([x, *state])
    y, end = ours(X, _state(S)) if state else ours(X)
    v, last = theirs(u, _state(s)) if state else theirs(u)
    found, expected = [y, *_listed(end)], [v, *_listed(last)]
    total, other = 0.0, 0.0
    for a, b in zip(found, expected, strict=True):
        assert_close(a, b, "value")
        direction = directions.normal(size=a.shape)
        total = total + (a * direction).sum()
        other = other + (b * torch.tensor(direction)).sum()
    total.backward()
    other.backward()
    for i, (a, b) in enumerate(zip([X, *S], [u, *s], strict=True)):
        assert_close(a.grad, b.grad, f"gradient of input {i}")


def _compare_weights(ours: Any, theirs: Any) -> None:
    gradients = {name: p.grad.numpy() for name, p in theirs.named_parameters()}
    expected = ours.translate_state(dict(gradients))
    for name, parameter in ours.named_parameters():
        g = expected[name]
        # one bias stands for the sum of two, which both have its gradient; the GRU's n keeps them apart
        if name.startswith("b") and not name.startswith(("b_n", "b_hn")):
            g = g / 2
        assert_close(parameter.grad, g, f"gradient of {name}")


def assert_same_recurrent(ours: Any, theirs: Any, seed: int) -> None:
    """The same y and end states, the same gradients of weights, input and initial state."""
    ours.load_state_dict(theirs.state_dict())
    rng = draws(seed)
    T, N, batched = int(rng.integers(1, 7)), int(rng.integers(1, 4)), bool(rng.integers(2))
    lead = ((N, T) if ours.batch_first else (T, N)) if batched else (T,)
    shape = (len(ours.layers), *((N,) if batched else ()), ours.hidden_size)
    x = rng.normal(size=(*lead, ours.input_size))
    for state in ([], [rng.normal(size=shape) for _ in ours.symbols]):
        ours.zero_grad()
        theirs.zero_grad()
        _compare(ours, theirs, x, state, rng)
        _compare_weights(ours, theirs)


def assert_same_cell(ours: Any, theirs: Any, lead: tuple[int, ...]) -> None:
    """The same for a cell, which returns its state alone."""
    ours.load_state_dict(theirs.state_dict())
    rng = draws(11)
    x = rng.normal(size=(*lead, ours.input_size))

    def with_output(cell: Any) -> Any:
        def call(*inputs: Any) -> Any:
            state = cell(*inputs)
            return _listed(state)[0], state

        return call

    for state in ([], [rng.normal(size=(*lead, ours.hidden_size)) for _ in ours.symbols]):
        ours.zero_grad()
        theirs.zero_grad()
        _compare(with_output(ours), with_output(theirs), x, state, rng)
        _compare_weights(ours, theirs)
