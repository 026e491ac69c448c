"""Module: a part of a model; its parameters, buffers and submodules are among its attributes.

    parameter   an attribute that is a leaf Tensor with requires_grad=True
    submodule   an attribute that is a Module
    buffer      an array that belongs to the state but is not trained: `register_buffer`

Nothing is kept twice: `vars(module)` is the register, in the order of assignment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias, TypeVar

import numpy as np

from autograd_lite import Tensor, scope
from autograd_lite.errors import OperandError, brief
from autograd_lite.habits import missing
from autograd_lite.rules.namespaces import plain
from autograd_lite.ways_out import refuse_traced
from nn.assigning import place_taken, refuse_in_buffer
from nn.checks import flag
from nn.clipping import forget
from nn.options import in_words
from nn.state import load, words

Array: TypeAlias = np.ndarray[Any, Any]
Self = TypeVar("Self", bound="Module")


def Parameter(data: Any, name: str | None = None) -> Tensor:
    """A trainable array: a leaf Tensor with requires_grad=True, which is all that a parameter is.

    >>> Parameter([1.0, 2.0])
    Tensor([1., 2.], requires_grad=True)
    """
    return Tensor(data, requires_grad=True, name=name)


def is_parameter(x: object) -> bool:
    """Whether `x` is trained when a module has it: a leaf Tensor that is no constant."""
    return isinstance(x, Tensor) and x.is_leaf and x.requires_grad


class Module:
    """A part of a model: subclass it, assign parameters and submodules, write `forward`.

    Calling a module runs `forward` inside the scope of its dotted name, which every node made there
    keeps: pictures fold by it and messages say it. Parameters without a name get the attribute's.

    >>> class Scale(Module):
    ...     def __init__(self):
    ...         self.factor = Parameter([2.0, 3.0])
    ...     def forward(self, x):
    ...         return x * self.factor
    >>> scale = Scale()
    >>> y = scale(np.array([1.0, 1.0]))
    >>> y.scope, list(scale.state_dict())
    ('Scale', ['factor'])
    >>> scale
    Scale(factor (2,)) · 2 parameters
    """

    training: bool = True
    _name: str | None = None
    _buffers: tuple[str, ...] = ()
    _seen_as: str | None = None

    @in_words
    def __init__(self) -> None:
        """A class without a constructor of its own takes no options, and says so."""

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if "__init__" in vars(cls):
            cls.__init__ = in_words(cls.__init__)  # type: ignore[method-assign]

    def forward(self, *inputs: Any, **options: Any) -> Any:
        """The module's value at these inputs, written with operations of `autograd_lite`."""
        raise NotImplementedError(
            f"{type(self).__name__} has no forward: write def forward(self, x)"
        )

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        with scope(self._name or type(self).__name__) as dotted:
            if dotted != self._seen_as:
                self._mark(dotted)
            return self.forward(*inputs, **options)

    def _mark(self, dotted: str) -> None:
        """Leave the dotted name on the parameters, once: they were made before it was known."""
        self._seen_as = dotted
        for _, parameter in self._own(is_parameter):
            parameter.scope = dotted

    def named(self: Self, name: str) -> Self:
        """Call this module `name`; a parent does so when the module is assigned to it.

        >>> Module().named("encoder").label
        'encoder'
        """
        if not isinstance(name, str) or not name:
            raise OperandError(f"a module's name is text, not {name!r:.60}")
        self._name = name
        return self

    @property
    def label(self) -> str:
        """How messages call the module: its dotted name as last called, its name or its class."""
        return self._seen_as or self._name or type(self).__name__

    # --- registration --------------------------------------------------------------------------

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Module) or (is_parameter(value) and value.name is None):
            value.named(name)
        elif isinstance(value, (list, tuple, dict)):
            _refuse_hidden(self, name, value)
        if not place_taken(self, name, value):
            object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        # only reached when there is no such attribute
        known = [*vars(self), *(word for word in dir(type(self)) if not word.startswith("_"))]
        raise missing("Module", name, known, instead=type(self).__name__)

    def register_buffer(self, name: str, data: Any) -> None:
        """Keep an array as part of the state that is not trained, such as a running mean.

        Raises OperandError when `data` are no numbers, or a node that requires grad.
        """
        refuse_in_buffer(name, data)
        array = np.array(plain(data))
        if array.dtype.kind not in "fiub":
            raise OperandError(f"buffer {name!r} holds numbers, not {brief(data)}")
        setattr(self, name, array)
        if name not in self._buffers:
            self._buffers = (*self._buffers, name)

    def _own(self, wanted: Callable[[Any], bool]) -> Iterator[tuple[str, Any]]:
        return ((name, x) for name, x in vars(self).items() if wanted(x))

    # --- the tree ------------------------------------------------------------------------------

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly inside this one, with their names."""
        return self._own(lambda x: isinstance(x, Module))

    def children(self) -> Iterator[Module]:
        """The modules directly inside this one."""
        return (module for _, module in self.named_children())

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """The module and all inside it, each once, with dotted names.

        Raises OperandError when a module contains itself.
        """
        seen: set[int] = set()
        for name, module in _walk(self, prefix):
            if id(module) not in seen:
                seen.add(id(module))
                yield name, module

    def modules(self) -> Iterator[Module]:
        """The module and all inside it, each once."""
        return (module for _, module in self.named_modules())

    def named_parameters(self) -> Iterator[tuple[str, Tensor]]:
        """Every parameter once, with its dotted name: shared ones under the first."""
        seen: set[Tensor] = set()
        for name, parameter in self._entries(lambda module: module._own(is_parameter)):
            if parameter not in seen:
                seen.add(parameter)
                yield name, parameter

    def parameters(self) -> Iterator[Tensor]:
        """Every parameter once.

        >>> module = Module()
        >>> module.weight = Parameter([1.0])
        >>> list(module.parameters())
        [Tensor([1.], name='weight', requires_grad=True)]
        """
        return (parameter for _, parameter in self.named_parameters())

    def named_buffers(self) -> Iterator[tuple[str, Array]]:
        """Every buffer, with its dotted name."""
        return self._entries(
            lambda module: ((name, getattr(module, name)) for name in module._buffers)
        )

    def buffers(self) -> Iterator[Array]:
        """Every buffer."""
        return (array for _, array in self.named_buffers())

    def _entries(
        self, own: Callable[[Module], Iterator[tuple[str, Any]]]
    ) -> Iterator[tuple[str, Any]]:
        for prefix, module in _walk(self, ""):
            for name, x in own(module):
                yield _joined(prefix, name), x

    # --- state ---------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Array]:
        """A copy of every parameter and buffer by dotted name; what is shared, under each name."""

        def own(module: Module) -> Iterator[tuple[str, Any]]:
            yield from ((name, parameter.numpy()) for name, parameter in module._own(is_parameter))
            yield from ((name, getattr(module, name)) for name in module._buffers)

        return {name: np.array(array) for name, array in self._entries(own)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take the numbers of a `state_dict`, in place; torch's tensors and names are accepted too.

        Raises StateError that lists missing, unexpected and mis-shaped entries; nothing is loaded.
        """
        load(self, state)

    def translate_state(self, state: dict[str, Any]) -> dict[str, Any]:
        """The module's own entries of a state under the names used here; override to accept others.

        state  local name → array, without those of submodules
        """
        return state

    def train(self: Self, mode: bool = True) -> Self:
        """Behave as in training: Dropout drops, BatchNorm uses the batch's statistics."""
        flag("mode", mode)
        for module in self.modules():
            module.training = mode
        return self

    def eval(self: Self) -> Self:
        """Behave as in use: `train(False)`."""
        return self.train(False)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget every parameter's gradient, or, with set_to_none=False, fill it with zeros."""
        forget(self.parameters(), set_to_none)

    def astype(self: Self, dtype: Any) -> Self:
        """The module with parameters and buffers in float32 or float64; make the optimiser after it.

        >>> module = Module()
        >>> module.weight = Parameter([1.0])
        >>> module.astype("float32").weight.dtype
        dtype('float32')
        """
        made: dict[Tensor, Tensor] = {}
        for module in self.modules():
            for name, old in list(module._own(is_parameter)):
                if old not in made:
                    refuse_traced(old, "a new leaf with its numbers", "convert the module before")
                    made[old] = Tensor(old.numpy(), requires_grad=True, name=old.name, dtype=dtype)
                    made[old].scope = old.scope
                setattr(module, name, made[old])
            for name in module._buffers:
                if getattr(module, name).dtype.kind == "f":
                    setattr(module, name, getattr(module, name).astype(dtype))
        return self

    # --- words ---------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """What `repr` says about this module beyond its parts; override."""
        return ""

    def __repr__(self) -> str:
        return words(self)


def _joined(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _walk(
    root: Module, prefix: str, inside: tuple[Module, ...] = ()
) -> Iterator[tuple[str, Module]]:
    """The tree from the top, shared modules under each of their names."""
    if any(root is module for module in inside):
        raise OperandError(
            f"{type(root).__name__} contains itself, as {prefix!r}: a module is a tree"
        )
    yield prefix, root
    for name, child in root.named_children():
        yield from _walk(child, _joined(prefix, name), (*inside, root))


def _refuse_hidden(module: Module, name: str, value: Any) -> None:
    """A list is no place for modules: their parameters would silently not be trained."""
    entries = value.values() if isinstance(value, dict) else value
    if any(isinstance(x, Module) or is_parameter(x) for x in entries):
        raise OperandError(
            f"{type(module).__name__}.{name} is a plain {type(value).__name__} of modules or "
            f"parameters, which would not be trained or saved: write nn.ModuleList([...]), "
            f"nn.ModuleDict({{...}}), nn.ParameterList([...]) or nn.ParameterDict({{...}})"
        )
