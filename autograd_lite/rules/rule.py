"""The record of one operation, read by everything: engine, checks, pictures, derivations, generated source.

A rule is written against a *namespace* `xp`. With `floats` or `arrays` in it, the rule computes numbers
at full speed and records nothing; with `graph` in it the same rule records, so derivatives of any order
need no second engine; with a namespace of symbols it writes itself as a formula.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

from autograd_lite.errors import OperandError, brief, did_you_mean
from autograd_lite.habits import of_argument
from autograd_lite.node import Node
from autograd_lite.rules.contract import check_record, refuse_no_number
from autograd_lite.rules.fixing import fix, fixed
from autograd_lite.rules.malrule import Malrule
from autograd_lite.rules.namespaces import on_plain
from autograd_lite.rules.transposing import nothing_said, transposed

Value = Callable[..., Any]
"""(xp, *operands, **static) -> result"""
Partial = Callable[..., Any]
"""(xp, y, *operands, **static) -> ∂y/∂operand, elementwise"""
Vjp = Callable[..., Any]
"""(xp, g, y, *operands, **static) -> gᵀ·∂y/∂operand, with the operand's shape"""
Jvp = Callable[..., Any]
"""(xp, t, y, *operands, **static) -> ∂y/∂operand·t, with the result's shape"""


class Use(NamedTuple):
    """One use of an array by an operation: the adjoint of the result, and what the rule was applied to.

    A weight used at every time step has many. Summing their contributions in one matrix product is faster
    than one array for each use and then their sum.
    """

    g: Any
    operands: list[Any]
    static: Mapping[str, Any]


Gather = Callable[[list[Use]], Sequence[Any] | None]
"""(uses) -> what they all contribute to each gathered operand, in that order; None to decline"""
Add = Callable[..., None]
"""(total, g, **static): adds a contribution into an operand's adjoint in place"""


class _Signature:
    """A rule's signature as its users see it, made when it is asked for: at import none is."""

    def __get__(self, rule: Rule | None, owner: type) -> inspect.Signature:
        if rule is None:  # the class's own is that of its constructor
            raise AttributeError("__signature__")
        signature = inspect.signature(rule.value)
        return signature.replace(parameters=list(signature.parameters.values())[1:])


@dataclass(frozen=True, eq=False, repr=False)
class Rule:
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
    slopes     how symbols see the partials, where these are such detours; () where they are not
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

    name: str
    value: Value
    partials: Sequence[Partial | None] | None = None
    vjps: Sequence[Vjp | None] = ()
    jvps: Sequence[Jvp | None] = ()
    gathered: Sequence[int] = ()
    gather: Gather | None = None
    adds: Sequence[Add | None] = ()
    variadic: bool = False
    formula: Value | None = None
    slopes: Sequence[Partial | None] = ()
    linear_in: Collection[int] = ()
    zeros: Callable[..., Any] | None = None
    latex: str | None = None
    source: Mapping[str, str | Value] = field(default_factory=dict)
    kinks: str = ""
    malrules: Sequence[Malrule] = ()
    base: Rule | None = None
    static: Mapping[str, Any] = field(default_factory=dict)

    __signature__ = _Signature()

    def __post_init__(self) -> None:
        if self.base is None:
            for template in (self.latex, *self.source.values()):
                if isinstance(template, str):
                    _check_template(self, template)
            check_record(self)
        object.__setattr__(self, "__doc__", self.value.__doc__)
        object.__setattr__(self, "__name__", self.name)
        object.__setattr__(self, "__module__", self.value.__module__)

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
            raise OperandError(
                f"{self.name}{self.__signature__} does not take {len(given)} arguments by place"
            )
        return given[: self.arity], {**extra, **static}

    def __repr__(self) -> str:
        return f"<rule {self.name}>"

    def __reduce__(self) -> Any:
        if self.base is not None:
            return fix, (self.base, dict(self.static))
        return self.value.__qualname__  # pickled like a function: by module and name

    def fixed(self, **static: Any) -> Rule:
        """An elementwise rule with static parameters fixed: a rule of its operands alone.

        >>> @elementwise(lambda xp, y, x, *, factor: factor)
        ... def scaled(xp, x, *, factor):
        ...     return factor * x
        >>> scaled.fixed(factor=3.0)(2.0), scaled(2.0, factor=3.0)
        (6.0, 6.0)

        Raises OperandError for a parameter that the rule does not have.
        """
        for name in static:
            if name not in self.static_names or not self.is_elementwise:
                raise OperandError(
                    f"{self.name}{self.__signature__} has no parameter {name} to fix; "
                    f"{did_you_mean(name, self.static_names)}"
                )
        return fixed(self, static) if static else self

    @cached_property
    def quick(self) -> dict[type, Callable[..., Any]]:
        """Shorter ways to apply this rule, by the first operand's class; a node class may put its own in."""
        return {}

    @cached_property
    def arity(self) -> int:
        """How many operands the rule takes (of a variadic one: at least)."""
        return len(_parameters(self.value, positional=True))

    @cached_property
    def static_names(self) -> tuple[str, ...]:
        """The names of the parameters that are not operands: axis, keepdims, stride, …"""
        return _parameters(self.value, positional=False)

    @cached_property
    def _options(self) -> frozenset[str]:
        return frozenset(self.static_names)

    def _strange(self, static: dict[str, Any]) -> OperandError:
        name = next(name for name in static if name not in self._options)
        instead = of_argument(name, static[name]) or did_you_mean(name, self._options)
        return OperandError(f"{self.name} does not take {name}: {instead}")

    @property
    def is_elementwise(self) -> bool:
        """Whether the partial derivatives are arrays of the result's shape (else they are linear maps)."""
        return self.partials is not None

    def vjp(self, i: int) -> Any:
        """The pull of an adjoint back to operand `i`; None where the record says that there is none."""
        return self._directed(i, "vjps", "jvps")

    def jvp(self, i: int) -> Any:
        """The push of a tangent of operand `i` forward; None where the record says that there is none."""
        return self._directed(i, "jvps", "vjps")

    def _directed(self, i: int, wanted: str, other: str) -> Any:
        if own := getattr(self, wanted):
            return _for_operand(own, i, self.variadic)
        if not (others := getattr(self, other)):
            return nothing_said(self, i)
        d = _for_operand(others, i, self.variadic)
        return None if d is None else transposed(self, i, d, other)

    def add(self, i: int) -> Add | None:
        """How a use of operand `i` adds to its adjoint in place, if the rule has a way."""
        return self.adds[i] if i < len(self.adds) else None


def elementwise(*partials: Partial | None, **written: Any) -> Callable[[Value], Rule]:
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


def linear(*vjps: Vjp | None, **written: Any) -> Callable[[Value], Rule]:
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

    def decorate(value: Value) -> Rule:
        jvps = [None if vjp is None else _in_place_of(i, value) for i, vjp in enumerate(vjps)]
        linear_in = [i for i, vjp in enumerate(vjps) if vjp is not None]
        if written.get("variadic"):
            jvps = [lambda i: _in_place_of(i, value)]
        name = _name_of(value)
        return Rule(name, value, vjps=vjps, jvps=jvps, linear_in=linear_in, **written)

    return decorate


def operation(
    vjps: Sequence[Vjp | None] = (), jvps: Sequence[Jvp | None] = (), **written: Any
) -> Callable[[Value], Rule]:
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


def _name_of(value: Value) -> str:
    if not inspect.isroutine(value):
        raise OperandError(
            f"a record is made of a function, not of {brief(value)}: write the derivatives in parentheses "
            f"behind elementwise, linear or operation, and below them def f(xp, x): …"
        )
    return value.__name__.rstrip("_")


def _check_template(rule: Rule, template: str) -> None:
    try:
        template.format(
            *["x"] * (rule.arity + 20 * rule.variadic), **dict.fromkeys(rule.static_names, "x")
        )
    except (LookupError, ValueError) as error:
        raise OperandError(
            f"{rule.name} is to be written {template!r}, and {{0}}, {{1}}, … stand for its "
            f"{rule.arity} operands: write every other brace twice, {{{{ and }}}} ({error})"
        ) from None


def _for_operand(derivatives: Sequence[Callable[..., Any] | None], i: int, variadic: bool) -> Any:
    if not variadic:
        return derivatives[i]
    return None if derivatives[0] is None else derivatives[0](i)


def _in_place_of(i: int, value: Value) -> Jvp:
    """A function linear in operand `i` is its own tangent map there."""

    def jvp(xp: Any, t: Any, y: Any, *operands: Any, **static: Any) -> Any:
        return value(xp, *operands[:i], t, *operands[i + 1 :], **static)

    return jvp


_POSITIONAL: Final = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def _parameters(value: Value, *, positional: bool) -> tuple[str, ...]:
    code = getattr(value, "__code__", None)
    if code is not None and not vars(
        value
    ):  # nothing says otherwise; a tenth of a signature's time
        names, n = code.co_varnames, code.co_argcount
        return names[1:n] if positional else names[n : n + code.co_kwonlyargcount]  # type: ignore[no-any-return]
    kinds = _POSITIONAL if positional else (inspect.Parameter.KEYWORD_ONLY,)
    names = [p.name for p in inspect.signature(value).parameters.values() if p.kind in kinds]
    return tuple(names[1:] if positional else names)
