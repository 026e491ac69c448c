"""What a rule computes, noted as NumPy calls: the rule runs once, on arrays with an example of each."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np

from autograd_lite.errors import NamespaceError, SourceError
from autograd_lite.node import Node
from autograd_lite.record import Record
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import WRITERS, Namespace, arrays
from autograd_lite.source.looking import AGAIN, as_it_runs, formula_of, looking
from autograd_lite.source.python import NUMPY
from autograd_lite.source.recorded import Recorded, astype, filled_in, is_open, recorded_in


@dataclass(frozen=True, eq=False)
class Call:
    """One noted call: `result` is function(*args, **options), in which a Recorded stands for its array."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    options: dict[str, Any]
    result: Recorded

    @cached_property
    def reads(self) -> list[Recorded]:
        """The arrays to come among the arguments, each as often as it is there."""
        return recorded_in((self.args, self.options))


@dataclass(eq=False)
class Recording:
    """Calculations on arrays to come: `inputs`, and `calls` in order.

    looks  whether what has a short form where its numbers allow is noted as one call that looks at them, as
           the slope of tanh: quick to run, but no call of NumPy's; else the form that holds at all numbers

    An operation that is called on an input notes what it computes; its derivatives do so in the namespace
    `CALLS`.

    >>> from autograd_lite.rules import RULES
    >>> recording = Recording()
    >>> x, g = recording.input("x", [0.5, 2.0]), recording.input("g", [1.0, 1.0])
    >>> y = RULES["sqrt"](x)
    >>> half = RULES["sqrt"].partials[0](CALLS, y, x)
    >>> [call.function.__name__ for call in recording.calls]
    ['sqrt', 'divide']

    Shapes, dtypes and axes are real while a rule runs: what it decides by them holds for all arrays of that
    form. What it would decide by the numbers raises SourceError.
    """

    looks: bool = field(default=False, kw_only=True)
    inputs: list[Recorded] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    _constants: dict[tuple[Any, ...], Any] = field(default_factory=dict, init=False, repr=False)

    def input(self, name: str, example: Any) -> Recorded:
        """An array to come, of the example's shape and dtype.

        Raises SourceError for what is no name, or means something else in lines of source.
        """
        x = Recorded(self, NUMPY.name(name).source, np.asarray(example))
        if re.fullmatch(r"[tc][0-9]+", x.name) or x.name in {other.name for other in self.inputs}:
            raise SourceError(
                f"{x.name!r} names a result, a constant or an input already: take another name"
            )
        self.inputs.append(x)
        return x

    def note(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """The function's result, noted; of several results each is noted as an entry of all of them."""
        if any(x.recording is not self for x in recorded_in((args, options))):
            raise SourceError(
                "it computes with arrays of two recordings, which know nothing of each other"
            )
        args, options = self.kept(args), self.kept(options)
        with np.errstate(all="ignore"):
            example = function(*filled_in(args, _example), **filled_in(options, _example))
        is_single = not isinstance(example, (tuple, list)) and np.ndim(example) == 0
        opened = not is_single and is_open(function, args, options)
        result = Recorded(self, f"t{len(self.calls) + 1}", example, opened)
        self.calls.append(Call(function, args, options, result))
        if isinstance(example, (tuple, list)):
            return tuple(self.note(operator.getitem, result, k) for k in range(len(example)))
        return result

    def note_rule(self, rule: Record, kind: str, i: int, *args: Any, **static: Any) -> Any:
        """A record's value or a derivative by operand i, such that it gives the engine's numbers at speed.

        kind  "value", "partial", "vjp" or "jvp"; args  what the record's function of it takes behind xp

        It is noted in primitive calls, or, where it looks at the numbers, as one call that looks when it
        runs. None where there is no derivative, a plain result where nothing given is still to come.

        >>> from autograd_lite.rules import RULES
        >>> recording = Recording()
        >>> a, y = recording.input("a", np.eye(2)), recording.input("y", 1.0)
        >>> slope = recording.note_rule(RULES["det"], "vjp", 0, np.array(1.0), y, a)
        >>> recording.calls[-1].function.__name__
        'det_vjp_0'
        """
        formula = formula_of(rule, kind, i)
        if formula is None:
            return None
        if not recorded_in((args, static)):
            with np.errstate(all="ignore"):
                return formula(arrays, *args, **static)
        if self.looks and (one_call := looking(rule, kind, i, args)) is not None:
            return self.note(one_call, *args, **static)
        try:
            return rule(*args, **static) if kind == "value" else formula(CALLS, *args, **static)
        except (SourceError, NamespaceError):
            return self.note(as_it_runs(rule, kind, i), *args, **static)

    def kept(self, args: Any) -> Any:
        """Arguments whose constants are as they are now: their owner may write into them."""
        return filled_in(args, lambda x: x, self._kept)

    def _kept(self, x: Any) -> Any:
        """A copy of a constant array, the same for equal ones."""
        if isinstance(x, Node):
            raise SourceError(
                f"it computes with {x.describe()}, a {type(x).__name__}, beside arrays to come: make it an "
                f"input of the recording, or give x.value for a constant"
            )
        if type(x) is not np.ndarray:
            return x
        key = x.dtype.str, x.shape, x.tobytes()
        if key not in self._constants:
            self._constants[key] = np.ndarray(
                x.shape, x.dtype, key[2]
            )  # bytes are never written to
        return self._constants[key]

    def calls_for(self, *results: Recorded) -> list[Call]:
        """The calls that lead to these results, in order."""
        needed, found = set(map(id, recorded_in(results))), []
        for call in reversed(self.calls):
            if id(call.result) in needed:
                found.append(call)
                needed.update(map(id, call.reads))
        return found[::-1]


class _Calls(Namespace):
    """NumPy's functions, which note themselves, and the operations that NumPy lacks, which do so in turn."""

    def __getattr__(self, name: str) -> Any:
        return RULES[name] if name in RULES and not hasattr(np, name) else getattr(arrays, name)


CALLS: Final = _Calls(astype=astype)
"""The namespace in which a derivative notes what it computes, as in rule.vjp(0)(CALLS, g, y, x)."""


def _note(rule: Record, operands: tuple[Any, ...], **static: Any) -> Any:
    """How a rule that is called on recorded arrays notes itself."""
    recording = recorded_in((operands, static))[0].recording
    if recording.looks and (one_call := looking(rule, "value", 0, operands)) is not None:
        return recording.note(one_call, *operands, **static)
    form = rule.source.get("numpy", rule.value)
    if isinstance(form, str):  # one call, of the operation itself
        return recording.note(rule, *operands, **static)
    try:
        y = form(CALLS, *operands, **static)
        if recording.looks and rule in AGAIN:
            return recording.note(AGAIN[rule], y, *operands, **static)
        return y
    except SourceError as error:
        if str(error).startswith("the rule"):
            raise
        raise SourceError(f"the rule {rule.name} cannot be noted: {error}") from None


WRITERS[Recorded] = _note


def _example(x: Recorded) -> Any:
    return x.example
