"""A pytest plugin: the longest tests begin first, so that every core is busy to the end.

Begun last, one of them would go on alone while all others wait. `pytest --durations=40` says which they are.
"""

LONGEST = (
    "tests/notebooks/test_notebooks.py",
    "tests/viz/test_step_lab.py",
    "tests/viz/test_step_browser.py",
    "tests/grading/course/test_dask.py",
    "tests/grading/platforms/test_nbgrader.py",
    "tests/grading/platforms/test_otter.py",
    "tests/viz/test_identity.py",
    "tests/viz/layout/test_against_dot.py",
    "tests/lectures/test_recurrent_lecture.py",
    "tests/nn/test_autoencoder.py",
    "tests/nn/test_rbm.py",
    "tests/grading/sandbox/test_hostile.py",
    "tests/autograd_lite/interop/onnx_writing/test_every_rule.py",
    "tests/autograd_lite/interop/pytorch/test_torch_samples.py",
    "tests/viz/test_sympy.py",
)
"""Whole files, because the tests of a file share what is dear to make."""


def pytest_collection_modifyitems(items) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
