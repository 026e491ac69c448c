"""Models that a question may name: their losses by NumPy, their weights by the names in their equations."""

import numpy as np
import pytest

from grading.assignments.graphs import EquationGraph, ModelGraph
from grading.assignments.losses import LOSSES, losses_of
from grading.assignments.models import MODELS

SIZES = {"T": 4, "N": 3, "H": 9, "width": 7, "kernel_size": 3, "sizes": (3, 4, 2)}


def a_graph(name, loss=None):
    sizes = {
        k.name: SIZES.get(k.name, 2) if k.is_required or k.name in SIZES else k.default
        for k in MODELS[name].keys
    }
    return ModelGraph("g", name, sizes, loss or losses_of(name)[0])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def linear(p):
    return p["x"] @ p["W"].T + p["b"]


def perceptron(p):
    return sigmoid(p["x"] @ p["W_1"].T + p["b_1"]) @ p["W_2"].T + p["b_2"]


def rnn(p):
    h, ys = np.zeros((3, 2)), []
    for x in p["x"]:
        h = np.tanh(x @ p["W_xh"].T + h @ p["W_hh"].T + p["b_h"])
        ys.append(h @ p["W_hy"].T + p["b_y"])
    return np.array(ys)


def step(p, x, h, c):
    i, f, o = (sigmoid(x @ p[f"W_{g}"].T + h @ p[f"U_{g}"].T + p[f"b_{g}"]) for g in "ifo")
    c = f * c + i * np.tanh(x @ p["W_c"].T + h @ p["U_c"].T + p["b_c"])
    return o * np.tanh(c), c


def lstm(p):
    h, c, ys = np.zeros((3, 2)), np.zeros((3, 2)), []
    for x in p["x"]:
        h, c = step(p, x, h, c)
        ys.append(h @ p["W_hy"].T + p["b_y"])
    return np.array(ys)


def gru(p):
    h, ys = np.zeros((3, 2)), []
    for x in p["x"]:
        r, z = (sigmoid(x @ p[f"W_{g}"].T + h @ p[f"U_{g}"].T + p[f"b_{g}"]) for g in "rz")
        n = np.tanh(x @ p["W_n"].T + p["b_n"] + r * (h @ p["U_n"].T + p["b_hn"]))
        h = (1 - z) * n + z * h
        ys.append(h @ p["W_hy"].T + p["b_y"])
    return np.array(ys)


def normalized(axis):
    def run(p):
        x = p["x"]
        spread = np.sqrt(x.var(axis=axis, keepdims=True) + 1e-5)
        return p["gamma"] * (x - x.mean(axis=axis, keepdims=True)) / spread + p["beta"]

    return run


def convolved(p):
    windows = np.lib.stride_tricks.sliding_window_view(p["x"], 3, -1)
    return np.einsum("ock,ncjk->noj", p["W"], windows) + p["b"][:, None]


OUTPUTS = {
    "Linear": linear,
    "MLP": perceptron,
    "RNN": rnn,
    "GRU": gru,
    "LSTM": lstm,
    "LSTMCell": lambda p: step(p, p["x"], p["h_0"], p["c_0"])[0],
    "Conv1d": convolved,
    "BatchNorm1d": normalized(0),
    "LayerNorm": normalized(1),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_models_loss_is_what_its_equations_say(name):
    graph = a_graph(name, "half_squared_error")
    point = graph.draw(np.random.default_rng(3))
    expected = 0.5 * np.sum((OUTPUTS[name](point) - point["t"]) ** 2)
    assert graph.nodes(point)["L"].item() == pytest.approx(expected, rel=1e-12)


def test_a_convolution_in_two_dimensions_is_what_its_equation_says():
    graph = a_graph("Conv2d", "upstream")
    p = graph.draw(np.random.default_rng(3))
    windows = np.lib.stride_tricks.sliding_window_view(p["x"], (3, 3), (2, 3))
    y = np.einsum("ocab,ncijab->noij", p["W"], windows) + p["b"][:, None, None]
    assert graph.nodes(p)["L"].item() == pytest.approx(np.sum(p["G"] * y), rel=1e-12)


def test_the_losses_are_what_they_say():
    y, p = linear, a_graph("Linear").draw(np.random.default_rng(0))
    out = y(p)
    mse = a_graph("Linear", "mse_loss")
    p = mse.draw(np.random.default_rng(0))
    assert mse.nodes(p)["L"].item() == pytest.approx(np.mean((linear(p) - p["t"]) ** 2))
    ce = a_graph("Linear", "cross_entropy")
    p = ce.draw(np.random.default_rng(0))
    log_p = linear(p) - np.log(np.exp(linear(p)).sum(axis=1, keepdims=True))
    assert ce.nodes(p)["L"].item() == pytest.approx(-np.mean(log_p[range(3), p["classes"]]))
    bce = a_graph("Linear", "bce_with_logits")
    p = bce.draw(np.random.default_rng(0))
    q = sigmoid(linear(p))
    assert set(np.unique(p["t"])) <= {0.0, 1.0}
    assert bce.nodes(p)["L"].item() == pytest.approx(
        -np.mean(p["t"] * np.log(q) + (1 - p["t"]) * np.log(1 - q))
    )
    assert out.shape == (3, 2)


def test_autoencoders_compare_with_their_input():
    graph = a_graph("LinearAutoencoder", "half_reconstruction")
    p = graph.draw(np.random.default_rng(1))
    expected = 0.5 * np.sum((p["x"] @ p["W_e"].T @ p["W_d"].T - p["x"]) ** 2)
    assert graph.nodes(p)["L"].item() == pytest.approx(expected)
    tied = a_graph("TiedAutoencoder", "reconstruction")
    p = tied.draw(np.random.default_rng(1))
    z = sigmoid(p["x"] @ p["W"] + p["b"])
    assert tied.nodes(p)["L"].item() == pytest.approx(
        np.mean((sigmoid(z @ p["W"].T + p[r"\hat{b}"]) - p["x"]) ** 2)
    )


def test_a_vae_has_the_loss_that_it_says():
    graph = a_graph("VAE")
    p = graph.draw(np.random.default_rng(2))
    out = np.maximum(p["x"] @ p["W_1"].T + p["b_1"], 0) @ p["W_2"].T + p["b_2"]
    mu, s = out[:, :2], out[:, 2:]
    z = mu + np.exp(s / 2) * p["epsilon"]
    x_hat = np.maximum(z @ p["W_3"].T + p["b_3"], 0) @ p["W_4"].T + p["b_4"]
    rec = 0.5 * np.sum((p["x"] - x_hat) ** 2, axis=1) + 0.5 * 2 * np.log(2 * np.pi)
    kl = 0.5 * np.sum(np.exp(s) + mu**2 - 1 - s, axis=1)
    assert graph.nodes(p)["L"].item() == pytest.approx(np.mean(rec + kl))


def test_a_boltzmann_machine_has_the_loss_that_it_says():
    graph = a_graph("RBM")
    p = graph.draw(np.random.default_rng(2))

    def free(v):
        return -v @ p["a"] - np.log1p(np.exp(v @ p["W"] + p["b"])).sum(axis=1)

    assert graph.nodes(p)["L"].item() == pytest.approx(
        np.mean(free(p["v"])) - np.mean(free(p["w"]))
    )


@pytest.mark.parametrize("name", MODELS)
def test_every_model_goes_with_each_of_its_losses(name):
    for loss in losses_of(name):
        nodes = a_graph(name, loss).example
        assert np.isfinite(nodes["L"].item())
        assert set(a_graph(name, loss).parameters) <= set(nodes)
    assert set(losses_of(name)) <= set(LOSSES)


@pytest.mark.parametrize("name", MODELS)
def test_cases_have_other_sizes_and_never_one_of_anything(name):
    graph = a_graph(name)
    axes = [tuple(graph.other_sizes(np.random.default_rng(i)).sizes.values()) for i in range(20)]
    assert len(set(axes)) > 1
    other = graph.other_sizes(np.random.default_rng(1))
    assert np.isfinite(other.example["L"].item())
    assert all(other.sizes[k] >= 2 for k in ("N", "T") if k in other.sizes)


def test_equations_are_shown_without_inputs_and_comments():
    text = "# first\nx = 1.0  # an input\nc: constant = 2.0\n\ny = c*x  # the output\n"
    graph = EquationGraph("g", text, ())
    assert graph.says == ("y = c*x",)
    assert graph.parameters == ()
    assert graph.other_sizes(np.random.default_rng(0)) is graph


def test_a_model_says_all_that_its_answers_depend_on():
    """The file chooses activation, stride and padding, and the loss is of what the model's equations name."""
    layers = ModelGraph("g", "MLP", {"sizes": (2, 3, 2), "activation": "relu", "N": 2}, "mse_loss")
    said = " ".join(layers.says)
    assert "relu" in said
    assert "(ŷ − t)²" in said
    sizes = {"in_channels": 1, "out_channels": 1, "kernel_size": 3, "H": 9, "N": 1}
    for stride, padding in ((1, 0), (2, 1)):
        graph = ModelGraph(
            "g", "Conv1d", {**sizes, "stride": stride, "padding": padding}, "upstream"
        )
        assert f"S = {stride}, padding P = {padding}" in " ".join(graph.says)
