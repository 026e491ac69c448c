"""Where submissions are graded: threads of this process, processes, or a Dask cluster."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context
from typing import Any, Final, TypeAlias

from autograd_lite.errors import GradingError

Makes: TypeAlias = Callable[[], Executor]
"""Makes an executor, and a new one where that is broken"""


class Threads(Executor):
    """A thread for each task; one that hangs does not keep the program from its end.

    Students' code runs in processes of its own, so threads wait for it side by side.

    >>> Threads().submit(sum, [1, 2]).result()
    3
    """

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a call at once."""
        future: Future[Any] = Future()
        call = (future, fn, args, kwargs)
        threading.Thread(target=_fulfil, args=call, daemon=True).start()
        return future


class Processes(ProcessPoolExecutor):
    """Processes that can be ended while they work."""

    def __init__(self, workers: int) -> None:
        # forking a process that has threads can hang it
        super().__init__(workers, mp_context=get_context("spawn"))

    def kill(self) -> None:
        """End every process at once; what they worked on is broken then.

        A result of which only half has been sent is waited for until nobody can send the rest: neither the
        processes, nor this one, which has the pipe's other end too.
        """
        for process in list((self._processes or {}).values()):
            process.kill()
        sending = getattr(self._result_queue, "_writer", None)  # there is no queue after a shutdown
        if sending is not None:
            sending.close()


def _fulfil(
    future: Future[Any], fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    """Run a call; whatever it raises is the future's."""
    future.set_running_or_notify_cancel()
    try:
        result = fn(*args, **kwargs)
    except BaseException as error:  # noqa: BLE001 - the future hands it on
        future.set_exception(error)
    else:
        future.set_result(result)


EXECUTORS: Final[dict[str, Callable[[int], Executor]]] = {
    "threads": lambda workers: Threads(),
    "processes": Processes,
}


@contextmanager
def dask_executor(address: str) -> Iterator[tuple[Executor, int]]:
    """The executor of a Dask cluster, and how many tasks keep it busy.

    Raises GradingError when `distributed` is not installed, or no scheduler answers.
    """
    try:
        client_of: Any = import_module("distributed").Client
    except ImportError:
        hint = "pip install 'autograd_lite[grading]'"
        raise GradingError(f"--dask needs dask.distributed: {hint}") from None
    try:
        client = client_of(address, timeout="20s")
    except (OSError, ValueError, TimeoutError) as error:
        raise GradingError(f"no Dask scheduler answers at {address!r}: {error}") from None
    with client:
        threads = sum(client.nthreads().values())
        yield client.get_executor(pure=False), 2 * max(threads, 1)
