"""Sequential and ModuleList: modules in a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from autograd_lite.errors import IndexingError, OperandError
from nn.module import Module
from nn.module_checks import checked_entries, checked_module
from nn.naming import qualify

Self = TypeVar("Self", bound="ModuleList")


class ModuleList(Module):
    """Modules in a row, to be called one by one; their parameters are registered.

    >>> from nn.activations import Tanh
    >>> layers = ModuleList([Tanh(), Tanh()])
    >>> len(layers), layers[-1], len(layers[1:])
    (2, Tanh() · 0 parameters, 1)

    Raises OperandError for what is no module, IndexingError for a number it does not have.
    """

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        self._prefix = ""
        self.extend(() if modules is None else modules)

    def named(self: Self, name: str) -> Self:
        # a list is not called, so its name would be missing from the nodes its modules make
        self._prefix = f"{name}."
        for key, module in self.named_children():
            module.named(self._prefix + key)
        return super().named(name)

    def append(self: Self, module: Module) -> Self:
        """Put a module at the end; returns the list."""
        checked_module(f"{type(self).__name__} holds Modules", module)
        key = str(len(self))
        while key in vars(self):  # of a slice, which keeps its modules' numbers
            key = str(int(key) + 1)
        setattr(self, key, module)
        module.named(self._prefix + key)
        qualify(module.named_parameters(), self._prefix, f"{key}.")
        return self

    def __len__(self) -> int:
        return sum(1 for _ in self.children())

    def __iter__(self) -> Iterator[Module]:
        return self.children()

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            some = type(self)()
            for name, module in list(self.named_children())[index]:
                object.__setattr__(some, name, module)  # it keeps its name, as in torch
            return some
        row = list(self.children())
        try:
            return row[index]
        except IndexError:
            raise IndexingError(
                f"{self.label} has {len(row)} modules, and no number {index}"
            ) from None

    def extend(self: Self, modules: Iterable[Module]) -> Self:
        """Put several modules at the end; returns the list."""
        for module in checked_entries(type(self).__name__, modules):
            self.append(module)
        return self


class Sequential(ModuleList):
    """Modules applied one after the other: y = f_n(… f_2(f_1(x))).

    modules  in order; or one dict of name → module, whose names the nodes and the state then carry

    >>> from nn.activations import Tanh
    >>> from nn.linear import Linear
    >>> Sequential(Linear(2, 3), Tanh(), Linear(3, 1))
    Sequential(
      (0): Linear(2 → 3, weight (3, 2), bias (3,))
      (1): Tanh()
      (2): Linear(3 → 1, weight (1, 3), bias (1,))
    ) · 13 parameters
    """

    def __init__(self, *modules: Module | Mapping[str, Module]) -> None:
        super().__init__()
        for module in modules:
            if isinstance(module, Mapping):
                self._adopt(module)
            else:
                self.append(module)

    def _adopt(self, modules: Mapping[str, Module]) -> None:
        for name, module in modules.items():
            if not isinstance(name, str) or not name or "." in name or hasattr(Module, name):
                raise OperandError(
                    f"{name!r:.60} cannot name a module: a name is text without a dot, and none of "
                    f"Module's own"
                )
            setattr(self, name, checked_module(f"{type(self).__name__} holds Modules", module))

    def named(self: Self, name: str) -> Self:
        return Module.named(self, name)  # it is called, so its name is on the nodes

    def forward(self, x: Any) -> Any:
        for module in tuple(vars(self).values()):  # as children() does, in fewer calls
            if isinstance(module, Module):
                x = module(x)
        return x
