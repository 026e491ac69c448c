"""Two half moons, the data of micrograd's demo, as scikit-learn draws them."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def moons(n: int = 100, noise: float = 0.1, seed: int = 1337) -> tuple[Array, Array]:
    """Points (n, 2) and their classes, -1 and 1; the numbers of sklearn.datasets.make_moons with this seed.

    Source: karpathy/micrograd, demo.ipynb.
    """
    rng = np.random.RandomState(seed)  # the generator that scikit-learn takes
    upper = np.linspace(0.0, np.pi, n // 2)
    lower = np.linspace(0.0, np.pi, n - n // 2)
    x = np.append(np.cos(upper), 1.0 - np.cos(lower))
    y = np.append(np.sin(upper), 1.0 - np.sin(lower) - 0.5)
    order = np.arange(n)
    rng.shuffle(order)
    points = np.column_stack([x, y])[order] + rng.normal(scale=noise, size=(n, 2))
    return points, np.where(order < n // 2, -1, 1)
