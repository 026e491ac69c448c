"""I: what goes wrong in functions and engines that students write, found by how they behave."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from grading.catalogue.mistake import Mistake


def _none(asked: Any) -> Iterable[Any]:
    return ()


def _behaviour(identifier: str, name: str, says: str, prior: int = 3) -> Mistake:
    return Mistake(identifier, name, says, prior, _none)


UPSTREAM: Final = _behaviour(
    "I1",
    "arriving gradient not multiplied",
    "The gradient that arrives is not used: multiply each local derivative by it. The gradient of twice a "
    "result is twice the gradient.",
    5,
)
OVERWRITTEN: Final = _behaviour(
    "I2",
    "= for +=",
    "A number that is used more than once gets the gradient of one use only: contributions add up.",
    5,
)
ORDER: Final = _behaviour(
    "I3",
    "not in topological order",
    "A number passes its gradient on before all of its own has arrived: go through the graph in reverse "
    "topological order, each number once.",
    4,
)
ACCUMULATED: Final = _behaviour(
    "I4",
    "gradients do not accumulate",
    "A second call of backward() loses what the first one gave, or counts it twice: it adds to grad.",
)
BROADCAST: Final = _behaviour(
    "I5",
    "broadcast not undone",
    "An operand was broadcast, and its gradient was not summed over the axes along which it was repeated.",
    4,
)
MODIFIED: Final = _behaviour(
    "I6", "inputs modified", "Your code changes its inputs in place: work on a copy.", 3
)
STALE: Final = _behaviour(
    "I7",
    "stale closure",
    "Each operation keeps its own operands: a function that is defined in a loop sees the loop's last value.",
)
RETURN_ORDER: Final = _behaviour(
    "I8",
    "gradients in the wrong order",
    "The gradients are right, but they stand in each other's place: {where}.",
    4,
)
ALIASED: Final = _behaviour(
    "I9",
    "gradients aliased",
    "Two numbers share one array as their gradient, so that adding to one changes the other: copy it.",
)
DTYPE: Final = _behaviour(
    "I10",
    "dtype",
    "Whole numbers as input give rounded or whole gradients: compute with floats.",
    2,
)
DEEP: Final = _behaviour(
    "I11",
    "recursion limit",
    "A long chain of operations fails: go through the graph in a loop, not by recursion.",
    2,
)
CONSTANTS: Final = _behaviour(
    "I12",
    "constants",
    "Operations with a plain number on the left or on the right fail or give wrong gradients.",
)
NON_SCALAR: Final = _behaviour(
    "I13",
    "backward of an array without a gradient",
    "The method backward() of an array was called without the gradient that arrives: it has to refuse.",
    2,
)
DETACHED: Final = _behaviour(
    "I14", "detach ignored", "A detached number is a constant: no gradient passes through it.", 2
)
FORWARD: Final = _behaviour(
    "I15",
    "forward wrong",
    "The value is wrong already, before any derivative: check the forward pass first.",
    4,
)
LOCAL: Final = _behaviour(
    "I16",
    "local derivative wrong",
    "The derivative of {where} is wrong already where nothing else is computed.",
    5,
)

ENGINES: Final = (
    UPSTREAM, OVERWRITTEN, ORDER, ACCUMULATED, BROADCAST, MODIFIED, STALE, RETURN_ORDER, ALIASED, DTYPE, DEEP,
    CONSTANTS, NON_SCALAR, DETACHED, FORWARD, LOCAL,
)  # fmt: skip
