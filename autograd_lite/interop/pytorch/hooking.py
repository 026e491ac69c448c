"""Hooks on gradients, which may change them, and which torch's export forgets: they are refused."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any, Final

from autograd_lite.errors import TraceError
from autograd_lite.interop.pytorch.lines import is_users

_OF_MODULES: Final = ("_backward_hooks", "_backward_pre_hooks")
_OF_TENSORS: Final = ("_backward_hooks", "_post_accumulate_grad_hooks")
_REGISTERING: Final = ("register_hook", "register_post_accumulate_grad_hook")


def refuse_gradient_hooks(module: Any) -> None:
    """Raise TraceError for a hook on the gradients of a module inside, or of a parameter."""
    for name, part in module.named_modules():
        _refuse(part, _OF_MODULES, f"module {name!r}" if name else type(module).__name__)
    for name, parameter in module.named_parameters():
        _refuse(parameter, _OF_TENSORS, f"parameter {name!r}")


@contextmanager
def gradient_hooks_refused() -> Iterator[None]:
    """Refuse hooks that the model's forward puts on gradients, while this thread runs it inside."""
    import torch

    thread = get_ident()
    before = {name: getattr(torch.Tensor, name) for name in _REGISTERING}
    for name, original in before.items():
        setattr(torch.Tensor, name, _refusing(original, thread))
    try:
        yield
    finally:
        for name, original in before.items():
            setattr(torch.Tensor, name, original)


def _refusing(original: Callable[..., Any], thread: int) -> Callable[..., Any]:
    def register(x: Any, hook: Any) -> Any:
        frame = sys._getframe(1)
        if get_ident() == thread and is_users(frame.f_code.co_filename):
            place = f"{frame.f_code.co_filename}, line {frame.f_lineno}, in {frame.f_code.co_name}"
            raise TraceError(_sentence("a tensor", place, "leave it out"))
        return original(x, hook)

    return register


def _refuse(owner: Any, attributes: tuple[str, ...], what: str) -> None:
    for attribute in attributes:
        for hook in (getattr(owner, attribute, None) or {}).values():
            raise TraceError(_sentence(what, _place(hook), "remove it first (handle.remove())"))


def _sentence(what: str, place: str, remedy: str) -> str:
    return (
        f"a hook on gradients of {what}, in {place}: a graph has the derivatives of what is computed, "
        f"which a hook may change; {remedy}"
    )


def _place(hook: Any) -> str:
    """The line of a hook's function; of a callable object, its class."""
    code = getattr(hook, "__code__", None)
    if code is None:
        return f"an object of {type(hook).__name__}"
    return f"{code.co_filename}, line {code.co_firstlineno}, in {code.co_name}"
