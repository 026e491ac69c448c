"""The same work here and in each peer that is installed: `python -m benchmarks [S1 S3 T6 import]`.

One thread, float64, all in one run and alternating, so that a busy machine slows everybody alike.
Gradients are compared before anything is timed.
"""

import os

# Before anything imports NumPy or torch: their thread pools are made on import.
for _name in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{_name}_NUM_THREADS"] = "1"
