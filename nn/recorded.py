"""Training by recorded programs: the loss's graph is built once for each form of batch, and then repeated."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from autograd_lite.errors import OperandError, TraceError, brief
from autograd_lite.rules.namespaces import plain
from autograd_lite.trees import tree_leaves, tree_map
from nn.batch_gradient import Loss, eager_gradient
from nn.batches import checked_batch
from nn.module import Module
from nn.parameters import forget_gradients

if TYPE_CHECKING:
    from autograd_lite import Program, Tensor

Inputs: TypeAlias = tuple[tuple[Any, ...], Any]
"""The model's inputs, and the target."""

MOST: Final = 32
"""Programs that are kept, each with its memory; batches of further forms go the eager way."""


class RecordedGradient:
    """`eager_gradient` of a model and a loss, by one program for each form of batch.

    A form is the shapes and dtypes of a batch's arrays, and which parameters the model has. The first
    batch of a form goes the eager way too, which says what is wrong with a loss, and whose number the
    program has to give. So does a batch whose loss or gradient is not finite, to find the node.

    >>> from nn import MLP, half_squared_error
    >>> model = MLP((1, 1), generator=0)
    >>> gradient, batch = RecordedGradient(model, half_squared_error), (np.ones((3, 1)), np.ones((3, 1)))
    >>> first, second = gradient(batch), gradient(batch)
    >>> first == second, gradient.programs
    (True, [<program: operations ..., inputs 2, parameters 2, ... bytes>])

    Raises what `eager_gradient` raises, and TraceError when a program of the loss would not hold for
    other numbers.
    """

    def __init__(self, model: Module, loss: Loss) -> None:
        self.model, self.loss = model, loss
        self._programs: dict[Any, Program] = {}

    @property
    def programs(self) -> list[Program]:
        """The programs recorded so far."""
        return list(self._programs.values())

    def __call__(self, batch: Any) -> float:
        *x, t = map(_arrays, checked_batch(batch))
        inputs, parameters = (tuple(x), t), list(self.model.parameters())
        form = _form(inputs, parameters)
        program = self._programs.get(form)
        if program is None and len(self._programs) < MOST:
            self._programs[form], value = self._first(batch, inputs)
            return value
        if program is None:
            return eager_gradient(self.model, self.loss, batch)
        forget_gradients(parameters)
        with np.errstate(all="ignore"):
            value = np.asarray(program.backward(*inputs)).item()
            is_finite = math.isfinite(value) and all(map(_has_finite_gradient, parameters))
        return value if is_finite else eager_gradient(self.model, self.loss, batch)

    def _first(self, batch: Any, inputs: Inputs) -> tuple[Program, float]:
        """The program for batches like this one, and this one's loss, with its gradient."""
        program = _recorded(self.model, self.loss, inputs)
        value = eager_gradient(self.model, self.loss, batch)
        with np.errstate(all="ignore"):
            found = np.asarray(program.value(*inputs)).item()
        if not math.isclose(found, value, rel_tol=1e-3, abs_tol=1e-6):
            raise TraceError(
                f"the program gives the loss {found}, and the function itself {value}: it takes arrays "
                f"of another kind than a program has, which are all of floats; train with record=False"
            )
        return program, value


def _recorded(model: Module, loss: Loss, inputs: Inputs) -> Program:
    from autograd_lite import trace

    try:
        with np.errstate(all="ignore"):  # said with its node by the eager way
            return trace(lambda x, t: loss(model(*x), t), *inputs)
    except TraceError as error:
        raise TraceError(f"{error}\n  or train without a program: record=False") from None


def _form(inputs: Inputs, parameters: Iterable[Tensor]) -> tuple[Any, ...]:
    return tuple(map(id, parameters)), *((x.shape, x.dtype) for x in tree_leaves(inputs))


def _has_finite_gradient(parameter: Tensor) -> bool:
    """Whether all entries are; where they are so large that their squares are not, the eager way tells."""
    g = parameter.grad
    return g is None or bool(np.isfinite(np.vdot(g, g)))


def _arrays(part: Any) -> Any:
    """An entry of a batch in arrays: a list of numbers is one, a list of arrays is a list of them."""
    is_array = all(isinstance(x, (int, float)) for x in tree_leaves(part))
    return _array(part) if is_array else tree_map(_array, part)


def _array(x: Any) -> Any:
    """The numbers of x. Truth values are 0 and 1, in the precision that leaves others as they are."""
    array = np.asarray(plain(x))
    if array.dtype.kind not in "fiub":
        raise OperandError(
            f"a batch of recorded training holds numbers and arrays, not {brief(x)}: close over it in "
            f"the model or the loss, or train with record=False"
        )
    return array.astype(np.float32) if array.dtype == np.bool_ else array
