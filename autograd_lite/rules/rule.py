"""A rule is a record that is applied by calling it: to numbers and arrays, to nodes, to pieces of writing."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from autograd_lite.errors import OperandError, brief, did_you_mean, without_types
from autograd_lite.habits import hint_for_argument
from autograd_lite.node import Node
from autograd_lite.record import Formula, Jvp, Partial, Record, Vjp
from autograd_lite.rules.contract import check_record, check_template, refuse_no_number
from autograd_lite.rules.namespaces import on_plain


class Rule(Record):
    r"""One operation: its value, its derivatives and how it is written. Calling it applies it.

    name       how messages, pictures and NumPy call it
    value      (xp, *operands, **static) -> y
    partials   elementwise rules: one (xp, y, *operands) -> ∂y/∂operand each
    vjps       other rules: one (xp, g, y, *operands, **static) -> gᵀ·∂y/∂operand each
    jvps       other rules: one (xp, t, y, *operands, **static) -> ∂y/∂operand·t each
    gathered   the operands to which several uses of the same ones contribute at once, by `gather`; see `Use`
    adds       how a use of operand i adds to its adjoint in place, where it concerns few entries; see `Add`
    variadic   takes any number of operands; then vjps and jvps hold one function of (i) that returns i's
    formula    how symbols see the value, where the value itself is a numerically careful detour
    slopes     how symbols see the partials, where these are such detours; () where they are not. Of a
               rule that is not elementwise: how source for people has the vjps, as `formula` its value
    latex      template with {0}, {1}, … for the operands; braces that stay are doubled
    linear_in  of a rule that is not elementwise: the operands in whose entries it is a sum of products
    zeros      of an elementwise rule: where y is exactly 0, from where each operand is; see `exact_zeros`
    source     by language, how it is written where its value does not say it: a template, in which static
               parameters stand by name, {"javascript": "Math.cbrt({0})"}, or a formula; see `source`
    kinks      in words: what it does at kinks, ties, poles and outside its domain
    malrules   wrong derivatives that students give, for `with_malrule`; derivatives are computed without them
    base       the rule of which this is `fixed`, with these `static` parameters

    None in the place of a partial, vjp or jvp says that y does not move with this operand, or only in
    jumps, as with a condition: nothing is passed on to it, and its tangent counts as 0. Of vjps and jvps
    one is enough, the other is its transpose. A rule with neither refuses every derivative.

    A custom operation is the same record:

    >>> from autograd_lite import Value, elementwise
    >>> @elementwise(lambda xp, y, x: 2 * x, latex=r"{0}^2")
    ... def squared(xp, x):
    ...     "The square: y = x², ∂y/∂x = 2x."
    ...     return x * x
    >>> x = Value(3.0, name="x")
    >>> y = squared(x)
    >>> y.backward()
    >>> y, x.grad
    (Value(9.0, grad=1.0), 6.0)
    >>> squared(5.0)
    25.0
    """

    def __post_init__(self) -> None:
        if self.base is None:
            for template in (self.latex, *self.source.values()):
                if isinstance(template, str):
                    check_template(self, template)
            check_record(self)
        super().__post_init__()

    def __call__(self, *operands: Any, **static: Any) -> Any:
        """Apply the rule to numbers, arrays, Values or Tensors; records when one of them is a node."""
        if len(operands) != self.arity:
            operands, static = self._sorted(operands, static)
        elif not static and (quick := self.quick.get(type(operands[0]))) is not None:
            return quick(*operands)
        if static and not static.keys() <= self._options:
            raise self._strange(static)
        for x in operands:
            if isinstance(x, Node):
                if static and self.is_elementwise:  # the sweeps give partials the operands alone
                    return self.fixed(**static)(*operands)
                y = x.record(self, operands, static)
                if type(y._data) is not float:
                    refuse_no_number(self, y)
                return y
        return on_plain(self, operands, static)

    def _sorted(
        self, given: tuple[Any, ...], static: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """What was given as operands, and as static parameters: these may follow the operands by place."""
        if self.variadic and len(given) >= self.arity:
            return given, static
        extra = dict(zip(self.static_names, given[self.arity :], strict=False))
        if (
            len(given) < self.arity
            or len(extra) < len(given) - self.arity
            or extra.keys() & static.keys()
        ):
            taken = without_types(self.__signature__)
            raise OperandError(f"{self.name}{taken} does not take {len(given)} arguments by place")
        return given[: self.arity], {**extra, **static}

    @cached_property
    def quick(self) -> dict[type, Callable[..., Any]]:
        """Shorter ways to apply this rule, by the first operand's class; a node class may put its own in."""
        return {}

    @cached_property
    def _options(self) -> frozenset[str]:
        return frozenset(self.static_names)

    def _strange(self, static: dict[str, Any]) -> OperandError:
        name = next(name for name in static if name not in self._options)
        instead = hint_for_argument(name, static[name]) or did_you_mean(name, self._options)
        return OperandError(f"{self.name} does not take {name}: {instead}")


def elementwise(*partials: Partial | None, **written: Any) -> Callable[[Formula], Rule]:
    """Make the function below a rule that works entry by entry, with these partials, one per operand.

    partials  one (xp, y, *operands) -> ∂y/∂operand each, in y's shape; None where there is no derivative
    written   further fields of `Rule`: formula, slopes, zeros, latex, kinks

    >>> @elementwise(lambda xp, y, x: xp.cos(x) * y)
    ... def exp_of_sine(xp, x):
    ...     return xp.exp(xp.sin(x))
    >>> exp_of_sine(0.0)
    1.0
    """
    return lambda value: Rule(_name_of(value), value, partials, **written)


def linear(*vjps: Vjp | None, **written: Any) -> Callable[[Formula], Rule]:
    """Make the function below a rule that is linear in each operand that has a vjp (its transpose).

    vjps     one (xp, g, y, *operands, **static) -> gᵀ·∂y/∂operand each; None where there is no derivative
    written  further fields of `Rule`: latex, kinks, gathered, gather, adds, variadic

    >>> from autograd_lite import Tensor
    >>> @linear(lambda xp, g, y, x: xp.flip(g, axis=0))
    ... def reversed_rows(xp, x):
    ...     return xp.flip(x, axis=0)
    >>> reversed_rows(Tensor([1.0, 2.0]))
    Tensor([2., 1.])
    """

    def decorate(value: Formula) -> Rule:
        jvps = [None if vjp is None else _in_place_of(i, value) for i, vjp in enumerate(vjps)]
        linear_in = [i for i, vjp in enumerate(vjps) if vjp is not None]
        if written.get("variadic"):
            jvps = [lambda i: _in_place_of(i, value)]
        name = _name_of(value)
        return Rule(name, value, vjps=vjps, jvps=jvps, linear_in=linear_in, **written)

    return decorate


def operation(
    vjps: Sequence[Vjp | None] = (), jvps: Sequence[Jvp | None] = (), **written: Any
) -> Callable[[Formula], Rule]:
    """Make the function below a rule with these derivatives; of vjps and jvps one is enough.

    vjps     one (xp, g, y, *operands, **static) -> gᵀ·∂y/∂operand each, with the operand's shape
    jvps     one (xp, t, y, *operands, **static) -> ∂y/∂operand·t each, with the result's shape
    written  further fields of `Rule`: latex, kinks, gathered, gather, adds, variadic

    >>> @operation(
    ...     [lambda xp, g, y, x: 2.0 * xp.multiply(g, x)],
    ...     [lambda xp, t, y, x: 2.0 * xp.sum(xp.multiply(t, x))],
    ... )
    ... def squared_length(xp, x):
    ...     return xp.sum(xp.multiply(x, x))
    >>> float(squared_length([3.0, 4.0]))
    25.0
    """
    return lambda value: Rule(_name_of(value), value, vjps=vjps, jvps=jvps, **written)


def _name_of(value: Formula) -> str:
    if not inspect.isroutine(value):
        raise OperandError(
            f"a record is made of a function, not of {brief(value)}: write the derivatives in parentheses "
            f"behind elementwise, linear or operation, and below them def f(xp, x): …"
        )
    return value.__name__.rstrip("_")


def _in_place_of(i: int, value: Formula) -> Jvp:
    """A function linear in operand `i` is its own tangent map there."""

    def jvp(xp: Any, t: Any, y: Any, *operands: Any, **static: Any) -> Any:
        return value(xp, *operands[:i], t, *operands[i + 1 :], **static)

    return jvp
