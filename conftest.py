"""Doctests that need an extra are collected where it is installed."""

from importlib.util import find_spec

NEEDS = {"onnx": ["autograd_lite/interop/onnx_writing/exporting.py"]}
"""By package: the files whose examples need it."""

collect_ignore = [
    path for package, paths in NEEDS.items() if not find_spec(package) for path in paths
]
