"""Module: a part of a model; its parameters, buffers and submodules are among its attributes.

    parameter   an attribute that is a leaf Tensor with requires_grad=True
    submodule   an attribute that is a Module
    buffer      an array that belongs to the state but is not trained: `register_buffer`

Nothing is kept twice: `vars(module)` is the register, in the order of assignment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any, ClassVar, TypeAlias, TypeVar

import numpy as np

from autograd_lite import Tensor, scope
from autograd_lite.errors import OperandError
from autograd_lite.habits import missing
from autograd_lite.rules.namespaces import plain
from autograd_lite.ways_out import refuse_traced
from nn.assigning import as_buffer, refuse_hidden, refuse_in_buffer, takes_numbers
from nn.checks import flag
from nn.naming import LAYERS, counted, name_of, qualify
from nn.options import checked_options
from nn.parameters import forget_gradients, is_parameter
from nn.printing import tree
from nn.state import entries, load, translated
from nn.walking import joined, parts_of, walk

Array: TypeAlias = np.ndarray[Any, Any]
Self = TypeVar("Self", bound="Module")


class Module:
    """A part of a model: subclass it, assign parameters and submodules, write `forward`.

    Calling a module runs `forward` inside the scope of its dotted name, which every node made there
    keeps: pictures fold by it and messages say it. Parameters without a name get the attribute's, behind
    the path to it: `encoder.weight`.

    result_name  what its result is called in a model, with a number: "h" (h_1, h_2, …), "xi" for an
                 excitation, None for nothing; see `called` and `numbered` for what is inside of it

    >>> from nn.parameters import Parameter
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
    result_name: ClassVar[str | None] = "h"
    _name: str | None = None
    _buffers: tuple[str, ...] = ()
    _dotted_name: str | None = None
    _is_timed: bool = False  # whether a part of it names time steps

    @checked_options
    def __init__(self) -> None:
        """A class without a constructor of its own takes no options, and says so."""

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if "__init__" in vars(cls):
            cls.__init__ = checked_options(cls.__init__)  # type: ignore[method-assign]

    def forward(self, *inputs: Any, **options: Any) -> Any:
        """The module's value at these inputs, written with operations of `autograd_lite`."""
        raise NotImplementedError(
            f"{type(self).__name__} has no forward: write def forward(self, x)"
        )

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        layers = LAYERS.get()
        if layers is None:
            return counted(self._is_timed, self._scoped, inputs, options)
        result = self._scoped(inputs, options)
        if self.result_name is not None and not (inputs and result is inputs[0]):
            layers.call(result, self.result_name)
        return result

    def _scoped(self, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
        with scope(self._name or type(self).__name__) as dotted:
            if dotted != self._dotted_name:
                self._mark_parameters(dotted)
            return self.forward(*inputs, **options)

    def _mark_parameters(self, dotted: str) -> None:
        """Leave the dotted name on the parameters, once: they were made before it was known."""
        self._dotted_name = dotted
        for _, parameter in self._own_parameters():
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
        return self._dotted_name or self._name or type(self).__name__

    # --- registration --------------------------------------------------------------------------

    def __setattr__(self, name: str, value: Any) -> None:
        before: Any = vars(self).get(name)
        if isinstance(value, Module):
            value.named(name)
            qualify(value.named_parameters(), f"{name}.")
            self._is_timed = self._is_timed or value._is_timed
        elif is_parameter(value) and value.name is None:
            value.named(name_of(before, name))
        elif isinstance(value, (list, tuple, dict)) and _holds_parts(value):
            refuse_hidden(type(self).__name__, name, value)
        if name in self._buffers:
            refuse_in_buffer(name, value)
        stays = is_parameter(before) and not isinstance(value, Module)
        if not (stays and takes_numbers(self.label, name, before, value)):
            object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        # only reached when there is no such attribute
        known = [*vars(self), *(word for word in dir(type(self)) if not word.startswith("_"))]
        raise missing("Module", name, known, instead=type(self).__name__)

    def register_buffer(self, name: str, data: Any) -> None:
        """Keep an array as part of the state that is not trained, such as a running mean.

        Raises OperandError when `data` are no numbers, or a node that requires grad.
        """
        setattr(self, name, as_buffer(name, data))
        if name not in self._buffers:
            self._buffers = (*self._buffers, name)

    def _own(self, wanted: Callable[[Any], bool]) -> Iterator[tuple[str, Any]]:
        return ((name, x) for name, x in vars(self).items() if wanted(x))

    def _own_parameters(self) -> Iterator[tuple[str, Tensor]]:
        return self._own(is_parameter)

    def _own_buffers(self) -> Iterator[tuple[str, Array]]:
        return ((name, getattr(self, name)) for name in self._buffers)

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
        for name, module in walk(self, prefix):
            if id(module) not in seen:
                seen.add(id(module))
                yield name, module

    def modules(self) -> Iterator[Module]:
        """The module and all inside it, each once."""
        return (module for _, module in self.named_modules())

    def named_parameters(self) -> Iterator[tuple[str, Tensor]]:
        """Every parameter once, with its dotted name: shared ones under the first."""
        seen: set[Tensor] = set()
        for name, parameter in self._entries(Module._own_parameters):
            if parameter not in seen:
                seen.add(parameter)
                yield name, parameter

    def parameters(self) -> Iterator[Tensor]:
        """Every parameter once.

        >>> from nn.parameters import Parameter
        >>> module = Module()
        >>> module.weight = Parameter([1.0])
        >>> list(module.parameters())
        [Tensor([1.], name='weight', requires_grad=True)]
        """
        mine = (x for module in parts_of(self) for x in vars(module).values() if is_parameter(x))
        return (parameter for parameter in dict.fromkeys(mine))

    def named_buffers(self) -> Iterator[tuple[str, Array]]:
        """Every buffer, with its dotted name."""
        return self._entries(Module._own_buffers)

    def buffers(self) -> Iterator[Array]:
        """Every buffer."""
        return (array for _, array in self.named_buffers())

    def _entries(
        self, own: Callable[[Module], Iterator[tuple[str, Any]]]
    ) -> Iterator[tuple[str, Any]]:
        for prefix, module in walk(self, ""):
            for name, x in own(module):
                yield joined(prefix, name), x

    # --- state ---------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Array]:
        """A copy of every parameter and buffer by dotted name; what is shared, under each name."""
        return {name: np.array(plain(place)) for name, place in self._state_entries()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take the numbers of a `state_dict`, in place; torch's tensors and names are accepted too.

        Raises StateError that lists missing, unexpected and mis-shaped entries; nothing is loaded.
        """
        load(type(self).__name__, dict(self._state_entries()), translated(self, entries(state)))

    def _state_entries(self) -> Iterator[tuple[str, Any]]:
        """Every parameter and every buffer by dotted name; what is shared, under each name."""
        return self._entries(lambda m: chain(m._own_parameters(), m._own_buffers()))

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
        forget_gradients(self.parameters(), set_to_none)

    def astype(self: Self, dtype: Any) -> Self:
        """The module with parameters and buffers in float32 or float64; make the optimiser after it.

        >>> from nn.parameters import Parameter
        >>> module = Module()
        >>> module.weight = Parameter([1.0])
        >>> module.astype("float32").weight.dtype
        dtype('float32')
        """
        made: dict[Tensor, Tensor] = {}
        for module in self.modules():
            for name, old in list(module._own_parameters()):
                if old not in made:
                    refuse_traced(old, "a new leaf with its numbers", "convert the module before")
                    made[old] = Tensor(old.numpy(), requires_grad=True, name=old.name, dtype=dtype)
                    made[old].scope = old.scope
                setattr(module, name, made[old])
            for name, array in module._own_buffers():
                if array.dtype.kind == "f":
                    setattr(module, name, array.astype(dtype))
        return self

    # --- printing ------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """What `repr` says about this module beyond its parts; override."""
        return ""

    def __repr__(self) -> str:
        count = sum(parameter.size for parameter in self.parameters())
        return f"{self._as_tree()} · {count:,} parameters"

    def _as_tree(self) -> str:
        shapes = (f"{name} {parameter.shape}" for name, parameter in self._own_parameters())
        parts = (f"({name}): {child._as_tree()}" for name, child in self.named_children())
        return tree(type(self).__name__, [self.extra_repr(), *shapes], parts)


def _holds_parts(entries: Any) -> bool:
    """Whether modules or parameters are among the entries of a list, tuple or dict."""
    listed = entries.values() if isinstance(entries, dict) else entries
    return any(isinstance(x, Module) or is_parameter(x) for x in listed)
