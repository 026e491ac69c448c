"""The class that a target names in each entry, as indices, or as masks in a recorded program."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import IndexingError, OperandError, ShapeError
from autograd_lite.not_arrays import refuse_masked
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.program_only import asked, moves_in_program

Array: TypeAlias = np.ndarray[Any, Any]


def class_axis(scores: Any) -> int:
    """The axis of the classes: the second, of a vector the first.

    Raises ShapeError when there is none.
    """
    if not np.shape(plain(scores)):
        raise ShapeError(
            "class scores need an axis of classes: (C,), (n, C) or (n, C, ...), not a single number"
        )
    return 0 if len(np.shape(plain(scores))) == 1 else 1


def chosen_classes(scores: Any, target: Any, ignored: int) -> Indexed | Masked:
    """The classes that `target` names, one for each entry of the scores without their class axis.

    ignored  the index of what counts for nothing

    Raises ShapeError when the shapes do not fit, OperandError when an index is no integer, and
    IndexingError when it is no class.
    """
    refuse_masked(target)
    axis, shape = class_axis(scores), np.shape(plain(scores))
    index, expected = np.asarray(plain(target)), shape[:axis] + shape[axis + 1 :]
    if index.shape != expected:
        raise ShapeError(
            f"class scores of shape {shape} need class indices of shape {expected}, "
            f"not {index.shape}"
        )
    _refuse_no_class(index, index != ignored, shape)
    return Masked(scores, target, ignored) if moves_in_program(target) else Indexed(index, ignored)


def _refuse_no_class(index: Array, counts: Array, shape: tuple[int, ...]) -> None:
    if index.dtype.kind not in "iu" and not np.array_equal(index, np.rint(index)):
        raise OperandError(
            f"class indices are integers; for probabilities the target needs shape {shape}"
        )
    named, classes = index[counts], shape[0 if len(shape) == 1 else 1]
    if named.size and not 0 <= named.min() <= named.max() < classes:
        wrong = named.min() if named.min() < 0 else named.max()
        raise IndexingError(f"target {wrong} is no class: class indices lie in [0, {classes})")


class Indexed:
    """Classes that are known: their numbers are indices.

    all_count  whether none is ignored
    """

    def __init__(self, index: Array, ignored: int) -> None:
        self._counts = index != ignored
        self.all_count = bool(self._counts.all())
        self._index = np.where(self._counts, index, 0).astype(np.intp)

    def score(self, scores: Any) -> Any:
        """Of each entry the score of its class."""
        index = self._index
        if index.ndim == 1:
            return scores[np.arange(len(index)), index]
        axis = class_axis(scores)
        picked = f.take_along_axis(scores, np.expand_dims(index, axis), axis=axis)
        return f.reshape(picked, index.shape)

    def weight(self, of_class: Any) -> Any:
        """Of each entry the weight of its class, 0 where that is ignored."""
        return of_class[self._index] * self._counts.astype(plain(of_class).dtype)

    def counted(self, entries: Any) -> Any:
        """The entries, with 0 where the class is ignored."""
        return f.where(self._counts, entries, 0.0)


class Masked:
    """Classes that are an input of a program: others are named in each call, so nothing is indexed.

    In place of the index is a mask, (n, C, …), true where t = c. The score of a target that is no
    class is -∞, which is no loss to train with; the eager way then says what is wrong.
    """

    all_count = False

    def __init__(self, scores: Any, target: Any, ignored: int) -> None:
        self._axis, shape = class_axis(scores), np.shape(plain(scores))
        later = (1,) * (len(shape) - 1 - self._axis)
        self._row = (-1, *later)
        classes = np.arange(float(shape[self._axis])).reshape(self._row)
        self._mask = asked("equal", f.expand_dims(target, self._axis), classes)
        self._counts = asked("not_equal", target, float(ignored))

    def score(self, scores: Any) -> Any:
        return f.max(f.where(self._mask, scores, -np.inf), axis=self._axis)

    def weight(self, of_class: Any) -> Any:
        row = f.reshape(of_class, self._row)
        return self.counted(f.sum(f.where(self._mask, row, 0.0), axis=self._axis))

    def counted(self, entries: Any) -> Any:
        return f.where(self._counts, entries, 0.0)
