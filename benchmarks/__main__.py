"""`python -m benchmarks NAME …`: run the named works, or all of them."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from benchmarks import imports, s1, s3, t1, t2, t3, t4, t5, t6

WORKS = {
    "S1": s1.main,
    "S3": s3.main,
    "T1": t1.main,
    "T2": t2.main,
    "T3": t3.main,
    "T4": t4.main,
    "T5": t5.main,
    "T6": t6.main,
    "import": imports.main,
}


def main() -> None:
    """Run the works named on the command line, in the order of the table."""
    names = sys.argv[1:] or list(WORKS)
    if unknown := set(names) - set(WORKS):
        sys.exit(f"unknown work {', '.join(sorted(unknown))}: choose from {', '.join(WORKS)}")
    for name in names:
        WORKS[name]()


# micrograd goes back by recursion, one Python call for each node of the chain.
sys.setrecursionlimit(10**6)
threading.stack_size(1 << 29)
with ThreadPoolExecutor(max_workers=1) as one:
    one.submit(main).result()
