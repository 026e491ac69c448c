"""A graph that came from elsewhere: what goes in, what comes out, what is trained."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from autograd_lite._tensor import Tensor


@dataclass(frozen=True)
class ImportedGraph:
    """The graph of a model from elsewhere, as `from_torch` and `from_onnx` give it.

    inputs      leaf Tensors, in the order of the model's arguments
    outputs     Tensors, in the order in which the model gives them
    parameters  leaf Tensors by the names that the model gives them: "encoder.0.weight"
    """

    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    parameters: Mapping[str, Tensor]

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", MappingProxyType(dict(self.parameters)))

    def __repr__(self) -> str:
        inputs, outputs = (", ".join(map(_shown, nodes)) for nodes in (self.inputs, self.outputs))
        return f"<imported graph: {inputs} → {outputs}; parameters {len(self.parameters)}>"


def _shown(node: Tensor) -> str:
    """A name with its shape: x (3, 4)."""
    return f"{node.name or node.rule.name} {node.shape}"
