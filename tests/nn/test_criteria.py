"""Every loss as a module is torch's for all its options: value and the gradient by every operand."""

import itertools
import warnings

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, gradcheck
from autograd_lite.errors import OperandError, ShapeError
from tests.nn.oracle import assert_close, assert_same_function, torch

SHAPES = [(), (4,), (3, 4), (2, 3, 4)]
LABELS = {"mean", "sum", "none"}


def normal(rng, shape):
    return rng.normal(size=shape)


def positive(rng, shape):
    return rng.uniform(0.1, 2.0, shape)


def inside(rng, shape):
    return rng.uniform(0.05, 0.95, shape)


def signs(rng, shape):
    return rng.choice([-1.0, 1.0], shape)


def counts(rng, shape):
    return np.asarray(rng.integers(0, 6, shape), float)


# name: how its operands are drawn, how many of them (the first) have a gradient, options
CRITERIA = {
    "MSELoss": ((normal, normal), 2, {}),
    "L1Loss": ((normal, normal), 2, {}),
    "BCELoss": ((inside, inside), 1, {}),
    "BCEWithLogitsLoss": ((normal, inside), 2, {}),
    "HuberLoss": ((normal, normal), 2, {"delta": [1.0, 0.3, 50.0]}),
    "SmoothL1Loss": ((normal, normal), 2, {"beta": [1.0, 0.3, 0.0]}),
    "KLDivLoss": ((normal, positive), 2, {"log_target": [False, True]}),
    "PoissonNLLLoss": (
        (positive, counts), 1, {"log_input": [True, False], "full": [False, True], "eps": [1e-8, 0.1]}
    ),
    "GaussianNLLLoss": ((normal, normal, positive), 3, {"full": [False, True], "eps": [1e-6, 0.5]}),
    "MarginRankingLoss": ((normal, normal, signs), 2, {"margin": [0.0, 0.7]}),
    "HingeEmbeddingLoss": ((positive, signs), 1, {"margin": [1.0, 0.4]}),
    "SoftMarginLoss": ((normal, signs), 1, {}),
}  # fmt: skip


def combinations(name):
    options = CRITERIA[name][2] | {"reduction": ["mean", "sum", "none"]}
    if name == "KLDivLoss":
        options["reduction"].append("batchmean")
    return [
        dict(zip(options, chosen, strict=True)) for chosen in itertools.product(*options.values())
    ]


def quietly(module):
    """torch warns of its own mean of KLDivLoss."""

    def call(*operands):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return module(*operands)

    return call


def compare(ours, theirs, operands, of_them):
    """Value and gradients; the operands after the first `of_them` are constants."""
    fixed = operands[of_them:]
    assert_same_function(
        lambda *xs: ours(*xs, *fixed),
        lambda *xs: quietly(theirs)(*xs, *map(torch.tensor, fixed)),
        *operands[:of_them],
    )


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", CRITERIA)
def test_every_criterion_is_torchs_for_all_its_options(name, shape):
    draws, of_them, _ = CRITERIA[name]
    rng = np.random.default_rng(5)
    for options in combinations(name):
        operands = [draw(rng, shape) for draw in draws]
        compare(getattr(nn, name)(**options), getattr(torch.nn, name)(**options), operands, of_them)


@pytest.mark.parametrize("name", CRITERIA)
def test_every_criterion_keeps_float32(name):
    rng = np.random.default_rng(1)
    operands = [draw(rng, (3, 4)).astype(np.float32) for draw in CRITERIA[name][0]]
    x = Tensor(operands[0], requires_grad=True)
    loss = getattr(nn, name)()(x, *operands[1:])
    loss.backward()
    assert loss.dtype == x.grad.dtype == np.float32


@pytest.mark.parametrize("name", ["HuberLoss", "SmoothL1Loss", "KLDivLoss", "PoissonNLLLoss"])
def test_second_derivatives_of_the_new_losses_are_the_differences(name):
    rng = np.random.default_rng(2)
    x, t = (draw(rng, (3,)) for draw in CRITERIA[name][0])
    gradcheck(lambda x: getattr(nn, name)()(x, t), x, order=2)


@pytest.mark.parametrize("shape", [(5,), (6, 5)])
@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("p", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("reduction", sorted(LABELS))
def test_triplets_are_torchs(shape, swap, p, reduction):
    operands = np.random.default_rng(3).normal(size=(3, *shape))
    options = {"margin": 0.8, "p": p, "swap": swap, "reduction": reduction}
    compare(nn.TripletMarginLoss(**options), torch.nn.TripletMarginLoss(**options), operands, 3)


@pytest.mark.parametrize("shape", [(5,), (6, 5)])
@pytest.mark.parametrize("reduction", sorted(LABELS))
def test_cosine_embedding_is_torchs(shape, reduction):
    rng = np.random.default_rng(4)
    operands = [*rng.normal(size=(2, *shape)), signs(rng, shape[:-1])]
    options = {"margin": 0.2, "reduction": reduction}
    compare(nn.CosineEmbeddingLoss(**options), torch.nn.CosineEmbeddingLoss(**options), operands, 2)


# --- weights --------------------------------------------------------------------------------------


@pytest.mark.parametrize("reduction", sorted(LABELS))
@pytest.mark.parametrize("weight", [None, (4,), (3, 1), (3, 4)])
@pytest.mark.parametrize("pos_weight", [None, (), (4,), (1, 4), (3, 4)])
def test_bce_with_logits_takes_torchs_weights(reduction, weight, pos_weight):
    rng = np.random.default_rng(6)
    weights = {
        name: None if shape is None else rng.uniform(0.2, 3.0, shape)
        for name, shape in (("weight", weight), ("pos_weight", pos_weight))
    }
    theirs = torch.nn.BCEWithLogitsLoss(
        reduction=reduction,
        **{k: None if w is None else torch.tensor(w) for k, w in weights.items()},
    )
    ours = nn.BCEWithLogitsLoss(reduction=reduction, **weights)
    compare(ours, theirs, [rng.normal(0.0, 5.0, (3, 4)), rng.uniform(size=(3, 4))], 2)
    assert ours.state_dict().keys() == theirs.state_dict().keys()
    ours.load_state_dict(theirs.state_dict())


@pytest.mark.parametrize("name", ["CrossEntropyLoss", "NLLLoss", "BCELoss"])
def test_a_weight_is_the_first_argument_and_part_of_the_state(name):
    w = [1.0, 2.0, 0.5]
    ours, theirs = getattr(nn, name)(w), getattr(torch.nn, name)(torch.tensor(w).double())
    assert ours.state_dict().keys() == theirs.state_dict().keys() == {"weight"}
    rng = np.random.default_rng(7)
    t = rng.uniform(size=(4, 3)) if name == "BCELoss" else rng.integers(0, 3, 4)
    compare(ours, theirs, [rng.uniform(0.1, 0.9, (4, 3)), t], 1)
    assert not getattr(nn, name)().state_dict()


@pytest.mark.parametrize("var", [2.0, (), (5, 1, 4), (1, 3, 4), (5, 3), (5, 3, 1), (5, 3, 4)])
def test_a_gaussians_variance_may_have_torchs_shapes(var):
    rng = np.random.default_rng(8)
    v = var if isinstance(var, float) else rng.uniform(0.1, 2.0, var)
    mu, t = rng.normal(size=(2, 5, 3, 4))
    theirs = torch.tensor(v) if var != () and not isinstance(var, float) else float(v)
    assert_same_function(
        lambda mu, t: nn.GaussianNLLLoss()(mu, t, v),
        lambda mu, t: torch.nn.GaussianNLLLoss()(mu, t, theirs), mu, t,
    )  # fmt: skip


# --- broadcasting ---------------------------------------------------------------------------------

PAIRS = [((3, 1), (3,)), ((4,), (3, 4)), ((3, 4), ()), ((2, 1, 4), (3, 1))]
BROADCAST = ["MSELoss", "L1Loss", "HuberLoss", "SmoothL1Loss", "KLDivLoss", "PoissonNLLLoss"]


@pytest.mark.parametrize("shapes", PAIRS, ids=str)
@pytest.mark.parametrize("name", BROADCAST)
def test_targets_of_another_shape_are_broadcast_as_in_torch_with_a_warning(name, shapes):
    rng = np.random.default_rng(9)
    y, t = (rng.uniform(0.1, 1.0, shape) for shape in shapes)

    def ours(*operands):
        with pytest.warns(UserWarning, match="each is compared with several of the other") as seen:
            loss = getattr(nn, name)(reduction="sum")(*operands)
        assert [w.filename for w in seen] == [__file__]
        return loss

    assert_same_function(ours, quietly(getattr(torch.nn, name)(reduction="sum")), y, t)


@pytest.mark.parametrize("name", BROADCAST)
def test_shapes_that_no_broadcasting_makes_equal_are_refused(name):
    with pytest.raises(ShapeError, match=r"shape \(3, 2\), the target \(3,\), and no broadcasting"):
        getattr(nn, name)()(np.ones((3, 2)), np.ones(3))


# --- conventions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "option"), [("HuberLoss", "delta"), ("SmoothL1Loss", "beta")])
def test_where_square_and_line_meet_the_derivative_is_both_sides(name, option):
    y = Tensor([0.5, -0.5, 0.0], requires_grad=True)
    module = getattr(nn, name)(reduction="sum", **{option: 0.5})
    module(y, np.zeros(3)).backward()
    expected = [0.5, -0.5, 0.0] if name == "HuberLoss" else [1.0, -1.0, 0.0]
    assert_close(y.grad, expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_a_probability_of_0_costs_nothing(dtype):
    x = Tensor([-1.0, -2.0], requires_grad=True)
    loss = nn.KLDivLoss(reduction="sum")(x, np.array([0, 1], dtype))
    loss.backward()
    assert loss.item() == 2.0
    assert np.array_equal(x.grad, [0.0, -1.0])


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda: nn.HuberLoss(reduction="avg"), OperandError, "reduction is 'mean'"),
        (lambda: nn.MSELoss(reduction="batchmean"), OperandError, "'mean', 'sum' or 'none', not"),
        (lambda: nn.kl_div([0.0], [1.0], "avg"), OperandError, "'batchmean', 'mean', 'sum'"),
        (lambda: nn.huber_loss([0.0], [1.0], delta=0.0), OperandError, "delta is a number above 0"),
        (lambda: nn.smooth_l1_loss([0.0], [1.0], beta=-1.0), OperandError, "beta is a finite number"),
        (lambda: nn.CrossEntropyLoss(label_smoothing=2.0), OperandError, r"label_smoothing lies in"),
        (lambda: nn.CrossEntropyLoss([1.0])([[0.0, 1.0]], [0]), ShapeError, "each of the 2 classes"),
        (lambda: nn.NLLLoss([1.0] * 3)([[0.0, 1.0]], [0]), ShapeError, "each of the 2 classes"),
        (lambda: nn.BCELoss([1.0, 2.0])([0.5] * 3, [1.0] * 3), ShapeError, "weight has shape"),
        (lambda: nn.BCEWithLogitsLoss(pos_weight=[1.0, 2.0])([0.5], [1.0]), ShapeError, "pos_weight has"),
        (lambda: nn.MarginRankingLoss()([1.0], [1.0], [1.0, 1.0]), ShapeError, r"x1 \(1,\), .* \(2,\)"),
        (lambda: nn.HingeEmbeddingLoss()([1.0], [0.0]), OperandError, r"2\*t - 1"),
        (lambda: nn.CosineEmbeddingLoss()(np.ones((2, 3)), np.ones((2, 3)), [1]), ShapeError, "targets"),
        (lambda: nn.CosineEmbeddingLoss()([1.0], [1.0], 0), OperandError, r"2\*t - 1"),
        (lambda: nn.TripletMarginLoss(p=0.0)([1.0], [1.0], [1.0]), OperandError, "p is a number above 0"),
    ],
)  # fmt: skip
def test_what_has_no_meaning_is_refused(wrong, error, words):
    with pytest.raises(error, match=words):
        wrong()
