"""Long sums of small arrays, one after the other: as the sum of the rows of a stack."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from autograd_lite.programs.arrays.kinds import is_elementwise
from autograd_lite.programs.arrays.sharing import SharedRecording
from autograd_lite.programs.arrays.stacks import FEW, Stacks, calls_for, is_small, uses_of
from autograd_lite.source.recorded import Recorded
from autograd_lite.source.recording import Call


@dataclass
class _Chain:
    """A sum ((x₀ + x₁) + x₂) + …, whose parts x and so far unread sums are computed by these calls."""

    parts: list[Recorded]
    adds: list[int]


def sunk(calls: Sequence[Call], wanted: Collection[Recorded]) -> list[Call]:
    """The calls, with each long sum and what is computed for it alone where its last part is added.

    Then all these parts can be computed at once.
    """
    uses, made = uses_of(calls), {call.result: k for k, call in enumerate(calls)}
    chains = _chains(calls, wanted)
    adds = {k for chain in chains for k in chain.adds}  # a long sum may be a part of another one
    late: dict[int, list[int]] = {}
    for chain in chains:
        parts = [made[x] for x in chain.parts if x in made and uses[x] == 1 and x not in wanted]
        parts = [k for k in parts if is_elementwise(calls[k]) and k not in adds]
        late[chain.adds[-1]] = [*parts, *chain.adds]
    moved = {k for numbers in late.values() for k in numbers}
    found: list[Call] = []
    for k, call in enumerate(calls):
        if k in late:
            found += (calls[i] for i in late[k])
        elif k not in moved:
            found.append(call)
    return found


def with_sums(
    recording: SharedRecording, calls: Sequence[Call], wanted: Collection[Recorded]
) -> list[Call]:
    """The calls, with one sum over rows in place of each long sum whose parts can be rows of one array."""
    stacks, known = Stacks(calls, wanted), {call.result for call in calls}
    instead: dict[int, list[Call]] = {}
    for chain in _chains(calls, wanted):
        terms = [_term(recording, stacks, run) for run in stacks.runs(chain.parts)]
        total = reduce(np.add, (x for run in terms for x in run))
        if len(terms) < len(chain.parts):
            instead.update((k, []) for k in chain.adds)
            last = recording.made[total]
            before = calls_for(recording, total, known)[:-1]
            end = calls[chain.adds[-1]].result
            instead[chain.adds[-1]] = [*before, Call(last.function, last.args, last.options, end)]
    return [new for k, call in enumerate(calls) for new in instead.get(k, [call])]


def _term(recording: SharedRecording, stacks: Stacks, run: Sequence[Recorded]) -> Sequence[Any]:
    """The sum of these neighbours, or what they are where they are too few for one."""
    if len(run) < FEW:
        return run
    return [np.add.reduce(stacks.stacked(recording, run), axis=0)]


def _chains(calls: Sequence[Call], wanted: Collection[Recorded]) -> list[_Chain]:
    uses, ends = uses_of(calls), dict[Any, _Chain]()
    for k, call in enumerate(calls):
        if not _adds_small(call):
            continue
        a, b = call.args
        so_far, part = (b, a) if b in ends and a not in ends else (a, b)
        if so_far in ends and uses[so_far] == 1 and so_far not in wanted:
            chain = ends.pop(so_far)
            chain.parts.append(part)
            chain.adds.append(k)
        else:
            chain = _Chain([a, b], [k])
        ends[call.result] = chain
    return [chain for chain in ends.values() if len(chain.parts) >= FEW]


def _adds_small(call: Call) -> bool:
    """Whether a call adds two small arrays of one form."""
    if call.function is not np.add or call.options or not is_small(call.result):
        return False
    form = call.result.shape, call.result.dtype
    return all(is_small(x) and (x.shape, x.dtype) == form for x in call.args)
