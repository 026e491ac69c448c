"""What is recorded holds for other numbers too: values and gradients of programs against the eager engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nn
from autograd_lite import (
    Tape,
    Tensor,
    Value,
    elementwise,
    grad,
    logsumexp,
    maximum,
    minimum,
    record_lines,
    scope,
    softmax,
    stack,
    tanh,
    trace,
    value_and_grad,
    where,
)
from autograd_lite import functions as f
from autograd_lite.trees import tree_leaves, tree_map

Function = Callable[..., Any]
CASES: list[Any] = []
RANDOM = np.random.default_rng(7)
ROW, OTHER_ROW = np.array([0.5, -1.5, 2.0]), np.array([-0.3, 0.4, -2.5])
MATRIX, OTHER_MATRIX = RANDOM.normal(size=(2, 5, 3)) * 1.5
IMAGES, OTHER_IMAGES = RANDOM.normal(size=(2, 2, 1, 6, 6))
W = Tensor(RANDOM.normal(size=(3, 3)), requires_grad=True, name="W")
V = Value(2.0, name="V")


def right(example: Any, *others: Any) -> Callable[[Function], Function]:
    def noted(function: Function) -> Function:
        CASES.append(pytest.param(function, example, others, id=function.__name__))
        return function

    return noted


@right(2.0, -1.0, 0.0)
def polynomial(x: Any) -> Any:
    return x * x * x - 2.0 * x + 1.0


@right(2.0, -1.0, 0.0)
def choice(x: Any) -> Any:
    return where(x > 0, x * x, -0.1 * x)


@right(0.5, 3.0, -2.0)
def both_sides(x: Any) -> Any:
    return where((x > 0) & (x < 1), x * x, where((x > 2) | (x == -2), 3.0 * x, x))


@right([2.0, -3.0], [-1.0, 4.0], [1.0, 1.0])
def larger_and_smaller(xs: Any) -> Any:
    return maximum(*xs) * 3.0 + minimum(*xs)


@right(2.0, -0.5, 3.0)
def weighted_by_a_comparison(x: Any) -> Any:
    return (x > 0) * x + (1 - (x > 1)) * x * x


@right([0.1, 0.2, 0.3], [3.0, -1.0, 2.0])
def loop_over_numbers(xs: Any) -> Any:
    y = V
    for x in xs:
        y = (y * x + 1.0).tanh()
    return y


@right({"a": 2.0, "b": [1.0, 3.0]}, {"a": -1.0, "b": [0.5, 0.0]})
def dictionary(xs: Any) -> Any:
    return xs["a"] * xs["b"][0] + xs["b"][1]


@right(3.0, 4.0)
def an_unused_loop_count(x: Any) -> Any:
    for _ in range(3):
        x = x * 0.5 + V
    return x


@right(ROW, OTHER_ROW, -ROW)
def rectified(x: Any) -> Any:
    return f.relu(W @ x).sum() + f.leaky_relu(x, 0.1).sum()


@right(ROW, OTHER_ROW, -ROW)
def masked_sum(x: Any) -> Any:
    return f.sum(x * x, where=x > 0) + f.mean(x, where=np.array([True, False, True]))


@right(ROW, OTHER_ROW)
def mask_of_mean(x: Any) -> Any:
    return (where(x > x.mean(), x, 0.0) * x).sum()


@right(ROW, OTHER_ROW)
def share_above(x: Any) -> Any:
    return (x > 0).mean() * x.sum() + (x > 0).sum() * x[0] + np.sum(x < 1) * x[1]


@right(ROW, OTHER_ROW)
def mask_as_numbers(x: Any) -> Any:
    return ((x > 0).astype(float) * x + (x > 1).astype(int) * x * x).sum()


@right(ROW, OTHER_ROW)
def numpys_names(x: Any) -> Any:
    return np.sum(np.where(np.greater(x, 0.0), np.exp(-x), np.maximum(x, -1.0)) ** 2)


@right(ROW, OTHER_ROW)
def constants_on_the_left(x: Any) -> Any:
    return np.sum((np.array([0.0, 0.0, 1.0]) < x) * x)


@right(ROW, OTHER_ROW)
def logical_functions(x: Any) -> Any:
    between = np.logical_and(x > -1, np.logical_not(x > 1)) ^ np.logical_xor(x > 2, x > 1.5)
    return where(between, x * x, abs(x)).sum()


@right(ROW, OTHER_ROW)
def masked_by_a_constant(x: Any) -> Any:
    return where(np.array([True, False, True]), x * x, -1.0).sum()


@right(ROW, OTHER_ROW)
def clamped(x: Any) -> Any:
    return (f.clip(x, -1.0, 1.0) * x).sum() + f.clip(x.sum(), 0.0, 1.0)


@right(ROW, OTHER_ROW)
def constant_index(x: Any) -> Any:
    return x[[0, 0, 2]].sum() * x[1] + x[np.array([False, True, True])].sum() + x[-1:].sum()


@right(ROW, OTHER_ROW)
def written_at_constants(x: Any) -> Any:
    return (x.at[1].set(x[0] * 2.0).at[[0, 0]].add(1.0) * x).sum()


@right(ROW, OTHER_ROW)
def written_where_true(x: Any) -> Any:
    return (where(x < 0, 0.0, x) * x).sum()


@right(ROW, OTHER_ROW)
def without_nan(x: Any) -> Any:
    return f.nan_to_num(x * 2.0).sum() + f.fmax(x, 0.3).sum() + f.sinc(x).sum()


@right(ROW, OTHER_ROW)
def stop_gradient(x: Any) -> Any:
    return (x * x.detach()).sum() + (f.rint(x) - x).detach().sum() * x[0]


@right(ROW, OTHER_ROW)
def largest_as_a_mask(x: Any) -> Any:
    return where(x == x.max(), x * 3.0, x).sum() + x.max() * softmax(x)[0]


@right(2.0, -1.5)
def derivative_inside(x: Any) -> Any:
    return grad(lambda u: tanh(u * V) * u)(x) * x


@right(ROW, OTHER_ROW, -ROW)
def derivative_with_choices_inside(x: Any) -> Any:
    slope = grad(lambda u: (maximum(u, 1.0 - x) + abs(u) + where(u > 0.3, u * u, u)).sum())(x)
    return (slope * x).sum() + (grad(lambda u: u.max() * u.sum())(x) * x).sum()


@right(ROW, OTHER_ROW)
def in_order(x: Any) -> Any:
    ranked = f.sort(x) * np.array([1.0, 2.0, 3.0])
    return ranked.sum() + f.median(x) * x[0] + f.quantile(x, [0.3, 0.9]).sum()


@right(ROW, OTHER_ROW)
def printed(x: Any) -> Any:
    y = x * x
    print(y, f"{y}", f"{y.sum():.3f}", repr(x), y.shape, len(y), y.dtype, y.describe())
    return y.sum()


@right(MATRIX, OTHER_MATRIX)
def statistics(x: Any) -> Any:
    return (x.std(axis=0) + x.var(axis=0) + x.mean(axis=0)).sum() + logsumexp(x) + x.ptp()


@elementwise(lambda xp, y, x: xp.where(x > 0, 2.0 * x, 0.0))
def squared_rectifier(xp: Any, x: Any) -> Any:
    return xp.where(x > 0, x * x, 0.0)


@right(ROW, OTHER_ROW)
def an_operation_of_ones_own(x: Any) -> Any:
    return (squared_rectifier(x) * x).sum()


@right(np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([[1.0, -0.2], [-0.2, 3.0]]))
def solved(a: Any) -> Any:
    return np.linalg.solve(a, np.ones(2)).sum() + np.linalg.inv(a).sum()


@right(np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([[1.0, -0.2], [-0.2, 3.0]]))
def positive_definite(a: Any) -> Any:
    return np.linalg.cholesky(a).sum()


@right(np.array([[0.25, 0.75]]), np.array([[0.0, 1.0]]), np.array([[0.5, 0.5]]))
def entropies(t: Any) -> Any:
    log_q = Tensor(np.log([[0.3, 0.7]]))
    return nn.kl_div(log_q, t, reduction="sum") + nn.poisson_nll_loss(log_q, 4.0 * t, full=True)


@right(np.array([0.5, 2.0]), np.array([1e-9, 3.0]))
def variances_with_a_floor(v: Any) -> Any:
    return nn.gaussian_nll_loss(Tensor([0.0, 1.0]), np.array([1.0, 1.5]), v, eps=0.1)


# --- modules -----------------------------------------------------------------------------------------


def module(make: Callable[[], Any], example: Any, *others: Any) -> None:
    """The sum of squares of what a module gives, trained by its parameters too."""
    model = make().eval()

    def loss(x: Any) -> Any:
        y = model(x)
        y = y[0] if isinstance(y, tuple) else y
        return (y * y).sum() + y.mean()

    name = type(model).__name__
    taken = sum(case.id.startswith(name) for case in CASES)
    CASES.append(pytest.param(loss, example, others, id=f"{name}{taken or ''}"))


SEQUENCE, OTHER_SEQUENCE = RANDOM.normal(size=(2, 2, 4, 3))
module(lambda: nn.MLP([3, 4, 2], generator=0), MATRIX, OTHER_MATRIX)
module(lambda: nn.RNN(3, 4, generator=0), SEQUENCE, OTHER_SEQUENCE)
module(lambda: nn.LSTM(3, 4, generator=0), SEQUENCE, OTHER_SEQUENCE)
module(lambda: nn.GRU(3, 4, generator=0), SEQUENCE, OTHER_SEQUENCE)
module(lambda: nn.Conv2d(1, 2, 3, generator=0), IMAGES, OTHER_IMAGES)
module(lambda: nn.MaxPool2d(2), IMAGES, OTHER_IMAGES)
module(lambda: nn.AvgPool2d(2), IMAGES, OTHER_IMAGES)
module(lambda: nn.LayerNorm(3), MATRIX, OTHER_MATRIX)
module(lambda: nn.GroupNorm(1, 3), MATRIX, OTHER_MATRIX)
module(lambda: nn.BatchNorm1d(3), MATRIX, OTHER_MATRIX)
module(lambda: nn.BatchNorm1d(3, track_running_stats=False), MATRIX, OTHER_MATRIX)
module(lambda: nn.Dropout(0.5), MATRIX, OTHER_MATRIX)
module(nn.ELU, MATRIX, OTHER_MATRIX)
module(nn.Hardtanh, MATRIX, OTHER_MATRIX)
module(nn.Softplus, MATRIX, OTHER_MATRIX)
module(lambda: nn.TransformerEncoderLayer(4, 2, 8, generator=0), *RANDOM.normal(size=(2, 2, 3, 4)))

TABLE = nn.Embedding(5, 3, padding_idx=0, generator=0)
ATTENTION = nn.MultiheadAttention(4, 2, batch_first=True, generator=0)
CLASSES = np.array([2, 0, 1, 1, 0])


@right(ROW, OTHER_ROW)
def embedding_with_indices_of_its_own(x: Any) -> Any:
    return (TABLE([3, 0, 1]) * x).sum()


@right(MATRIX, OTHER_MATRIX)
def cross_entropy_with_classes_of_its_own(x: Any) -> Any:
    return nn.cross_entropy(x, CLASSES) + nn.cross_entropy(x, CLASSES, label_smoothing=0.1)


@right((MATRIX, CLASSES), (OTHER_MATRIX, CLASSES[::-1]), (MATRIX, np.array([-100, 1, 2, 0, -100])))
def cross_entropy_with_classes(xs: Any) -> Any:
    return nn.cross_entropy(*xs) + nn.cross_entropy(*xs, label_smoothing=0.1)


@right((MATRIX, np.eye(3)[CLASSES]), (OTHER_MATRIX, np.eye(3)[CLASSES[::-1]]))
def cross_entropy_with_one_hot(xs: Any) -> Any:
    return nn.cross_entropy(*xs) + nn.bce_with_logits(*xs)


@right(
    (np.array([0.5, -2.0]), np.array([1.0, -1.0])), (np.array([3.0, 0.1]), np.array([-1.0, -1.0]))
)
def margins(xs: Any) -> Any:
    return nn.hinge_loss(*xs)


@right(RANDOM.normal(size=(2, 3, 4)), RANDOM.normal(size=(2, 3, 4)))
def masked_attention(x: Any) -> Any:
    y, _ = ATTENTION(x, x, x, attn_mask=~np.tri(3, dtype=bool))
    return (y * y).sum()


@right((RANDOM.normal(size=(3, 4)), np.zeros((3, 3))),
       (RANDOM.normal(size=(3, 4)), np.where(np.tri(3, k=-1), 0.0, -np.inf)))  # fmt: skip
def attention_with_a_mask_given(xs: Any) -> Any:
    y = nn.scaled_dot_product_attention(xs[0], xs[0], xs[0], attn_mask=xs[1])
    return (y * y).sum()


VAE = nn.VAE.dense((6, 4, 2), generator=0)


@right(SEQUENCE, OTHER_SEQUENCE)
def unrolled_by_hand(x: Any) -> Any:
    h = np.zeros((2, 3))
    for t in range(4):
        with scope(f"step{t}"):
            h = tanh(x[:, t] @ W + h).named(f"h_{t}")
    return stack([h, h * h]).sum()


# --- against the eager engine ------------------------------------------------------------------------


def alike(a: Any, b: Any) -> None:
    if isinstance(b, dict):
        assert a.keys() == b.keys()
        a, b = list(a.values()), list(b.values())
    if isinstance(b, (list, tuple)):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            alike(x, y)
    else:
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


def eager(function: Function, x: Any) -> tuple[Any, Any]:
    """Value and gradient by a graph of this call: of Values, as programs have it, where there is no array."""
    if any(isinstance(part, np.ndarray) for part in tree_leaves(x)):
        return value_and_grad(function)(x)
    leaves = tree_map(Value, x)
    y = function(leaves)
    adjoint = Tape(y).adjoints()
    return y.item(), tree_map(lambda leaf: adjoint.get(leaf, 0.0), leaves)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize(("function", "example", "others"), CASES)
def test_a_program_is_the_function_at_other_numbers_too(function, example, others, capsys):
    program = trace(function, example)
    for x in (example, *others):
        y, slope = program.value_and_grad(x)
        eager_y, eager_slope = eager(function, x)
        alike(y, eager_y)
        alike(slope, eager_slope)


@pytest.mark.parametrize(("function", "example", "others"), CASES)
def test_comparing_recordings_leaves_the_graph_that_one_call_gives(function, example, others):
    with record_lines():
        program = trace(function, example)
    assert not any(node.grad is not None for node in program.graph.leaves)


def test_a_vae_takes_other_noise_with_each_call():
    x, other_x = np.abs(np.sin(RANDOM.normal(size=(2, 2, 6))))
    eps, other_eps = RANDOM.normal(size=(2, 2, 2))
    program = trace(lambda x, eps: -VAE(x, eps=eps).sum(), x, eps)
    for a, e in ((x, eps), (other_x, other_eps)):
        y, slope = program.value_and_grad(a, e)
        eager_y, eager_slope = value_and_grad(lambda x, e=e: -VAE(x, eps=e).sum())(a)
        alike((y, slope), (eager_y, eager_slope))


def test_a_program_of_weights_alone_reads_them_at_each_call():
    w = Tensor([1.0, 2.0], requires_grad=True)
    program = trace(lambda: (w * w).sum())  # noqa: PLW0108 - w * w is what is recorded
    assert program.value() == 5.0
    w.data = [3.0, 4.0]
    assert program.value() == 25.0
    w.update_(lambda a: np.multiply(a, 2.0, out=a))
    assert program.backward() == 100.0
    np.testing.assert_array_equal(w.grad, [12.0, 16.0])
