"""A sample of torch's own tables run in both engines: the same numbers in, values and gradients compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from autograd_lite import Tensor

TOLERANCE = 1e-9  # relative to the largest entry: linear algebra loses a few digits


def ours(x: Any, known: dict[int, Tensor] | None = None) -> Any:
    """torch's arguments as this project takes them: numbers as Tensors, indices and masks as arrays.

    known  by id: what stands twice in the arguments is one Tensor here, as it is there
    """
    known = {} if known is None else known
    if isinstance(x, torch.Tensor):
        if not x.is_floating_point():
            return x.numpy()
        if id(x) not in known:
            known[id(x)] = Tensor(x.detach().numpy(), requires_grad=x.requires_grad)
        return known[id(x)]
    if isinstance(x, dict):
        return {key: ours(value, known) for key, value in x.items()}
    if isinstance(x, (list, tuple)):
        values = [ours(value, known) for value in x]
        return tuple(values) if isinstance(x, tuple) else values
    return x


def tensors_in(x: Any, kind: type) -> Iterator[Any]:
    """The tensors that require a gradient, in order."""
    if isinstance(x, kind):
        if x.requires_grad:
            yield x
    elif isinstance(x, dict):
        for value in x.values():
            yield from tensors_in(value, kind)
    elif isinstance(x, (list, tuple)):
        for value in x:
            yield from tensors_in(value, kind)


def numbers(y: Any) -> list[Any]:
    """The results that are real numbers, without the places that come with them."""
    if isinstance(y, (list, tuple)):
        return [part for each in y for part in numbers(each)]
    if isinstance(y, torch.Tensor) and not y.is_floating_point():
        return []
    return [y]


def refuse_difference(mine: Any, theirs: Any, what: str) -> None:
    """Compare two arrays relative to the largest entry; nan and inf stand where they stand."""
    mine, theirs = np.asarray(mine), np.asarray(theirs)
    assert mine.shape == theirs.shape, f"{what}: shape {mine.shape}, torch has {theirs.shape}"
    scale = float(np.max(np.abs(theirs[np.isfinite(theirs)]), initial=1.0))
    np.testing.assert_allclose(mine, theirs, rtol=TOLERANCE, atol=TOLERANCE * scale, err_msg=what)


def refuse_disagreement(mine: Any, theirs: Any, arguments: Any, given: Any) -> None:
    """Values against torch's, then the gradients of one random combination of them by every input.

    mine, theirs      results, one tensor or several
    arguments, given  what they were computed from, in this project's classes and in torch's
    """
    pairs = []
    rng = np.random.default_rng(0)
    for y, torch_y in zip(numbers(mine), numbers(theirs), strict=True):
        refuse_difference(getattr(y, "data", y), torch_y.detach().numpy(), "value")
        if torch_y.requires_grad and torch_y.numel():
            pairs.append((y, torch_y, rng.normal(size=tuple(torch_y.shape))))
    inputs = list(tensors_in(given, torch.Tensor))
    if not pairs or not inputs:
        return
    sum(((y * w).sum() for y, _, w in pairs), Tensor(0.0)).backward()
    slopes = torch.autograd.grad(
        [y for _, y, _ in pairs],
        inputs,
        [torch.from_numpy(np.asarray(w)) for *_, w in pairs],
        allow_unused=True,
    )
    for x, slope in zip(tensors_in(arguments, Tensor), slopes, strict=True):
        g = np.zeros(x.shape) if x.grad is None else x.grad
        refuse_difference(g, np.zeros(x.shape) if slope is None else slope.numpy(), "gradient")
