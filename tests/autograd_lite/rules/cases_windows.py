"""Examples of every rule with windows: convolutions, their transposes, pooling."""

from autograd_lite.rules.windows import windows_over
from tests.autograd_lite.rules.cases import Case, numbers

PLAIN = windows_over((4,), 2)
ODD = windows_over((5, 4), (3, 2), (2, 1), (1, 0), (1, 2))

CONVOLUTIONS = [
    Case("conv1d", (numbers(2, 1, 4), numbers(2, 1, 2, seed=1))),
    Case("conv1d", (numbers(1, 4, 6), numbers(2, 2, 2, seed=1)), {"stride": 2, "padding": 1, "dilation": 2, "groups": 2}),
    Case("conv2d", (numbers(1, 2, 3, 4), numbers(1, 2, 2, 2, seed=1))),
    Case("conv2d", (numbers(1, 2, 5, 4), numbers(2, 1, 3, 2, seed=1)), {"stride": (2, 1), "padding": (1, 0), "dilation": (1, 2), "groups": 2}),
    Case("conv_transpose1d", (numbers(1, 2, 3), numbers(2, 1, 2, seed=1))),
    Case("conv_transpose1d", (numbers(1, 2, 3), numbers(2, 1, 3, seed=1)), {"stride": 2, "padding": 1, "output_padding": 1, "groups": 2}),
    Case("conv_transpose1d", (numbers(1, 1, 3), numbers(1, 1, 2, seed=1)), {"output_padding": 2, "dilation": 3}),
    Case("conv_transpose2d", (numbers(1, 2, 2, 2), numbers(2, 1, 2, 3, seed=1)), {"stride": (1, 2), "padding": (0, 1), "output_padding": (0, 1)}),
    Case("conv", (numbers(1, 2, 5, 4), numbers(2, 2, 3, 2, seed=1)), {"windows": ODD, "groups": 1}),
    Case("conv_by_input", (numbers(1, 2, *ODD.count), numbers(2, 2, 3, 2, seed=1)), {"windows": ODD, "groups": 1}),
    Case("conv_by_weight", (numbers(2, 2, 5, 4), numbers(2, 2, *ODD.count, seed=1)), {"windows": ODD, "groups": 2}),
]  # fmt: skip

POOLING = [
    Case("window_sum", (numbers(1, 2, 5, 4),), {"windows": ODD}),
    Case("window_sum", (numbers(2, 1, 4),), {"windows": PLAIN}),
    Case("window_spread", (numbers(1, 2, *ODD.count),), {"windows": ODD}),
    *(Case(f"{kind}_pool1d", (numbers(2, 2, 5),), {"kernel_size": 2}) for kind in ("max", "avg")),
    Case("max_pool1d", (numbers(1, 2, 7),), {"kernel_size": 3, "stride": 1, "padding": 1, "dilation": 2}),
    Case("max_pool2d", (numbers(1, 2, 4, 5),), {"kernel_size": (2, 3)}),
    Case("max_pool2d", (numbers(1, 2, 4, 4),), {"kernel_size": 3, "stride": 2, "padding": 1}),
    Case("avg_pool1d", (numbers(1, 1, 5),), {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False}),
    Case("avg_pool2d", (numbers(1, 2, 4, 5),), {"kernel_size": (2, 3), "stride": 1, "padding": (1, 0)}),
    Case("avg_pool2d", (numbers(1, 2, 4, 4),), {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False}),
]  # fmt: skip

CASES = [*CONVOLUTIONS, *POOLING]
