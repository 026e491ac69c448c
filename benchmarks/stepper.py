"""step: what a page of 1,000 steps costs, made in a fresh interpreter and opened in Chromium."""

from __future__ import annotations

import importlib.util
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.outcome import Goal, Outcome

VARIABLES = 334  # and 665 contributions
MADE, OPENED = 5.0, 2.0  # seconds
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run
--disable-background-networking --disable-component-update --disable-sync""".split()
MAKE = """
import sys, time
from autograd_lite import Value, tanh
h = [Value(0.5, name="x_0")]
for k in range(1, int(sys.argv[1])):
    before = h[k - 4] if k > 3 else Value(0.1, requires_grad=False)
    h.append(tanh(1.1 * h[-1] + 0.1 * before).named(f"h_{k}"))
started = time.perf_counter()
import viz
viz.step(h[-1]).save(sys.argv[2])
print(time.perf_counter() - started)
"""


def made(path: Path) -> float:
    """Seconds until the page is written, `import viz` and sympy included."""
    command = [sys.executable, "-c", MAKE, str(VARIABLES), str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)  # noqa: S603 - our own Python
    return float(done.stdout)


def opened(path: Path, rounds: int) -> float | None:
    """Seconds until Chromium has drawn the page twice, or None where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None or importlib.util.find_spec("playwright") is None:
        return None
    from playwright.sync_api import sync_playwright

    drawn = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    taken = []
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program, args=FLAGS)
        for _ in range(rounds):
            page = browser.new_page()
            started = time.perf_counter()
            page.goto(path.as_uri())
            page.evaluate(drawn)
            taken.append(time.perf_counter() - started)
            page.close()
        browser.close()
    return statistics.median(taken)


def main(rounds: int = 5) -> Outcome:
    """Print both times, and the size of the page."""
    print(f"step: a page of {VARIABLES} variables and about 1,000 steps")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "step.html"
        making = statistics.median(made(path) for _ in range(rounds))
        opening, size = opened(path, rounds), path.stat().st_size
    print(f"    made in {making:.2f} s, {size / 1e3:.0f} kB")
    print("    no Chromium to open it" if opening is None else f"    opened in {opening:.2f} s")
    outcome = Outcome()
    outcome.reach(Goal("step", "a page of 1,000 steps is made", MADE, making, "s"))
    outcome.reach(Goal("step", "and opens in Chromium", OPENED, opening, "s"))
    return outcome
