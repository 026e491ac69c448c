"""Plant bugs, one after the other, and say which of them no test notices: `make mutants`."""

from __future__ import annotations

import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue

import click

from tests.mutants import sampled
from tests.mutants.planted import planted
from tests.mutants.trial import Copy, Mutant
from tests.where import covering, sources


@click.command()
@click.argument("words", nargs=-1)
@click.option("--sample", default=0, help="So many bugs chosen by chance instead of the list.")
@click.option("--seed", default=0, show_default=True, help="Which ones.")
@click.option("--jobs", default=min(os.cpu_count() or 1, 8), show_default=True, help="At a time.")
def main(words: tuple[str, ...], sample: int, seed: int, jobs: int) -> None:
    """Plant bugs in a copy of the project, and run the tests that must notice them.

    WORDS choose: only those with one of them in the file's path (or in the promise broken) are tried.

    With a sample, what survives may be no bug at all: read it.
    """
    chosen = _by_chance(words, sample, seed) if sample else _listed(words)
    ends = Counter(_told(_tried(chosen, jobs)))
    click.echo(", ".join(f"{count} {end}" for end, count in sorted(ends.items())))
    if not sample and set(ends) - {"caught"}:
        raise SystemExit(1)


def _listed(words: tuple[str, ...]) -> list[Mutant]:
    try:
        return [bug.mutant() for bug in planted()
                if not words or any(word in f"{bug.path} {bug.promise}" for word in words)]  # fmt: skip
    except LookupError as stale:
        raise click.ClickException(f"the list is stale: {stale}") from None


def _by_chance(words: tuple[str, ...], count: int, seed: int) -> list[Mutant]:
    files = [path for path in sources() if not words or any(word in path for word in words)]
    every = [mutant for path in files for mutant in sampled.mutants(path, covering(path))]
    click.echo(f"{count} of {len(every)} bugs, seed {seed}")
    return random.Random(seed).sample(every, min(count, len(every)))  # noqa: S311


def _tried(mutants: list[Mutant], jobs: int) -> Iterator[tuple[Mutant, str]]:
    """What becomes of each, in copies that the jobs share."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        free: SimpleQueue[Copy] = SimpleQueue()
        copies = [Copy(Path(folder) / str(k)) for k in range(jobs)]
        _must_pass(copies[0], {test for mutant in mutants for test in mutant.tests}, jobs)
        for copy in copies:
            free.put(copy)
        running = {pool.submit(_one, free, mutant): mutant for mutant in mutants}
        for done in as_completed(running):
            yield running[done], done.result()


def _one(free: SimpleQueue[Copy], mutant: Mutant) -> str:
    copy = free.get()
    try:
        return copy.tried(mutant)
    finally:
        free.put(copy)


def _must_pass(copy: Copy, tests: Iterable[str], jobs: int) -> None:
    """Tests that fail anyway would catch everything."""
    run = copy.tested(sorted(tests), jobs)
    if run.returncode != 0:
        last = "\n".join(run.stdout.splitlines()[-5:])
        raise click.ClickException(f"these tests fail without any bug:\n{last}")


def _told(tried: Iterable[tuple[Mutant, str]]) -> Iterator[str]:
    for mutant, end in tried:
        click.echo(f"{end:<9} {mutant.path}: {mutant.says}")
        yield end


if __name__ == "__main__":
    main()
