"""ModuleDict, ParameterList and ParameterDict: what a plain dict or list would hide from training."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from autograd_lite import Tensor
from autograd_lite.errors import IndexingError, OperandError, brief, did_you_mean
from nn.module import Module
from nn.module_checks import checked_entries, checked_module
from nn.naming import qualify
from nn.parameters import Parameter, is_parameter

Self = TypeVar("Self", bound="_Container")


class _Container(Module):
    """Entries under names, which are attributes; a kind of entry says what it takes."""

    _prefix: str = ""

    def named(self: Self, name: str) -> Self:
        # a container is not called, so its name would be missing from the nodes its modules make
        self._prefix = f"{name}."
        for key, module in self.named_children():
            module.named(self._prefix + key)
        return super().named(name)

    def _as_entry(self, x: Any) -> Any:
        """The entry as it is kept.

        Raises OperandError for what is no entry of this container.
        """
        raise NotImplementedError

    def _own_entries(self) -> dict[str, Any]:
        return {
            name: x for name, x in vars(self).items() if isinstance(x, Module) or is_parameter(x)
        }

    def _put(self, name: str, x: Any) -> None:
        x = self._as_entry(x)
        setattr(self, name, x)
        if isinstance(x, Module):
            x.named(self._prefix + name)
            qualify(x.named_parameters(), self._prefix, f"{name}.")
        else:
            qualify([("", x)], self._prefix, name)

    def __len__(self) -> int:
        return len(self._own_entries())


class _Dict(_Container):
    """What ModuleDict and ParameterDict share: the methods of a dict."""

    def _fill(self, given: Mapping[str, Any] | Iterable[tuple[str, Any]] | None) -> None:
        try:
            named = dict(() if given is None else given)
        except (TypeError, ValueError):
            raise OperandError(
                f"{type(self).__name__} takes a dict of its entries, not {brief(given)}: write "
                f"{{'name': x}}"
            ) from None
        for name, x in named.items():
            self[name] = x

    def __setitem__(self, name: str, x: Any) -> None:
        if not isinstance(name, str) or not name or "." in name or hasattr(type(self), name):
            raise OperandError(
                f"{name!r:.60} cannot name an entry of a {type(self).__name__}: a name is text "
                f"without a dot, and none of its own methods"
            )
        self._put(name, x)

    def __getitem__(self, name: str) -> Any:
        try:
            return self._own_entries()[name]
        except KeyError:
            raise IndexingError(
                f"{self.label} has no entry {name!r:.60}; {did_you_mean(str(name), self)}"
            ) from None

    def __delitem__(self, name: str) -> None:
        self.pop(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._own_entries())

    def __contains__(self, name: object) -> bool:
        return name in self._own_entries()

    def keys(self) -> Iterable[str]:
        """The names, in the order in which they came."""
        return self._own_entries().keys()

    def values(self) -> Iterable[Any]:
        """The entries, in the order in which they came."""
        return self._own_entries().values()

    def items(self) -> Iterable[tuple[str, Any]]:
        """Names and entries, in the order in which they came."""
        return self._own_entries().items()

    def pop(self, name: str) -> Any:
        """Take an entry out, and return it."""
        found = self[name]
        delattr(self, name)
        return found

    def update(self, entries: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> None:
        """Put further entries in; of equal names the new ones stay."""
        self._fill(entries)


class ModuleDict(_Dict):
    """Modules under names, to be called by them; their parameters are registered.

    >>> from nn.activations import ReLU, Tanh
    >>> choices = ModuleDict({"relu": ReLU(), "tanh": Tanh()})
    >>> choices["tanh"]([0.0]), list(choices)
    (array([0.]), ['relu', 'tanh'])

    Raises OperandError for what is no module or no name, IndexingError for a name it does not have.
    """

    def __init__(self, modules: Mapping[str, Module] | None = None) -> None:
        self._fill(modules)

    def _as_entry(self, x: Any) -> Module:
        return checked_module("a ModuleDict holds Modules", x)


class ParameterDict(_Dict):
    """Parameters under names; arrays become parameters.

    >>> weights = ParameterDict({"left": [1.0], "right": [2.0, 3.0]})
    >>> weights["right"], list(weights.state_dict())
    (Tensor([2., 3.], name='right', requires_grad=True), ['left', 'right'])

    Raises OperandError for what is no array or no name, IndexingError for a name it does not have.
    """

    def __init__(self, parameters: Mapping[str, Any] | None = None) -> None:
        self._fill(parameters)

    def _as_entry(self, x: Any) -> Tensor:
        return _as_parameter(x)


class ParameterList(_Container):
    """Parameters in a row; arrays become parameters.

    >>> row = ParameterList([[1.0], [2.0, 3.0]])
    >>> len(row), row[-1].shape, list(row.state_dict())
    (2, (2,), ['0', '1'])

    Raises OperandError for what is no array, IndexingError for a number it does not have.
    """

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        self.extend(() if values is None else values)

    def _as_entry(self, x: Any) -> Tensor:
        return _as_parameter(x)

    def append(self, x: Any) -> ParameterList:
        """Put a parameter at the end; returns the list."""
        self._put(str(len(self)), x)
        return self

    def extend(self, values: Iterable[Any]) -> ParameterList:
        """Put several parameters at the end; returns the list."""
        for x in checked_entries(type(self).__name__, values):
            self.append(x)
        return self

    def __iter__(self) -> Iterator[Tensor]:
        return iter(self._own_entries().values())

    def __getitem__(self, index: int) -> Tensor:
        row = list(self)
        try:
            return row[index]
        except IndexError:
            raise IndexingError(
                f"{self.label} has {len(row)} parameters, and no number {index}"
            ) from None


def _as_parameter(x: Any) -> Tensor:
    if is_parameter(x):
        return x  # type: ignore[no-any-return]
    if isinstance(x, Tensor) and not x.is_leaf:
        raise OperandError(
            f"{x.describe()} is computed, and a parameter is a leaf: write Parameter(x.numpy())"
        )
    return Parameter(x.numpy() if isinstance(x, Tensor) else x)
