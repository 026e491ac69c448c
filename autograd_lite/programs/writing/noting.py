"""Records noted as people write them: their formulas and short derivatives, without careful detours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autograd_lite.errors import NamespaceError, SourceError
from autograd_lite.programs.arrays.sharing import SharedRecording
from autograd_lite.record import Record
from autograd_lite.source import CALLS
from autograd_lite.source.looking import as_it_runs, formula_of
from autograd_lite.source.recorded import recorded_in


@dataclass(eq=False)
class ReadableRecording(SharedRecording):
    """Calculations as people write them: of a record's `formula` and `slopes`, if it has these.

    >>> from autograd_lite.rules import RULES
    >>> recording = ReadableRecording()
    >>> x = recording.input("x", [1.0, 2.0])
    >>> y = recording.note_rule(RULES["log_softmax"], "value", 0, x, axis=-1)
    >>> [call.function.__name__ for call in recording.calls][-3:]
    ['reduce', 'log', 'subtract']
    """

    has_shortcuts: bool = False
    looks: bool = field(default=False, kw_only=True)

    def note_rule(self, rule: Record, kind: str, i: int, *args: Any, **static: Any) -> Any:
        """A record's value or derivative; see `Recording.note_rule`.

        Raises SourceError where it looks at numbers that are still to come.
        """
        if not recorded_in((args, static)):
            exact = formula_of(rule, kind, i)
            return exact if exact is None else as_it_runs(rule, kind, i)(*args, **static)
        formula = _short(rule, kind, i)
        try:
            if kind == "value" and formula is None:
                return rule(*args, **static)
            return None if formula is None else formula(CALLS, *args, **static)
        except (SourceError, NamespaceError) as error:
            what = "the value" if kind == "value" else "the derivative"
            raise SourceError(f"{what} of {rule.name} has no source form: {error}") from None


def _short(rule: Record, kind: str, i: int) -> Callable[..., Any] | None:
    """The formula that people see, else the record's own; of a value None, as the rule writes itself."""
    if kind == "value":
        return None if rule.is_elementwise else rule.formula
    if kind in ("partial", "vjp") and rule.slopes:
        return rule.slopes[i]
    found: Callable[..., Any] | None = formula_of(rule, kind, i)
    return found
