"""How much of the machine one run of strangers' code may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one run may use at most; what goes beyond is stopped, and its `Outcome` says so.

    seconds      by the clock, from the moment the student's file starts to run
    cpu_seconds  of processor time, start-up included; None is two more than `seconds`
    memory       bytes of address space, interpreter and NumPy (100 MB) included
    output       bytes kept of what is printed; the rest is read and thrown away
    message      bytes of the results, as they are sent
    source       bytes of the student's file
    processes    threads, the main one and the sandbox's own included; there is no second process
    file_size    bytes of a file that is written, where any can be written at all

    >>> Limits(seconds=2).cpu_seconds is None
    True
    """

    seconds: float = 5.0
    cpu_seconds: float | None = None
    memory: int = 512_000_000
    output: int = 64_000
    message: int = 4_000_000
    source: int = 2_000_000
    processes: int = 4
    file_size: int = 0

    @property
    def processor(self) -> int:
        """Whole seconds of processor time."""
        return max(1, round(self.seconds + 2 if self.cpu_seconds is None else self.cpu_seconds))
