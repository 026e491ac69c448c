"""The record of one operation, read by everything: engine, checks, pictures, derivations, generated source.

A rule is written against a *namespace* `xp`. With `floats` or `arrays` in it, the rule computes numbers
at full speed and records nothing; with `graph` in it the same rule records, so derivatives of any order
need no second engine; with a namespace of symbols it writes itself as a formula.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, wraps
from typing import Any, Final, NamedTuple, NoReturn

from autograd_lite.errors import DerivativeError, OperandError, did_you_mean, without_types

Formula = Callable[..., Any]
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


@dataclass(frozen=True)
class Malrule:
    """A student's wrong derivative by an operand, such as -cos for that of the sine; the engine ignores it.

    identifier  the mistake's name in a catalogue, where the sentences about it stand
    operand     by which operand; a mistake may have one malrule for each
    partial     of an elementwise operation: (xp, y, *operands) -> what is taken for ∂y/∂operand
    vjp         of any other: (xp, g, y, *operands, **static) -> what is taken for gᵀ·∂y/∂operand, linear in g

    `with_malrule` makes a sweep take it at chosen nodes:

    >>> from autograd_lite import Tape, Value, elementwise
    >>> from autograd_lite.edits import with_malrule
    >>> @elementwise(
    ...     lambda xp, y, x: 3.0 * x * x,
    ...     malrules=[Malrule("exponent kept", 0, partial=lambda xp, y, x: 3.0 * y)],
    ... )
    ... def cube(xp, x):
    ...     "y = x³."
    ...     return x * x * x
    >>> x = Value(2.0)
    >>> y = cube(x)
    >>> Tape(y).adjoints()[x], Tape(y).adjoints(edit=with_malrule("exponent kept", y))[x]
    (12.0, 24.0)
    """

    identifier: str
    operand: int
    partial: Partial | None = None
    vjp: Vjp | None = None


class _Signature:
    """A rule's signature as its users see it, made when it is asked for: at import none is."""

    def __get__(self, rule: Record | None, owner: type) -> inspect.Signature:
        if rule is None:  # the class's own is that of its constructor
            raise AttributeError("__signature__")
        signature = inspect.signature(rule.value)
        return signature.replace(parameters=list(signature.parameters.values())[1:])


@dataclass(frozen=True, eq=False, repr=False)
class Record:
    """What is known of one operation; `Rule`, which is a record that can be applied, describes the fields."""

    name: str
    value: Formula
    partials: Sequence[Partial | None] | None = None
    vjps: Sequence[Vjp | None] = ()
    jvps: Sequence[Jvp | None] = ()
    gathered: Sequence[int] = ()
    gather: Gather | None = None
    adds: Sequence[Add | None] = ()
    variadic: bool = False
    formula: Formula | None = None
    slopes: Sequence[Partial | None] = ()
    linear_in: Collection[int] = ()
    zeros: Callable[..., Any] | None = None
    latex: str | None = None
    source: Mapping[str, str | Formula] = field(default_factory=dict)
    kinks: str = ""
    malrules: Sequence[Malrule] = ()
    base: Record | None = None
    static: Mapping[str, Any] = field(default_factory=dict)

    __signature__ = _Signature()

    def __post_init__(self) -> None:
        object.__setattr__(self, "__doc__", self.value.__doc__)
        object.__setattr__(self, "__name__", self.name)
        object.__setattr__(self, "__module__", self.value.__module__)

    def __call__(self, *operands: Any, **static: Any) -> Any:
        """Apply the operation to numbers, arrays or nodes."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<rule {self.name}>"

    def __reduce__(self) -> Any:
        if self.base is not None:
            return fix, (self.base, dict(self.static))
        return self.value.__qualname__  # pickled like a function: by module and name

    def fixed(self, **static: Any) -> Record:
        """An elementwise rule with static parameters fixed: a rule of its operands alone.

        >>> from autograd_lite import elementwise
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
                    f"{self.name}{without_types(self.__signature__)} has no parameter {name} to fix; "
                    f"{did_you_mean(name, self.static_names)}"
                )
        return _fixed(self, static) if static else self

    @cached_property
    def arity(self) -> int:
        """How many operands the rule takes (of a variadic one: at least)."""
        return len(_parameters(self.value, positional=True))

    @cached_property
    def static_names(self) -> tuple[str, ...]:
        """The names of the parameters that are not operands: axis, keepdims, stride, …"""
        return _parameters(self.value, positional=False)

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
            return _nothing_said(self, i)
        d = _for_operand(others, i, self.variadic)
        return None if d is None else self.transposed(i, d, other)

    def transposed(self, i: int, d: Vjp | Jvp, kind: str) -> Any:
        """Of a vjp or jvp `d` by operand `i`, as `kind` says ("vjps" or "jvps"), the other one."""
        from autograd_lite.transposing import transposed  # by a sweep, and sweeps are over rules

        return transposed(self, i, d, kind)

    def add(self, i: int) -> Add | None:
        """How a use of operand `i` adds to its adjoint in place, if the rule has a way."""
        return self.adds[i] if i < len(self.adds) else None


def _for_operand(derivatives: Sequence[Callable[..., Any] | None], i: int, variadic: bool) -> Any:
    if not variadic:
        return derivatives[i]
    return None if derivatives[0] is None else derivatives[0](i)


def _nothing_said(rule: Record, i: int) -> Callable[..., NoReturn]:
    """In place of a derivative that a record neither has nor excludes."""

    def refused(*_: Any, **__: Any) -> NoReturn:
        raise DerivativeError(
            f"{rule.name} has no derivative by operand {i}: give the record vjps or jvps, or None in "
            f"its vjps where its result never moves with that operand, or only in jumps"
        )

    return refused


def fix(rule: Record, static: dict[str, Any]) -> Record:
    """What a fixed rule is unpickled by."""
    return rule.fixed(**static)


def _fixed(rule: Record, static: dict[str, Any]) -> Record:
    """The same record each time, so that what was computed with equal parameters is written alike."""
    key = tuple(static.items())
    try:
        return _once(rule, key, repr(key))  # 2 is not 2.0, nor 0.0 -0.0
    except TypeError:  # a parameter that cannot be hashed
        return _made(rule, static)


@lru_cache(maxsize=256)
def _once(rule: Record, key: tuple[tuple[str, Any], ...], _: str) -> Record:
    return _made(rule, dict(key))


def _made(rule: Record, static: dict[str, Any]) -> Record:
    def of_operands(function: Any) -> Any:
        return None if function is None else _with_static(function, static)

    return type(rule)(
        rule.name, of_operands(rule.value), [of_operands(d) for d in rule.partials or ()],
        formula=of_operands(rule.formula), latex=rule.latex, kinks=rule.kinks,
        malrules=[replace(m, partial=of_operands(m.partial)) for m in rule.malrules],
        source={k: f if isinstance(f, str) else of_operands(f) for k, f in rule.source.items()},
        base=rule, static=static,
    )  # fmt: skip


def _with_static(function: Callable[..., Any], static: dict[str, Any]) -> Callable[..., Any]:
    @wraps(function)
    def with_static(*args: Any, **others: Any) -> Any:
        return function(*args, **static, **others)

    signature = inspect.signature(function)
    left = [p for p in signature.parameters.values() if p.name not in static]
    with_static.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]
    return with_static


_POSITIONAL: Final = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def _parameters(value: Formula, *, positional: bool) -> tuple[str, ...]:
    code = getattr(value, "__code__", None)
    if code is not None and not vars(
        value
    ):  # nothing says otherwise; a tenth of a signature's time
        names, n = code.co_varnames, code.co_argcount
        return names[1:n] if positional else names[n : n + code.co_kwonlyargcount]  # type: ignore[no-any-return]
    kinds = _POSITIONAL if positional else (inspect.Parameter.KEYWORD_ONLY,)
    names = [p.name for p in inspect.signature(value).parameters.values() if p.kind in kinds]
    return tuple(names[1:] if positional else names)
