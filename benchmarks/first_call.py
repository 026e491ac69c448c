"""`python -m benchmarks.first_call`: seconds to a program's first gradient, loading included."""

from __future__ import annotations

import json
from importlib.util import find_spec

from benchmarks import s3
from benchmarks.engines import here
from benchmarks.race import once

NODES = 2_000  # enough for compiled code to be worth loading


def main() -> None:
    """Print the seconds; none where there is no compiled code to load."""
    from autograd_lite import trace

    ours, (inputs, steps) = here(arrays=False), s3.plan(NODES)
    f = s3.graph(steps)
    _, seconds = once(lambda: trace(lambda xs: f(ours, *xs), inputs).value_and_grad(inputs))
    print(json.dumps({"seconds": seconds if find_spec("numba") else None}))


if __name__ == "__main__":
    main()
