"""A library with its model of a work: value and gradient, and one training step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.floors import Array, Floor
from benchmarks.race import Run

Loss = Callable[..., Any]


@dataclass(frozen=True)
class Trainer:
    """What is timed of a library.

    sweep      value and gradient
    gradients  () -> the loss's gradient by each weight as the last sweep left it, in this project's order
    step       a training step: sweep and update; None for who brings no optimiser
    """

    sweep: Run
    gradients: Callable[[], Sequence[Any]]
    step: Run | None = None


Maker = Callable[[], Trainer]
"""Makes a trainer, with weights of its own; raises ImportError when the library is not there."""


# --- this project --------------------------------------------------------------------------------


def eager(model: Any, loss: Loss, inputs: Sequence[Array], optimizer: Any = None) -> Trainer:
    """The usual loop here: zero_grad, loss, backward, step."""
    from autograd_lite import Tape, Tensor

    tensors = [Tensor(x) for x in inputs]

    def sweep() -> None:
        model.zero_grad()
        Tape(loss(*tensors)).backward(keep=False)

    return _ours(model, sweep, optimizer)


def program(model: Any, loss: Loss, inputs: Sequence[Array], optimizer: Any = None) -> Trainer:
    """The loop on the recorded loss; the weights are parameters, which the program reads anew."""
    from autograd_lite import trace

    recorded = trace(loss, *inputs)

    def sweep() -> None:
        model.zero_grad()
        recorded.backward(*inputs)

    return _ours(model, sweep, optimizer)


def floor(by_hand: Floor) -> Trainer:
    """The same in NumPy by hand."""
    return Trainer(by_hand.run, lambda: by_hand.gradients)


def _ours(model: Any, sweep: Run, optimizer: Any) -> Trainer:
    def gradients() -> list[Array]:
        return [np.array(p.grad) for p in model.parameters()]

    return Trainer(sweep, gradients, _then(sweep, optimizer))


def _then(sweep: Run, optimizer: Any) -> Run | None:
    if optimizer is None:
        return None

    def step() -> None:
        sweep()
        optimizer.step()

    return step


# --- its peers -----------------------------------------------------------------------------------


def torch(model: Any, loss: Callable[[], Any], optimizer: Any = None) -> Trainer:
    """Torch's usual loop: zero_grad, loss, backward, step, on one thread."""
    import torch

    torch.set_num_threads(1)

    def sweep() -> None:
        model.zero_grad()
        loss().backward()

    return Trainer(
        sweep, lambda: [p.grad.numpy() for p in model.parameters()], _then(sweep, optimizer)
    )


def jax(loss: Loss, weights: Sequence[Array], update: Callable[..., Any] | None = None) -> Trainer:
    """jax.jit of the value and gradient of a function of the list of weights.

    update  (weights, gradients, state) gives new weights and a new state; compiled with the gradient
    """
    import jax

    jax.config.update("jax_enable_x64", True)
    value_and_grad = jax.jit(jax.value_and_grad(loss))
    own = [jax.numpy.asarray(w) for w in weights]

    def sweep() -> Any:
        return jax.block_until_ready(value_and_grad(own))

    def gradients() -> list[Array]:
        return [np.asarray(g) for g in sweep()[1]]

    return Trainer(sweep, gradients, update and _jax_step(loss, own, update))


def _jax_step(loss: Loss, weights: Any, update: Callable[..., Any]) -> Run:
    import jax

    def whole(weights: Any, state: Any) -> Any:
        return update(weights, jax.grad(loss)(weights), state)

    compiled = jax.jit(whole, donate_argnums=(0, 1))
    now = jax.jit(whole)(weights, None)  # its state has a value from here on

    def step() -> None:
        nonlocal now
        now = jax.block_until_ready(compiled(*now))

    return step


def hips(
    loss: Loss, weights: Sequence[Array], update: Callable[[Any, Any], None] | None = None
) -> Trainer:
    """HIPS autograd: value and gradient of a function of the list of weights.

    update  (weights, gradients) moves the weights in place
    """
    from autograd import value_and_grad

    found, own = value_and_grad(loss), [np.array(w) for w in weights]

    def sweep() -> Any:
        return found(own)[1]

    return Trainer(sweep, sweep, update and (lambda: update(own, sweep())))


def mygrad(
    loss: Loss, weights: Sequence[Array], update: Callable[[Any, Any], None] | None = None
) -> Trainer:
    """MyGrad: tensors whose gradients a backward pass leaves on them.

    update  (weights, gradients) moves the weights in place
    """
    import mygrad

    own = [mygrad.tensor(w) for w in weights]

    def sweep() -> Any:
        loss(own).backward()
        return [w.grad for w in own]

    return Trainer(sweep, sweep, update and (lambda: update([w.data for w in own], sweep())))


def torch_model(dtype: str, *modules: Any) -> Any:
    """A torch model of these modules."""
    import torch

    return torch.nn.Sequential(*modules).to(getattr(torch, dtype))


def take_weights(model: Any, weights: Sequence[Array]) -> None:
    """Put these weights into a torch model."""
    import torch

    with torch.no_grad():
        for p, w in zip(model.parameters(), weights, strict=True):
            p.copy_(torch.tensor(w))
