"""Every option of everything in nn: a value means what it says, or is refused in a sentence that names it.

The walk goes over the signatures, so a new module or argument is tried without being listed.
"""

import inspect
import math
import re
import warnings
from operator import attrgetter

import numpy as np

import nn
from autograd_lite import Tensor
from autograd_lite.errors import AutogradError
from autograd_lite.rules.namespaces import plain
from tests.nn.good_arguments import DATA, arguments, by_place, called

VALUES = {
    "nan": math.nan, "inf": math.inf, "-inf": -math.inf, "-1": -1, "0": 0, "2.5": 2.5, "huge": 10**400,
    "word": "x", "None": None, "list": [1], "True": True, "np.nan": np.float64(math.nan),
    "node": Tensor([1.0], requires_grad=True), "bytes": b"x", "object": object(), "function": abs,
    "dict": {},
}  # fmt: skip


NAMES = [
    *(name for name in nn.__all__ if name not in {"init", "Module"}),
    *(f"init.{name}" for name in nn.init.__all__ if name != "as_generator"),
]
# operands of an operation, which derivatives flow into; and the noise of a sample
OPERANDS = {("elu", "alpha"), ("leaky_relu", "slope"), ("reparameterize", "eps")}


def options():
    for name in NAMES:
        owner = attrgetter(name)(nn)
        for option, p in inspect.signature(owner).parameters.items():
            if (
                option not in DATA
                and (name, option) not in OPERANDS
                and p.kind not in {p.VAR_KEYWORD, p.VAR_POSITIONAL}
            ):
                yield name, option


OPTIONS = sorted(set(options()))


def outcome(name, option, value):
    """None when the value is refused by name, else what was done with it."""
    try:
        with warnings.catch_warnings():
            given = arguments(name) | {option: value}
            got = called(name, attrgetter(name)(nn)(*by_place(name, given), **given))
    except AutogradError as error:
        return (
            None
            if re.search(rf"\b{option}\b", str(error), re.IGNORECASE)
            else f"error without the name: {error!r:.200}"
        )
    except Exception as error:  # noqa: BLE001 - a bare error is what is looked for
        return f"bare {error!r:.150}"
    if isinstance(plain(got), (np.ndarray, float)) and not np.isfinite(plain(got)).all():
        return "not finite"
    return "taken"
