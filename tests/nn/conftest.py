"""torch computes in float64 in these tests, and in its own default again after each."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

# imported by the tests that need it: where torch is missing they skip, and do not find it half imported
collect_ignore = ["oracle.py"]


@pytest.fixture(autouse=True)
def torch_in_float64() -> Iterator[None]:
    if find_spec("torch") is None:
        yield
        return
    import torch

    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)
