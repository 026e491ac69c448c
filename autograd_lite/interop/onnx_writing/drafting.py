"""A recorded graph as a draft: its operations, and what leads back from its result, as nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograd_lite.derivatives import refuse_many
from autograd_lite.errors import OperandError
from autograd_lite.interop.onnx_writing.naming import result_names, topic
from autograd_lite.interop.onnx_writing.recording import OnnxRecording
from autograd_lite.interop.onnx_writing.translating import Translator
from autograd_lite.interop.onnx_writing.wires import Draft, Wire, cast
from autograd_lite.node import Node
from autograd_lite.programs.arrays.lowering import Lowered, lower
from autograd_lite.programs.arrays.reverse import lower_adjoints
from autograd_lite.programs.graph import Graph
from autograd_lite.programs.writing.names import identifier
from autograd_lite.rules.namespaces import plain
from autograd_lite.source.recorded import Recorded
from autograd_lite.trees import tree_leaves

DType = np.dtype[Any]
_LARGEST: Final = 2**31 - 1
"""How many bytes a file may have, in protobuf's form."""


@dataclass(frozen=True)
class Drafted:
    """A model but for its form.

    parameters  by name: their numbers
    outputs     the value, and then gradients if they were asked for
    """

    draft: Draft
    inputs: tuple[Wire, ...]
    parameters: Mapping[str, Any]
    outputs: tuple[Wire, ...]


def drafted(
    graph: Graph, names: Mapping[Node, str], kinds: tuple[DType, ...], gradients: bool
) -> Drafted:
    """A graph as a draft.

    names      what each leaf is to be called
    kinds      the dtypes of the inputs: whole numbers and truths are so in the model too
    gradients  whether the gradient by each input of floating numbers and each parameter is an output

    Raises SourceError for an operation that is not written in ONNX, DerivativeError when there are to be
    gradients of more than one number, OperandError for a function that returned no number, and for more
    numbers than one file holds.
    """
    if not any(True for _ in tree_leaves(graph.result)):
        raise OperandError(
            f"a model gives at least one number or array, and f returned {graph.result}"
        )
    refuse_large(plain(x) for x in graph.parameters)
    wanted = _wanted(graph, kinds) if gradients else ()
    lowered = lower(graph, recording=OnnxRecording())
    if gradients:
        lower_adjoints(lowered, wanted, {graph.results[0]: 1.0} if graph.results else {})
    try:
        return _Drafting(lowered, names, kinds).run(wanted)
    finally:
        lowered.recording.forget()


def refuse_large(arrays: Iterable[Any]) -> None:
    """Raise OperandError for more numbers than one file holds."""
    if sum(np.asarray(x).nbytes for x in arrays) > _LARGEST:
        raise OperandError("an ONNX file holds 2 GB at most, and the parameters are more")


def _wanted(graph: Graph, kinds: tuple[DType, ...]) -> tuple[Node, ...]:
    """The leaves by which there are gradients."""
    result = graph.result
    if not isinstance(result, Node) or np.size(plain(result)) != 1:
        refuse_many(result)
    floating = [x for x, kind in zip(graph.inputs, kinds, strict=True) if kind.kind == "f"]
    return (*floating, *graph.parameters)


class _Drafting:
    """One graph on its way: its leaves as inputs and parameters of the draft, then its calls."""

    def __init__(
        self, lowered: Lowered, names: Mapping[Node, str], kinds: tuple[DType, ...]
    ) -> None:
        self.lowered, self.graph, self.draft = lowered, lowered.graph, Draft()
        self.wires = {
            x: self.draft.input(names[x], kind, np.shape(plain(x)))
            for x, kind in zip(self.graph.inputs, kinds, strict=True)
        }
        for x in self.graph.parameters:
            array = np.asarray(plain(x))
            self.wires[x] = self.draft.input(names[x], array.dtype, array.shape)

    def run(self, wanted: tuple[Node, ...]) -> Drafted:
        results = [self.lowered.operand(x) for x in tree_leaves(self.graph.result)]
        adjoints = [self.lowered.adjoints.get(x, 0.0) for x in wanted]
        translator = self._translated([*results, *adjoints])
        wishes = [*result_names(self.graph), *(f"d_{self.wires[x].name}" for x in wanted)]
        shapes = [*(None for _ in results), *(np.shape(plain(x)) for x in wanted)]
        kinds = [*(None for _ in results), *(np.asarray(plain(x)).dtype for x in wanted)]
        self.draft.topic = ""
        outputs = tuple(
            self._output(translator, x, title, shape, kind)
            for x, title, shape, kind in zip(
                [*results, *adjoints], wishes, shapes, kinds, strict=True
            )
        )
        inputs = tuple(self.wires[x] for x in self.graph.inputs)
        parameters = {self.wires[x].name: np.array(plain(x)) for x in self.graph.parameters}
        return Drafted(self.draft, inputs, parameters, outputs)

    def _translated(self, results: list[Any]) -> Translator:
        known = {self.lowered.leaves[x]: self._as_leaf(x) for x in self.graph.leaves}
        translator = Translator(self.draft, known)
        calls = self.lowered.recording.calls_for(*(x for x in results if isinstance(x, Recorded)))
        translator.add(calls, topics(self.lowered), titles(self.lowered))
        return translator

    def _as_leaf(self, x: Any) -> Wire:
        """The array of a leaf: floating numbers also where the model takes others."""
        kind = np.asarray(plain(x)).dtype
        return self.wires[x] if self.wires[x].dtype == kind else cast(self.wires[x], kind)

    def _output(self, translator: Translator, x: Any, title: str, shape: Any, kind: Any) -> Wire:
        """A result under its own name; where it is one number for all entries, in its shape."""
        if shape is not None and not isinstance(x, Recorded):
            x = np.full(shape, x, kind)
        wire = translator.wire(x)
        name = self.draft.names.new(title)
        self.draft.write(name, wire)
        return Wire(self.draft, name, wire.dtype, wire.shape)


def topics(lowered: Lowered) -> dict[Recorded, str]:
    """After what each call is called: the node whose value, or adjoint, it leads to."""
    ends: dict[Recorded, str] = {}
    for node, x in lowered.values.items():
        if isinstance(x, Recorded) and not node.is_leaf:
            ends.setdefault(x, topic(node))
    for node, x in lowered.adjoints.items():
        if isinstance(x, Recorded):
            ends.setdefault(x, f"backward/{topic(node)}")
    found, last = dict[Recorded, str](), "backward"
    for call in reversed(lowered.recording.calls):
        last = ends.get(call.result, last)
        found[call.result] = last
    return found


def titles(lowered: Lowered) -> dict[Recorded, str]:
    """The names of variables, and of their adjoints with a d_ in front."""
    found: dict[Recorded, str] = {}
    for values, before in ((lowered.values, ""), (lowered.adjoints, "d_")):
        for node, x in values.items():
            if isinstance(x, Recorded) and not node.is_leaf and (name := identifier(node.name)):
                found.setdefault(x, before + name)
    return found
