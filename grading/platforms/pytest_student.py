"""A student's module for pytest: its functions run in the sandbox, the test outside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from autograd_lite.errors import GradingError, SubmissionError
from grading import sandbox
from grading.results import ItemStatus
from grading.sandbox import Tier

LARGEST: Final = 1_000_000  # bytes of a student's file
_OF_RUNS: Final[Mapping[str, ItemStatus]] = {
    "timeout": "timeout", "memory": "memory", "crash": "crash", "refused": "refused", "output": "refused",
}  # fmt: skip
_OF_CALLS: Final[Mapping[str, ItemStatus]] = {
    "missing": "missing", "error": "crash", "memory": "memory", "refused": "refused", "lost": "crash",
}  # fmt: skip


class StudentError(GradingError):
    """The student's code did not answer a call; its status is that of the item.

    >>> StudentError("timeout", "It ran too long.").status
    'timeout'
    """

    def __init__(self, status: ItemStatus, says: str) -> None:
        super().__init__(says)
        self.status: ItemStatus = status


class Student:
    """A student's module, whose functions are called one by one, each in a child of its own.

    student.call("forward", x, W)   what forward(x, W) returns: numbers, text, lists, arrays

    The module is neither imported nor compiled here and sees no test. What comes back is what the student's
    process says: compare it with `==` on numbers or with `numpy.testing`, and check shapes.

    >>> Student("def slope(x): return 2 * x").call("slope", 3.0)
    6.0
    """

    def __init__(self, source: str | bytes, *, tier: Tier | None = None) -> None:
        self.source = source
        self.tier: Tier = tier or sandbox.best_tier()

    @classmethod
    def of_file(cls, path: str | Path, *, tier: Tier | None = None) -> Student:
        """The module in a file.

        Raises SubmissionError when it cannot be read, or has more than a megabyte.
        """
        try:
            with Path(path).open("rb") as file:
                source = file.read(LARGEST + 1)
        except OSError as error:
            raise SubmissionError(f"{path}: it cannot be read: {error.strerror}") from error
        if len(source) > LARGEST:
            raise SubmissionError(f"{path}: a file of more than {LARGEST:,} bytes is not read")
        return cls(source, tier=tier)

    def call(self, function: str, *args: Any, **kwargs: Any) -> Any:
        """What a function of the module returns.

        Raises StudentError when it raises, runs too long, needs too much or is not there.
        """
        return self.calls([(function, args, kwargs)])[0]

    def calls(self, calls: Sequence[tuple[str, Sequence[Any], Mapping[str, Any]]]) -> list[Any]:
        """What several calls return, made one after the other in one child.

        Raises StudentError for the first that does not return.
        """
        asked = [sandbox.Call(name, tuple(args), dict(kwargs)) for name, args, kwargs in calls]
        outcome = sandbox.run(self.source, asked, tier=self.tier)
        if outcome.status != "ok":
            raise StudentError(_OF_RUNS[outcome.status], outcome.error)
        for result in outcome.results:
            if not result.ok:
                raise StudentError(_OF_CALLS[result.status], result.error)
        return [result.value for result in outcome.results]
