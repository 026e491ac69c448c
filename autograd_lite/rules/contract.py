"""What a record promises: checked where it is made, and again where a number that it gave fits nowhere."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lite.errors import OperandError, ShapeError, brief
from autograd_lite.node import Node
from autograd_lite.record import Malrule, Record

_REQUIRED: Final = inspect.Parameter.empty
_BEFORE: Final = {"partials": "xp, y", "vjps": "xp, g, y", "jvps": "xp, t, y"}
"""What each kind of derivative takes before the operands."""


class _Takes(NamedTuple):
    """How many arguments a function takes by place, and its other parameters with their defaults.

    anything  whether it takes any further keyword
    """

    least: int
    most: float
    others: dict[str, Any]
    anything: bool


def check_record(rule: Record) -> None:
    """See that a record's parts fit each other, and give its derivatives the defaults of its value.

    Raises OperandError when there are too few or too many derivatives, or one takes other arguments.
    """
    for kind, given in _derivatives(rule):
        if not all(d is None or callable(d) for d in given):
            raise _misfit(rule, kind, "functions, or None where there is no derivative", given)
        if rule.variadic:
            continue
        if len(given) != rule.arity:
            wanted = f"one for each of its {rule.arity} operands, None where there is no derivative"
            raise _misfit(rule, kind, wanted, given)
        bound = [None if d is None else _fitted(rule, kind, i, d) for i, d in enumerate(given)]
        if any(d is not old for d, old in zip(bound, given, strict=True)):
            object.__setattr__(rule, kind, tuple(bound))
    _refuse_contradiction(rule)
    if rule.malrules:
        object.__setattr__(rule, "malrules", tuple(_checked_malrules(rule)))


def _checked_malrules(rule: Record) -> Iterator[Malrule]:
    """The malrules of a record, with the defaults of its value."""
    kind = "partial" if rule.is_elementwise else "vjp"
    known: set[tuple[str, int]] = set()
    given: Any = rule.malrules
    for m in given if isinstance(given, (list, tuple)) else [given]:
        _refuse_malrule(rule, m, kind)
        if (m.identifier, m.operand) in known:
            raise OperandError(
                f"{rule.name}: two of its malrules are called {m.identifier!r} for operand {m.operand}"
            )
        known.add((m.identifier, m.operand))
        d = getattr(m, kind)
        if not rule.variadic:
            d = _fitted(rule, f"{kind}s", m.operand, d, f"malrule {m.identifier!r}")
        yield Malrule(m.identifier, m.operand, **{kind: d})


def _refuse_malrule(rule: Record, m: Malrule, kind: str) -> None:
    if not isinstance(m, Malrule) or isinstance(rule.malrules, Malrule):
        raise OperandError(f"{rule.name}: its malrules are a list of Malrule(…), not {brief(m)}")
    where = f"{rule.name}, malrule {brief(m.identifier)}"
    if not isinstance(m.identifier, str) or not m.identifier.strip():
        raise OperandError(f"{where}: its identifier is a word, as in a catalogue of mistakes")
    i, last = m.operand, float("inf") if rule.variadic else rule.arity - 1
    if type(i) is not int or not 0 <= i <= last:
        raise OperandError(f"{where}: its operands are 0 to {last}, not {brief(i)}")
    if not callable(getattr(m, kind)) or None not in (m.partial, m.vjp):
        raise OperandError(f"{where}: of a {kind} and nothing else, as the record has {kind}s")


def check_template(rule: Record, template: str) -> None:
    """Raise OperandError when a template has braces that stand for no operand."""
    try:
        template.format(
            *["x"] * (rule.arity + 20 * rule.variadic), **dict.fromkeys(rule.static_names, "x")
        )
    except (LookupError, ValueError) as error:
        raise OperandError(
            f"{rule.name} is to be written {template!r}, and {{0}}, {{1}}, … stand for its "
            f"{rule.arity} operands: write every other brace twice, {{{{ and }}}} ({error})"
        ) from None


def _derivatives(rule: Record) -> Iterator[tuple[str, Sequence[Callable[..., Any] | None]]]:
    if rule.partials is not None:
        yield "partials", rule.partials
    yield from ((kind, d) for kind in ("vjps", "jvps") if (d := getattr(rule, kind)))


def _misfit(rule: Record, kind: str, wanted: str, given: Sequence[Any]) -> OperandError:
    return OperandError(
        f"{rule.name}: its {kind} are {wanted}; given are {len(given)}: {brief(given)}"
    )


def _refuse_contradiction(rule: Record) -> None:
    for i, (vjp, jvp) in enumerate(zip(rule.vjps, rule.jvps, strict=False)):
        if (vjp is None) != (jvp is None):
            has, lacks = ("jvps", "vjps") if vjp is None else ("vjps", "jvps")
            raise OperandError(
                f"{rule.name}, operand {i}: its {has} have a derivative, and its {lacks} say None, "
                f"that there is none; leave {lacks} out to have them made of the {has}"
            )


def _fitted(
    rule: Record, kind: str, i: int, d: Callable[..., Any], called: str = ""
) -> Callable[..., Any]:
    """The derivative d, called without a parameter with the default that the value has for it."""
    takes, value = _takes(d, n := len(_BEFORE[kind].split(", ")) + rule.arity), _takes(rule.value)
    if takes is None or value is None:
        return d
    unknown = [
        name
        for name, given in takes.others.items()
        if given is _REQUIRED and name not in value.others
    ]
    lacking = [name for name in value.others if name not in takes.others and not takes.anything]
    if not takes.least <= n <= takes.most or unknown or (lacking and not value.anything):
        static = "".join(f", {name}" for name in value.others)
        called = called or f"derivative in {kind}"
        raise OperandError(
            f"{rule.name}, operand {i}: its {called} takes {_written(d)}, and is to take "
            f"({_BEFORE[kind]}, the {rule.arity} operands{', *' + static if static else ''})"
        )
    own = {k: v for k, v in value.others.items() if v is not _REQUIRED and k in takes.others}
    other = {k: v for k, v in own.items() if not _same(takes.others[k], v)}
    return partial(d, **other) if other else d


def _takes(f: Callable[..., Any], places: int | None = None) -> _Takes | None:
    """What f takes, where all beyond the first `places` are given by keyword; None where nobody knows."""
    code = getattr(f, "__code__", None)
    if code is None or vars(f) or hasattr(f, "__self__"):
        try:
            return _by_signature(inspect.signature(f).parameters.values(), places)
        except (TypeError, ValueError):
            return None
    names, n = code.co_varnames, code.co_argcount
    defaults = f.__defaults__ or ()
    later = dict(zip(names[n - len(defaults) : n], defaults, strict=True))
    others = {
        name: later.get(name, _REQUIRED) for name in names[n if places is None else places : n]
    }
    keywords = f.__kwdefaults__ or {}
    for name in names[n : n + code.co_kwonlyargcount]:
        others[name] = keywords.get(name, _REQUIRED)
    most = float("inf") if code.co_flags & inspect.CO_VARARGS else n
    return _Takes(n - len(later), most, others, bool(code.co_flags & inspect.CO_VARKEYWORDS))


def _by_signature(parameters: Any, places: int | None) -> _Takes:
    kinds = inspect.Parameter
    parameters = list(parameters)
    placed = [
        p for p in parameters if p.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD)
    ]
    later = placed[len(placed) if places is None else places :]
    others = {p.name: p.default for p in parameters if p.kind is kinds.KEYWORD_ONLY or p in later}
    open_ended = any(p.kind is kinds.VAR_POSITIONAL for p in parameters)
    return _Takes(
        sum(p.default is _REQUIRED for p in placed),
        float("inf") if open_ended else len(placed),
        others,
        any(p.kind is kinds.VAR_KEYWORD for p in parameters),
    )


def _written(d: Callable[..., Any]) -> str:
    return str(inspect.signature(d))


def _same(a: Any, b: Any) -> bool:
    return a is b or (type(a) is type(b) and repr(a) == repr(b))


# --- where a number fits nowhere -----------------------------------------------------------------


def refuse_no_number(rule: Record, y: Any) -> None:
    """Raise OperandError when a record's value is no real number, or no array of them."""
    data = y._data
    if (
        type(data) is np.ndarray and data.dtype.kind in "fiub"
    ):  # the usual case, in a tenth of a microsecond
        return
    if np.asarray(data).dtype.kind not in "fiub":
        raise OperandError(
            f"{rule.name}: its value is {brief(data)}, and a record gives real numbers: is a "
            f"`return` forgotten, or np.real(…)?"
        )


def refuse_partial(node: Node, i: int, d: Any) -> None:
    """Raise when the partial d of a node by operand i is no array of real numbers that fits the node.

    OperandError for what is no real number, ShapeError for a shape that does not broadcast to the node's.
    """
    if type(d) is not float:
        _refuse(
            node,
            i,
            "partial",
            d,
            np.shape(node._data),
            "the result's",
        )


def refuse_pulled(node: Node, i: int, c: Any) -> None:
    """The same of a vjp's result c, which is to have the operand's shape, or be broadcast from it."""
    _refuse(node, i, "vjp", c, _shape_of(node.operands[i]), "the operand's", wider=True)


def refuse_pushed(node: Node, i: int, c: Any) -> None:
    """The same of a jvp's result c, which is to have the node's shape."""
    _refuse(node, i, "jvp", c, np.shape(node._data), "the result's")


def _refuse(  # noqa: PLR0913, PLR0917 - what the message says
    node: Node,
    i: int,
    kind: str,
    found: Any,
    wanted: tuple[int, ...],
    whose: str,
    wider: bool = False,
) -> None:
    data = getattr(found, "_data", found)
    if data is None or np.asarray(data).dtype.kind not in "fiub":
        raise OperandError(
            f"{_place(node, i, kind)} is {brief(found)}, and a derivative is made of real numbers: is "
            f"a `return` forgotten, or np.real(…)? Where there is no derivative the record says None"
        )
    shape = np.shape(data)
    narrow, wide = (wanted, shape) if wider else (shape, wanted)
    if not _broadcasts(narrow, wide):
        raise ShapeError(
            f"{_place(node, i, kind)} has shape {shape}, and is to have {whose}, {wanted}"
        )


def _broadcasts(narrow: tuple[int, ...], wide: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(narrow, wide) == wide
    except ValueError:
        return False


def _shape_of(x: Any) -> tuple[int, ...]:
    return np.shape(getattr(x, "_data", x))


def _place(node: Node, i: int, kind: str) -> str:
    return f"{node.rule.name}, operand {i}: its {kind} at {node.describe()}"
