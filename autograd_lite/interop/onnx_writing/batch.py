"""A batch of any size: what differs between drafts at several sizes, computed from the size.

A function is recorded at a few sizes. If the drafts have the same nodes, and their constants differ by
numbers that are a multiple of the size and a number more, as shapes do, or by one that is divided by it, as
in a mean, one model holds for all sizes; its nodes compute these constants from the shape of its input.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lite.interop.onnx_writing.drafting import Drafted
from autograd_lite.interop.onnx_writing.wires import INT64, Draft, Step, Wire

BATCH: Final = "batch"


class FrozenError(Exception):
    """Why a draft holds for one size of batch alone."""


class Sized(NamedTuple):
    """A draft for every size of batch; by name: which lengths of inputs and outputs are how many times it."""

    drafted: Drafted
    dims: dict[str, tuple[int | str, ...]]


class Affine(NamedTuple):
    """Whole numbers that are times·B + plus at each size B."""

    times: Any
    plus: Any


def for_every_size(made: Iterable[Drafted], sizes: Sequence[int], axis: int) -> Sized:
    """One draft of those at several sizes of batch, the length of an axis of their inputs.

    Raises FrozenError where none holds for all of them, as soon as that is seen.
    """
    drafts: list[Drafted] = []
    for drafted in made:
        drafts.append(drafted)
        _refuse_other_nodes(drafts[0], drafted)
    first = drafts[0]
    dims = {
        x.name: _dims([d_x.shape for d_x in same], sizes)
        for same in zip(*((*d.inputs, *d.outputs) for d in drafts), strict=True)
        for x in same[:1]
    }
    source = next(x for x in first.inputs if axis < len(x.shape) and dims[x.name][axis] == BATCH)
    sizing = _Sizing(first.draft, source, axis)
    for name in first.draft.constants:
        sizing.constant(name, [d.draft.constants[name] for d in drafts], sizes)
    draft = replace(first.draft, steps=sizing.all_steps(), constants=sizing.constants)
    return Sized(replace(first, draft=draft), dims)


def _refuse_other_nodes(a: Drafted, b: Drafted) -> None:
    steps = [(x, y) for x, y in zip(a.draft.steps, b.draft.steps, strict=False) if x != y]
    if steps or len(a.draft.steps) != len(b.draft.steps):
        where = f" from {steps[0][0].name} on" if steps else ""
        raise FrozenError(f"another size of batch gives other operations{where}")
    if [x.name for x in a.outputs] != [x.name for x in b.outputs]:
        raise FrozenError("another size of batch gives other results")


def _dims(shapes: list[tuple[int, ...]], sizes: Sequence[int]) -> tuple[int | str, ...]:
    """The lengths of an array; where they move with the size, as a formula: batch, 2*batch, batch+1."""
    if len({len(shape) for shape in shapes}) != 1:
        raise FrozenError("another size of batch gives arrays with other axes")
    return tuple(_dim(list(lengths), sizes) for lengths in zip(*shapes, strict=True))


def _dim(lengths: list[int], sizes: Sequence[int]) -> int | str:
    if len(set(lengths)) == 1:
        return lengths[0]
    times, plus = (int(x) for x in affine(lengths, sizes, "a length"))
    product = BATCH if times == 1 else f"{times}*{BATCH}"
    return product if not plus else f"{product}{plus:+d}"


def affine(arrays: Sequence[Any], sizes: Sequence[int], where: str) -> Affine:
    """Whole numbers as times·B + plus.

    >>> affine([(2, 3), (4, 3), (8, 3)], (1, 2, 4), "a shape")
    Affine(times=array([2, 0]), plus=array([0, 3]))

    Raises FrozenError where they are not so at every size.
    """
    first, second = (np.asarray(x, np.int64) for x in arrays[:2])
    times = (second - first) // (sizes[1] - sizes[0])
    plus = first - times * sizes[0]
    for x, size in zip(arrays, sizes, strict=True):
        if not np.array_equal(times * size + plus, x):
            raise FrozenError(f"{where} is no multiple of the size of the batch")
    return Affine(times, plus)


class _Sizing:
    """Steps in front of all others, which compute constants from the size; those that are the same stay."""

    def __init__(self, draft: Draft, source: Wire, axis: int) -> None:
        self.draft, self.source, self.axis = draft, source, axis
        self.constants: dict[str, Any] = {}
        self.steps: list[Step] = []
        self.instead: dict[str, str] = {}
        self.readers = {name: step for step in draft.steps for name in step.inputs}

    def all_steps(self) -> list[Step]:
        """These, and then the draft's own, which read what they compute."""
        read = self.instead.get
        return [
            *self.steps,
            *(s._replace(inputs=tuple(read(x, x) for x in s.inputs)) for s in self.draft.steps),
        ]

    def constant(self, name: str, arrays: Sequence[Any], sizes: Sequence[int]) -> None:
        """A constant that is another at each size, or is not."""
        first = arrays[0]
        if any(x.shape != first.shape for x in arrays):
            raise FrozenError(
                f"an array that {self.readers[name].name} reads is as long as the batch"
            )
        if all(x.tobytes() == first.tobytes() for x in arrays):
            self.constants[name] = first
        elif first.dtype.kind == "i":
            self._whole(name, affine(arrays, sizes, f"a number of {self.readers[name].name}"))
        else:
            self._floating(name, arrays, sizes)

    def _whole(self, name: str, formula: Affine) -> None:
        times, plus = formula
        if self.readers[name].operator == "Reshape" and np.count_nonzero(times) == 1:
            self.constants[name] = np.where(times != 0, -1, plus)  # what is left, whatever it is
            return
        size = self._size if np.ndim(times) else self._size_as_number
        if not (times == 1).all():
            size = self._step("Mul", size, self._known("times", times), name=f"{name}_scaled")
        if plus.any():
            size = self._step("Add", size, self._known("plus", plus), name=f"{name}_moved")
        self.instead[name] = size

    def _floating(self, name: str, arrays: Sequence[Any], sizes: Sequence[int]) -> None:
        """One number that is multiplied with the size, or divided by it, or whole, as n - 1 is."""
        kind = arrays[0].dtype
        size = self._step("Cast", self._size_as_number, name=f"size_{kind}", to=str(kind))
        for operator, ones in (
            ("Mul", [x / n for x, n in zip(arrays, sizes, strict=True)]),
            ("Div", [x * n for x, n in zip(arrays, sizes, strict=True)]),
        ):
            if np.allclose(ones, ones[0], rtol=4 * float(np.finfo(kind).eps), atol=0.0):
                one = self._known("one", ones[0].astype(kind))
                self.instead[name] = self._step(operator, one, size, name=f"{name}_sized")
                return
        where = f"a number that {self.readers[name].name} reads"
        if not all(np.array_equal(x, np.rint(x)) for x in arrays):
            raise FrozenError(f"{where} moves with the size of the batch")
        self._whole(name, affine([x.astype(INT64) for x in arrays], sizes, where))
        whole = self.instead[name]
        self.instead[name] = self._step("Cast", whole, name=f"{name}_floating", to=str(kind))

    def _known(self, name: str, array: Any) -> str:
        name = self.draft.names.new(name)
        self.constants[name] = np.asarray(array)
        return name

    def _step(self, operator: str, *inputs: str, name: str, **attributes: Any) -> str:
        name = self.draft.names.new(name)
        self.steps.append(Step(name, operator, inputs, (name,), attributes))
        return name

    @property
    def _size(self) -> str:
        """The size of the batch, as an array with one entry."""
        if not hasattr(self, "_named"):
            self._named = self._step(
                "Shape", self.source.name, name=BATCH,
                start=self.axis, end=self.axis + 1,
            )  # fmt: skip
        return self._named

    @property
    def _size_as_number(self) -> str:
        if not hasattr(self, "_number"):
            axes = self._known("axes", np.zeros(1, INT64))
            self._number = self._step("Squeeze", self._size, axes, name="batch_size")
        return self._number
