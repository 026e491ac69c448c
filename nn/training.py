"""fit: a training loop. It is short so that you can write your own instead."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from autograd_lite import no_grad
from autograd_lite.errors import OperandError, brief
from autograd_lite.rules.namespaces import plain
from nn.batch_gradient import Loss, eager_gradient, one_number
from nn.batches import checked_batch, checked_batches
from nn.checks import at_least, flag, function, number
from nn.clipping import clip_grad_norm_
from nn.history import History
from nn.module import Module
from nn.module_checks import checked_module
from nn.optim import Optimizer
from nn.progress import progress
from nn.recorded import RecordedGradient
from nn.schedules import LRScheduler

Data: TypeAlias = Iterable[Any]
Gradient: TypeAlias = Callable[[Any], float]
"""(batch): the loss, whose gradient is left on the parameters."""


def fit(  # noqa: PLR0913 - what a loop can do besides, each by one word
    model: Module,
    loss: Loss,
    batches: Data,
    optimizer: Optimizer,
    epochs: int = 10,
    *,
    validation: Data | None = None,
    patience: int | None = None,
    clip_norm: float | None = None,
    schedule: LRScheduler | None = None,
    record: bool = False,
    verbose: bool = True,
) -> History:
    """Train the model: for each batch (x, t) one step against the gradient of loss(model(x), t).

    batches     gone through once an epoch: a list, `nn.Batches(x, t)`, or what can be iterated
                again; all but the last entry of a batch are the model's inputs
    validation  batches whose loss is taken after each epoch; the model ends with its best state
    patience    end after this many epochs without a better validation loss
    clip_norm   largest norm of the gradient (`clip_grad_norm_`)
    schedule    goes one step on after each epoch
    record      True records the loss's graph once for each form of batch and then repeats it, as a
                program (`autograd_lite.trace`): the same losses but for rounding, in less time. What
                model and loss read beside batch and parameters, as β of a VAE, is kept as it was
    verbose     False says nothing

    A schedule such as `ReduceLROnPlateau` is given the validation loss, or else the training loss.
    Ctrl-C ends training and returns what was trained.

    >>> from nn import MLP, SGD, half_squared_error
    >>> model = MLP((1, 1), generator=0)
    >>> x = np.array([[0.0], [1.0]])
    >>> optimizer = SGD(model.parameters(), lr=0.5)
    >>> fit(model, half_squared_error, [(x, 2.0 * x)], optimizer, epochs=100, verbose=False)
    History of 100 epochs (all epochs done): loss 2.496 → ...

    Raises TrainingError when the loss or a gradient is not finite, naming the first bad node or the
    parameters; they then still have their last good values. TraceError when a loss with record=True
    would need another graph for other numbers; nothing is trained then. OperandError when an argument is no
    model, no batches, … or out of its range; nothing is trained then.
    """
    epochs = at_least("epochs", epochs, 0)
    _check_training(model, loss, optimizer)
    _check_options(optimizer, schedule, clip_norm)
    record, verbose = flag("record", record), flag("verbose", verbose)
    _check_data(batches, validation, patience, epochs)
    gradient = RecordedGradient(model, loss) if record else partial(eager_gradient, model, loss)
    history, display, best = History(ended="interrupted"), progress(verbose), _Best()
    with _mode_restored(model), suppress(KeyboardInterrupt):
        for epoch in range(epochs):
            start = time.perf_counter()
            shown = display.epoch(batches, f"epoch {epoch + 1}/{epochs}")
            history.train.append(_one_epoch(model.train(), gradient, shown, optimizer, clip_norm))
            if validation is not None:
                history.validation.append(evaluate(model, loss, validation))
                best.update(model, history.validation[-1], epoch)
            history.seconds.append(time.perf_counter() - start)
            display.write(_line(history, epochs))
            if schedule is not None:
                schedule._after_epoch((history.validation or history.train)[-1])
            if patience is not None and epoch - best.epoch >= patience:
                history.ended = f"no better for {patience} epochs"
                break
        else:
            history.ended = "all epochs done"
    history.best = best.restore(model)
    return history


def evaluate(model: Module, loss: Loss, batches: Data) -> float:
    """The mean loss over batches, weighted by their rows, in `eval()` and without recording.

    The model is as it was afterwards: no gradient, and in the mode it had.

    >>> from nn import Identity, mse_loss
    >>> batches = [([0.0, 0.0], [1.0, 1.0]), ([0.0], [4.0])]
    >>> evaluate(Identity(), mse_loss, [(np.array(x), np.array(t)) for x, t in batches])
    6.0

    Raises OperandError when there are no batches, or an argument is of the wrong kind,
    DerivativeError when the loss is not one number.
    """
    _check(model, loss)
    checked_batches("batches", batches, 1)
    with _mode_restored(model), no_grad():
        model.eval()
        pieces = map(checked_batch, batches)
        return _mean((one_number(loss(model(*x), t)), _rows(t)) for *x, t in pieces)


def train_step(
    model: Module, loss: Loss, batch: Any, optimizer: Optimizer, clip_norm: float | None = None
) -> float:
    """One step of the optimiser on one batch (x, t); returns the loss before it.

    What it does: zero_grad, loss(model(x), t), backward, `clip_grad_norm_` if asked, and step.

    >>> from nn import MLP, SGD, half_squared_error
    >>> model, batch = MLP((1, 1), generator=0), (np.array([[1.0]]), np.array([[2.0]]))
    >>> optimizer = SGD(model.parameters(), lr=0.25)
    >>> losses = [train_step(model, half_squared_error, batch, optimizer) for _ in range(3)]
    >>> (np.array(losses) / losses[0]).round(4)
    array([1.    , 0.25  , 0.0625])

    Raises TrainingError when the loss or a gradient is not finite, OperandError when an argument is
    of the wrong kind; no parameter was changed then.
    """
    _check_training(model, loss, optimizer)
    gradient = partial(eager_gradient, model, loss)
    return _step(model, gradient, batch, optimizer, _checked_norm(clip_norm))


def _step(
    model: Module, gradient: Gradient, batch: Any, optimizer: Optimizer, clip_norm: float | None
) -> float:
    value = gradient(batch)
    if clip_norm is not None:
        clip_grad_norm_(model.parameters(), clip_norm)
    optimizer.step()
    return value


def _one_epoch(
    model: Module, gradient: Gradient, batches: Data, optimizer: Optimizer, clip_norm: float | None
) -> float:
    return _mean((_step(model, gradient, b, optimizer, clip_norm), _rows(b[-1])) for b in batches)


@contextmanager
def _mode_restored(model: Module) -> Iterator[None]:
    """The model is in training or in use afterwards as it was before."""
    was_training = model.training
    try:
        yield
    finally:
        model.train(was_training)


class _Best:
    """The state with the lowest validation loss so far."""

    def __init__(self) -> None:
        self.loss, self.epoch = math.inf, -1
        self.state: dict[str, Any] | None = None

    def update(self, model: Module, loss: float, epoch: int) -> None:
        if loss < self.loss:
            self.loss, self.epoch, self.state = loss, epoch, model.state_dict()

    def restore(self, model: Module) -> int | None:
        if self.state is None:
            return None
        model.load_state_dict(self.state)
        return self.epoch


def _mean(losses: Iterable[tuple[float, int]]) -> float:
    total, rows = 0.0, 0
    for loss, n in losses:
        total, rows = total + n * loss, rows + n
    if rows == 0:
        raise OperandError(
            "there were no batches: an iterator is used up after one epoch, "
            "so give a list or nn.Batches"
        )
    return total / rows


def _rows(t: Any) -> int:
    return int(np.shape(plain(t))[0]) if np.ndim(plain(t)) else 1


def _line(history: History, epochs: int) -> str:
    validation = f", validation {history.validation[-1]:.5g}" if history.validation else ""
    n = len(history.train)
    return (
        f"epoch {n}/{epochs}: loss {history.train[-1]:.5g}{validation}, {history.seconds[-1]:.2f} s"
    )


def _check(model: Module, loss: Loss) -> None:
    """Raise OperandError when the model is no module, or the loss no function."""
    checked_module("model is an nn.Module, such as nn.MLP((2, 1))", model)
    function("loss", loss)


def _check_training(model: Module, loss: Loss, optimizer: Optimizer) -> None:
    """Raise OperandError also when the optimiser is none, or has none of this model's parameters."""
    _check(model, loss)
    if not isinstance(optimizer, Optimizer):
        raise OperandError(
            f"optimizer is one such as SGD(model.parameters()), not {brief(optimizer)}"
        )
    known = set(model.parameters())
    if not any(parameter in known for parameter in optimizer.parameters):
        raise OperandError(
            "the optimiser has none of this model's parameters: write SGD(model.parameters())"
        )


def _check_options(
    optimizer: Optimizer, schedule: LRScheduler | None, clip_norm: float | None
) -> None:
    _checked_norm(clip_norm)
    if schedule is None:
        return
    if not isinstance(schedule, LRScheduler):
        raise OperandError(f"schedule is one such as StepLR(optimizer, 10), not {brief(schedule)}")
    if schedule.optimizer is not optimizer:
        raise OperandError("the schedule changes another optimiser's rate: make it for this one")


def _check_data(batches: Data, validation: Data | None, patience: int | None, epochs: int) -> None:
    checked_batches("batches", batches, epochs)
    if validation is not None:
        checked_batches("validation", validation, epochs)
    if patience is None:
        return
    at_least("patience", patience, 1)
    if validation is None:
        raise OperandError(
            "patience counts epochs without a better validation loss: give validation too"
        )


def _checked_norm(clip_norm: float | None) -> float | None:
    return None if clip_norm is None else number("clip_norm", clip_norm, "(0, ∞]")
