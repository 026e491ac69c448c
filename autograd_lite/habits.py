"""Habits from PyTorch, NumPy, micrograd and JAX that are written otherwise here: what to write instead.

One table, read by the errors of every package: a name that is missing, an argument that is not taken.
What is written as there needs no line: the page docs/coming_from.md says the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Final, NoReturn, ParamSpec, TypeVar

from autograd_lite.errors import OperandError, did_you_mean

P = ParamSpec("P")
R = TypeVar("R")

_NODE: Final = {
    "_backward": "y.backward(); an operation's derivative is in its record, node.rule",
    "_op": "node.rule.name",
    "_prev": "node.parents",
    "grad_fn": "node.rule, the record of the operation",
    "label": "node.name",
    "next_functions": "node.parents",
    "requires_grad_": "Tensor(t.numpy(), requires_grad=True), a new leaf",
    "retain_grad": "nothing: after y.backward() every node has its .grad",
}
_IN_PLACE: Final = "with no_grad(): t {sign}= …, on a leaf"

ATTRIBUTES: Final[Mapping[str, Mapping[str, str]]] = {
    "Value": {
        **_NODE,
        "numpy": "v.item()",
        "shape": "Tensor(…) for arrays: a Value is one number",
        "tolist": "v.item()",
    },
    "Tensor": {
        **_NODE,
        "add_": _IN_PLACE.format(sign="+"),
        "baddbmm": "c + a @ b",
        "bmm": "a @ b",
        "chunk": "np.array_split(t, n)",
        "clamp": "t.clip(low, high)",
        "clone": "t.copy()",
        "contiguous": "nothing: a tensor's entries are in C order",
        "copy_": "t.data = array, on a leaf",
        "cpu": "nothing: every tensor is in main memory",
        "cuda": "nothing: everything runs on the CPU",
        "device": "nothing: every tensor is in main memory",
        "dim": "t.ndim",
        "div_": _IN_PLACE.format(sign="/"),
        "double": "t.astype('float64')",
        "eq": "t == u",
        "erf": "erf(t)",
        "expand": "np.broadcast_to(t, shape)",
        "fill_": "t.data[...] = number, on a leaf",
        "flip": "np.flip(t, axis)",
        "float": "t.astype('float32')",
        "gather": "take_along_axis(t, index, axis=axis)",
        "ge": "t >= u",
        "gt": "t > u",
        "half": "t.astype('float32'), the shortest dtype there is",
        "index_select": "t.take(index, axis)",
        "is_contiguous": "nothing: a tensor's entries are in C order",
        "is_cuda": "nothing: everything runs on the CPU",
        "le": "t <= u",
        "lt": "t < u",
        "masked_fill": "where(mask, value, t)",
        "matmul": "t @ u",
        "mm": "t @ u",
        "mul_": _IN_PLACE.format(sign="*"),
        "mv": "t @ v",
        "ndimension": "t.ndim",
        "ne": "t != u",
        "neg": "-t",
        "norm": "norm(t)",
        "numel": "t.size",
        "outer": "outer(t, u)",
        "permute": "t.transpose(1, 0)",
        "pow": "t ** 2",
        "relu_": "t = relu(t)",
        "repeat_interleave": "t.repeat(n, axis)",
        "register_hook": "y.backward(), then read .grad: every node keeps it",
        "select": "t[:, i]",
        "split": "np.split(t, places, axis)",
        "sub_": _IN_PLACE.format(sign="-"),
        "t": "t.T",
        "tile": "np.tile(t, times)",
        "to": "t.astype(dtype); there are no devices",
        "tolist": "t.numpy().tolist()",
        "topk": "t.sort()[-k:]",
        "tril": "tril(t)",
        "triu": "triu(t)",
        "type": "t.astype(dtype)",
        "type_as": "t.astype(u.dtype)",
        "unbind": "list(t)",
        "unsqueeze": "t.expand_dims(axis), or t[None]",
        "view": "t.reshape(2, -1)",
        "view_as": "t.reshape(u.shape)",
        "zero_": "t.data[...] = 0.0, on a leaf",
    },
    "Entries": {
        "apply": "t.at[i].set(f(t[i]))",
        "divide": "t.at[i].set(t[i] / v)",
        "get": "t[i]",
        "max": "t.at[i].set(maximum(t[i], v))",
        "min": "t.at[i].set(minimum(t[i], v))",
        "mul": "t.at[i].set(t[i] * v)",
        "multiply": "t.at[i].set(t[i] * v)",
        "power": "t.at[i].set(t[i] ** v)",
        "subtract": "t.at[i].add(-v)",
    },
    "autograd_lite": {
        "arange": "np.arange(n)",
        "as_tensor": "Tensor(data)",
        "autograd": "grad(f), or y.backward()",
        "bmm": "a @ b",
        "cat": "concatenate([t, u], axis=0)",
        "clamp": "clip(t, low, high)",
        "custom_jvp": "operation(vjps, jvps), the record of an operation of your own",
        "custom_vjp": "operation(vjps, jvps), the record of an operation of your own",
        "device": "nothing: everything runs on the CPU",
        "elementwise_grad": "grad(lambda x: f(x).sum())",
        "enable_grad": "recording is on unless inside no_grad()",
        "eye": "np.eye(n)",
        "from_numpy": "Tensor(array)",
        "full": "np.full(shape, number)",
        "inference_mode": "no_grad()",
        "is_tensor": "isinstance(x, Tensor)",
        "jacfwd": "jacobian(f)",
        "jacrev": "jacobian(f)",
        "jit": "nothing: functions run as they are",
        "lax": "the functions of autograd_lite; x.detach() for stop_gradient",
        "linspace": "np.linspace(a, b, n)",
        "manual_seed": "generator=0, an argument of whatever draws at random",
        "mm": "a @ b",
        "nn": "import nn",
        "numpy": "import numpy as np: np.exp(t) records",
        "ones": "np.ones(shape)",
        "optim": "import nn: nn.SGD, nn.Adam",
        "permute": "transpose(t, axes)",
        "rand": "np.random.default_rng(0).random(shape)",
        "randn": "np.random.default_rng(0).normal(size=shape)",
        "save": "nn.save(model, path)",
        "set_grad_enabled": "no_grad()",
        "stop_gradient": "x.detach()",
        "topk": "sort(t)[-k:]",
        "unsqueeze": "expand_dims(t, axis)",
        "vmap": "an array with a leading axis: functions broadcast over it",
        "zeros": "np.zeros(shape)",
    },
    "nn": {
        "BatchNorm3d": "nn.BatchNorm2d, the most axes there are",
        "Conv3d": "nn.Conv2d, the most axes there are",
        "DataLoader": "nn.Batches(x, t, batch_size=32)",
        "Dataset": "nn.Batches(x, t, batch_size=32), over arrays",
        "DataParallel": "the model itself: everything runs on one CPU",
        "F": "nn.relu, nn.cross_entropy, …: functions are in nn and autograd_lite",
        "TensorDataset": "nn.Batches(x, t, batch_size=32), over arrays",
        "functional": "nn.relu, nn.cross_entropy, …: functions are in nn and autograd_lite",
        "lr_scheduler": "nn.StepLR, nn.CosineAnnealingLR, …",
        "parameter": "nn.Parameter",
        "utils": "nn.clip_grad_norm_, nn.Batches, …",
    },
    "Module": {
        "add_module": "module.name = part, or an nn.ModuleDict",
        "apply": "for part in module.modules(): …",
        "bfloat16": "module.astype('float32'), the shortest dtype there is",
        "compile": "nothing: modules run as they are",
        "cpu": "nothing: every parameter is in main memory",
        "cuda": "nothing: everything runs on the CPU",
        "double": "module.astype('float64')",
        "float": "module.astype('float32')",
        "get_parameter": "dict(module.named_parameters())[name]",
        "half": "module.astype('float32'), the shortest dtype there is",
        "register_forward_hook": "viz.draw, or FlowGraph(y): every node keeps the module that made it",
        "register_parameter": "module.name = nn.Parameter(data)",
        "requires_grad_": "module.weight.detach() for a constant weight; give the optimiser the others alone",
        "share_memory": "nothing: everything runs in one process",
        "to": "module.astype(dtype); there are no devices",
        "type": "module.astype(dtype)",
    },
}  # fmt: skip
"""By class or package: a name as it is elsewhere, and what to write here."""

ARGUMENTS: Final[Mapping[str, str]] = {
    "create_graph": "grad(grad(f)), or Tape(y).adjoints(graph=True), for derivatives of derivatives",
    "device": "leave it out: everything runs on the CPU",
    "dim": "axis={0}",
    "dims": "axis={0}",
    "inputs": "Tape(y).adjoints() for the derivatives of some nodes alone",
    "keepdim": "keepdims={0}",
    "layout": "leave it out: arrays are dense",
    "other": "give the second operand by its place",
    "pin_memory": "leave it out: everything runs on the CPU",
    "retain_graph": "leave it out: a graph is kept as long as somebody holds it",
    "unbiased": "ddof=1 for True, ddof=0 for False",
}
"""Arguments as they are called elsewhere, and what to write here; {0} stands for what was given."""


def missing(owner: str, name: str, known: Iterable[str], *, instead: str = "") -> AttributeError:
    """The error for an attribute that is not there: the line to write, or the nearest name there is.

    owner  a key of `ATTRIBUTES`; instead  how the message calls it, if otherwise

    >>> raise missing("Tensor", "unsqueeze", ["squeeze"])
    Traceback (most recent call last):
    AttributeError: Tensor has no attribute 'unsqueeze': write t.expand_dims(axis), or t[None]
    >>> raise missing("Tensor", "squeze", ["squeeze"])
    Traceback (most recent call last):
    AttributeError: Tensor has no attribute 'squeze'; did you mean 'squeeze'?
    """
    habit = ATTRIBUTES[owner].get(name)
    end = f"; {did_you_mean(name, known)}" if habit is None else f": write {habit}"
    return AttributeError(f"{instead or owner} has no attribute {name!r}{end}", name=name)


class Elsewhere:
    """An attribute that other libraries have: reading it raises the error that says what to write here.

    For classes of nodes, where a `__getattr__` would make every access to a slot slower.
    """

    def __init__(self, owner: str, name: str) -> None:
        self.owner, self.name = owner, name

    def __get__(self, instance: object, owner: type) -> NoReturn:
        raise missing(self.owner, self.name, ())


def teach(kind: type) -> None:
    """Give a class of nodes what `ATTRIBUTES` says of it."""
    for name in ATTRIBUTES[kind.__name__]:
        setattr(kind, name, Elsewhere(kind.__name__, name))


def of_argument(name: str, value: object = None) -> str | None:
    """What to write for an argument called `name` elsewhere; None where that is nobody's habit.

    >>> of_argument("dim", 1)
    'axis=1'
    """
    habit = ARGUMENTS.get(name)
    return None if habit is None else habit.format(repr(value))


_UNKNOWN: Final = r"unexpected keyword argument '(\w+)'"


def hinted(function: Callable[P, R]) -> Callable[P, R]:
    """The function, whose error for an argument of other libraries says what to write here.

    >>> @hinted
    ... def backward(gradient=None):
    ...     return gradient
    >>> backward(retain_graph=True)
    Traceback (most recent call last):
    autograd_lite.errors.OperandError: backward does not take retain_graph: leave it out: a graph is kept ...
    """

    @wraps(function)
    def call(*args: P.args, **options: P.kwargs) -> R:
        try:
            return function(*args, **options)
        except TypeError as error:
            unknown = re.search(_UNKNOWN, str(error))
            habit = unknown and of_argument(unknown[1], options.get(unknown[1]))
            if not unknown or habit is None:
                raise
            raise OperandError(f"{function.__name__} does not take {unknown[1]}: {habit}") from None

    return call
