"""What people build in PyTorch gives the same numbers and gradients here, and is left as it was."""

import copy

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="no oracle: pip install torch")

from torch import nn

from autograd_lite import Tape
from autograd_lite.interop import from_torch
from tests.autograd_lite.interop.pytorch import models
from tests.autograd_lite.interop.pytorch.comparing import agreeing, numbers

WORDS = torch.tensor([[1, 2, 0], [3, 3, 6]])
IMAGE = numbers(2, 1, 8, 8)
SEQUENCE = numbers(4, 2, 2)
ROWS = numbers(2, 3, 4)
MODELS = {
    "MLP": (lambda: nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)), numbers(5, 2)),
    "LSTM": (lambda: nn.LSTM(2, 3, 2, dropout=0.5, bidirectional=True), SEQUENCE),
    "LSTM with projections": (lambda: nn.LSTM(2, 3, proj_size=2, batch_first=True), SEQUENCE),
    "LSTMCell loop": (models.LSTMLoop, SEQUENCE),
    "GRU": (lambda: nn.GRU(2, 3, 2, bias=False), SEQUENCE),
    "RNN": (lambda: nn.RNN(2, 3, nonlinearity="relu"), numbers(4, 2)),
    "autoencoder": (models.autoencoder, IMAGE),
    "convnet in training": (models.small_convnet, IMAGE),
    "convnet in evaluation": (lambda: models.small_convnet().eval(), IMAGE),
    "VAE": (models.VAE, torch.sigmoid(numbers(2, 4))),
    "residual": (models.ResidualNet, IMAGE),
    "tied embedding": (models.Tied, WORDS),
    "detached": (models.Detached, numbers(2, 3)),
    "encoder layer in training": (lambda: nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), ROWS),
    "encoder layer in evaluation": (
        lambda: nn.TransformerEncoderLayer(4, 2, 8, batch_first=True).eval(),
        ROWS,
    ),
    "encoder": (
        lambda: nn.TransformerEncoder(
            nn.TransformerEncoderLayer(4, 2, 8, activation="gelu", norm_first=True), 2,
            enable_nested_tensor=False,
        ).eval(),
        ROWS,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_values_and_gradients_are_torchs(name):
    torch.manual_seed(1)
    make, inputs = MODELS[name]
    agreeing(make().double(), inputs)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("weights", [False, True])
def test_attention_with_a_mask_and_with_its_weights(masked, weights):
    mask = torch.tensor([[False, True, False], [False, False, True]]) if masked else None
    attention = nn.MultiheadAttention(4, 2, batch_first=True).double()
    q, k, v = (numbers(2, 3, 4, seed=s) for s in range(3))
    graph = agreeing(attention, q, k, v, key_padding_mask=mask, need_weights=weights)
    assert len(graph.outputs) == 1 + weights  # None is left out
    assert [x.name for x in graph.inputs] == ["query", "key", "value"]


def test_an_encoder_takes_a_causal_mask():
    layer = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)
    encoder = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False).double().eval()
    mask = torch.triu(torch.ones(3, 3, dtype=torch.bool), 1)
    agreeing(encoder, numbers(2, 3, 4), mask=mask)


def test_what_is_given_twice_is_one_variable():
    attention, x = nn.MultiheadAttention(4, 2, batch_first=True).double(), numbers(2, 3, 4)
    graph = from_torch(attention, x, x, x)
    assert graph.inputs[0] is graph.inputs[1] is graph.inputs[2]
    x.requires_grad_()
    attention(x, x, x)[0].sum().backward()
    graph.outputs[0].sum().backward()
    np.testing.assert_allclose(graph.inputs[0].grad, x.grad.numpy(), 1e-13, 1e-13)


def test_what_is_detached_in_place_passes_nothing_on():
    class InPlace(nn.Module):
        def forward(self, x):
            y = x * 2
            y.detach_()
            return y * x

    agreeing(InPlace(), numbers(3))


def test_what_is_detached_may_be_written_elsewhere():
    class Elsewhere(nn.Module):
        def forward(self, x):
            y = torch.zeros(3, dtype=x.dtype)
            y[1:] = x.detach()[1:]
            y[0] = x[0]
            return y * x

    agreeing(Elsewhere(), numbers(3))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_models_own_dtype_is_kept(dtype):
    model = models.small_convnet().to(dtype)
    graph = from_torch(model, IMAGE.to(dtype))
    kinds = {t.dtype for t in (*graph.inputs, *graph.outputs, *graph.parameters.values())}
    assert kinds == {np.dtype(str(dtype).removeprefix("torch."))}
    np.testing.assert_allclose(
        graph.outputs[0].numpy(), model(IMAGE.to(dtype)).detach().numpy(), 1e-4, 1e-4
    )


@pytest.mark.parametrize("make", [lambda: nn.LSTM(2, 3), models.LSTMLoop])
def test_the_model_is_not_changed(make):
    model = make().double()
    state, flags = copy.deepcopy(model.state_dict()), vars(model).copy()
    graph = from_torch(model, SEQUENCE)
    assert vars(model) == flags
    assert all(torch.equal(x, state[name]) for name, x in model.state_dict().items())
    assert all(p.grad is None for p in model.parameters())
    for parameter in graph.parameters.values():
        parameter.data = parameter.numpy() + 1.0
    assert all(torch.equal(x, state[name]) for name, x in model.state_dict().items())


def test_running_statistics_are_not_moved_by_an_import_in_training():
    model = models.small_convnet().double()
    before = copy.deepcopy(dict(model.named_buffers()))
    from_torch(model, IMAGE)
    assert all(torch.equal(x, before[name]) for name, x in model.named_buffers())


def test_tied_weights_are_one_leaf_under_both_names_and_frozen_ones_are_constants():
    graph = from_torch(models.Tied().double(), WORDS)
    assert graph.parameters["embed.weight"] is graph.parameters["out.weight"]
    assert list(graph.parameters) == ["frozen", "embed.weight", "out.weight"]
    assert not graph.parameters["frozen"].requires_grad
    assert graph.inputs == ()  # integers are fixed


def test_draws_are_inputs_after_the_arguments():
    graph = from_torch(models.VAE().double(), torch.sigmoid(numbers(2, 4)))
    assert [x.name for x in graph.inputs] == ["x", "eps"]
    dropout = from_torch(nn.Dropout(0.5), numbers(100))
    mask = dropout.inputs[1].numpy()
    assert set(mask) == {0.0, 2.0}
    assert dropout.inputs[1].name == "draw"
    np.testing.assert_array_equal(dropout.outputs[0].numpy(), numbers(100).numpy() * mask)


def test_outputs_in_dicts_and_tuples_come_in_order():
    class Several(nn.Module):
        def forward(self, x, scale=1.0):
            return {"double": 2 * x, "rest": (x.argmax(), None, 7), "name": "text"}

    graph = from_torch(Several(), numbers(3), scale=2.0)
    double, place, seven = graph.outputs
    np.testing.assert_array_equal(double.numpy(), 2 * numbers(3).numpy())
    assert place.item() == int(numbers(3).argmax())
    assert seven.item() == 7.0
    assert not place.requires_grad


def test_a_graph_holds_for_other_inputs_where_numbers_are_compared():
    """`where` and its like are decided anew when the graph is evaluated again."""

    class Kinks(nn.Module):
        def forward(self, x):
            return torch.where(x > 0, x * x, -x) + torch.clamp(x, -0.5, 0.5) + (x < 1).double()

    graph = from_torch(Kinks(), numbers(6))
    other = numbers(6, seed=1)
    graph.inputs[0].data = other.numpy()
    tape = Tape(graph.outputs[0])
    tape.evaluate()
    np.testing.assert_allclose(graph.outputs[0].numpy(), Kinks()(other).numpy(), 1e-15)
