"""The machine and the versions that times belong to."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

LIBRARIES = (
    "numpy", "numba", "torch", "jax", "casadi", "micrograd", "mygrad", "autograd",
)  # fmt: skip


def processor() -> str:
    """The processor's name, as Linux tells it, or what Python knows."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def versions() -> str:
    """Python's version and those of the libraries that are installed."""
    installed = {found.metadata["Name"]: found.version for found in metadata.distributions()}
    told = [f"{name} {installed[name]}" for name in LIBRARIES if name in installed]
    return ", ".join([f"Python {platform.python_version()}", *told])


def described() -> str:
    """One sentence for the head of a table."""
    cores = f"{os.cpu_count()} cores, one thread used"
    return f"{processor()}, {cores}; {platform.system()}; {versions()}"
