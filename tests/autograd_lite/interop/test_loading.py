"""`autograd_lite` and `autograd_lite.interop` load nothing heavy; each door loads what it needs."""

import subprocess
import sys

import pytest

from autograd_lite import interop
from tests.processes import PATIENCE

HEAVY = ("torch", "onnx", "onnxruntime")


def test_neither_torch_nor_onnx_is_loaded():
    tell = f"import sys; print([name for name in {HEAVY} if name in sys.modules])"
    command = [sys.executable, "-c", f"import autograd_lite, autograd_lite.interop; {tell}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)
    assert done.stdout.strip() == "[]"


def test_what_is_listed_is_there_and_a_typo_is_told():
    assert all(hasattr(interop, name) for name in interop.__all__)
    with pytest.raises(AttributeError, match="from_torch"):
        interop.from_torhc  # noqa: B018 - the name itself is what is asked for
