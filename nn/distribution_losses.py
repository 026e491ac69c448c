"""Losses between distributions: Kullback and Leibler's, and the negative log-likelihood of counts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.program_only import asked
from nn.broadcasting import broadcast
from nn.checks import choice
from nn.loss_options import option
from nn.losses import Reduction, reduced


def kl_div(x: Any, t: Any, reduction: str = "mean", log_target: bool = False) -> Any:
    """The Kullback-Leibler divergence of q = eˣ from p = t: p·(log p - x), entry by entry.

    x           log-probabilities log q
    t           probabilities p of the same shape; entries of 0 cost nothing
    log_target  True: t is log p
    reduction   "batchmean" divides the sum by the number of examples, which is the divergence of the
                formula; "mean", as in torch, by the number of all entries

    >>> from autograd_lite import Tensor
    >>> kl_div(Tensor([[math.log(0.5), math.log(0.5)]]), [[1.0, 0.0]], reduction="batchmean")
    Tensor(0.6931)

    Raises OperandError for another reduction, ShapeError when the shapes do not fit.

    Source: Kullback and Leibler, "On information and sufficiency", 1951.
    """
    log_target = option("log_target", log_target)
    reduction = choice("reduction", reduction, ("batchmean", "mean", "sum", "none"))
    x, t = broadcast(x, t)
    entries = f.exp(t) * (t - x) if log_target else _p_log_p(t) - t * x
    if reduction != "batchmean":
        return reduced(entries, reduction)
    examples = (*np.shape(plain(x)), 1)[0]
    return f.sum(entries) / examples


def poisson_nll_loss(
    x: Any,
    t: Any,
    log_input: bool = True,
    full: bool = False,
    eps: float = 1e-8,
    reduction: Reduction = "mean",
) -> Any:
    """The negative log-likelihood of counts t with rate λ: λ - t·log λ, with λ = eˣ or λ = x.

    log_input  True: x is log λ; False: x is λ, and the logarithm that of x + eps
    full       True adds Stirling's approximation of log t!, where t > 1: t·log t - t + ½·log(2πt)

    >>> from autograd_lite import Tensor
    >>> poisson_nll_loss(Tensor([0.0, 1.0]), [1, 2], reduction="none")
    Tensor([1.    , 0.7183])

    Raises ShapeError when the shapes do not fit.
    """
    log_input, full, eps = option("log_input", log_input), option("full", full), option("eps", eps)
    x, t = broadcast(x, t)
    entries = f.exp(x) - t * x if log_input else x - t * f.log(x + eps)
    return reduced(entries + _stirling(t) if full else entries, reduction)


def _p_log_p(p: Any) -> Any:
    """p·log p with 0·log 0 = 0; of a negative p, which is no probability, nan."""
    return p * f.log(f.where(asked("equal", p, 0), 1.0, p))


def _stirling(t: Any) -> Any:
    """What full adds: it depends on the targets alone, and is 0 up to 1."""
    many = asked("greater", t if isinstance(t, Node) else np.asarray(t), 1)
    safe = f.where(many, t, 1.0)
    return f.where(many, safe * f.log(safe) - safe + 0.5 * f.log(2.0 * math.pi * safe), 0.0)
