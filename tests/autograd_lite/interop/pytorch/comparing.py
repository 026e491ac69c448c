"""A model in torch and as a graph of this project: the same numbers and the same gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from autograd_lite.interop import ImportedGraph, from_torch

VALUES, GRADIENTS = 1e-13, 2e-13


def tensors(tree: Any) -> list[Any]:
    """The tensors of nested tuples and dicts, in order."""
    return [x for x in torch.utils._pytree.tree_leaves(tree) if isinstance(x, torch.Tensor)]


def numbers(*shape: int, seed: int = 0, dtype: Any = torch.float64) -> Any:
    """Normal numbers, the same in each run, and none of torch's own draws used up."""
    drawn = np.random.default_rng([seed, *shape]).normal(size=shape)
    return torch.from_numpy(drawn).to(dtype)


def agreeing(
    module: Any, *inputs: Any, seed: int = 0, gradients: float = GRADIENTS, **keywords: Any
) -> ImportedGraph:
    """The graph of a model, which is refused where its values or gradients are not torch's."""
    xs = [x.clone().requires_grad_() if x.is_floating_point() else x for x in inputs]
    torch.manual_seed(seed)
    graph = from_torch(module, *xs, **keywords)
    torch.manual_seed(seed)
    theirs = tensors(module(*xs, **keywords))
    assert len(graph.outputs) == len(theirs)
    for mine, y in zip(graph.outputs, theirs, strict=True):
        np.testing.assert_allclose(mine.numpy(), y.detach().numpy(), VALUES, VALUES)
    leaves = list(zip(graph.inputs, [x for x in xs if x.requires_grad], strict=False))
    trained = [(name, p) for name, p in module.named_parameters() if p.requires_grad]
    leaves += [(graph.parameters[name], p) for name, p in trained]
    refuse_other_gradients(list(zip(graph.outputs, theirs, strict=True)), leaves, gradients)
    return graph


def refuse_other_gradients(
    results: list[Any], leaves: list[Any], tolerance: float = GRADIENTS
) -> None:
    """The gradients of one random combination of the results; where torch's is nan, anything goes."""
    results = [(mine, y) for mine, y in results if y.requires_grad and y.numel()]
    if not results or not leaves:
        return
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=mine.shape) for mine, _ in results]
    sum((mine * w).sum() for (mine, _), w in zip(results, weights, strict=True)).backward()
    slopes = torch.autograd.grad(
        [y for _, y in results],
        [x for _, x in leaves],
        [
            torch.from_numpy(np.asarray(w)).to(y.dtype)
            for w, (_, y) in zip(weights, results, strict=True)
        ],
        allow_unused=True,
    )
    for (mine, _), slope in zip(leaves, slopes, strict=True):
        g = np.zeros(mine.shape) if mine.grad is None else mine.grad
        theirs = np.zeros(mine.shape) if slope is None else slope.numpy()
        assert g.shape == theirs.shape
        scale = float(np.max(np.abs(theirs[np.isfinite(theirs)]), initial=1.0))
        g = np.where(np.isnan(theirs), np.nan, g)
        np.testing.assert_allclose(g, theirs, tolerance, tolerance * scale)
