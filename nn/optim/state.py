"""What an optimiser keeps between steps: saved as numbers, and loaded all or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, TypeAlias

import numpy as np

from autograd_lite import Tensor
from autograd_lite.errors import AutogradError, StateError
from nn.checks import at_least
from nn.optim.groups import TORCHS_SWITCHES, Group, Grouped

Memory: TypeAlias = dict[str, Any]
"""What an optimiser keeps of one parameter between steps: arrays of its shape, and how many steps."""

# torch's own entries of a group, which say nothing about the numbers
_TORCHS_OWN = {*TORCHS_SWITCHES, "param_names"}
# of a group of torch's Adam; here `AdamW` is the one that decouples, and its groups have no switch
_DECOUPLED = "decoupled_weight_decay"


class Resumable(Grouped):
    """What an optimiser keeps of its parameters between steps, and how that is saved and taken up again.

    state                  parameter → what is kept of it, under torch's names
    accumulators           names of the arrays that are kept of every parameter, once it has moved
    optional_accumulators  names of further arrays, kept when an option asks for them
    counts_steps           whether the number of steps is kept
    """

    accumulators: ClassVar[tuple[str, ...]] = ()
    optional_accumulators: ClassVar[tuple[str, ...]] = ()
    counts_steps: ClassVar[bool] = False

    def __init__(self, params: Any, defaults: dict[str, Any]) -> None:
        self.state: dict[Tensor, Memory] = {}
        super().__init__(params, defaults)

    def state_dict(self) -> dict[str, Any]:
        """A copy of what the next steps depend on: {"state": {0: …}, "param_groups": […]}.

        Parameters are numbered group by group. Names and numbers are those of torch.
        """
        number = {parameter: i for i, parameter in enumerate(self.parameters)}
        memories = {
            number[parameter]: {name: _copied(x) for name, x in memory.items()}
            for parameter, memory in self.state.items()
        }
        groups = [
            {**group.data, "params": [number[p] for p in group["params"]]}
            for group in self.param_groups
        ]
        return {"state": dict(sorted(memories.items())), "param_groups": groups}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a `state_dict`, of this project or of torch: training goes on exactly as it would have.

        >>> from nn import Adam, Parameter
        >>> first, second = (Adam([Parameter([1.0])], lr=rate) for rate in (0.5, 0.1))
        >>> second.load_state_dict(first.state_dict())
        >>> second.lr
        0.5

        Raises StateError that lists what does not fit; nothing is loaded then.
        """
        kind = type(self).__name__
        if not isinstance(state, Mapping) or not {"state", "param_groups"} <= state.keys():
            raise StateError(
                f'a state of {kind} is a dict with "state" and "param_groups", not {state!r:.60}'
            )
        problems: list[str] = []
        groups = list(_groups(self, state["param_groups"], problems))
        memories = {} if problems else dict(_memories(self, state, problems))
        if problems:
            listed = "\n  ".join(problems)
            raise StateError(f"this state does not fit {kind}, and nothing was loaded:\n  {listed}")
        for group, new in zip(self.param_groups, groups, strict=True):
            group.data = new.data
        self.state = memories


def _groups(optimizer: Resumable, given: Any, problems: list[str]) -> Iterator[Group]:
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
    return Group(group.kind, {**own, "params": group["params"]}).checked()


def _memories(
    optimizer: Resumable, state: Mapping[str, Any], problems: list[str]
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


def _memory(optimizer: Resumable, parameter: Tensor, given: Any) -> Memory:
    if not isinstance(given, Mapping):
        raise StateError(f"a dict of arrays is expected, not {given!r:.60}")
    there = {name: x for name, x in given.items() if x is not None}  # torch's SGD writes None
    needed = {*optimizer.accumulators, *(["step"] if optimizer.counts_steps else [])}
    if there and not needed <= there.keys():
        raise StateError(f"missing: {', '.join(sorted(needed - there.keys()))}")
    unknown = there.keys() - {"step", *optimizer.accumulators, *optimizer.optional_accumulators}
    if unknown:
        raise StateError(f"unexpected: {', '.join(sorted(map(str, unknown)))}")
    return {
        name: _steps(x) if name == "step" else _array(name, parameter, x)
        for name, x in there.items()
        if name != "step" or optimizer.counts_steps
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
