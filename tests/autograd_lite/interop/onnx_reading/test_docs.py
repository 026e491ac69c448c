"""The page about reading ONNX lists what is read, and its limits are those of the code."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from autograd_lite.interop.onnx_reading import budget, values
from autograd_lite.interop.onnx_reading.operators.table import (
    CONTROL,
    EXPANDED,
    OPERATORS,
    supported,
)
from autograd_lite.interop.onnx_reading.operators.versions import LATEST
from autograd_lite.interop.onnx_reading.schemas import OLDEST

PAGE = (Path(__file__).parents[4] / "docs/from_onnx.md").read_text(encoding="utf-8")


def test_the_operators_it_lists_are_those_of_the_table() -> None:
    listed = re.search(r"<!-- operators -->\n(.*?)\n<!-- /operators -->", PAGE, re.DOTALL)[1]
    assert listed.split() == supported()


def test_the_limits_it_says_are_those_of_the_code() -> None:
    assert (values.MOST_ENTRIES, budget.MOST_TOGETHER, budget.MOST_WORK) == (2**26, 2**28, 2**38)
    assert "2²⁶ entries" in PAGE
    assert "2²⁸" in PAGE
    assert "2³⁸ multiplications" in PAGE
    assert f"{budget.MOST_STEPS:,}".replace(",", " ") in PAGE
    assert f"since {OLDEST} of ONNX's operators up to {LATEST}" in PAGE.replace("\n", " ")


def test_every_operator_of_the_table_is_one_of_onnxs() -> None:
    onnx = pytest.importorskip("onnx", reason="no schemas: pip install onnx")
    known = {s.name for s in onnx.defs.get_all_schemas_with_history() if s.domain == ""}
    assert set(supported()) <= known
    assert not set(OPERATORS) & (EXPANDED | CONTROL)


def test_every_version_of_a_function_is_one_of_the_operators() -> None:
    """A version that ONNX does not have would be a typing error that no case shows."""
    onnx = pytest.importorskip("onnx", reason="no schemas: pip install onnx")
    since: dict[str, set[int]] = {}
    for schema in onnx.defs.get_all_schemas_with_history():
        if schema.domain == "":
            since.setdefault(schema.name, set()).add(schema.since_version)
    for name, versions in OPERATORS.items():
        if not callable(versions):
            assert {v for v in versions if v > OLDEST} <= since[name], name


def test_without_the_library_onnx_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from autograd_lite.interop import from_onnx

    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ImportError, match=r"pip install 'autograd_lite\[onnx\]'"):
        from_onnx("model.onnx")
