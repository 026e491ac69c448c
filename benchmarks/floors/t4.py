"""T4 by hand: a convolutional autoencoder, 3×3 windows with stride 2 and their transposes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from benchmarks.floors import Array

K = 3  # the side of a window; stride 2, padding 1


class Padded:
    """An image (n, 2s, 2s, c), channels last, within a border of zeros, and its windows (n, s, s, K, K, c).

    inside   the image without its border
    windows  a view of the whole; neighbours overlap
    """

    def __init__(self, n: int, s: int, c: int, dtype: Any) -> None:
        self.whole = np.zeros((n, 2 * s + 2, 2 * s + 2, c), dtype)
        self.inside = self.whole[:, 1:-1, 1:-1]
        by_n, by_row, by_column, by_c = self.whole.strides
        steps = (by_n, 2 * by_row, 2 * by_column, by_row, by_column, by_c)
        self.windows = as_strided(self.whole, (n, s, s, K, K, c), steps)
        # an image of one channel is read place by place: its runs are longer than a window's
        places = n * s * s
        self.copy = np.empty((K * K, places) if c == 1 else (places, K * K * c), dtype)
        self.matrix = self.copy.T if c == 1 else self.copy
        self.parts = (
            np.moveaxis(self.copy.reshape(K, K, n, s, s, 1), (0, 1), (3, 4))
            if c == 1
            else self.copy.reshape(self.windows.shape)
        )

    def unfold(self) -> Array:
        """The windows as rows of a matrix (n·s·s, K·K·c), read anew."""
        if self.copy is self.matrix:
            self.parts[...] = self.windows
        else:
            for i, j in np.ndindex(K, K):
                self.parts[:, :, :, i, j] = self.windows[:, :, :, i, j]
        return self.matrix

    def fold(self, x: Array, w: Array) -> Array:
        """The transpose of `unfold` for windows x·w, (places, K·K·c): added up, without the border."""
        if self.copy is self.matrix:
            np.dot(x, w, out=self.copy)
        else:
            np.dot(w.T, x.T, out=self.copy)
        # the first two rows and columns of all windows reach each place once: set, all else is added
        to, parts, end = self.windows, self.parts, self.whole.shape[1] - 2
        self.whole[:, end] = self.whole[:, :, end] = 0.0
        to[..., :2, :2, :] = parts[..., :2, :2, :]
        for k in np.s_[2, :2], np.s_[:2, 2], np.s_[2, 2]:
            to[(..., *k, slice(None))] += parts[(..., *k, slice(None))]
        return self.inside


class ConvolutionalAutoencoder:
    """The mean squared error of images x (n, 1, 4s, 4s) and what is made of them; channels 1-c-d-c-1.

    weights  (c, 1, K, K), (d, c, K, K), transposed (d, c, K, K), (c, 1, K, K), each followed by its bias
    """

    def __init__(self, weights: list[Array], x: Array) -> None:
        self.weights, self.x, dtype = weights, x[:, 0], x.dtype
        n, s, (d, c) = len(x), x.shape[-1] // 4, weights[2].shape[:2]
        self.image, self.y, self.by_y = (Padded(n, 2 * s, 1, dtype) for _ in range(3))
        self.h, self.k, self.by_h, self.by_k = (Padded(n, s, c, dtype) for _ in range(4))
        wide = (n, 2 * s, 2 * s, c)
        self.a, self.r, self.by_r = (np.empty(wide, dtype) for _ in range(3))
        self.on = np.empty(wide, bool)
        self.z, self.by_z = (np.empty((n * s * s, d), dtype) for _ in range(2))
        self.out, self.slope = np.empty_like(self.x), np.empty_like(self.x)
        self.by_w = [np.empty((K * K * w.shape[1], len(w)), dtype) for w in weights[:4:2]]
        self.by_w += [np.empty((len(w), K * K * w.shape[1]), dtype) for w in weights[4::2]]
        self.by_b = [np.empty_like(b) for b in weights[1::2]]
        self.ones = np.ones(n * 4 * s * s, dtype)
        self.one, self.zero = np.ones((), dtype), np.zeros((), dtype)

    @property
    def gradients(self) -> list[Array]:
        """By each weight and bias, in the model's shapes."""
        found = []
        by_w = [self.by_w[0].T, self.by_w[1].T, *self.by_w[2:]]
        for w, by_rows, by_b in zip(self.weights[::2], by_w, self.by_b, strict=True):
            o, c = w.shape[:2]
            found += [by_rows.reshape(o, K, K, c).transpose(0, 3, 1, 2), by_b]
        return found

    def run(self) -> float:
        """The loss, and its gradients."""
        # (K·K·c, d) of a convolution, (d, K·K·c) of a transposed one
        V, W, P, Q = (w.transpose(0, 2, 3, 1).reshape(len(w), -1) for w in self.weights[::2])
        V, W = V.T.copy(), W.T.copy()
        self._encode(V, W)
        self._decode(P, Q)
        loss = self._loss()
        self._decode_back(P, Q)
        self._encode_back(W)
        return loss

    def _encode(self, V: Array, W: Array) -> None:
        a, z, zero = self.a, self.z, self.zero
        self.image.inside[..., 0] = self.x
        np.dot(self.image.unfold(), V, out=a.reshape(-1, a.shape[-1]))
        a += self.weights[1]
        np.maximum(a, zero, out=self.h.inside)
        np.dot(self.h.unfold(), W, out=z)
        z += self.weights[3]
        np.maximum(z, zero, out=z)

    def _decode(self, P: Array, Q: Array) -> None:
        r, out, one = self.r, self.out, self.one
        np.add(self.k.fold(self.z, P), self.weights[5], out=r)
        np.maximum(r, self.zero, out=r)
        np.add(self.y.fold(r.reshape(-1, r.shape[-1]), Q)[..., 0], self.weights[7], out=out)
        np.negative(out, out=out)
        np.exp(out, out=out)
        np.add(out, one, out=out)
        np.divide(one, out, out=out)

    def _loss(self) -> float:
        """The loss; leaves its gradient by the last layer's excitations."""
        out, slope = self.out, self.slope
        np.subtract(self.one, out, out=slope)
        slope *= out
        out -= self.x
        flat = out.reshape(-1)
        loss = float(flat.dot(flat)) / out.size
        out *= slope
        np.multiply(out, 2.0 / out.size, out=self.by_y.inside[..., 0])
        return loss

    def _decode_back(self, P: Array, Q: Array) -> None:
        r, by_r = (x.reshape(-1, x.shape[-1]) for x in (self.r, self.by_r))
        windows = self.by_y.unfold()
        self.by_b[3][...] = np.add.reduce(self.by_y.inside, None)
        np.dot(r.T, windows, out=self.by_w[3])
        np.dot(windows, Q.T, out=by_r)
        np.greater(self.r, self.zero, out=self.on)
        np.multiply(self.by_r, self.on, out=self.by_r)
        np.dot(self.ones, by_r, out=self.by_b[2])
        self.by_k.inside[...] = self.by_r
        windows = self.by_k.unfold()
        np.dot(self.z.T, windows, out=self.by_w[2])
        np.dot(windows, P.T, out=self.by_z)

    def _encode_back(self, W: Array) -> None:
        self.by_z *= self.z > self.zero
        np.dot(self.ones[: len(self.by_z)], self.by_z, out=self.by_b[1])
        np.dot(self.h.copy.T, self.by_z, out=self.by_w[1])
        by_a = self.a
        np.greater(self.h.inside, self.zero, out=self.on)
        np.multiply(self.by_h.fold(self.by_z, W.T), self.on, out=by_a)
        rows = by_a.reshape(-1, by_a.shape[-1])
        np.dot(self.ones, rows, out=self.by_b[0])
        np.dot(self.image.copy, rows, out=self.by_w[0])
