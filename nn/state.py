"""Loading a state: the arrays of a file or of torch into a module's parameters and buffers, all or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import numpy as np

from autograd_lite import Tensor
from autograd_lite.errors import StateError, did_you_mean
from autograd_lite.rules.namespaces import plain
from autograd_lite.written import detached


def entries(state: Any) -> dict[str, Any]:
    """The entries of a state; of a node its numbers.

    Raises StateError when it is no dict of names.
    """
    if not isinstance(state, Mapping) or not all(isinstance(name, str) for name in state):
        raise StateError(f"a state is a dict of names and arrays, not {state!r:.60}")
    instead = "module.weight = node to compute with it, or x.detach() for the numbers alone"
    return {name: detached(x, instead) for name, x in state.items()}


class Translating(Protocol):
    """What `translated` asks of a module: its children, and its own names for its own entries."""

    def named_children(self) -> Iterator[tuple[str, Translating]]: ...
    def translate_state(self, state: dict[str, Any]) -> dict[str, Any]: ...


def translated(module: Translating, state: Mapping[str, Any]) -> dict[str, Any]:
    """`state` with every module's own entries under the names used here (see `Module.translate_state`)."""
    children = dict(module.named_children())
    own = {key: x for key, x in state.items() if key.partition(".")[0] not in children}
    result = module.translate_state(own)
    for name, child in children.items():
        inner = {key[len(name) + 1 :]: x for key, x in state.items() if key.startswith(f"{name}.")}
        result.update((f"{name}.{key}", x) for key, x in translated(child, inner).items())
    return result


def load(owner: str, places: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Write what is given into the parameters and buffers in `places`; the same names belong together.

    owner  what messages call the module

    Raises StateError that lists all that does not fit; nothing is written then.
    """
    problems = [*_missing(given, places), *_unexpected(given, places), *_unfit(given, places)]
    if problems:
        listed = "\n  ".join(problems)
        raise StateError(f"this state does not fit {owner}, and nothing was loaded:\n  {listed}")
    for name, place in places.items():
        _write(place, _given(given[name]))


def _missing(given: Mapping[str, Any], places: Mapping[str, Any]) -> Iterator[str]:
    return (
        f"missing: {name} {np.shape(plain(x))}" for name, x in places.items() if name not in given
    )


def _unexpected(given: Mapping[str, Any], places: Mapping[str, Any]) -> Iterator[str]:
    return (
        f"unexpected: {name!r:.80}; {did_you_mean(name, places)}"
        for name in given
        if name not in places
    )


def _unfit(given: Mapping[str, Any], places: Mapping[str, Any]) -> Iterator[str]:
    """What is no array of numbers of the right shape, or would be other numbers in the parameter's dtype."""
    first: dict[int, str] = {}
    for name, place in places.items():
        if name not in given:
            continue
        try:
            array = _given(given[name])
        except (TypeError, ValueError, RuntimeError) as error:
            yield f"not an array: {name} ({error})"
            continue
        other = first.setdefault(id(place), name)
        if array.shape != np.shape(plain(place)):
            yield f"mis-shaped: {name} is {array.shape}, expected {np.shape(plain(place))}"
        elif array.dtype.kind not in "fiub":
            yield f"not numbers: {name} has dtype {array.dtype}"
        elif lost := _unrepresentable(array, plain(place).dtype):
            yield f"not numbers of {plain(place).dtype}: {name} holds {lost}"
        elif other != name and other in given and not _same(array, given[other]):
            yield f"different: {other} and {name} are one parameter, and have different numbers"


def _given(x: Any) -> Any:
    return np.asarray(plain(x))


def _unrepresentable(array: Any, dtype: Any) -> str:
    """A number of the array that this dtype would change, as text; "" when there is none."""
    with np.errstate(all="ignore"):
        there = array.astype(dtype)
    # among floats rounding is expected, but not to infinity
    wrong = np.isinf(there) & np.isfinite(array) if dtype.kind == "f" else there != array
    return f"{array[wrong][0]}" if wrong.any() else ""


def _same(array: Any, x: Any) -> bool:
    return array is x or np.array_equal(array, _given(x), equal_nan=True)


def _write(place: Any, array: Any) -> None:
    if isinstance(place, Tensor):
        place.data = array
    else:
        place[...] = array
