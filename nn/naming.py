r"""Names of what modules compute: a model's layers give ξ_1, h_1, ξ_2, …, the variables of its flow graph.

Inside of another module's call a module's result is called by its class's `result_name` and a number:

    "xi"  an excitation begins the next layer: Linear, the convolutions
    "h"   what follows it is the layer's activation; without an excitation before, a layer of its own
    None  nothing, where there is a layer's result already: normalization, pooling, dropout, …

One count goes through all of a model, so no two of its layers have one name, and a module called twice has
two. Beside a recurrent module, whose h_1 is of the first time step, they are ξ^(1), h^(1), …. These names are
`Automatic`: what a user names stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Final

from autograd_lite import Tensor
from autograd_lite.automatic import Automatic
from autograd_lite.node import Node
from nn.parameters import is_parameter


class Layers:
    """The layers of a model while it is called: how many have begun, and whether the last is excited only."""

    __slots__ = ("excited", "is_timed", "number")

    def __init__(self, is_timed: bool) -> None:
        self.number, self.excited, self.is_timed = 0, False, is_timed

    def call(self, result: Any, symbol: str) -> None:
        """Name a layer's result, unless it has a name or is no result of an operation."""
        # read often, and so without the properties
        if not isinstance(result, Node) or result._name is not None or result.left is None:
            return
        if symbol == "xi" or not self.excited:
            self.number += 1
        self.excited = symbol == "xi"
        if self.is_timed:
            result._name = automatic(symbol.replace("xi", r"\xi"), f"^{{({self.number})}}")
        else:
            result._name = automatic(symbol, f"_{self.number}")


LAYERS: Final[ContextVar[Layers | None]] = ContextVar("layers", default=None)
"""Of the outermost module that is being called in this thread or task; None outside of all."""


def counted(is_timed: bool, model: Callable[..., Any], *arguments: Any) -> Any:
    """What the outermost module's call gives, with a count of its own for the layers inside.

    is_timed  whether h_1 is the first time step's in it: then the first layer's is h^{(1)}
    """
    token = LAYERS.set(Layers(is_timed))
    try:
        return model(*arguments)
    finally:
        LAYERS.reset(token)


@lru_cache(maxsize=4096)
def automatic(symbol: str, at: str = "") -> Automatic:
    """A symbol with what it ends in, as a name that a user's own replaces."""
    return Automatic(symbol + at)


def called(x: Any, name: str) -> Any:
    r"""Call x by a name, unless its user called it otherwise: a module's one line for what a lecture names.

    It returns x. Only what was computed is named: arrays, constants and leaves are left as they are. Of two
    modules the outer one says last.

    >>> from autograd_lite import Tensor
    >>> x = Tensor([1.0], requires_grad=True)
    >>> called(x * 2.0, r"\hat{x}").name, called((x * 2.0).named("mine"), r"\hat{x}").name
    ('\\hat{x}', 'mine')
    """
    if isinstance(x, Node) and x.left is not None and _is_free(x._name):
        x._name = automatic(name)
    return x


def numbered(x: Any, symbol: str = "h") -> Any:
    r"""Call x the model's next h_1, h_2, …, or h_l after an excitation ξ_l, as what a module inside gives.

    It returns x. For what a module computes by functions; outside of every module's call there is no count,
    and no name.

    symbol  "h" an activation, "xi" an excitation, which begins the next layer, or any other

    >>> import nn
    >>> from autograd_lite import FlowGraph, functions as f
    >>> class Net(nn.Module):
    ...     def __init__(self):
    ...         self.first, self.last = nn.Linear(2, 3, generator=0), nn.Linear(3, 1, generator=1)
    ...     def forward(self, x):
    ...         return self.last(nn.numbered(f.sigmoid(self.first(x))))
    >>> FlowGraph(Net()([[1.0, 2.0]]).sum().named("L"))
    FlowGraph(first.weight, first.bias, last.weight, last.bias, ξ_1, h_1, ξ_2, L)
    """
    layers = LAYERS.get()
    if layers is not None:
        layers.call(x, symbol)
    return x


def qualify(parameters: Iterable[tuple[str, Tensor]], prefix: str, inside: str = "") -> None:
    """Put `prefix` before the names of those of a module's parameters that are called by their path.

    So a parameter is called as in the state of the whole: `0.weight`. A name of its own stays, and of a
    shared parameter its first path.

    parameters  with their paths in the module
    inside      the path of the module in what `prefix` leads to
    """
    for path, x in parameters:
        if type(x._name) is Automatic and x._name == inside + path:
            x._name = automatic(prefix, inside + path)


def name_of(before: Any, key: str) -> str:
    """What a module calls a parameter without a name: as the one in whose place it comes, or by its key."""
    return (before.name if is_parameter(before) else None) or automatic(key)


def _is_free(name: str | None) -> bool:
    return name is None or type(name) is Automatic
