"""A draft as a person would like to see it: nothing twice, and variables under their names."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

from autograd_lite.interop.onnx_writing.drafting import Drafted
from autograd_lite.interop.onnx_writing.wires import Draft, Step


def tidied(drafted: Drafted) -> Drafted:
    """The same model: equal constants and equal nodes once, unread ones gone, variables under their names."""
    shared = _shared(drafted.draft)
    named = _named(shared, drafted)
    return replace(drafted, draft=_needed(named, [x.name for x in drafted.outputs]))


def _shared(draft: Draft) -> Draft:
    """Equal constants and equal nodes once."""
    known: dict[Hashable, tuple[str, ...]] = {}
    instead: dict[str, str] = {}
    constants, steps = dict[str, Any](), list[Step]()
    for name, x in draft.constants.items():
        (first,) = known.setdefault((x.dtype.str, x.shape, x.tobytes()), (name,))
        instead[name] = first
        constants[first] = x
    for step in draft.steps:
        inputs = tuple(instead.get(name, name) for name in step.inputs)
        key = step.operator, inputs, repr(sorted(step.attributes.items())), len(step.outputs)
        first_outputs = (
            known.setdefault(key, step.outputs) if step.operator != _OUTPUT else step.outputs
        )
        instead.update(zip(step.outputs, first_outputs, strict=True))
        if first_outputs is step.outputs:
            steps.append(step._replace(inputs=inputs))
    titles = {instead.get(x, x): title for x, title in draft.titles.items()}
    return replace(draft, steps=steps, constants=constants, titles=titles)


_OUTPUT = "Identity"


def _named(draft: Draft, drafted: Drafted) -> Draft:
    """Results of nodes under the name of the output that they are, or of the variable."""
    outputs = {x.name for x in drafted.outputs}
    made = {name for step in draft.steps if step.operator != _OUTPUT for name in step.outputs}
    names: dict[str, str] = {}
    for step in draft.steps:
        if step.operator == _OUTPUT and step.outputs[0] in outputs and step.inputs[0] in made:
            names.setdefault(step.inputs[0], step.outputs[0])
    for x, title in draft.titles.items():
        if x in made and x not in names:
            names[x] = draft.names.new(title)
    steps = [
        _renamed(step, names)
        for step in draft.steps
        if not (step.operator == _OUTPUT and names.get(step.inputs[0]) == step.outputs[0])
    ]
    return replace(draft, steps=steps)


def _renamed(step: Step, names: Mapping[str, str]) -> Step:
    inputs, outputs = (
        tuple(names.get(name, name) for name in given) for given in (step.inputs, step.outputs)
    )
    return step._replace(inputs=inputs, outputs=outputs)


def _needed(draft: Draft, outputs: list[str]) -> Draft:
    """What leads to the outputs."""
    needed, steps = set(outputs), list[Step]()
    for step in reversed(draft.steps):
        if needed.intersection(step.outputs):
            steps.append(step)
            needed.update(step.inputs)
    constants = {name: x for name, x in draft.constants.items() if name in needed}
    return replace(draft, steps=steps[::-1], constants=constants)
