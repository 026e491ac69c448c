"""A thread with a deep stack: micrograd goes back by recursion, one Python call for each node of a chain."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def deep(run: Callable[[], T]) -> T:
    """What run() gives, with room for a million calls in one another."""
    sys.setrecursionlimit(10**6)
    threading.stack_size(1 << 29)
    with ThreadPoolExecutor(max_workers=1) as one:
        return one.submit(run).result()
