"""Examples in docstrings that need an extra are collected where it is installed."""

from importlib.util import find_spec

NEEDS = {
    "onnx": ["autograd_lite/interop/onnx_writing/exporting.py"],
    "torch": ["autograd_lite/interop/pytorch/*"],
}
"""By package: the files whose examples need it. An example cannot skip itself, as a test does."""

collect_ignore_glob = [
    path for package, paths in NEEDS.items() if not find_spec(package) for path in paths
]
