"""Layers give torch's outputs and gradients, and refuse what they cannot take by name."""

import math

import numpy as np
import pytest

import nn
from autograd_lite import Tensor
from autograd_lite.errors import AutogradError, IndexingError, OperandError, ShapeError
from tests.nn.oracle import assert_close, assert_same_function, assert_same_module, torch

SEEDS = range(6)


def draws(seed):
    return np.random.default_rng(seed)


# --- Linear ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_linear_is_torchs(seed):
    rng = draws(seed)
    n_in, n_out = rng.integers(1, 9, 2)
    bias = bool(rng.integers(2))
    lead = tuple(rng.integers(1, 4, rng.integers(0, 4)))
    x = rng.normal(size=(*lead, n_in))
    ours, theirs = nn.Linear(int(n_in), int(n_out), bias), torch.nn.Linear(n_in, n_out, bias)
    assert_same_module(ours, theirs, x)


def test_linear_starts_within_torchs_bounds_and_is_reproducible():
    a, b = nn.Linear(100, 50, generator=3), nn.Linear(100, 50, generator=3)
    assert np.array_equal(a.weight.numpy(), b.weight.numpy())
    assert np.abs(a.weight.numpy()).max() <= 0.1
    # uniform on ±0.1: standard deviation 0.1/√3
    assert a.weight.numpy().std() == pytest.approx(0.1 / 3**0.5, rel=0.02)


def test_wrong_features_are_said_with_the_dotted_name():
    net = nn.Sequential({"encoder": nn.Sequential(nn.Linear(4, 3), nn.Linear(2, 1))}).named("net")
    with pytest.raises(
        ShapeError, match=r"net\.encoder\.1 expected 2 features .* got shape \(5, 3\)"
    ):
        net(np.ones((5, 4)))


@pytest.mark.parametrize("size", [0, -1, 2.5, "3", True, None])
def test_linear_refuses_sizes_that_are_none(size):
    with pytest.raises(OperandError, match="in_features is a whole number of at least 1"):
        nn.Linear(size, 2)


def test_a_number_is_no_input_of_linear():
    with pytest.raises(ShapeError, match="Linear expected 3 features"):
        nn.Linear(3, 2)(1.0)


# --- activations ----------------------------------------------------------------------------------

ACTIVATIONS = [
    (nn.Identity(), torch.nn.Identity()),
    (nn.Sigmoid(), torch.nn.Sigmoid()),
    (nn.Tanh(), torch.nn.Tanh()),
    (nn.ReLU(), torch.nn.ReLU()),
    (nn.LeakyReLU(), torch.nn.LeakyReLU()),
    (nn.LeakyReLU(0.2), torch.nn.LeakyReLU(0.2)),
    (nn.ELU(), torch.nn.ELU()),
    (nn.ELU(0.7), torch.nn.ELU(0.7)),
    (nn.GELU(), torch.nn.GELU()),
    (nn.SiLU(), torch.nn.SiLU()),
    (nn.GELU("tanh"), torch.nn.GELU("tanh")),
    (nn.Softplus(), torch.nn.Softplus()),
    (nn.Softplus(3.0, 5.0), torch.nn.Softplus(3.0, 5.0)),
    (nn.Softplus(0.5, math.inf), torch.nn.Softplus(0.5, 1e6)),
    (nn.ReLU6(), torch.nn.ReLU6()),
    (nn.SELU(), torch.nn.SELU()),
    (nn.CELU(), torch.nn.CELU()),
    (nn.CELU(2.5), torch.nn.CELU(2.5)),
    (nn.Mish(), torch.nn.Mish()),
    (nn.Hardswish(), torch.nn.Hardswish()),
    (nn.LogSigmoid(), torch.nn.LogSigmoid()),
    (nn.Softsign(), torch.nn.Softsign()),
    (nn.Tanhshrink(), torch.nn.Tanhshrink()),
    (nn.Softshrink(), torch.nn.Softshrink()),
    (nn.Softshrink(1.5), torch.nn.Softshrink(1.5)),
    (nn.Softmin(0), torch.nn.Softmin(0)),
    (nn.GLU(0), torch.nn.GLU(0)),
    (nn.Softmax(1), torch.nn.Softmax(1)),
    (nn.Softmax(-1), torch.nn.Softmax(-1)),
    (nn.LogSoftmax(0), torch.nn.LogSoftmax(0)),
    (nn.Hardtanh(-0.5, 1.5), torch.nn.Hardtanh(-0.5, 1.5)),
]


@pytest.mark.parametrize(("ours", "theirs"), ACTIVATIONS, ids=lambda m: type(m).__name__)
@pytest.mark.parametrize("scale", [1.0, 30.0])
def test_activations_are_torchs(ours, theirs, scale):
    assert_same_function(ours, theirs, scale * draws(1).normal(size=(4, 5, 3)))


@pytest.mark.parametrize(("ours", "_"), ACTIVATIONS, ids=lambda m: type(m).__name__)
def test_activations_keep_float32_and_take_lists(ours, _):
    x = Tensor(np.linspace(-2.0, 2.0, 40).reshape(4, 5, 2).astype(np.float32), requires_grad=True)
    y = ours(x)
    assert y.dtype == np.float32
    assert np.allclose(ours(x.numpy().tolist()), y.numpy(), atol=1e-6)


def test_hardsigmoid_is_three_lines():
    """torch's own gradient is a sixth in float32 even of float64."""
    x = Tensor([-4.0, -1.0, 0.0, 2.0, 5.0], requires_grad=True)
    y = nn.Hardsigmoid()(x)
    y.sum().backward()
    assert np.allclose(y.numpy(), np.clip(x.numpy() / 6 + 0.5, 0, 1), rtol=1e-15)
    assert_close(y, torch.nn.Hardsigmoid()(torch.tensor(x.numpy())))
    assert np.allclose(x.grad, [0, 1 / 6, 1 / 6, 1 / 6, 0], rtol=1e-15)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 4), (2, 3, 4, 2)])
def test_prelu_is_torchs(channels, shape):
    ours, theirs = (m.PReLU(channels, init=0.3) for m in (nn, torch.nn))
    assert_same_module(ours, theirs, draws(3).normal(size=shape))
    assert ours.state_dict().keys() == theirs.state_dict().keys()
    assert nn.PReLU()(Tensor(-2.0)).shape == ()


@pytest.mark.parametrize("name", ["Softmax", "LogSoftmax", "Softmin"])
def test_a_softmax_of_no_said_axis_takes_the_last_of_two_and_asks_for_it_beyond(name):
    rows = draws(4).normal(size=(3, 4))
    for x in (rows, rows[0]):
        assert_same_function(getattr(nn, name)(), getattr(torch.nn, name)(x.ndim - 1), x)
    with pytest.raises(ShapeError, match="write dim=-1"):
        getattr(nn, name)()(np.ones((2, 3, 4)))
    with pytest.raises(ShapeError, match="no such axis"):
        getattr(nn, name)(2)(np.ones((2, 3)))


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda: nn.GELU("erf"), OperandError, "'none' or 'tanh', not 'erf'"),
        (lambda: nn.Softplus(0.0), OperandError, "beta is a finite number above 0"),
        (lambda: nn.CELU(0.0), OperandError, "divides by alpha"),
        (lambda: nn.Softshrink(-1.0), OperandError, "lambd is a finite number of at least 0"),
        (lambda: nn.PReLU(3)(np.ones((2, 4))), ShapeError, "has 3 slopes"),
        (lambda: nn.GLU()(np.ones(3)), ShapeError, "even length"),
    ],
)
def test_activations_refuse_what_they_cannot_be(wrong, error, words):
    with pytest.raises(error, match=words):
        wrong()


# --- Dropout --------------------------------------------------------------------------------------


def test_dropout_keeps_the_mean_and_its_gradient_is_its_mask():
    dropout = nn.Dropout(0.3, generator=0)
    x = Tensor(np.ones((200, 100)), requires_grad=True)
    y = dropout(x)
    kept = y.numpy() != 0
    assert kept.mean() == pytest.approx(0.7, abs=0.01)
    assert np.allclose(y.numpy()[kept], 1 / 0.7)
    y.sum().backward()
    assert np.array_equal(x.grad, y.numpy())


def test_dropout_is_reproducible_and_off_in_use():
    x = np.ones(50)
    again = [nn.Dropout(0.5, generator=4)(x) for _ in range(2)]
    assert np.array_equal(*again)
    assert np.array_equal(nn.Dropout(0.5).eval()(x), x)


def test_dropout_of_everything_is_zero():
    assert np.array_equal(nn.Dropout(1.0, generator=0)(np.ones(5)), np.zeros(5))


def test_dropout_keeps_float32():
    assert nn.Dropout(0.5, generator=0)(Tensor(np.ones(3, np.float32))).dtype == np.float32


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_dropout_refuses_what_is_no_probability(p):
    with pytest.raises(OperandError, match="probability"):
        nn.Dropout(p)


# --- Embedding ------------------------------------------------------------------------------------


@pytest.mark.parametrize("padding", [None, 0, -2])
@pytest.mark.parametrize("seed", SEEDS)
def test_embedding_is_torchs_also_for_repeated_words(padding, seed):
    rng = draws(seed)
    index = rng.integers(0, 5, tuple(rng.integers(1, 5, rng.integers(0, 4))))
    ours = nn.Embedding(5, 3, padding, generator=0)
    theirs = torch.nn.Embedding(5, 3, padding)
    ours.load_state_dict(theirs.state_dict())
    direction = rng.normal(size=(*index.shape, 3))
    y, u = ours(index), theirs(torch.tensor(index))
    assert_close(y, u)
    y.backward(direction)
    u.backward(torch.tensor(direction))
    assert_close(ours.weight.grad, theirs.weight.grad)


@pytest.mark.parametrize(
    ("index", "error", "words"),
    [
        ([3], IndexingError, "no row 3"),
        ([-1], IndexingError, "no row -1"),
        ([0.5], OperandError, "integers"),
    ],
)
def test_embedding_says_what_is_no_row(index, error, words):
    with pytest.raises(error, match=words):
        nn.Embedding(3, 2)(index)


# --- BatchNorm, LayerNorm -------------------------------------------------------------------------

NORMALIZED = [
    (nn.BatchNorm1d, torch.nn.BatchNorm1d, (6, 3)),
    (nn.BatchNorm1d, torch.nn.BatchNorm1d, (4, 3, 5)),
    (nn.BatchNorm2d, torch.nn.BatchNorm2d, (2, 3, 4, 5)),
]


@pytest.mark.parametrize(("ours", "theirs", "shape"), NORMALIZED)
@pytest.mark.parametrize("momentum", [0.1, 0.5, None])
@pytest.mark.parametrize("affine", [True, False])
def test_batch_norm_is_torchs_in_training_and_in_use(ours, theirs, shape, momentum, affine):
    a, b = ours(3, 1e-3, momentum, affine), theirs(3, 1e-3, momentum, affine)
    for parameter in b.parameters():
        torch.nn.init.normal_(parameter)
    for seed in range(3):
        x = draws(seed).normal(2.0, 3.0, shape)
        assert_same_module(a, b, x)
        for name, array in a.named_buffers():
            assert_close(array, dict(b.named_buffers())[name], name)
    a.eval()
    b.eval()
    assert_same_module(a, b, draws(9).normal(size=shape))


def test_batch_norm_without_running_statistics_is_torchs():
    ours = nn.BatchNorm1d(3, track_running_stats=False)
    theirs = torch.nn.BatchNorm1d(3, track_running_stats=False)
    assert_same_module(ours.eval(), theirs.eval(), draws(0).normal(size=(5, 3)))


def test_batch_norm_says_which_shape_it_takes():
    with pytest.raises(
        ShapeError, match=r"BatchNorm2d expected x of shape \(n, C, H, W\), got \(2, 3\)"
    ):
        nn.BatchNorm2d(3)(np.ones((2, 3)))
    with pytest.raises(ShapeError, match="expected 3 features on axis 1"):
        nn.BatchNorm1d(3)(np.ones((2, 4)))
    with pytest.raises(ShapeError, match="more than one number per feature"):
        nn.BatchNorm1d(3)(np.ones((1, 3)))


@pytest.mark.parametrize(
    ("shape", "last"), [((4, 6), 6), ((2, 3, 4), (3, 4)), ((2, 3, 4), 4), ((5,), (5,))]
)
@pytest.mark.parametrize(("affine", "bias"), [(True, True), (True, False), (False, False)])
def test_layer_norm_is_torchs(shape, last, affine, bias):
    ours, theirs = (
        nn.LayerNorm(last, 1e-4, affine, bias),
        torch.nn.LayerNorm(last, 1e-4, affine, bias),
    )
    for parameter in theirs.parameters():
        torch.nn.init.normal_(parameter)
    assert_same_module(ours, theirs, draws(2).normal(1.0, 2.0, shape))


def test_layer_norm_says_which_shape_it_takes():
    with pytest.raises(
        ShapeError,
        match=r"LayerNorm expected x of shape \(\.\.\., 3, 4\), its normalized_shape, got \(2, 4\)",
    ):
        nn.LayerNorm((3, 4))(np.ones((2, 4)))
    with pytest.raises(OperandError, match="normalized_shape"):
        nn.LayerNorm(())


# --- Sequential and ModuleList --------------------------------------------------------------------


def test_a_row_of_layers_is_torchs_with_torchs_state():
    torch.manual_seed(
        0
    )  # a bias in front of BatchNorm has gradient 0: both sides give rounding noise

    def row(library):
        return library.Sequential(
            library.Linear(4, 5), library.BatchNorm1d(5), library.ReLU(), library.Linear(5, 2)
        )

    assert_same_module(row(nn), row(torch.nn), draws(0).normal(size=(7, 4)))


def test_a_dict_names_the_layers():
    net = nn.Sequential({"first": nn.Linear(2, 3), "second": nn.Linear(3, 1)})
    assert list(net.state_dict()) == ["first.weight", "first.bias", "second.weight", "second.bias"]
    assert net([[1.0, 2.0]]).scope == "Sequential.second"


@pytest.mark.parametrize("name", ["a.b", "forward", "parameters", "training"])
def test_a_dict_cannot_hide_what_a_module_has(name):
    with pytest.raises(OperandError, match="cannot name a module"):
        nn.Sequential({name: nn.Tanh()})


def test_modules_in_a_list_have_its_name():
    class Net(nn.Module):
        def __init__(self):
            self.blocks = nn.ModuleList([nn.Linear(2, 2)])
            self.blocks.append(nn.Linear(2, 2))

        def forward(self, x):
            for block in self.blocks:
                x = block(x)
            return x

    assert Net()(np.ones((1, 2))).scope == "Net.blocks.1"


def test_a_list_holds_modules_only():
    with pytest.raises(OperandError, match="holds Modules"):
        nn.ModuleList([np.tanh])
    with pytest.raises(IndexingError, match="has 1 modules, and no number 3"):
        nn.ModuleList([nn.Tanh()])[3]


def test_every_refusal_is_of_the_projects_tree():
    for wrong in (lambda: nn.Linear(0, 1), lambda: nn.MLP((3,)), lambda: nn.Embedding(0, 1)):
        with pytest.raises(AutogradError):
            wrong()
