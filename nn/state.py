"""A module's state: loading it all or not at all, and saying it in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_lite import Tensor
from autograd_lite.errors import StateError, did_you_mean
from autograd_lite.rules.namespaces import plain
from autograd_lite.written import detached

if TYPE_CHECKING:
    from nn.module import Module


def load(module: Module, state: Mapping[str, Any]) -> None:
    """Put the arrays of `state` into the module's parameters and buffers, all of them or none."""
    if not isinstance(state, Mapping) or not all(isinstance(name, str) for name in state):
        raise StateError(f"a state is a dict of names and arrays, not {state!r:.60}")
    given = translated(module, {name: _unhooked(x) for name, x in state.items()})
    places = dict(_places(module))
    problems = [*_missing(given, places), *_unexpected(given, places), *_unfit(given, places)]
    if problems:
        listed = "\n  ".join(problems)
        raise StateError(
            f"this state does not fit {type(module).__name__}, and nothing was loaded:\n  {listed}"
        )
    for name, place in places.items():
        _put(place, _given(given[name]))


def translated(module: Module, state: Mapping[str, Any]) -> dict[str, Any]:
    """`state` with every module's own entries under the names used here (see `translate_state`)."""
    children = dict(module.named_children())
    local = {key: x for key, x in state.items() if key.split(".", 1)[0] not in children}
    result = module.translate_state(local)
    for name, child in children.items():
        inner = {key[len(name) + 1 :]: x for key, x in state.items() if key.startswith(f"{name}.")}
        result.update((f"{name}.{key}", x) for key, x in translated(child, inner).items())
    return result


def _places(module: Module) -> Iterator[tuple[str, Any]]:
    """Every name with its array or parameter; a shared parameter under each of its names."""
    from nn.module import is_parameter

    yield from module._entries(lambda part: part._own(is_parameter))
    yield from module.named_buffers()


def _missing(given: Mapping[str, Any], places: Mapping[str, Any]) -> Iterator[str]:
    return (
        f"missing: {name} {np.shape(_array(x))}" for name, x in places.items() if name not in given
    )


def _unexpected(given: Mapping[str, Any], places: Mapping[str, Any]) -> Iterator[str]:
    return (
        f"unexpected: {name!r:.80}; {did_you_mean(name, places)}"
        for name in given
        if name not in places
    )


def _unfit(given: Mapping[str, Any], places: Mapping[str, Any]) -> Iterator[str]:
    """What is no array of numbers of the right shape, or would not be the same numbers there."""
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
        if array.shape != np.shape(_array(place)):
            yield f"mis-shaped: {name} is {array.shape}, expected {np.shape(_array(place))}"
        elif array.dtype.kind not in "fiub":
            yield f"not numbers: {name} has dtype {array.dtype}"
        elif lost := _lost(array, _array(place).dtype):
            yield f"not numbers of {_array(place).dtype}: {name} holds {lost}"
        elif other != name and other in given and not _same(array, given[other]):
            yield f"different: {other} and {name} are one parameter, and have different numbers"


def _unhooked(x: Any) -> Any:
    return detached(
        x, "module.weight = node to compute with it, or x.detach() for the numbers alone"
    )


def _given(x: Any) -> Any:
    return np.asarray(plain(x))


def _lost(array: Any, dtype: Any) -> str:
    """A number that is another, or none, in this dtype; "" when there is none such."""
    with np.errstate(all="ignore"):
        there = array.astype(dtype)
    # among floats rounding is expected, but not to infinity
    wrong = np.isinf(there) & np.isfinite(array) if dtype.kind == "f" else there != array
    return f"{array[wrong][0]}" if wrong.any() else ""


def _same(array: Any, x: Any) -> bool:
    return array is x or np.array_equal(array, _given(x), equal_nan=True)


def _array(place: Any) -> Any:
    return place._data if isinstance(place, Tensor) else place


def _put(place: Any, array: Any) -> None:
    if isinstance(place, Tensor):
        place.data = array
    else:
        place[...] = array


def words(module: Module) -> str:
    """The module as a tree, with the shapes of its parameters and how many numbers they hold."""
    return f"{_tree(module)} · {_count(module)} parameters"


def _tree(module: Module) -> str:
    from nn.module import is_parameter

    shapes = [f"{name} {parameter.shape}" for name, parameter in module._own(is_parameter)]
    head = ", ".join(filter(None, [module.extra_repr(), *shapes]))
    parts = [f"({name}): {_tree(child)}" for name, child in module.named_children()]
    if not parts:
        return f"{type(module).__name__}({head})"
    lines = [line for part in [*filter(None, [head]), *parts] for line in part.splitlines()]
    return "\n".join([f"{type(module).__name__}(", *(f"  {line}" for line in lines), ")"])


def _count(module: Module) -> str:
    return f"{sum(parameter.size for parameter in module.parameters()):,}"
