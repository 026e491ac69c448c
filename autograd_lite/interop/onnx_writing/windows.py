"""Windows of an image and their transpose, by which convolutions and pooling are products of matrices."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lite.interop.onnx_writing.elementwise import Translation
from autograd_lite.interop.onnx_writing.operators import gather, matmul, reshape, transpose
from autograd_lite.interop.onnx_writing.wires import Wire
from autograd_lite.rules.windows import fold, windows_of

Lengths = tuple[int, ...]


def _places(count: int, kernel: int, stride: int, dilation: int) -> Any:
    """Where entry k of window j lies: j·S + k·D, (count, kernel)."""
    return np.add.outer(np.arange(count) * stride, np.arange(kernel) * dilation)


def _windows_of(
    image: Wire, count: Lengths, kernel: Lengths, stride: Lengths, dilation: Lengths
) -> Wire:
    """Windows (N, *count, *kernel, C) of an image (N, …, C)."""
    n = len(count)
    for axis, spacing in enumerate(zip(count, kernel, stride, dilation, strict=True)):
        image = gather(image, _places(*spacing), 1 + 2 * axis)
    order = [0, *range(1, 2 * n + 1, 2), *range(2, 2 * n + 1, 2), 2 * n + 1]
    return transpose(image, order)


def _fold(
    patches: Wire, size: Lengths, kernel: Lengths, stride: Lengths, dilation: Lengths
) -> Wire:
    """Windows (N, *count, entries, C) added up to an image (N, *size, C), one axis after the other.

    Along each axis it is a product with the matrix that has a 1 where an entry lies.
    """
    n, count = len(size), patches.shape[1:-2]
    x = reshape(patches, (patches.shape[0], *count, *kernel, patches.shape[-1]))
    pairs = [axis for k in range(n) for axis in (1 + k, 1 + n + k)]
    x = transpose(x, [0, 2 * n + 1, *pairs])  # (N, C, count, kernel, count, kernel, …)
    for k in reversed(range(n)):
        lengths = count[k] * kernel[k]
        places = _places(count[k], kernel[k], stride[k], dilation[k]).ravel()
        ones = (places[:, None] == np.arange(size[k])).astype(x.dtype)
        folded = matmul(reshape(x, (*x.shape[:-2], lengths)), x.draft.constant(ones))
        last = folded.ndim - 1
        x = transpose(
            folded, [0, 1, last, *range(2, last)]
        )  # the axis that is done, in front of the rest
    return transpose(x, [0, *range(2, n + 2), 1])


WINDOWS: Final[dict[Any, Translation]] = {windows_of: _windows_of, fold: _fold}
