"""Scikit-learn's 1,797 handwritten digits, 8 × 8, in [0, 1]: images to train on and held-out ones."""

import functools

import numpy as np
import pytest


@functools.cache
def digits():
    """Images and classes to train on, then held-out ones."""
    given = pytest.importorskip("sklearn.datasets").load_digits()
    order = np.random.default_rng(0).permutation(len(given.data))
    train, held = order[:1437], order[1437:]
    x, t = given.data / 16.0, given.target
    return x[train], t[train], x[held], t[held]


def images(x):
    """Rows of 64 grey values as images with one channel."""
    return x.reshape(-1, 1, 8, 8)
