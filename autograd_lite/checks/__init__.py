"""What went wrong: gradcheck compares both sweeps with differences, trace_nan finds where a nan came from.

gradient     gradcheck, and the operation to blame     differences  finite differences with their error
vectorized   a function as a map between vectors       agreement    where sweep and differences disagree
nans         trace_nan                                 blame        what the messages say
"""

from autograd_lite.checks.gradient import gradcheck
from autograd_lite.checks.nans import NanReport, trace_nan

__all__ = ["NanReport", "gradcheck", "trace_nan"]
