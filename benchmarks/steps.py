"""Training steps: the same weights, data and update in each library, raced after a comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Any

import numpy as np

from benchmarks.race import Run, medians, verdict

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Trainer:
    """A library with its model of a work.

    gradients  () -> the loss's gradient by each weight at the start, in the order of this project's
    step       one training step: forward, backward, update
    """

    gradients: Callable[[], Sequence[Any]]
    step: Run


Maker = Callable[[], Trainer]


def race(
    title: str,
    ours: Maker,
    peers: Mapping[str, Maker],
    limits: Mapping[str, float],
    rounds: int,
    *,
    slack: float = 1e-9,
) -> None:
    """Compare the gradients, then print everybody's time for a step and how the limits stand.

    peers   by name: the library, and in further words what of it
    limits  for a peer: the part of its time that a step here may take
    slack   how far gradients may differ, as a part of the largest entry
    """
    print(title)
    trainers = {"nn": ours(), **dict(_installed(peers))}
    ours_trainer = trainers["nn"]
    for name, trainer in trainers.items():
        _agree(name, ours_trainer.gradients(), trainer.gradients(), slack)
    times = medians({name: trainer.step for name, trainer in trainers.items()}, rounds)
    for name, taken in times.items():
        print(_line(name, taken, times["nn"], limits.get(name.rsplit(" ", 1)[0])))


def _installed(peers: Mapping[str, Maker]) -> Iterator[tuple[str, Trainer]]:
    for name, make in peers.items():
        try:
            trainer = make()
        except ImportError:
            print(f"  {name} is not installed: skipped")
            continue
        yield f"{name} {metadata.version(name.split()[0])}", trainer


def _agree(name: str, ours: Sequence[Any], theirs: Sequence[Any], slack: float) -> None:
    """Stop when two libraries find different gradients: times of different work say nothing."""
    for i, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        size = np.abs(b).max()
        np.testing.assert_allclose(
            a, b, slack, slack * size, err_msg=f"{name} disagrees on weight {i}"
        )


def _line(name: str, taken: float, ours: float, limit: float | None) -> str:
    line = f"  {name:<34}{taken * 1e3:9.3f} ms a step"
    if name != "nn":
        line += f", nn takes {ours / taken:.2f} × that"
    if limit is not None:
        line += f"   to reach {limit:.2f} ×: {verdict(ours / taken <= limit)}"
    return line


def torch_trainer(model: Any, loss: Callable[[], Any], optimizer: Any) -> Trainer:
    """Torch's usual loop: zero_grad, loss, backward, step, on one thread."""
    import torch

    torch.set_num_threads(1)

    def gradients() -> list[Array]:
        optimizer.zero_grad()
        loss().backward()
        return [p.grad.numpy().copy() for p in model.parameters()]

    def step() -> None:
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()

    return Trainer(gradients, step)


def nn_trainer(model: Any, loss: Callable[[], Any], optimizer: Any) -> Trainer:
    """The usual loop here: zero_grad, loss, backward, step."""
    from autograd_lite import Tape

    def gradients() -> list[Array]:
        optimizer.zero_grad()
        Tape(loss()).backward(keep=False)
        return [np.array(p.grad) for p in model.parameters()]

    def step() -> None:
        optimizer.zero_grad()
        Tape(loss()).backward(keep=False)
        optimizer.step()

    return Trainer(gradients, step)


def hips_trainer(
    loss: Callable[[list[Any]], Any], weights: Sequence[Array], update: Callable[[Any, Any], None]
) -> Trainer:
    """HIPS autograd: the gradient of a function of the list of weights.

    update  (weights, gradients) moves the weights in place
    """
    from autograd import grad

    gradient, own = grad(loss), [np.array(w) for w in weights]
    return Trainer(lambda: gradient(own), lambda: update(own, gradient(own)))


def mygrad_trainer(
    loss: Callable[[list[Any]], Any], weights: Sequence[Array], update: Callable[[Any, Any], None]
) -> Trainer:
    """MyGrad: tensors whose gradients a backward pass leaves on them.

    update  (weights, gradients) moves the weights in place
    """
    import mygrad

    own = [mygrad.tensor(w) for w in weights]

    def gradients() -> list[Array]:
        loss(own).backward()
        return [w.grad for w in own]

    return Trainer(gradients, lambda: update([w.data for w in own], gradients()))


def torch_model(*modules: Any) -> Any:
    """A torch model of these modules in float64."""
    import torch

    return torch.nn.Sequential(*modules).double()


def take_weights(model: Any, weights: Sequence[Array]) -> None:
    """Put these weights into a torch model."""
    import torch

    with torch.no_grad():
        for p, w in zip(model.parameters(), weights, strict=True):
            p.copy_(torch.tensor(w))


def sgd(lr: float) -> Callable[[Any, Any], None]:
    """Gradient descent on arrays, in place."""

    def update(weights: Any, gradients: Any) -> None:
        for w, g in zip(weights, gradients, strict=True):
            np.subtract(w, lr * g, out=w)

    return update


class Adam:
    """Adam on arrays as its authors write it, for libraries that bring no optimiser."""

    def __init__(self) -> None:
        self.t = 0
        self.memories: list[tuple[Any, Any]] = []

    def __call__(self, weights: Any, gradients: Any) -> None:
        """Move the weights in place."""
        self.t += 1
        memories = self.memories = self.memories or [(0.0, 0.0)] * len(weights)
        for i, (w, g) in enumerate(zip(weights, gradients, strict=True)):
            m, v = memories[i]
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            memories[i] = (m, v)
            m_hat, v_hat = m / (1 - 0.9**self.t), v / (1 - 0.999**self.t)
            np.subtract(w, 1e-3 * m_hat / (np.sqrt(v_hat) + 1e-8), out=w)
