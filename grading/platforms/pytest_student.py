"""A student's module for pytest: its functions run in the sandbox, the test outside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from autograd_lite.errors import SubmissionError
from grading import sandbox
from grading.results import ItemStatus, Tier

LARGEST: Final = 1_000_000  # bytes of a student's file
_STATUS: Final[Mapping[str, ItemStatus]] = {
    "timeout": "timeout", "memory": "memory", "crash": "crash", "refused": "refused", "output": "refused",
}  # fmt: skip


class StudentFailure(Exception):
    """The student's code did not answer a call; its status is that of the item.

    >>> StudentFailure("timeout", "It ran too long.").status
    'timeout'
    """

    def __init__(self, status: ItemStatus, says: str) -> None:
        super().__init__(says)
        self.status: ItemStatus = status


class Student:
    """A student's module, whose functions are called one by one, each in a child of its own.

    student.call("forward", x, W)   what forward(x, W) returns: numbers, text, lists, arrays

    The module is neither imported nor compiled here, sees no test, and cannot change what a later call gives.
    """

    def __init__(self, source: str, *, tier: Tier | None = None) -> None:
        self.source = source
        self.tier: Tier = tier or sandbox.best_tier()

    @classmethod
    def of_file(cls, path: str | Path, *, tier: Tier | None = None) -> Student:
        """The module in a file.

        Raises SubmissionError when it cannot be read as text in UTF-8, or has more than a megabyte.
        """
        try:
            with Path(path).open("rb") as file:
                data = file.read(LARGEST + 1)
            if len(data) > LARGEST:
                raise SubmissionError(f"{path}: a file of more than {LARGEST:,} bytes is not read")
            return cls(data.decode("utf-8-sig"), tier=tier)
        except (OSError, UnicodeDecodeError) as error:
            raise SubmissionError(f"{path}: it cannot be read as text in UTF-8: {error}") from error

    def call(self, function: str, *args: Any, **kwargs: Any) -> Any:
        """What a function of the module returns.

        Raises StudentFailure when it raises, runs too long, needs too much or is not there.
        """
        return self.calls([(function, args, kwargs)])[0]

    def calls(self, calls: Sequence[tuple[str, Sequence[Any], Mapping[str, Any]]]) -> list[Any]:
        """What several calls return, made one after the other in one child.

        Raises StudentFailure for the first that does not return.
        """
        asked = [sandbox.Call(name, tuple(args), dict(kwargs)) for name, args, kwargs in calls]
        outcome = sandbox.run(self.source, asked, tier=self.tier)
        if outcome.status != "ok":
            raise StudentFailure(_STATUS[outcome.status], f"Your code ended in: {outcome.status}.")
        return list(outcome.results)
