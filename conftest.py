"""What is collected: examples in docstrings, but those of a library that is not installed."""

from importlib.util import find_spec

# a docstring's example cannot skip itself as a test does
collect_ignore_glob = [] if find_spec("torch") else ["autograd_lite/interop/pytorch/*"]
