"""`python -m benchmarks.diagnosis [--cases]`: how many wrong answers are named, and how many wrongly."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from time import perf_counter

from benchmarks.diagnosis import (
    arrays,
    formulas,
    paper,
    planted,
    regression,
    scalars,
    tables,
    times,
)
from benchmarks.diagnosis.score import LOOKS_RIGHT, NAMED, WRONG_CLASS, Score

Row = tuple[str, str, str, list[str]]


def _share(
    what: str, score: Score, key: tuple[str, ...], to_reach: str, *, cases: bool = True
) -> Row:
    n, part = score.counts.total(), sum(score.counts[k] for k in key)
    return what, f"{part / max(1, n):.1%} ({part} of {n})", to_reach, score.cases if cases else []


def _wrong_answers() -> Iterator[Row]:
    numbers, with_4, with_6, full = (
        scalars.planted(4), arrays.planted(4), arrays.planted(6, 5), arrays.planted(None, 5),
    )  # fmt: skip
    everything = numbers + with_4
    yield _share("named in the right class, 4 digits", everything, (NAMED,), ">= 97 %")
    yield _share("  numbers alone", numbers, (NAMED,), ">= 97 %", cases=False)
    yield _share("  arrays alone", with_4, (NAMED,), ">= 97 %", cases=False)
    yield _share("  arrays with 6 digits", with_6, (NAMED,), ">= 97 %")
    yield _share("  arrays as full floats", full, (NAMED,), ">= 97 %")
    yield _share("named in a wrong class", everything, (WRONG_CLASS,), "<= 1 %", cases=False)
    yield _share("planted mistakes that look right", everything, (LOOKS_RIGHT,), "0", cases=False)


def _rights_and_unrelated() -> Iterator[Row]:
    unrelated = scalars.unrelated(4) + arrays.unrelated() + formulas.unrelated()
    yield _share("unrelated ones diagnosed", unrelated, ("diagnosed", "right"), "<= 1 %")
    accepted = scalars.rights(4) + scalars.rights(5) + arrays.accepted() + formulas.accepted()
    yield _share("right answers accepted", accepted, ("accepted",), "100 %")


def _others() -> Iterator[Row]:
    found = tables.judged_tables() + tables.judged_tables(4) + tables.judged_tables(reverse=True)
    yield _share("tables: first wrong line, later ones kept", found, ("as deserved",), "100 %")
    wrong, right = paper.carried()
    yield _share("hand work, carried with 5 digits, given with 4", wrong, (NAMED,), ">= 95 %")
    yield _share("hand work: right answers accepted", right, ("accepted",), "")
    yield _share(
        "path regression, RNN T = 4, patterns read", regression.patterns(), (NAMED,), "100 %"
    )
    yield _share("path regression: noise diagnosed", regression.noise(), ("diagnosed",), "<= 1 %")
    yield _share("the catalogue's own, lecture examples", planted.lectures(), (NAMED,), "")
    yield _share("the catalogue's own, nn models", planted.models(), (NAMED,), "")


def _times() -> Iterator[Row]:
    for what, (first, later), to_reach in (
        ("15 variables", times.numbers(times.FEW), "<= 50 ms"),
        ("15 variables with many paths", times.numbers(times.MANY), ""),
        ("an RNN of T = 16", times.sequence(), "<= 500 ms"),
    ):
        yield (
            f"time, {what}: first, later",
            f"{1e3 * first:.0f} ms, {1e3 * later:.0f} ms",
            to_reach,
            [],
        )


def main() -> None:
    """Prints the table; with --cases also each answer that went wrong."""
    start = perf_counter()
    print(f"{'':<52} {'reached':<24} to reach")
    for part in (_times, _wrong_answers, _rights_and_unrelated, _others):
        for what, reached, to_reach, cases in part():
            print(f"{what:<52} {reached:<24} {to_reach}", flush=True)
            if "--cases" in sys.argv:
                print(*(f"    {case}\n" for case in cases), sep="", end="")
    print(f"in {perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
