"""Questions as they are put: by name, with variables held, of several numbers; and every model of nn."""

import numpy as np
import pytest

import nn
from autograd_lite import FlowGraph, Tensor, exp, log_softmax, matmul, mean, relu, sin, sqrt, tanh
from autograd_lite import sum as total
from autograd_lite.errors import GraphError
from grading.arrays import ArrayAsked
from grading.arrays.entries import ENTRIES
from grading.catalogue import ON_SCALARS
from tests.grading.arrays.finding_mistakes import asked, named

RNG = np.random.default_rng(20)
X = RNG.normal(size=(6, 4))


def layers():
    return nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3))


@pytest.mark.parametrize("key", ["0.weight", "Sequential.0.weight"])
def test_a_parameter_is_called_as_its_module_calls_it(key):
    model = layers()
    question = asked(nn.mse_loss(model(X), np.ones((6, 3))), key)
    assert question.wrt is model[0].weight
    assert question.right.shape == (1, 5, 4)


def test_a_variable_of_the_flow_graph_and_a_node_itself():
    x = Tensor([1.0, 2.0], requires_grad=True, name=r"\hat{x}")
    flow = FlowGraph(total(sin(x)).named("L"))
    for key in ("x̂", r"\hat{x}", x):
        np.testing.assert_allclose(ArrayAsked(flow, key).right, np.cos([[1.0, 2.0]]))


@pytest.mark.parametrize(("key", "why"), [("weight", "2 nodes"), ("0.wieght", "0.weight")])
def test_a_name_of_no_node_or_of_several_is_refused_in_words(key, why):
    with pytest.raises(GraphError, match=why):
        asked(nn.mse_loss(layers()(X), np.ones((6, 3))), key)


def test_values_of_other_students_are_refused():
    x = Tensor([1.0], requires_grad=True, name="x")
    with pytest.raises(GraphError, match="recorded numbers"):
        asked(total(x), "x", values={"x": [1.0]})


def test_a_partial_derivative_holds_what_it_is_told_to():
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    u = exp(x).named("u")
    v = sin(u).named("v")
    flow = FlowGraph(total(u * v + x * x).named("L"))
    e = np.exp(x.numpy())
    question = ArrayAsked(flow, "x", hold=["v"])
    np.testing.assert_allclose(question.right[0], np.sin(e) * e + 2 * x.numpy())
    assert "A2" in named(question, 2 * x.numpy())
    np.testing.assert_allclose(ArrayAsked(flow, "x", hold=["u", "v"]).right[0], 2 * x.numpy())


def test_a_jacobian():
    W = Tensor(RNG.normal(size=(3, 2)), requires_grad=True, name="W")
    x = Tensor([0.5, -0.3], requires_grad=True, name="x")
    h = tanh(matmul(W, x)).named("h")
    question = ArrayAsked(FlowGraph(total(h)), "x", of="h")
    right = (1 - h.numpy() ** 2)[:, None] * W.numpy()
    np.testing.assert_allclose(question.right, right[None])
    assert {"A10b", "B10e"} <= named(question, W.numpy())
    assert "A18" in named(question, -right)


def test_too_many_numbers_to_differentiate_are_refused():
    x = Tensor(np.ones(100), requires_grad=True, name="x")
    y = sin(x).named("y")
    with pytest.raises(GraphError, match="100 entries"):
        ArrayAsked(FlowGraph(total(y)), "x", of="y")


def test_a_value_is_asked():
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    h = sin(x).named("h")
    question = ArrayAsked(FlowGraph(total(h).named("L")), None, of="h")
    np.testing.assert_allclose(question.right[0], np.sin([1.0, 2.0]))
    assert "A24b" in named(question, [1.0, 2.0])
    assert "A18" in named(question, -np.sin([1.0, 2.0]))


def test_what_does_not_matter_has_the_derivative_zero():
    x, z = (Tensor([1.0, 2.0], requires_grad=True, name=n) for n in "xz")
    flow = FlowGraph(total(sin(x)).named("L"), variables=[x, z])
    question = ArrayAsked(flow, z)
    assert not question.right.any()
    assert all(np.isfinite(c.value).all() for c in question.candidates)


MODELS = {
    "layers": lambda: nn.mse_loss(layers()(X), RNG.normal(size=(6, 3))),
    "classes": lambda: nn.cross_entropy(layers()(X), RNG.integers(0, 3, 6)),
    "normalized": lambda: nn.mse_loss(
        nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Dropout(0.5), nn.LayerNorm(5))(X),
        np.ones((6, 5)),
    ),
    "image": lambda: nn.cross_entropy(
        nn.Sequential(
            nn.Conv2d(1, 3, 3, stride=2, padding=1), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(12, 3),
        )(RNG.normal(size=(4, 1, 8, 8))), RNG.integers(0, 3, 4)
    ),
    "words": lambda: nn.cross_entropy(
        nn.Sequential(nn.Embedding(7, 4), nn.Linear(4, 3))(RNG.integers(0, 7, 6)), RNG.integers(0, 3, 6)
    ),
    "recurrent": lambda: total(nn.RNN(4, 3, num_layers=2)(RNG.normal(size=(4, 2, 4)))[0] ** 2),
    "long short-term": lambda: total(nn.LSTM(4, 3)(RNG.normal(size=(2, 2, 4)))[0] ** 2),
    "gated": lambda: total(nn.GRU(4, 3)(RNG.normal(size=(3, 2, 4)))[0] ** 2),
    "attention": lambda: total(nn.TransformerEncoderLayer(4, 2, 8)(RNG.normal(size=(3, 2, 4))) ** 2),
    "tied": lambda: nn.mse_loss(nn.TiedAutoencoder(4, 2)(X), X),
    "variational": lambda: nn.negative_elbo(nn.VAE.dense((4, 5, 2), nn.Gaussian(1.0))(X)),
    "machine": lambda: nn.RBM(4, 3).contrastive_divergence(RNG.integers(0, 2, (5, 4))),
    "no batch": lambda: total(relu(matmul(Tensor(X, requires_grad=True, name="W"), np.ones(4)))),
    "nothing": lambda: total(Tensor(np.zeros((0, 2)), requires_grad=True, name="x")) + 1.0,
    "nothing squared": lambda: total(
        (Tensor(np.zeros((0, 2)), requires_grad=True, name="x") - 1.0) ** 2
    ),
    "no examples": lambda: total(nn.Linear(2, 3)(np.zeros((0, 2))) ** 2),
    "one number": lambda: sin(Tensor(1.0, requires_grad=True, name="x")),
}  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
def test_every_parameter_of_every_model_has_its_mistakes(model):
    """Nothing fails, every sentence can be said, and what the answer is the sum of adds up."""
    loss = MODELS[model]()
    flow = FlowGraph(loss)
    for x in [v for v in flow.variables if v is not loss or v.is_leaf][::2]:
        question = ArrayAsked(flow, x)
        rows = {c.mistake.identifier for c in question.candidates}
        if x.is_leaf and question.right.size:
            assert "A26" in rows
        assert all(c.says and c.identifier for c in question.candidates)
        parts = [c for _, c in question.contributions]
        if parts:
            np.testing.assert_allclose(sum(parts), question.right[0], rtol=1e-7, atol=1e-12)


def test_a_sentence_names_its_place():
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    h = sin(x).named("h")
    said = {c.identifier: c.says for c in asked(total(h * exp(x)).named("L"), "x").candidates}
    assert (
        said["A2:h"] == "You treated h as a constant: the paths from x to L through h are missing."
    )
    assert said["A10b:h"] == "A factor is missing: the derivative of h by x."
    assert said["A3:x>h>L"] == "A path is missing: the path x → h → L is not in your sum."


def test_what_a_row_says_is_the_same_on_numbers_and_on_arrays():
    shared = {entry.identifier: entry.says for entry in ON_SCALARS}
    for entry in ENTRIES:
        if entry.identifier[0] in "AB" and entry.identifier not in {"B14a", "B14b"}:
            assert entry.says == shared.get(entry.identifier, entry.says), entry.identifier


def test_sentences():
    """What, then what to look at; never a number, and nothing twice."""
    for entry in ENTRIES:
        assert not any(c.isdigit() for c in entry.says), entry.says
        assert entry.says.endswith(".")
        assert "  " not in entry.says
        assert entry.prior in range(1, 6)
    rows = [entry.identifier for entry in ENTRIES if entry.identifier not in {"K1", "K9"}]
    assert len(rows) == len(set(rows))


def _recurrent(kind, T=4):
    rng = np.random.default_rng(8)
    W, U, h = (
        a.astype(kind) for a in (rng.normal(size=(3, 3)), rng.normal(size=(2, 3)), np.zeros((2, 3)))
    )
    W, U = Tensor(W, requires_grad=True, name="W"), Tensor(U, requires_grad=True, name="U")
    loss = 0.0
    for t in range(T):
        x, y = rng.normal(size=(2, 2)).astype(kind), rng.normal(size=(2, 3)).astype(kind)
        h = tanh(matmul(x, U) + matmul(h, W)).named(f"h_{t + 1}")
        loss = loss + mean((h - y) ** 2)
    return loss, "W"


def _code(kind):
    rng = np.random.default_rng(9)
    X, A, B, D, eps = (
        rng.normal(size=s).astype(kind) for s in ((4, 3), (3, 2), (3, 2), (2, 3), (4, 2))
    )
    A, B = Tensor(A, requires_grad=True, name="A"), Tensor(B, requires_grad=True, name="B")
    mu, lv = matmul(X, A).named("mu"), matmul(X, B).named("lv")
    z = (mu + exp(lv / 2) * eps).named("z")
    divergence = total(mu * mu + exp(lv) - 1 - lv)
    return total((matmul(z, D) - X) ** 2) / 4 + divergence / 8, "A"


def _normalized(kind):
    rng = np.random.default_rng(10)
    X, W, y = (rng.normal(size=s).astype(kind) for s in ((5, 2), (2, 3), (5, 3)))
    Z = matmul(X, Tensor(W, requires_grad=True, name="W")).named("Z")
    centred = Z - mean(Z, axis=0, keepdims=True)
    scaled = centred / sqrt(mean(centred**2, axis=0, keepdims=True) + 1e-5)
    return mean((scaled - y) ** 2), "W"


def _classes(kind):
    rng = np.random.default_rng(11)
    X, W = (rng.normal(size=s).astype(kind) for s in ((5, 2), (2, 3)))
    Y = np.eye(3)[rng.integers(0, 3, 5)].astype(kind)
    return -mean(
        total(Y * log_softmax(matmul(X, Tensor(W, requires_grad=True, name="W"))), axis=1)
    ), "W"


@pytest.mark.parametrize(
    ("graph", "rows", "parts"),
    [
        (_recurrent, {"D3b", "F1"}, 6),
        (_code, {"D3b", "H2a"}, 0),
        (_normalized, {"E1", "E2"}, 0),
        (_classes, {"D2", "D5"}, 0),
    ],
)
def test_single_precision_hides_no_mistake(graph, rows, parts):
    double, single = (asked(*graph(kind)) for kind in (np.float64, np.float32))
    wanted = {c.identifier: c.value for c in double.candidates}
    got = {c.identifier: c.value for c in single.candidates}
    assert rows <= {name.partition(":")[0] for name in wanted}
    assert set(got) == set(wanted)
    assert [where for where, _ in single.contributions] == [w for w, _ in double.contributions]
    assert len(double.contributions) >= parts
    for name, value in wanted.items():
        scale = max(np.abs(value).max(), np.abs(double.right).max())
        assert np.allclose(got[name], value, rtol=1e-3, atol=1e-4 * scale), name
