"""The same work here and in each peer that is installed: `python -m benchmarks [T1 S2 growth …]`.

One thread, float64 and float32, all in one run and alternating, so that a busy machine slows everybody
alike. Gradients are compared before anything is timed. Floors are the works by hand in NumPy; programs
are recorded by `autograd_lite.trace`. out/benchmarks.md has the tables of the last run.
"""

import os

# Before anything imports NumPy, torch or jax: their thread pools are made on import.
for _name in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{_name}_NUM_THREADS"] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
