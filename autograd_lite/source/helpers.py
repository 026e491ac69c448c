"""What printed programs need beside NumPy: windows of an image, their transpose, that of indexing."""

from __future__ import annotations

from typing import Final

WINDOWS_OF: Final = '''\
def windows_of(image, count, kernel, stride, dilation):
    """Windows of an image (N, ..., C), so many, as a view (N, *count, *kernel, C) of its memory."""
    n, *steps, c = image.strides
    from_window_to_window = [step * s for step, s in zip(steps, stride)]
    inside_a_window = [step * d for step, d in zip(steps, dilation)]
    return np.lib.stride_tricks.as_strided(
        image,
        (len(image), *count, *kernel, image.shape[-1]),
        (n, *from_window_to_window, *inside_a_window, c),
    )
'''
FOLD: Final = '''\
def fold(patches, size, kernel, stride, dilation):
    """Windows (N, *count, entries, C) added up, where they overlap, to an image (N, *size, C)."""
    n, *count, entries, c = patches.shape
    image = np.zeros((n, *size, c), patches.dtype)
    for k, place in enumerate(np.ndindex(*kernel)):  # all windows' entries at one place in the kernel
        axes = zip(place, stride, dilation, count)
        where = tuple(slice(p * d, p * d + s * (m - 1) + 1, s) for p, s, d, m in axes)
        image[(slice(None), *where)] += patches[..., k, :]
    return image
'''
SCATTER: Final = '''\
def scatter(v, index, shape):
    """Zeros of `shape` with v added at `index`, each time where it names an entry twice."""
    y = np.zeros(shape, v.dtype)
    entries = np.arange(y.size).reshape(shape)[index]  # where they are when y is written as one row
    np.add.at(y.reshape(-1), entries.reshape(-1), v.reshape(-1))
    return y
'''
HELPERS: Final = {"windows_of": WINDOWS_OF, "fold": FOLD, "scatter": SCATTER}
"""By the name under which lines call it: its source, which needs nothing but np.

>>> session = {"np": __import__("numpy")}
>>> exec(HELPERS["scatter"], session)
>>> session["scatter"](session["np"].array([1.0, 2.0, 5.0]), [0, 0, 2], (4,))
array([3., 0., 5., 0.])
"""
