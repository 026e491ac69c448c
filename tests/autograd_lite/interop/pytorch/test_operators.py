"""Every operator in the table is torch's, the page lists them all, and each kind has torch's numbers."""

import inspect
import re
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="no oracle: pip install torch")

from torch import nn
from torch.nn import functional

from autograd_lite.interop.pytorch.operators.table import KINDS, draws, known, operator
from autograd_lite.interop.pytorch.running import _ABOUT_MEMORY
from tests.autograd_lite.interop.pytorch.comparing import agreeing, numbers

PAGE = Path(__file__).parents[4] / "docs" / "from_torch.md"
ALL = [name for operators in KINDS.values() for name in operators]


@pytest.mark.parametrize("name", ALL)
def test_it_is_an_operator_of_torch(name):
    space = torch.ops.prims if name.startswith("prims.") else torch.ops.aten
    operator, _, overload = name.removeprefix("prims.").partition(".")
    assert overload in ("", *getattr(space, operator).overloads())


def test_no_operator_stands_in_two_kinds():
    assert len(ALL) == len(set(ALL))


def test_the_page_lists_all_of_them():
    rows = re.findall(r"^\| ([^|]+) \| (`.+`) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    listed = {kind: re.findall(r"`([^`]+)`", names) for kind, names in rows}
    assert listed == {kind: sorted(operators) for kind, operators in KINDS.items()}


def test_an_operator_is_found_with_its_overload_or_without():
    assert known("aten.add.Tensor") == "add"
    assert known("aten.sort.stable") == "sort.stable"
    assert known("aten._linalg_svd.default") is None


def in_place(x):
    y = torch.zeros_like(x)
    y[0] = x[1] * 2
    y[:, 1] += x[:, 0]
    y.t()[2].mul_(x.sum())
    y[torch.tensor([0, 0]), torch.tensor([1, 1])] = 3.0
    return y.masked_fill_(x > 1, -1.0)


def views(x):
    y = x.clone()
    flat = y.view(-1)
    flat[2:5] = flat[2:5].exp()
    y.select(0, 1).add_(1.0)
    return y.unfold(1, 2, 1).reshape(-1) + y.as_strided((3,), (2,), 1).sum()


def entries(x):
    index = torch.tensor([[0, 2, 1], [1, 1, 0], [2, 0, 2]])
    zeros = torch.zeros(3, 3, dtype=x.dtype)
    return (
        x.gather(1, index)
        + zeros.scatter_add(0, index, x)
        + x.index_select(0, index[0])
        + zeros.index_add(0, index[0], x, alpha=2)
        + zeros.scatter(1, index[:, :1], 5.0) * x
        + zeros.index_put((index[0], index[1]), x[0], accumulate=True)
    )


def shapes(x):
    parts = torch.cat([x, x.flip(1), x.roll(1, 0)], 1).split([2, 3, 4], 1)
    padded = functional.pad(x, (1, 2, -1, 0), value=2.0)
    return parts[0].sum() * parts[1] + padded.repeat(2, 1).diagonal(1).prod() + x.tril() @ x.triu(1)


def reductions(x):
    top, places = x.topk(2, 1)
    return (
        x.amax(1) * x.var(0) + x.std(1, correction=0) + x.logsumexp(0) + top.sum(1)
        + x.sort(0, descending=True).values[0] + x.median(1).values + x.max(0).values
        + x.cumsum(0)[1] * x.cumprod(1)[0] + x.norm() + x.norm(dim=0, p=1) + places.sum()
    )  # fmt: skip


def spreads(x):
    """The older forms, whose second operand says whether n − 1 divides, or is an axis."""
    row = x[0]  # one axis: there False could be taken for axis 0
    whole = row.var(False) + row.std(False) + torch.var_mean(row, False)[0]
    both = torch.std_mean(x, 1, False, True)
    return (
        whole + x.var(1, False) + x.std(0, True) + both[0] * both[1] + torch.std_mean(row, False)[0]
    )


def elementwise(x):
    y = torch.sigmoid(x) + 0.1
    return (
        functional.gelu(x, approximate="tanh") + functional.softplus(20 * x, beta=2) + y**x + x**2
        + torch.rsqrt(y) + torch.atan2(x, y) + torch.hypot(x, y) + torch.logit(y / 2) + x.fmod(0.7)
        + torch.xlogy(y, y) + torch.lerp(x, y, 0.3) + torch.addcmul(x, x, y, value=2) + 1 / y - x
        + torch.div(x, y, rounding_mode="floor") + functional.logsigmoid(x) + torch.sinc(x)
    )  # fmt: skip


def linear_algebra(x):
    a = x @ x.T + 2 * torch.eye(3, dtype=x.dtype)
    y = torch.linalg.solve(a, x[0]) + torch.linalg.inv(a)[0] + torch.linalg.cholesky(a).sum()
    return y + torch.linalg.det(a) + torch.logdet(a) + torch.einsum("ij,kj->i", x, x)


def logic(x):
    chosen = (x > 0) & ~(x > 1) | (x == x.max()) ^ (x < -1)
    return torch.where(chosen, x, x * x) * chosen.any() + chosen.sum()


def attention(x):
    q = x.reshape(1, 1, 3, 3)
    mask = torch.tensor([[True, False, True], [False, False, False], [True, True, True]])
    masked = functional.scaled_dot_product_attention(q, q, 2 * q, attn_mask=mask)
    return masked + functional.scaled_dot_product_attention(q, q, q, is_causal=True, scale=0.3)


def integers(x):
    count = torch.arange(3)
    even = (count % 2 == 0) & (count // 2 < 2)
    return x[count.flip(0)] * functional.one_hot(count, 3) * even + count.sum().to(x.dtype)


FUNCTIONS = [
    in_place, views, entries, shapes, reductions, spreads, elementwise, linear_algebra, logic, attention,
    integers,
]  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_operators_have_torchs_numbers_and_gradients(function):
    class Model(nn.Module):
        def forward(self, x):
            return function(x)

    agreeing(Model(), numbers(3, 3))


RANDOM = {
    "rand": lambda x: x * torch.rand_like(x) + torch.rand(3, dtype=x.dtype),
    "normal": lambda x: x * torch.empty_like(x).normal_(1.0, 2.0) + torch.randn(3, 3).double(),
    "bernoulli": lambda x: x * torch.bernoulli(torch.sigmoid(x)),
    "choice": lambda x: x[torch.randperm(3)] * torch.randint(0, 5, (3, 3)),
    "whole channels": lambda x: functional.dropout2d(x[None, :, :, None], 0.5, True),
    "alpha": lambda x: functional.alpha_dropout(x, 0.4, True),
    "rrelu": lambda x: functional.rrelu(x, training=True),
    "transposed": lambda x: functional.dropout(x.t(), 0.5, True) * torch.rand_like(x.t()),
}


@pytest.mark.parametrize("name", RANDOM)
def test_after_the_same_seed_the_same_numbers_are_drawn(name):
    class Model(nn.Module):
        def forward(self, x):
            return RANDOM[name](x)

    for seed in (0, 1):
        agreeing(Model(), numbers(3, 3), seed=seed)


IMAGES = {
    "nearest": lambda x: functional.interpolate(x, scale_factor=1.7),
    "exact": lambda x: functional.interpolate(x, size=(7, 3), mode="nearest-exact"),
    "bilinear": lambda x: functional.interpolate(x, scale_factor=1.7, mode="bilinear"),
    "aligned": lambda x: functional.interpolate(x, (3, 9), mode="bilinear", align_corners=True),
    "ceil": lambda x: functional.max_pool2d(x, 2, stride=2, padding=1, ceil_mode=True),
    "mean": lambda x: functional.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=False),
    "unpool": lambda x: functional.max_unpool2d(
        *functional.max_pool2d(x, 2, return_indices=True), 2, output_size=(5, 5)
    ),
    "adaptive": lambda x: functional.adaptive_max_pool2d(x, (2, 3)),
    "groups": lambda x: functional.conv2d(x, x[:, :1, :2, :3], padding=1, groups=2, dilation=2),
    "reflect": lambda x: functional.pad(x, (1, 2, 2, 1), mode="reflect"),
    "shuffle": lambda x: functional.pixel_unshuffle(x, 5),
}


@pytest.mark.parametrize("name", IMAGES)
def test_images_are_treated_as_by_torch(name):
    class Model(nn.Module):
        def forward(self, x):
            return IMAGES[name](x)

    agreeing(Model(), numbers(2, 2, 5, 5))


def overloads(name):
    """Torch's overloads of tensors that are looked up under a name of the table."""
    packet = getattr(torch.ops.aten, name.partition(".")[0], None)
    for overload in packet.overloads() if packet else ():
        operator = getattr(packet, overload)
        arguments = operator._schema.arguments
        if known(str(operator)) != name or operator._schema.is_mutable or not arguments:
            continue
        first, new = str(arguments[0].type), {a.name for a in arguments} & {"out_dtype"}
        if (
            "Tensor" in first
            and "Dict" not in first
            and not new
            and not any(a.is_out for a in arguments)
        ):
            yield operator


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith("prims.")])
def test_a_function_takes_the_arguments_of_every_overload_that_comes_to_it(name):
    """Found by the bare name, an overload with other arguments would be given them in the wrong places."""
    for overload in overloads(name):
        given = [a for a in overload._schema.arguments if not a.kwarg_only]
        options = [a.name for a in overload._schema.arguments if a.kwarg_only]
        here = inspect.signature(operator(name))
        drawn = [None] if draws(name) else []
        keywords = {option: None for option in options if option not in _ABOUT_MEMORY}
        places = here.bind(*drawn, *(a.name for a in given), **keywords).arguments
        theirs = {a.name for a in given}
        for parameter, argument in places.items():
            assert parameter not in theirs or argument in (parameter, None), overload
