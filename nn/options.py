"""What a constructor answers to an option that it does not take: of torch's, what to write here instead."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import CO_VARARGS, CO_VARKEYWORDS, Parameter, Signature, signature
from typing import Any, Final

import numpy as np

from autograd_lite import functions
from autograd_lite.errors import OperandError, brief, did_you_mean
from autograd_lite.node import Node
from nn.checks import constructor_call

_REDUCTION: Final = "write reduction='mean', 'sum' or 'none', as torch does by now"
_TOUCHED: Final = "every row of the table has its own gradient here: leave it out"

REFUSED: Final = {
    "device": "every array is in the memory of the CPU: leave it out",
    "dtype": "parameters start in float64: write module.astype('float32') afterwards",
    "inplace": "an operation makes a new node and overwrites none: leave it out, the numbers are the same",
    "size_average": _REDUCTION,
    "reduce": _REDUCTION,
    "return_indices": "the places of the maxima are not given out: write argmax for those of an axis",
    "min_value": "write min_val",
    "max_value": "write max_val",
    "recompute_scale_factor": "write size= where the rounded length matters: leave it out",
    "max_norm": "rows are not renormalised when they are read: write clip_grad_norm_ or weight_decay",
    "norm_type": "it says which norm max_norm takes, and there is no max_norm: leave it out",
    "scale_grad_by_freq": _TOUCHED,
    "sparse": _TOUCHED,
    "_weight": "write table.load_state_dict({'weight': rows})",
    "_freeze": "hand the optimiser the other parameters only",
    "add_bias_kv": "write concatenate([key, bias_k], axis=0), in forward",
    "add_zero_attn": "write concatenate([key, zeros], axis=0) in forward",
    "enable_nested_tensor": "padding is masked and never taken out, with the same numbers: leave it out",
    "mask_check": "there is no fast path that a mask could turn off: leave it out",
    "proj_size": "the states are not projected: leave it out, or write output_size= for what comes out",
    "process_group": "there is one process: leave it out",
}  # fmt: skip
"""torch's arguments that no module takes unless it says so in its own signature."""


def checked_options(init: Callable[..., None]) -> Callable[..., None]:
    """The constructor `init`, which answers an option that it does not have by what to write instead.

    >>> from nn import ReLU
    >>> ReLU(inplace=True)
    Traceback (most recent call last):
    autograd_lite.errors.OperandError: ReLU does not take inplace=True: an operation makes a new node ...

    Raises OperandError when an option is not in the signature, or more come by place than it takes.
    """
    code = init.__code__
    if code.co_flags & (CO_VARKEYWORDS | CO_VARARGS):
        return init
    known = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]

    @wraps(init)
    def __init__(self: Any, *arguments: Any, **options: Any) -> None:  # noqa: N807 - it is one
        if not options.keys() <= set(known):
            options = _without_switched_off(options, known)
            _refuse_unknown(type(self).__name__, options, known)
        _refuse_operands(type(self), arguments, len(arguments) >= code.co_argcount)
        if len(arguments) >= code.co_argcount:
            raise OperandError(
                f"{type(self).__name__}{_plain_signature(init)} takes "
                f"{code.co_argcount - 1} arguments by place, not {len(arguments)}: name the others, "
                f"and leave torch's inplace, size_average and reduce out"
            )
        init(self, *arguments, **options)

    return __init__


def _refuse_operands(kind: type, arguments: tuple[Any, ...], too_many: bool) -> None:
    """Raise where a loss or an activation was given what its object is to be called with."""
    loss = getattr(kind, "loss", None)
    function = loss or getattr(functions, kind.__name__.lower(), None)
    if function is None or not any(_is_operand(x, too_many) for x in arguments):
        return
    operands = "(x)" if loss is None else "(x, t)"
    raise OperandError(
        f"{kind.__name__} is made first, from its options, and then called with operands: write "
        f"{constructor_call(kind)}{operands} or nn.{function.__name__}{operands}"
    )


def _is_operand(x: Any, too_many: bool) -> bool:
    """Whether this was no option: a weight, which is one, is an array or a constant."""
    if isinstance(x, Node):
        return too_many or x.requires_grad
    return too_many and isinstance(x, np.ndarray)


def _plain_signature(init: Callable[..., None]) -> Signature:
    """What a constructor takes, with defaults but without types."""
    taken = list(signature(init).parameters.values())[1:]
    return Signature([p.replace(annotation=Parameter.empty) for p in taken])


def _without_switched_off(options: dict[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    """The options less those of torch's that are not taken here and that ask for nothing."""
    return {
        name: x for name, x in options.items()
        if name in known or name not in REFUSED or not (x is None or (isinstance(x, int) and x == 0))
    }  # fmt: skip


def _refuse_unknown(owner: str, options: dict[str, Any], known: tuple[str, ...]) -> None:
    name = next((name for name in options if name not in known), None)
    if name is None:
        return
    if name in REFUSED:
        raise OperandError(f"{owner} does not take {name}={brief(options[name])}: {REFUSED[name]}")
    raise OperandError(f"{owner} has no option {name!r:.60}; {did_you_mean(name, known)}")
