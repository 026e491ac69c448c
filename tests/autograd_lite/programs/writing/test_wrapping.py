"""Lines that are too long are broken: they stay on the page and mean the same."""

from __future__ import annotations

import ast

import numpy as np
import pytest

import nn
from autograd_lite import trace
from autograd_lite.programs.writing.wrapping import wrapped

WIDTH = 60
LONG = [
    "    a = np.maximum(np.maximum(x[:, 0:3:2, 0:3:2], x[:, 0:3:2, 1:4:2]), x[:, 1:4:2, 0:3:2])",
    "    d_h += first @ W_first - second @ W_second[t + 1] + np.sum(third, axis=(0, 1))",
    "    np.add.at(d_x, (slice(None), np.array([[0], [1], [2]])), f(y, (1, 2), mode='clip')[0])",
    "    a = np.concatenate([np.stack([h[t] for t in range(9)]), np.stack([g[t] for t in (1,)])])",
    "    a = -first_of_all * (second_of_them - third_of_them) / np.sqrt(fourth_of_them) - 1e-05",
]


@pytest.mark.parametrize("line", LONG)
def test_it_is_on_the_page_and_the_same_to_python(line: str) -> None:
    lines = wrapped(line, WIDTH)
    assert len(lines) > 1
    assert max(map(len, lines)) <= WIDTH
    assert ast.dump(ast.parse("\n".join(lines).strip())) == ast.dump(ast.parse(line.strip()))
    assert all(part.startswith("    ") for part in lines)


def test_what_fits_and_what_has_no_place_to_break_stays() -> None:
    assert wrapped("    y = x + 1", WIDTH) == ["    y = x + 1"]
    assert wrapped("# " + "word " * 30, WIDTH) == ["# " + "word " * 30]
    assert wrapped("y = " + "x" * 80, WIDTH) == ["y = " + "x" * 80]


@pytest.mark.parametrize(
    ("module", "shape"),
    [
        (nn.Upsample(scale_factor=2), (1, 2, 3, 3)),
        (nn.MaxPool2d(2), (2, 2, 4, 4)),
        (nn.AdaptiveMaxPool1d(3), (2, 2, 7)),
        (nn.GRU(2, 3, num_layers=2, bidirectional=True, generator=0), (5, 2, 2)),
        (nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0, generator=0), (2, 3, 4)),
    ],
)
def test_no_line_of_a_program_is_longer_than_a_page(
    module: nn.Module, shape: tuple[int, ...]
) -> None:
    def loss(x):  # type: ignore[no-untyped-def]
        y = module(x)
        y = y[0] if isinstance(y, tuple) else y
        return (y * y).sum()

    text = str(trace(loss, np.random.default_rng(0).normal(size=shape)).source())
    written = text[text.index("def program(") :]  # behind NumPy's missing functions
    assert [line for line in written.splitlines() if len(line) > 100] == []
    assert "None, None" not in written
