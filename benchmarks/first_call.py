"""`python -m benchmarks.first_call`: seconds of a program's first call, loading and compiling included."""

from __future__ import annotations

import json
from typing import Any

import autograd_lite as al
from benchmarks.race import once


def small(x: Any, y: Any) -> Any:
    """A graph of numbers with operations of several kinds."""
    return al.tanh(x * y + al.exp(x)) * al.sin(y) + al.log(y) / (1.0 + x * x)


def main() -> None:
    """Print the seconds, and whether compiled code was there to be called."""
    program: Any = al.trace(small, 0.5, 2.0)
    _, seconds = once(lambda: program.value_and_grad(0.5, 2.0))
    try:
        import numba  # noqa: F401
    except ImportError:
        print(json.dumps({"seconds": None}))
    else:
        print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main()
