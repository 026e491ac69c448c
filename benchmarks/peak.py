"""`python -m benchmarks.peak nn|torch T N inputs H`: MB that one LSTM step adds at its height (Linux)."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks import sequences

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def megabytes(field: str) -> float:
    """The process's memory: VmRSS now, VmHWM the most since it was reset."""
    lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    return float(lines[field].split()[0]) / 1e3


def main(name: str, *numbers: str) -> None:
    """Take a step of a short sequence, then measure one of the whole."""
    T, N, inputs, H = map(int, numbers)
    maker = {"nn": sequences.ours, "torch": sequences.torchs_module}[name]
    maker(sequences.Work("LSTM", (2, N, inputs, H))).step()
    whole = maker(sequences.Work("LSTM", (T, N, inputs, H)))
    before = megabytes("VmRSS")
    RESET.write_text("5")
    whole.step()
    print(megabytes("VmHWM") - before)


if __name__ == "__main__":
    main(*sys.argv[1:])
