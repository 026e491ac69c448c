"""The graph that a question is about: equations, or a model of `nn`, with the numbers that students get."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

import nn
from autograd_lite import FlowGraph, Tensor, equations
from autograd_lite.node import Node
from autograd_lite.value import Value
from grading.assignments.design_keys import Input
from grading.assignments.losses import LOSSES
from grading.assignments.models import MODELS, Arrays, Model

Point: TypeAlias = Mapping[str, Any]
"""One student's numbers by name: a float for each input, or an array"""

_AXES: Final = ("N", "T", "H", "width")


@dataclass(frozen=True)
class EquationGraph:
    """A graph of equations.

    text    as `autograd_lite.equations` reads it
    inputs  the numbers that are drawn or fixed by the file; others stand in the text
    """

    name: str
    text: str
    inputs: tuple[Input, ...]
    variants: int = 200
    is_array: ClassVar[bool] = False

    @property
    def says(self) -> tuple[str, ...]:
        """Its equations, one a line, without comments and without the inputs' own lines."""
        lines = (line.partition("#")[0].strip() for line in self.text.split("\n"))
        hidden = {node.name for node in self.example.values() if not node.operands}
        return tuple(
            x for x in lines if x and x.partition("=")[0].partition(":")[0].strip() not in hidden
        )

    @cached_property
    def example(self) -> dict[str, Value]:
        """The graph at one point."""
        return equations(self.text, functions=None, **self.draw(np.random.default_rng(0)))

    def draw(self, rng: np.random.Generator) -> dict[str, float]:
        """One number for each input."""
        return {x.name: float(x.draw(rng, 1)[0]) for x in self.inputs}

    def draws(self, rng: np.random.Generator, n: int) -> dict[str, NDArray[np.float64]]:
        """Numbers for each input at n points, (n,)."""
        return {x.name: x.draw(rng, n) for x in self.inputs}

    def nodes(self, point: Point) -> dict[str, Node]:
        """Its variables and constants, computed from these numbers, in order."""
        return dict(equations(self.text, **point))

    @property
    def parameters(self) -> tuple[str, ...]:
        """None: equations have variables."""
        return ()

    def other_sizes(self, rng: np.random.Generator) -> EquationGraph:
        """Itself: numbers have no size."""
        del rng
        return self


@dataclass(frozen=True)
class ModelGraph:
    """A model of `nn`, its loss, and arrays drawn for each student.

    sizes     what the file says of the model
    decimals  of every number drawn: students type them
    scale     the standard deviation of every number drawn
    """

    name: str
    model: str
    sizes: Mapping[str, Any]
    loss: str
    decimals: int = 2
    scale: float = 0.7
    variants: int = 20
    is_array: ClassVar[bool] = True

    @property
    def _row(self) -> Model:
        return MODELS[self.model]

    @property
    def says(self) -> tuple[str, ...]:
        """The model's equations and the loss."""
        return (
            *self._row.equations(self.sizes),
            LOSSES[self.loss].says.format(y=self._row.output),
        )

    @cached_property
    def example(self) -> dict[str, Node]:
        """The graph at one point."""
        return self.nodes(self.draw(np.random.default_rng(0)))

    def draw(self, rng: np.random.Generator) -> Arrays:
        """Numbers for inputs, parameters and what the loss needs: few decimals, none of them 0."""
        drawn = {
            name: self._numbers(rng, shape, self._row.binary)
            for name, shape in self._inputs.items()
        }
        module = self._module()
        for name, parameter in _parameters(module, self._row).items():
            drawn[name] = self._numbers(rng, parameter.shape)
        if given := LOSSES[self.loss].given:
            drawn[given] = self._targets(rng, given, np.shape(_first(self._called(module, drawn))))
        return drawn

    def nodes(self, point: Point) -> dict[str, Node]:
        """Inputs, parameters, named nodes between and the loss L, in order."""
        module = self._module()
        for name, parameter in _parameters(module, self._row).items():
            parameter.update_(_writing(point[name]))
        inputs = {name: Tensor(point[name], requires_grad=True, name=name) for name in self._inputs}
        y = self._row.run(module, inputs)
        if isinstance(y, Node) and y.name is None:
            y = y.named("y")
        loss = LOSSES[self.loss]
        total = loss.value(y, point.get(loss.given), inputs).named("L")
        return {str(v.name): v for v in FlowGraph(total).variables}

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the model's weights."""
        return tuple(_parameters(self._module(), self._row))

    def other_sizes(self, rng: np.random.Generator) -> ModelGraph:
        """The same model for other numbers of examples and steps, none of them 1."""
        more = {
            name: self.sizes[name] + int(rng.integers(0, 3)) for name in _AXES if name in self.sizes
        }
        return replace(self, sizes={**self.sizes, **{name: max(2, n) for name, n in more.items()}})

    @property
    def _inputs(self) -> dict[str, tuple[int, ...]]:
        return self._row.shapes(self.sizes)

    def _module(self) -> nn.Module:
        module = self._row.make(self.sizes)
        for name, parameter in _parameters(module, self._row).items():
            if parameter.name != name:
                parameter.named(name)
        return module

    def _called(self, module: nn.Module, drawn: Arrays) -> Any:
        return self._row.run(module, {name: Tensor(drawn[name]) for name in self._inputs})

    def _numbers(
        self, rng: np.random.Generator, shape: tuple[int, ...], binary: bool = False
    ) -> NDArray[Any]:
        if binary:
            return rng.integers(0, 2, shape).astype(float)
        found = np.round(rng.normal(0.0, self.scale, shape), self.decimals)
        # a 0 would hide every mistake behind it
        return np.where(found == 0, 10.0**-self.decimals, found)

    def _targets(
        self, rng: np.random.Generator, given: str, shape: tuple[int, ...]
    ) -> NDArray[Any]:
        if given == "classes":
            return rng.integers(0, shape[-1], shape[:-1])
        return self._numbers(rng, shape, self.loss == "bce_with_logits")


def _first(y: Any) -> Any:
    return y[0] if isinstance(y, tuple) else y


def _parameters(module: nn.Module, row: Model) -> dict[str, Tensor]:
    """The module's parameters by the names in the model's equations."""
    return {
        row.names.get(path, parameter.name or path): parameter
        for path, parameter in module.named_parameters()
    }


def _writing(numbers: NDArray[Any]) -> Callable[[NDArray[Any]], None]:
    def write(array: NDArray[Any]) -> None:
        array[...] = numbers

    return write


Graph: TypeAlias = EquationGraph | ModelGraph
"""what a question is asked about"""
