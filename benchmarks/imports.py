"""import: what `import autograd_lite` costs on top of `import numpy`, in fresh interpreters."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks.outcome import Goal, Outcome
from benchmarks.race import race

LIMIT = 0.040  # seconds above NumPy's own import
MODULES = ("numpy", "autograd_lite", "torch", "micrograd.engine", "mygrad", "autograd")


def fresh(module: str) -> Callable[[], object]:
    """One run: a new interpreter that imports this, compiled before as always, and ends."""
    command = [sys.executable, "-c", f"import {module}"]
    usual = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return lambda: subprocess.run(command, check=True, env=usual)  # noqa: S603 - our own Python


def main(rounds: int = 15) -> Outcome:
    """Print each import's time above NumPy's."""
    print("import: a fresh interpreter imports and ends")
    present = [m for m in MODULES if importlib.util.find_spec(m.partition(".")[0])]
    times = race({module: fresh(module) for module in present}, rounds, time.perf_counter)
    above = {module: (times.median(module) - times.median("numpy")) * 1e3 for module in present}
    for module, more in above.items():
        print(f"    {module:<30}{times.median(module) * 1e3:9.1f} ms, {more:+.1f} on NumPy")
    outcome = Outcome()
    ours = above["autograd_lite"]
    outcome.reach(Goal("import", "autograd_lite above NumPy", LIMIT * 1e3, ours, "ms"))
    return outcome
