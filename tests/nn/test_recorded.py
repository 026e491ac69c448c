"""fit(..., record=True) trains by programs: the losses of the eager engine, and the same errors."""

import re

import numpy as np
import pytest

import nn
from autograd_lite import Tensor
from autograd_lite import functions as f
from autograd_lite.errors import (
    DerivativeError,
    IndexingError,
    OperandError,
    ShapeError,
    TraceError,
    TrainingError,
)
from nn import recorded
from nn.recorded import RecordedGradient

CLOSE = {np.float64: 1e-12, np.float32: 1e-5}


def rng():
    return np.random.default_rng(0)


def uniform(*shape):
    return rng().uniform(size=shape)


def normal(*shape):
    return rng().normal(size=shape)


class Read(nn.Module):
    """A recurrent module and a layer that reads its outputs."""

    def __init__(self, kind):
        self.cells, self.read = kind(3, 5, generator=0), nn.Linear(5, 2, generator=1)

    def forward(self, x):
        return self.read(self.cells(x)[0])


class Twice(nn.Module):
    """One layer used twice."""

    def __init__(self):
        self.layer = nn.Linear(4, 4, generator=0)

    def forward(self, x):
        return self.layer(f.tanh(self.layer(x)))


class Over(nn.Module):
    """A layer, and arrays that are held."""

    def __init__(self, dtype):
        self.layer, self.scale = nn.Linear(4, 2, generator=0), np.array([2.0, -1.0], dtype)

    def forward(self, x):
        return self.layer(x) * self.scale + Tensor(self.scale)


def frozen():
    model = nn.MLP((4, 6, 2), generator=0)
    model.layers[0].weight = Tensor(model.layers[0].weight.numpy())
    return model


MODELS = {
    "mlp": (lambda dtype: nn.MLP((4, 6, 2), nn.tanh, generator=0), nn.mse_loss,
            [normal(30, 4), normal(30, 2)]),
    "classes": (lambda dtype: nn.MLP((4, 6, 3), generator=0), nn.cross_entropy,
                [normal(30, 4), rng().integers(0, 3, 30)]),
    "probabilities": (lambda dtype: nn.MLP((4, 6, 3), generator=0), nn.cross_entropy,
                      [normal(30, 4), rng().dirichlet(np.ones(3), 30)]),
    "yes or no": (lambda dtype: nn.MLP((4, 6, 1), generator=0), nn.bce_with_logits,
                  [normal(30, 4), rng().integers(0, 2, (30, 1))]),
    "rnn": (lambda dtype: Read(nn.RNN), nn.mse_loss, [normal(30, 7, 3), normal(30, 7, 2)]),
    "lstm": (lambda dtype: Read(nn.LSTM), nn.mse_loss, [normal(30, 7, 3), normal(30, 7, 2)]),
    "gru": (lambda dtype: Read(nn.GRU), nn.mse_loss, [normal(30, 7, 3), normal(30, 7, 2)]),
    "convolutions": (lambda dtype: nn.ConvAutoencoder((1, 2, 4), generator=0), nn.mse_loss,
                     [uniform(30, 1, 8, 8), uniform(30, 1, 8, 8)]),
    "vae": (lambda dtype: nn.VAE.dense((6, 5, 2), generator=0), nn.negative_elbo,
            [uniform(30, 6), normal(30, 2), uniform(30, 6)]),
    "shared": (lambda dtype: Twice(), nn.mse_loss, [normal(30, 4), normal(30, 4)]),
    "closed over": (Over, nn.mse_loss, [normal(30, 4), normal(30, 2)]),
    "frozen": (lambda dtype: frozen(), nn.mse_loss, [normal(30, 4), normal(30, 2)]),
}  # fmt: skip
OPTIMISERS = {
    "sgd": lambda p: nn.SGD(p, lr=0.05, momentum=0.9),
    "adam": lambda p: nn.Adam(p, lr=0.01),
}


class OneAnEpoch:
    """A batch for each epoch, so that a history has the loss of every step: 13, 13 and 4 rows in turn."""

    def __init__(self, arrays, between=lambda step: None):
        self.arrays, self.between, self.step = arrays, between, 0

    def __iter__(self):
        first = 13 * (self.step % 3)
        self.between(self.step)
        self.step += 1
        yield tuple(x[first : first + 13] for x in self.arrays)


def trained(name, optimizer="adam", dtype=np.float64, record=True, between=None, **options):
    """A history of 20 steps, and the model."""
    make, loss, arrays = MODELS[name]
    model = make(dtype).astype(dtype)
    arrays = [x.astype(dtype) if x.dtype.kind == "f" else x for x in arrays]
    batches = OneAnEpoch(arrays, (lambda step: None) if between is None else between(model))
    steps = OPTIMISERS[optimizer](model.parameters())
    history = nn.fit(model, loss, batches, steps, 20, verbose=False, record=record, **options)
    return history, model


def assert_same_training(*case, dtype=np.float64, **options):
    eager, model = trained(*case, dtype=dtype, record=False, **options)
    recorded, other = trained(*case, dtype=dtype, record=True, **options)
    close = {"rtol": CLOSE[dtype], "atol": CLOSE[dtype]}
    np.testing.assert_allclose(recorded.train, eager.train, **close)
    np.testing.assert_allclose(recorded.validation, eager.validation, **close)
    assert (recorded.ended, recorded.best) == (eager.ended, eager.best)
    for (key, x), (_, y) in zip(model.named_parameters(), other.named_parameters(), strict=True):
        np.testing.assert_allclose(
            y.numpy(), x.numpy(), 100 * CLOSE[dtype], 100 * CLOSE[dtype], err_msg=key
        )
        assert y.dtype == dtype
    return recorded, other


# --- the same training ----------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", CLOSE)
@pytest.mark.parametrize("optimizer", OPTIMISERS)
@pytest.mark.parametrize("name", MODELS)
def test_twenty_losses_are_those_of_the_eager_engine(name, optimizer, dtype):
    assert_same_training(name, optimizer, dtype=dtype)


def test_programs_are_repeated_and_not_recorded_again(monkeypatch):
    calls = []
    forward = nn.MLP.forward
    monkeypatch.setattr(nn.MLP, "forward", lambda self, x: calls.append(x) or forward(self, x))
    trained("mlp")
    # two forms, of 13 and of 4 rows: three recordings of each, and a call as the function is
    assert len(calls) <= 8


def test_clipping_schedule_validation_and_patience_are_as_without():
    validation = [(normal(5, 4), normal(5, 2))]
    history, _ = assert_same_training(
        "mlp", "sgd", clip_norm=0.05, validation=validation, patience=3
    )
    assert history.validation
    assert history.best is not None


def test_a_schedule_moves_the_rate_of_recorded_steps():
    rates = []
    for record in (False, True):
        model = nn.MLP((4, 6, 2), generator=0)
        optimizer = nn.SGD(model.parameters(), lr=0.5)
        history = nn.fit(
            model, nn.mse_loss, [(normal(5, 4), normal(5, 2))], optimizer, 6,
            schedule=nn.ExponentialLR(optimizer, 0.5), verbose=False, record=record,
        )  # fmt: skip
        rates.append((history.train, optimizer.lr))
    np.testing.assert_allclose(rates[0][0], rates[1][0], 1e-12)
    assert rates[0][1] == rates[1][1] == 0.5 * 0.5**6


def test_numbers_loaded_into_the_parameters_are_used():
    start = MODELS["mlp"][0](None).state_dict()

    def load_at_every_fifth(model):
        return lambda step: model.load_state_dict(start) if step % 5 == 4 else None

    assert_same_training("mlp", "sgd", between=load_at_every_fifth)


def test_parameters_that_are_replaced_are_those_that_are_trained_with():
    def replace_the_last(model):
        def between(step):
            if step == 6:
                model.layers[-1].bias = nn.Parameter(np.array([3.0, -3.0]))

        return between

    assert_same_training("mlp", "sgd", between=replace_the_last)


def test_parameters_frozen_and_thawed_in_between_stay_and_move():
    def freeze_and_thaw(model):
        layer = model.layers[0]
        weight = layer.weight

        def between(step):
            if step == 5:
                layer.weight = Tensor(weight.numpy())
            if step == 11:
                layer.weight = weight

        return between

    assert_same_training("mlp", "sgd", between=freeze_and_thaw)


def assert_alike(model, loss, *batches, **options):
    """Five epochs of these batches give the same losses recorded, from the same start."""
    start, found = model.state_dict(), []
    for record in (False, True):
        model.load_state_dict(start)
        optimizer = nn.SGD(model.parameters(), lr=0.1)
        history = nn.fit(
            model, loss, batches, optimizer, 5, verbose=False, record=record, **options
        )
        found.append(history.train)
    np.testing.assert_allclose(*found, 1e-12)


def test_inputs_are_lists_and_tensors_as_without():
    batches = [
        ([[0.0, 1.0], [1.0, 1.0]], [[1.0], [0.0]]),
        (Tensor([[0.0, 1.0], [1.0, 2.0]]), Tensor([[1.0], [3.0]])),
    ]
    assert_alike(nn.MLP((2, 3, 1), generator=0), nn.mse_loss, *batches)


def test_a_loss_may_be_an_array_of_one_number():
    loss = lambda y, t: ((y - t) ** 2).sum(keepdims=True)
    assert_alike(nn.MLP((4, 2), generator=0), loss, (normal(3, 4), normal(3, 2)))


def test_two_parameters_with_the_same_gradient_are_clipped_once_each():
    class Sum(nn.Module):
        def __init__(self):
            self.a, self.b = nn.Parameter(np.ones(3)), nn.Parameter(np.ones(3))

        def forward(self, x):
            return x + self.a + self.b

    assert_alike(Sum(), nn.mse_loss, (normal(2, 3), normal(2, 3)), clip_norm=0.1)


def test_several_inputs_in_a_tuple_of_states():
    class Last(nn.Module):
        def __init__(self):
            self.cells = nn.LSTM(3, 4, generator=0)

        def forward(self, x, state):
            return self.cells(x, state)[0]

    state = (normal(1, 2, 4), normal(1, 2, 4))
    assert_alike(Last(), nn.mse_loss, (normal(5, 2, 3), state, normal(5, 2, 4)))


def test_ctrl_c_returns_what_was_trained():
    def interrupt(model):
        def between(step):
            if step == 5:
                raise KeyboardInterrupt

        return between

    history, _ = assert_same_training("mlp", between=interrupt)
    assert (history.ended, len(history.train)) == ("interrupted", 5)


# --- class indices --------------------------------------------------------------------------------

CLASSES = [
    {},
    {"ignore_index": 1},
    {"weight": [1.0, 2.0, 0.5]},
    {"weight": [1.0, 2.0, 0.5], "ignore_index": 2},
    {"label_smoothing": 0.2},
    {"label_smoothing": 0.2, "weight": [1.0, 2.0, 0.5], "ignore_index": -100},
    {"reduction": "sum"},
    {"reduction": "sum", "weight": [1.0, 2.0, 0.5]},
]


@pytest.mark.parametrize("dtype", CLOSE)
@pytest.mark.parametrize("options", CLASSES, ids=str)
def test_class_indices_of_every_batch_are_its_own(options, dtype, monkeypatch):
    loss = lambda y, t: nn.cross_entropy(y, t, **options)
    make, _, (x, t) = MODELS["classes"]
    if options.get("ignore_index") == -100:
        t = np.where(np.arange(30) % 7 == 5, -100, t)
    monkeypatch.setitem(MODELS, "classes", (make, loss, [x, t]))
    assert_same_training("classes", "sgd", dtype=dtype)


def test_class_indices_of_pixels(monkeypatch):
    make = lambda dtype: nn.Conv2d(1, 3, 3, padding=1, generator=0)
    arrays = [normal(30, 1, 4, 5), rng().integers(0, 3, (30, 4, 5))]
    monkeypatch.setitem(MODELS, "pixels", (make, nn.CrossEntropyLoss(), arrays))
    assert_same_training("pixels", "sgd")


@pytest.mark.parametrize("wrong", [3, -1, -100])
def test_a_class_that_is_none_is_refused_in_later_batches_too(wrong):
    x, t = MODELS["classes"][2]
    model = nn.MLP((4, 6, 3), generator=0)
    bad = t.copy()
    bad[7] = wrong
    loss = lambda y, t: nn.cross_entropy(y, t, ignore_index=-5)
    with pytest.raises(IndexingError, match=f"target {wrong}.* is no class"):
        nn.fit(
            model,
            loss,
            [(x, t), (x, bad)],
            nn.SGD(model.parameters()),
            1,
            verbose=False,
            record=True,
        )


# --- what is not finite ---------------------------------------------------------------------------


class Pole(nn.Module):
    def __init__(self):
        self.layer = nn.Linear(1, 1, generator=0)

    def forward(self, x):
        return f.log(self.layer(x) * 0.0 + x).named("bad")


@pytest.mark.parametrize("step", [0, 1, 2])
def test_the_first_bad_node_is_named_at_the_first_step_and_later(step):
    model = nn.Sequential({"pole": Pole()}).named("net")
    batches = [(np.ones((3, 1)), np.ones((3, 1)))] * 4
    batches[step] = (np.array([[1.0], [0.0], [1.0]]), np.ones((3, 1)))
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    words = r"the loss is .*the first bad node is bad .* of net\.pole"
    with pytest.raises(TrainingError, match=words):
        nn.fit(model, nn.mse_loss, batches, optimizer, 1, verbose=False, record=True)
    assert all(np.isfinite(x).all() for x in model.state_dict().values())


def test_a_gradient_that_is_not_finite_is_said_by_parameter_and_the_parameters_stay():
    class Root(nn.Module):
        def __init__(self):
            self.w = nn.Parameter([1.0, 4.0])

        def forward(self, x):
            return f.sqrt(self.w - x)

    model = Root()
    batches = [(np.zeros(2), np.ones(2)), (np.array([1.0, 0.0]), np.ones(2))]
    with pytest.raises(TrainingError, match=r"not finite: w \(1 of 2 entries\)(.|\n)*sqrt"):
        nn.fit(
            model,
            nn.l1_loss,
            batches,
            nn.SGD(model.parameters(), lr=0.0),
            1,
            verbose=False,
            record=True,
        )
    assert np.array_equal(model.w.numpy(), [1.0, 4.0])


# --- what cannot be recorded ----------------------------------------------------------------------


class Branching(nn.Module):
    def forward(self, y):
        return y if y.sum() > 0 else -y


REFUSED = {
    "dropout": (lambda: nn.Dropout(0.5, generator=0), "dropout"),
    "statistics": (lambda: nn.BatchNorm1d(2), "running statistics"),
    "branch": (Branching, "decides by the number"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_recorded_is_refused_with_the_line_and_nothing_is_trained(name):
    make, words = REFUSED[name]
    model, other = (nn.Sequential(nn.Linear(4, 2, generator=0), make()) for _ in range(2))
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    with pytest.raises((TraceError, OperandError), match=words) as caught:
        nn.fit(
            model,
            nn.mse_loss,
            [(normal(5, 4), normal(5, 2))],
            optimizer,
            1,
            verbose=False,
            record=True,
        )
    assert "record=False" in str(caught.value)
    assert re.search(r"test_recorded\.py, line \d+", str(caught.value))
    for key, x in model.state_dict().items():
        assert np.array_equal(x, other.state_dict()[key])
    assert all(p.grad is None for p in model.parameters())


def test_a_vae_says_how_its_noise_is_given():
    model = nn.VAE.dense((6, 5, 2), generator=0)
    x = uniform(4, 6)
    state = model.generator.bit_generator.state
    with pytest.raises(OperandError, match=r"noise(.|\n)*batches \(x, eps, x\)"):
        nn.fit(
            model,
            nn.negative_elbo,
            [(x, x)],
            nn.Adam(model.parameters()),
            1,
            verbose=False,
            record=True,
        )
    assert model.generator.bit_generator.state == state


def test_truth_values_are_taken_for_numbers_and_where_that_is_something_else_it_is_noticed():
    t = rng().integers(0, 2, (5, 1)) == 1
    model = nn.MLP((4, 1), generator=0)
    assert_alike(model, nn.bce_with_logits, (normal(5, 4), t))

    class Masked(nn.Module):
        def __init__(self):
            self.attention = nn.MultiheadAttention(4, 1, generator=0)

        def forward(self, x, mask):
            return self.attention(x, x, x, attn_mask=mask)[0]

    mask = np.triu(np.ones((5, 5), bool), 1)
    batch = (normal(5, 4), mask, normal(5, 4))
    with pytest.raises(TraceError, match="the function itself(.|\\n)*record=False"):
        assert_alike(Masked(), nn.mse_loss, batch)


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        (lambda y, t: y - t, r"one number, not Tensor of shape \(40, 1\)"),
        (lambda y, t: 1.0, "one number, not float"),
        (lambda y, t: Tensor(1.0), "does not depend on any parameter"),
    ],
)
def test_a_loss_that_is_none_is_refused_as_without(loss, words):
    model = nn.MLP((1, 1), generator=0)
    with pytest.raises(DerivativeError, match=words):
        nn.fit(
            model,
            loss,
            [(np.ones((40, 1)),) * 2],
            nn.SGD(model.parameters()),
            1,
            verbose=False,
            record=True,
        )


def test_wrong_shapes_name_the_module_as_without():
    model = nn.MLP((1, 1), generator=0)
    with pytest.raises(ShapeError, match=r"MLP\.layers\.0 expected 1 features"):
        nn.fit(
            model, nn.mse_loss, [(np.ones((4, 3)), np.ones((4, 1)))], nn.SGD(model.parameters()), 1,
            verbose=False, record=True,
        )  # fmt: skip


@pytest.mark.parametrize("wrong", [None, "abc", {1, 2}], ids=str)
def test_what_is_no_number_in_a_batch_is_named(wrong):
    model = nn.MLP((1, 1), generator=0)
    with pytest.raises(OperandError, match=f"not {re.escape(repr(wrong))}: close over it"):
        assert_alike(model, lambda y, t: nn.mse_loss(y, y.value), (np.ones((3, 1)), wrong))


@pytest.mark.parametrize("wrong", [None, 1, "yes"])
def test_record_is_true_or_false(wrong):
    model = nn.MLP((1, 1), generator=0)
    with pytest.raises(OperandError, match="record is True or False"):
        nn.fit(model, nn.mse_loss, [], nn.SGD(model.parameters()), 1, record=wrong)


def test_a_loss_for_two_forms_has_two_programs():
    model = nn.MLP((4, 2), generator=0)
    gradient = RecordedGradient(model, nn.mse_loss)
    for rows in (5, 5, 3, 5, 3):
        gradient((normal(rows, 4), normal(rows, 2)))
    assert len(gradient.programs) == 2


def test_of_many_forms_only_some_have_programs_and_all_are_trained(monkeypatch):
    monkeypatch.setattr(recorded, "MOST", 2)
    batches = [(normal(rows, 4), normal(rows, 2)) for rows in (5, 4, 3, 2, 5)]
    model = nn.MLP((4, 2), generator=0)
    assert_alike(model, nn.mse_loss, *batches)
    gradient = RecordedGradient(model, nn.mse_loss)
    for batch in batches:
        gradient(batch)
    assert len(gradient.programs) == 2
