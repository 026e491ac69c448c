"""An optimiser's state: taken out as numbers, and loaded all or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_lite.errors import AutogradError, StateError
from nn.checks import at_least
from nn.optim.groups import Group

if TYPE_CHECKING:
    from autograd_lite import Tensor
    from nn.optim.optimizer import Memory, Optimizer

# torch's own entries of a group, which say nothing about the numbers
_TORCHS_OWN = {"foreach", "fused", "capturable", "differentiable", "param_names"}
# of a group of torch's Adam; here `AdamW` is the one that decouples, and its groups have no switch
_DECOUPLED = "decoupled_weight_decay"


def state_of(optimizer: Optimizer) -> dict[str, Any]:
    """{"state": {number of a parameter: its memory}, "param_groups": [options]}, all copied."""
    number = {parameter: i for i, parameter in enumerate(optimizer.parameters)}
    memories = {
        number[parameter]: {name: _copied(x) for name, x in memory.items()}
        for parameter, memory in optimizer.state.items()
    }
    groups = [
        {**group.data, "params": [number[p] for p in group["params"]]}
        for group in optimizer.param_groups
    ]
    return {"state": dict(sorted(memories.items())), "param_groups": groups}


def load(optimizer: Optimizer, state: Mapping[str, Any]) -> None:
    """Take up a state, all of it or, with a StateError, nothing."""
    kind = type(optimizer).__name__
    if not isinstance(state, Mapping) or not {"state", "param_groups"} <= state.keys():
        raise StateError(
            f'a state of {kind} is a dict with "state" and "param_groups", not {state!r:.60}'
        )
    problems: list[str] = []
    groups = list(_groups(optimizer, state["param_groups"], problems))
    memories = {} if problems else dict(_memories(optimizer, state, problems))
    if problems:
        listed = "\n  ".join(problems)
        raise StateError(f"this state does not fit {kind}, and nothing was loaded:\n  {listed}")
    for group, new in zip(optimizer.param_groups, groups, strict=True):
        group.data = new.data
    optimizer.state = memories


def _groups(optimizer: Optimizer, given: Any, problems: list[str]) -> Iterator[Group]:
    """The groups with the options given, and the parameters they have."""
    wanted = [len(group["params"]) for group in optimizer.param_groups]
    try:
        found = [len(entries["params"]) for entries in given]
    except (TypeError, KeyError):
        found = None
    if found != wanted:
        problems.append(f"param_groups hold {found} parameters, expected {wanted}")
        return
    for i, (group, entries) in enumerate(zip(optimizer.param_groups, given, strict=True)):
        try:
            yield _group(group, entries)
        except AutogradError as error:  # noqa: PERF203 - every problem is listed
            problems.append(f"param_groups[{i}]: {error}")


def _group(group: Group, entries: Mapping[str, Any]) -> Group:
    own = {name: x for name, x in entries.items() if name not in _TORCHS_OWN}
    if own.get(_DECOUPLED) == (group.kind.__name__ == "AdamW"):
        del own[_DECOUPLED]
    missing = group.kind.options.keys() - own.keys()
    if missing:
        raise StateError(f"missing: {', '.join(sorted(missing))}")
    return Group(group.kind, {**own, "params": group["params"]}).agreed()


def _memories(
    optimizer: Optimizer, state: Mapping[str, Any], problems: list[str]
) -> Iterator[tuple[Tensor, Memory]]:
    """Each parameter with its memory; torch's numbers of parameters may be any, in order of the groups."""
    numbers = [i for group in state["param_groups"] for i in group["params"]]
    memories = state["state"]
    if not isinstance(memories, Mapping) or not set(memories) <= set(numbers):
        problems.append(f'"state" holds the memories of parameters {numbers}, not {memories!r:.60}')
        return
    for i, parameter in zip(numbers, optimizer.parameters, strict=True):
        if i in memories:
            try:
                yield parameter, _memory(optimizer, parameter, memories[i])
            except AutogradError as error:
                problems.append(f"state[{i}]: {error}")


def _memory(optimizer: Optimizer, parameter: Tensor, given: Any) -> Memory:
    if not isinstance(given, Mapping):
        raise StateError(f"a dict of arrays is expected, not {given!r:.60}")
    there = {name: x for name, x in given.items() if x is not None}  # torch's SGD writes None
    needed = {*optimizer.kept, *(["step"] if optimizer.counts else [])}
    if there and not needed <= there.keys():
        raise StateError(f"missing: {', '.join(sorted(needed - there.keys()))}")
    unknown = there.keys() - {"step", *optimizer.kept, *optimizer.may_keep}
    if unknown:
        raise StateError(f"unexpected: {', '.join(sorted(map(str, unknown)))}")
    return {
        name: _steps(x) if name == "step" else _array(name, parameter, x)
        for name, x in there.items()
        if name != "step" or optimizer.counts
    }


def _steps(x: Any) -> int:
    """A number of steps, which torch keeps as a float."""
    array = np.asarray(x)
    is_whole = array.ndim == 0 and array.dtype.kind in "iuf" and float(array).is_integer()
    return at_least("step", int(array) if is_whole else x, 0)


def _array(name: str, parameter: Tensor, x: Any) -> Any:
    try:
        array = np.asarray(x)
    except (TypeError, ValueError, RuntimeError) as error:
        raise StateError(f"{name} is no array ({error})") from error
    if array.shape != parameter.shape or array.dtype.kind not in "fiu":
        raise StateError(
            f"{name} has shape {array.shape} and dtype {array.dtype}, and {parameter.describe()} "
            f"shape {parameter.shape}"
        )
    return np.array(array, parameter.dtype)


def _copied(x: Any) -> Any:
    return np.array(x) if isinstance(x, np.ndarray) else x
