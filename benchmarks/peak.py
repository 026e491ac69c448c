"""`python -m benchmarks.peak eager|program|torch T N inputs H`: an LSTM's MB at their height (Linux)."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks import sequences

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def megabytes(field: str) -> float:
    """The process's memory: VmRSS now, VmHWM the most since it was reset."""
    lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    return float(lines[field].split()[0]) / 1e3


def reset() -> None:
    """Forget the height so far."""
    RESET.write_text("5")


def main(name: str, *numbers: str) -> None:
    """Sweep a short sequence, then measure a long one: what is kept for it, and the height of its sweep."""
    T, N, inputs, H = map(int, numbers)
    makers = (sequences.Work("LSTM", (t, N, inputs, H)).makers[name] for t in (2, T))
    next(makers)().sweep()
    before = megabytes("VmRSS")
    whole = next(makers)()
    reset()
    whole.sweep()
    print(megabytes("VmHWM") - before)


if __name__ == "__main__":
    main(*sys.argv[1:])
