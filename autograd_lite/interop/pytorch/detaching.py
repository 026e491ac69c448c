"""What passes no derivative on, marked before torch forgets it: `x.detach()` and `no_grad()`."""

from __future__ import annotations

from typing import Any, Final

from autograd_lite.errors import TraceError
from autograd_lite.interop.pytorch.lines import line_of
from autograd_lite.interop.pytorch.watching import NAMED

_GRAD_MODE: Final = "wrap_with_set_grad_enabled"
_DETACHING: Final = ("aten.detach.default", "aten.detach_.default")


def keep_detached(graph_module: Any, recording: bool = True) -> None:
    """Put an operator of this project wherever a derivative ends.

    recording  False inside `no_grad()`

    Raises TraceError where what is detached is written to, or `enable_grad()` stands inside `no_grad()`.
    """
    for node in list(graph_module.graph.nodes):
        if node.op != "call_function":
            continue
        if str(node.target) in _DETACHING and recording:
            _mark_detached(node)
        elif str(node.target) == _GRAD_MODE:
            enabled, inner = node.args[0], getattr(graph_module, str(node.args[1].target))
            if enabled and not recording:  # torch lays such parts side by side, as far as is known
                raise TraceError(
                    f"enable_grad() inside no_grad() is not supported, in {line_of(node)}"
                )
            keep_detached(inner, recording and enabled)
            if not enabled:
                _detach_outputs(inner)
    graph_module.recompile()


def _mark_detached(node: Any) -> None:
    import torch

    if _is_written_to(node):
        raise TraceError(
            f"what is detached is written to afterwards, in {line_of(node)}: write x.detach().clone()"
        )
    node.target = torch.ops.autograd_lite.detached.default
    node.kwargs = {}


def _detach_outputs(inner: Any) -> None:
    """Detach all that a part under `no_grad()` gives.

    Raises TraceError when it writes into a tensor.
    """
    import torch

    nodes = list(inner.graph.nodes)
    for node in nodes:
        if _writes(node):
            raise TraceError(
                f"a tensor is written to under no_grad(), in {line_of(node)}: write a new one"
            )
    output = nodes[-1]

    def detached(node: Any) -> Any:
        value = node.meta.get("val")
        if not isinstance(value, torch.Tensor) or not value.is_floating_point():
            return node
        with inner.graph.inserting_before(output):
            made = inner.graph.call_function(torch.ops.autograd_lite.detached.default, (node,))
        made.meta = dict(node.meta)
        return made

    output.args = torch.fx.node.map_arg(output.args, detached)


def _is_written_to(node: Any) -> bool:
    """Whether anything writes into what a node gave, or into a view of it."""
    for user in node.users:
        schema = getattr(user.target, "_schema", None)
        if str(user.target) == NAMED or schema is None:
            continue
        for argument, given in zip(schema.arguments, user.args, strict=False):
            alias = argument.alias_info if given is node else None
            if alias is not None and (alias.is_write or _is_written_to(user)):
                return True
    return False


def _writes(node: Any) -> bool:
    """Whether a node writes into its operand."""
    schema = getattr(node.target, "_schema", None)
    return schema is not None and schema.is_mutable and str(node.target) != NAMED
