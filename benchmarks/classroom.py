"""How long a class takes: `python -m benchmarks.classroom`, or with a row's name and how many submissions.

tables   the shipped five-node table, everybody with the same numbers
seeds    the same, with numbers of one's own
cells    notebooks, each run in a sandbox of its own
dask     tables through a Dask cluster on this machine, a worker of which is killed midway
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from autograd_lite import FlowGraph
from grading.assignments import Assignment, load
from grading.course.classroom import Options, grade_class
from grading.course.executors import dask_executor
from grading.results import Report

QUESTION, OUTPUT = "errors", "E"
PROGRAM = """
class LinearAutoencoder:
    def __init__(self, W_e, W_d):
        self.W_e, self.W_d = W_e, W_d

    def forward(self, x):
        self.x, self.z = x, x @ self.W_e.T
        return self.z @ self.W_d.T

    def backward(self, G):
        dz = G @ self.W_d
        return dz.T @ self.x, G.T @ self.z
"""


def tables(n: int = 1000) -> None:
    """A class with one set of numbers."""
    homework = replace(load("perceptron"), same_numbers=True)
    _race("tables, one set of numbers", n, 30, lambda out: _graded(homework, n, out))


def seeds(n: int = 1000) -> None:
    """A class in which everybody has other numbers."""
    _race("tables, a seed each", n, 90, lambda out: _graded(load("perceptron"), n, out))


def code(n: int = 200) -> None:
    """A class of programs: right, transposed, and without one product."""
    slips = (
        ("", ""),
        ("dz.T @ self.x", "(dz.T @ self.x).T"),
        ("G @ self.W_d", "G[:, : len(self.W_e)]"),
    )

    def run(folder: Path) -> list[Report]:
        (folder / "in").mkdir()
        for k in range(n):
            (folder / "in" / f"s{k:05}.py").write_text(
                PROGRAM.replace(*slips[k % 3]), encoding="utf-8"
            )
        _made.append(0.0)
        return grade_class(load("autoencoder"), folder / "in", folder / "out")

    _race("programs in a sandbox", n, 25, run)


def cells(n: int = 200) -> None:
    """A class of notebooks."""
    _race(
        "notebooks in a sandbox",
        n,
        None,
        lambda out: _graded(load("perceptron"), n, out, notebook=True),
    )


def dask(n: int = 2000) -> None:
    """A class on a cluster, one of whose two workers is killed when a quarter is done."""
    from distributed import LocalCluster

    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as cluster:
        victims = [worker.process.pid for worker in cluster.workers.values()][:1]

        def kill(done: int, of: int) -> None:
            if victims and done >= of // 4:
                os.kill(victims.pop(), signal.SIGKILL)

        with dask_executor(cluster.scheduler_address) as (executor, busy):
            options = Options(jobs=busy, executor=executor)
            _race(
                "tables through Dask, one worker killed", n, None,
                lambda out: _graded(load("perceptron"), n, out, options=options, progress=kill),
            )  # fmt: skip


def _race(name: str, n: int, target: float | None, run: Callable[[Path], list[Report]]) -> None:
    """Grade a class, and print how long it took and what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        reports = run(Path(folder))
        seconds = time.perf_counter() - began - _made.pop()
        lines = (Path(folder) / "out" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    once = Counter(json.loads(line)["report"]["student"] for line in lines)
    statuses = Counter(item.status for report in reports for item in report.items)
    reached = (
        ""
        if target is None
        else f" (target {target} s: {'reached' if seconds <= target else 'MISSED'})"
    )
    whole = (
        "all journalled once"
        if set(once.values()) == {1} and len(once) == n
        else "NOT all journalled once"
    )
    print(f"{name}: {n:,} in {seconds:.1f} s{reached}; {whole}; {dict(statuses)}")


_made: list[float] = []  # seconds that writing the submissions took


def _graded(
    homework: Assignment,
    n: int,
    folder: Path,
    *,
    notebook: bool = False,
    options: Options | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[Report]:
    began = time.perf_counter()
    for k in range(n):
        _hand_in(folder, homework, f"s{k:05}", k, notebook)
    _made.append(time.perf_counter() - began)
    return grade_class(homework, folder / "in", folder / "out", options, progress=progress)


def _hand_in(folder: Path, homework: Assignment, student: str, k: int, notebook: bool) -> None:
    """Write one submission: of three one is right, one has a slip, one has numbers that are unrelated."""
    (folder / "in").mkdir(exist_ok=True)
    answers = {name: f"{x:.4g}" for name, x in _answers(homework, student, k)}
    if notebook:
        source = f"import numpy as np\n{QUESTION} = {{k: float(x) for k, x in {answers!r}.items()}}"
        text = json.dumps({"cells": [{"cell_type": "code", "source": source}]})
        (folder / "in" / f"{student}.ipynb").write_text(text, encoding="utf-8")
    else:
        text = "".join(f"{QUESTION},{name},{x}\n" for name, x in answers.items())
        (folder / "in" / f"{student}.csv").write_text(text, encoding="utf-8")


def _answers(homework: Assignment, student: str, k: int) -> Iterator[tuple[str, float]]:
    (asked,) = homework.paper(student).questions
    if asked.pool is None:
        return
    flow: FlowGraph = asked.pool.flow(OUTPUT, asked.k)
    slip = (1.0, -1.0, 1.2345 + k / 7)[k % 3]
    for place, field in enumerate(asked.fields):
        yield field.name, float(flow.total(field.name)) * (slip if place == k % 5 else 1.0)


WORKS = {"tables": tables, "seeds": seeds, "code": code, "cells": cells, "dask": dask}


def main() -> None:
    """Run the rows named, or all."""
    names = [word for word in sys.argv[1:] if not word.isdigit()] or list(WORKS)
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    if unknown := set(names) - set(WORKS):
        sys.exit(f"unknown row {', '.join(sorted(unknown))}: choose from {', '.join(WORKS)}")
    for name in names:
        WORKS[name](*numbers)


if __name__ == "__main__":
    main()
