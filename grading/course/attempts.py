"""Calls made side by side, each tried again where it fails: a call that kills its worker harms no other."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeAlias, TypeVar

from grading.course.executors import Makes, Processes

RETRIES: Final = 2
_TICK: Final = 1.0
_DASK_TRIED: Final = "KilledWorker"  # the scheduler has tried it on several workers

T = TypeVar("T")


@dataclass(frozen=True)
class Failure:
    """A call that failed each time, and what it said the last time."""

    why: str
    times: int


@dataclass(eq=False)
class _Attempt(Generic[T]):
    key: Any
    call: Callable[[], T]
    failures: int = 0
    since: float = 0.0
    is_alone: bool = False
    is_late: bool = False


Outcome: TypeAlias = tuple[Any, "T | Failure"]


@dataclass
class Attempts(Generic[T]):
    """So many calls at a time, on an executor.

    makes    gives the executor, and another when a worker's death has broken it
    window   how many calls are under way at once
    seconds  after so long a call has failed, whether it ends or not
    """

    makes: Makes
    window: int
    seconds: float
    _executor: Executor | None = None
    _running: dict[Future[T], _Attempt[T]] = field(default_factory=dict)
    _again: deque[_Attempt[T]] = field(default_factory=deque)
    _suspects: deque[_Attempt[T]] = field(default_factory=deque)

    def outcomes(self, calls: Iterable[tuple[Any, Callable[[], T]]]) -> Iterator[list[Outcome[T]]]:
        """Of each (key, call) the result, or why there is none; those that ended together, together."""
        new = (_Attempt(key, call) for key, call in calls)
        try:
            while self._filled(new):
                ended = [self._settled(future) for future in self._done()]
                if found := [outcome for outcome in ended if outcome is not None]:
                    yield found
        finally:
            self._end()

    def _filled(self, new: Iterator[_Attempt[T]]) -> bool:
        """Start what there is room for; whether anything is under way then.

        Calls that were under way when a worker died are made one at a time: then one knows whose fault it is.
        """
        while len(self._running) < self.window:
            if any(attempt.is_alone for attempt in self._running.values()):
                break
            attempt = self._again.popleft() if self._again else next(new, None)
            if attempt is None:
                break
            self._start(attempt)
        if not self._running and self._suspects:
            self._start(self._suspects.popleft())
        return bool(self._running)

    def _start(self, attempt: _Attempt[T]) -> None:
        attempt.since = time.monotonic()
        for _ in range(2):
            self._executor = self._executor or self.makes()
            try:
                future = self._executor.submit(attempt.call)
            except BrokenExecutor:
                self._discard()  # broken by another call, and not told yet
            else:
                self._running[future] = attempt
                return
        raise RuntimeError("the executor is broken as soon as it is made")

    def _done(self) -> list[Future[T]]:
        """What has ended, or has taken too long."""
        done, running = wait(self._running, timeout=_TICK, return_when=FIRST_COMPLETED)
        now = time.monotonic()
        late = [future for future in running if now - self._running[future].since > self.seconds]
        for future in late:
            self._running[future].is_late = True
        if any(map(_is_broken, done)) or (late and isinstance(self._executor, Processes)):
            self._discard()
            return list(self._running)
        return [*done, *late]

    def _discard(self) -> None:
        """End an executor with a worker that is dead or hangs; all that it worked on has ended then."""
        if isinstance(self._executor, Processes):
            self._executor.kill()
        if self._executor is not None:
            self._executor.shutdown(wait=True)
        self._executor = None

    def _settled(self, future: Future[T]) -> Outcome[T] | None:
        """The outcome, or None where the call is made again."""
        attempt = self._running.pop(future)
        if attempt.is_late:
            future.cancel()
            attempt.is_late = False
            return self._failed(attempt, f"it took more than {self.seconds:g} s")
        if future.cancelled():
            return self._failed(attempt, "it was cancelled")
        error = future.exception()
        if error is None:
            return attempt.key, future.result()
        killed = type(error).__name__ == _DASK_TRIED
        if (killed or _is_broken(future)) and not attempt.is_alone:
            attempt.is_alone = True
            self._suspects.append(attempt)
            return None
        return self._failed(attempt, f"{type(error).__name__}: {error}", is_last=killed)

    def _failed(self, attempt: _Attempt[T], why: str, is_last: bool = False) -> Outcome[T] | None:
        attempt.failures += 1
        if is_last or attempt.failures > RETRIES:
            return attempt.key, Failure(" ".join(why.split())[:400], attempt.failures)
        (self._suspects if attempt.is_alone else self._again).append(attempt)
        return None

    def _end(self) -> None:
        """Leave nothing under way; a thread that hangs is left to itself."""
        for future in self._running:
            future.cancel()
        if isinstance(self._executor, Processes):
            self._discard()
        self._running.clear()


def _is_broken(future: Future[Any]) -> bool:
    """Whether a worker died, of this call or of another."""
    return not future.cancelled() and isinstance(future.exception(), BrokenExecutor)
