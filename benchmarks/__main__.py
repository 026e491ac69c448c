"""`python -m benchmarks NAME …`: run the named works, or all of them, and write out/benchmarks.md."""

from __future__ import annotations

import datetime
import sys
import traceback
from pathlib import Path

from benchmarks import growth, imports, s1, s2, s3, stepper, t1, t2, t3, t4, t5, t6, table, targets
from benchmarks.deep import deep
from benchmarks.outcome import Outcome

OUT = Path("out")
WORKS = {
    "T1": t1.main,
    "T2": t2.main,
    "T3": t3.main,
    "T4": t4.main,
    "T5": t5.main,
    "T6": t6.main,
    "S1": s1.main,
    "S2": s2.main,
    "S3": s3.main,
    "import": imports.main,
    "growth": growth.main,
    "step": stepper.main,
}


def main(names: list[str]) -> int:
    """Run works in the order of the table; one that fails is told, and the others still run."""
    if unknown := set(names) - set(WORKS):
        sys.exit(f"unknown work {', '.join(sorted(unknown))}: choose from {', '.join(WORKS)}")
    whole, failed = Outcome(), list[str]()
    for name in names or WORKS:
        try:
            whole.extend(WORKS[name]())
        except Exception:  # noqa: BLE001 - whatever it is, hours of other races are not to be lost
            traceback.print_exc()
            failed.append(name)
        sys.stdout.flush()
    for goal in targets.ahead_of_torch(whole.races):
        whole.reach(goal)
    OUT.mkdir(exist_ok=True)
    page = OUT / "benchmarks.md"
    page.write_text(table.page(whole, datetime.date.today()), encoding="utf-8")
    print(f"{page} written" + (f"; failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(deep(lambda: main(sys.argv[1:])))
