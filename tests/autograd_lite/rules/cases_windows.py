"""Examples of every rule with windows: convolutions, their transposes, pooling."""

from typing import Any

from autograd_lite.rules.windows import windows_over
from tests.autograd_lite.rules.cases import Case, numbers

ROW = windows_over((4,), 2)
ODD = windows_over((5, 4), kernel=(3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2))


def with_weight(rule: str, x: tuple[int, ...], w: tuple[int, ...], **static: Any) -> Case:
    return Case(rule, (numbers(*x), numbers(*w, seed=1)), static)


CONVOLUTIONS = [
    with_weight("conv1d", (2, 1, 4), (2, 1, 2)),
    with_weight("conv1d", (1, 4, 6), (2, 2, 2), stride=2, padding=1, dilation=2, groups=2),
    with_weight("conv2d", (1, 2, 3, 4), (1, 2, 2, 2)),
    with_weight(
        "conv2d",
        (1, 2, 5, 4),
        (2, 1, 3, 2),
        stride=(2, 1),
        padding=(1, 0),
        dilation=(1, 2),
        groups=2,
    ),
    with_weight("conv_transpose1d", (1, 2, 3), (2, 1, 2)),
    with_weight(
        "conv_transpose1d", (1, 2, 3), (2, 1, 3), stride=2, padding=1, output_padding=1, groups=2
    ),
    with_weight("conv_transpose1d", (1, 1, 3), (1, 1, 2), output_padding=2, dilation=3),
    with_weight(
        "conv_transpose2d", (1, 2, 2, 2), (2, 1, 2, 3), stride=(1, 2), output_padding=(0, 1)
    ),
    with_weight("conv", (1, 2, 5, 4), (2, 2, 3, 2), windows=ODD, groups=1),
    with_weight("conv_by_input", (1, 2, *ODD.count), (2, 2, 3, 2), windows=ODD, groups=1),
    with_weight("conv_by_weight", (2, 2, 5, 4), (2, 2, *ODD.count), windows=ODD, groups=2),
]


def pooling(rule: str, *shape: int, **static: Any) -> Case:
    return Case(rule, (numbers(*shape),), static)


POOLING = [
    pooling("window_sum", 1, 2, 5, 4, windows=ODD),
    pooling("window_sum", 2, 1, 4, windows=ROW),
    pooling("window_spread", 1, 2, *ODD.count, windows=ODD),
    pooling("max_pool1d", 2, 2, 5, kernel_size=2),
    pooling("max_pool1d", 1, 2, 7, kernel_size=3, stride=1, padding=1, dilation=2),
    pooling("max_pool2d", 1, 2, 4, 5, kernel_size=(2, 3)),
    pooling("max_pool2d", 1, 2, 4, 4, kernel_size=3, stride=2, padding=1),
    pooling("avg_pool1d", 2, 2, 5, kernel_size=2),
    pooling("avg_pool1d", 1, 1, 5, kernel_size=3, stride=2, padding=1, count_include_pad=False),
    pooling("avg_pool2d", 1, 2, 4, 5, kernel_size=(2, 3), stride=1, padding=(1, 0)),
    pooling("avg_pool2d", 1, 2, 4, 4, kernel_size=3, stride=2, padding=1, count_include_pad=False),
]

CASES = [*CONVOLUTIONS, *POOLING]
