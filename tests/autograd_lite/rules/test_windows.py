"""Windows: where they lie, all of them as one array, and the maps made of them."""

import numpy as np
import pytest

from autograd_lite.rules.windows import folded, unfold, windows_from, windows_over
from tests.autograd_lite.rules.cases import numbers
from tests.autograd_lite.rules.cases_windows import CASES
from tests.autograd_lite.rules.maps import assert_affine, assert_single_precision, parts


def test_windows_that_span_an_image_fit_on_it():
    windows = windows_from((14, 7), 3, stride=2, padding=1, output_padding=(1, 0))
    assert windows.size == (28, 13)
    assert windows_over(windows.size, 3, 2, 1) == windows


def test_unfold_reads_each_window_and_folded_is_its_transpose():
    windows = windows_over((5, 4), (3, 2), (2, 1), (1, 0), (1, 2))
    x = numbers(2, 3, 5, 4)
    patches = unfold(x, windows)
    assert patches.shape == (2, *windows.count, *windows.kernel, 3)
    wide = np.pad(x, ((0, 0), (0, 0), (1, 1), (0, 0)))
    for i, j, k, m in np.ndindex(*windows.count, *windows.kernel):
        np.testing.assert_array_equal(patches[:, i, j, k, m], wide[:, :, 2 * i + k, j + 2 * m])
    g = numbers(2, *windows.count, windows.entries, 3, seed=1)
    np.testing.assert_allclose(np.vdot(folded(g, windows), x), np.vdot(g, patches), rtol=1e-12)
    assert len(windows) == np.prod(windows.count)


LINEAR = [case for case in CASES if not case.rule.startswith("max_pool")]


@pytest.mark.parametrize("case", LINEAR, ids=str)
def test_derivatives_are_the_map_and_its_transpose(case):
    for f, x in parts(case):
        assert_affine(f, x)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_float32_stays_float32(case):
    assert_single_precision(case)
