"""Helpers of printed programs: run alone, with nothing but np, they give what the engine itself gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd_lite.rules.indexing import scatter
from autograd_lite.rules.windows import fold, offsets, windows_of, windows_over
from autograd_lite.source.helpers import HELPERS
from tests.autograd_lite.rules.cases import numbers

WINDOWS = [
    windows_over((5, 4), (3, 2), (2, 1), (0, 0), (1, 2)),
    windows_over((7,), 3, stride=2),
    windows_over((6, 6), 2),
]


def helper(name: str) -> Any:
    session: dict[str, Any] = {"np": np}
    exec(HELPERS[name], session)  # noqa: S102 - the source under test
    return session[name]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("w", WINDOWS, ids=lambda w: str(w.size))
def test_windows_and_fold_are_the_engines(w: Any, dtype: str) -> None:
    image = numbers(2, *w.size, 3).astype(dtype)
    spacing = (w.kernel, w.stride, w.dilation)
    ours, theirs = (
        windows_of(image, w.count, *spacing),
        helper("windows_of")(image, w.count, *spacing),
    )
    assert np.shares_memory(theirs, image)
    np.testing.assert_array_equal(theirs, ours)
    patches = numbers(2, *w.count, w.entries, 3).astype(dtype)
    added = helper("fold")(patches, w.size, *spacing)
    assert added.dtype == dtype
    np.testing.assert_array_equal(added, fold(patches, w.size, *spacing))
    assert len(offsets(*spacing, w.count)) == w.entries


@pytest.mark.parametrize(
    "index", [np.array([0, 2, 0]), (np.array([1, 1]), slice(0, 2)), slice(1, 3), (Ellipsis, 1), -1]
)
def test_scatter_is_the_engines(index: Any) -> None:
    v = numbers(*np.empty((4, 3))[index].shape)
    np.testing.assert_array_equal(helper("scatter")(v, index, (4, 3)), scatter(v, index, (4, 3)))


def test_they_are_short_and_ask_for_nothing_but_numpy() -> None:
    assert set(HELPERS) == {"windows_of", "fold", "scatter"}
    for name, source in HELPERS.items():
        assert source.startswith(f"def {name}(")
        assert source.isascii()
        assert "import" not in source
        assert len(source.splitlines()) <= 12
