"""A model as torch exports it, taken apart into operators of the table, and what is refused."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from typing import Any

import numpy as np

from autograd_lite.errors import GraphError, OperandError, TraceError
from autograd_lite.interop.pytorch.checking import checks_marked
from autograd_lite.interop.pytorch.detaching import keep_detached
from autograd_lite.interop.pytorch.hooking import gradient_hooks_refused, refuse_gradient_hooks
from autograd_lite.interop.pytorch.leaves import refuse_sparse
from autograd_lite.interop.pytorch.lines import raised_at
from autograd_lite.interop.pytorch.operators.table import known
from autograd_lite.interop.pytorch.watching import Watch
from autograd_lite.node import Node


def exported(module: Any, inputs: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """Torch's exported program of the model, of functional operators alone.

    Raises OperandError for what is no module, TraceError when torch cannot export it.
    """
    import torch

    if not isinstance(module, torch.nn.Module):
        raise OperandError(
            f"from_torch takes a torch.nn.Module and its inputs, not {type(module).__name__}: write a "
            f"Module whose forward calls it"
        )
    refuse_gradient_hooks(module)
    for k, x in enumerate(torch.utils._pytree.tree_leaves((inputs, dict(keywords))), start=1):
        if isinstance(x, (np.ndarray, Node)):
            raise OperandError(
                f"input {k} is a {type(x).__name__}, and the model takes torch's tensors: write "
                f"torch.as_tensor(x)"
            )
        refuse_sparse(x, f"input {k}")
    watch = Watch()
    with _silent():
        try:
            with watch.on(), checks_marked(), gradient_hooks_refused():
                program = torch.export.export(module, inputs, dict(keywords), strict=False)
            if not watch.own_backward:
                keep_detached(program.graph_module)
                taken_apart = program.run_decompositions(_decompositions())
                _refuse_other_shapes(module, program, taken_apart)
                return taken_apart
        except GraphError:
            raise
        except Exception as error:
            raise _refusal(module, error) from error
    raise TraceError(
        f"{type(module).__name__} has a derivative of its own, in {watch.own_backward[0]}, which torch's "
        f"export loses: write the operation with tensors alone (x + (y - x).detach() has y's numbers and "
        f"x's derivative)"
    )


def _refuse_other_shapes(module: Any, before: Any, after: Any) -> None:
    """Raise where torch's way to take the model apart changes the shape of what it gives."""
    shapes = [_output_shapes(program) for program in (before, after)]
    if shapes[0] != shapes[1]:
        raise TraceError(
            f"torch takes {type(module).__name__} apart into operators that give shapes {shapes[1]} and not "
            f"{shapes[0]}: write what it computes with simpler operators"
        )


def _output_shapes(program: Any) -> list[tuple[int, ...]]:
    """The shapes of the tensors that forward returns."""
    kinds = program.graph_signature.output_specs
    given = next(iter(reversed(program.graph.nodes))).args[0]
    users = (x for x, spec in zip(given, kinds, strict=True) if spec.kind.name == "USER_OUTPUT")
    values: list[Any] = [getattr(x, "meta", {}).get("val") for x in users]
    return [tuple(value.shape) for value in values if hasattr(value, "shape")]


def _decompositions() -> Any:
    """How torch takes operators apart, but for those that this project has."""
    import torch

    table = torch.export.default_decompositions()
    for op in [op for op in table if known(str(op))]:
        del table[op]
    return table


@contextmanager
def _silent() -> Iterator[None]:
    """Without what torch prints and warns of: what matters is in the error."""
    logger = logging.getLogger("torch")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)


def _refusal(module: Any, error: Exception) -> TraceError:
    """Why there is no graph: in our words, then torch's reason, and the line."""
    name, reason = type(module).__name__, _first_sentence(error)
    kind = type(error).__name__
    place = raised_at(error)
    if "DataDependent" in kind or "data-dependent" in str(error):
        return TraceError(
            f"what {name} computes is decided by numbers{place}, so one graph does not hold for other "
            f"numbers: write torch.where, or build the graph of one branch. torch says: {reason}"
        )
    return TraceError(f"torch cannot export {name}{place}: {kind}: {reason}")


def _first_sentence(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else "no reason"
