"""fit trains, keeps the best, stops early, survives Ctrl-C and says what is not finite."""

import subprocess
import sys

import numpy as np
import pytest

import nn
from autograd_lite import Tensor
from autograd_lite import functions as f
from autograd_lite.errors import DerivativeError, OperandError, ShapeError, TrainingError
from tests.nn.oracle import torch
from tests.processes import PATIENCE

X = np.linspace(-1.0, 1.0, 40)[:, None]
T = np.sin(3.0 * X)


def curve(seed=0):
    return nn.MLP((1, 8, 1), nn.tanh, generator=seed)


def trained(model=None, batches=None, epochs=5, **options):
    model = curve() if model is None else model
    batches = nn.Batches(X, T, size=8, generator=1) if batches is None else batches
    optimizer = nn.Adam(model.parameters(), lr=0.01)
    return model, nn.fit(
        model, nn.mse_loss, batches, optimizer, epochs, **{"verbose": False, **options}
    )


def same(a, b):
    return all(np.array_equal(x, b[name]) for name, x in a.items())


# --- training -------------------------------------------------------------------------------------


def test_fit_is_the_loop_that_one_would_write():
    model, history = trained(epochs=3)
    other = curve()
    optimizer = nn.Adam(other.parameters(), lr=0.01)
    batches = nn.Batches(X, T, size=8, generator=1)
    for _ in range(3):
        losses = []
        for x, t in batches:
            loss = nn.mse_loss(other(x), t)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    assert same(model.state_dict(), other.state_dict())
    assert history.train[-1] == pytest.approx(np.mean(losses))
    assert history.ended == "all epochs done"
    assert len(history.seconds) == 3


def test_it_learns():
    _, history = trained(epochs=300)
    assert history.train[-1] < 0.01 * history.train[0]


def test_losses_are_weighted_by_rows():
    model = curve()
    whole = nn.evaluate(model, nn.mse_loss, [(X, T)])
    pieces = nn.evaluate(model, nn.mse_loss, nn.Batches(X, T, size=7, shuffle=False))
    assert pieces == pytest.approx(whole, rel=1e-12)
    assert model.training


def test_the_best_state_is_kept():
    model = curve()
    away = [(X, T + 100.0 * (i > 1)) for i in range(1)]
    validation = Rising(model)
    _, history = trained(model, away, epochs=6, validation=validation)
    assert history.best == 2
    assert same(model.state_dict(), validation.states[2])


class Rising:
    """Validation whose loss falls for three epochs and then rises; remembers the states."""

    def __init__(self, model):
        self.model, self.states = model, []

    def __iter__(self):
        self.states.append(self.model.state_dict())
        distance = abs(len(self.states) - 3)
        yield X, self.model(X).numpy() + distance


def test_early_stop_waits_as_long_as_told():
    model = curve()
    _, history = trained(model, [(X, T)], epochs=20, validation=Rising(model), patience=2)
    assert len(history.train) == 5  # the best was the third
    assert history.ended == "no better for 2 epochs"
    assert history.best == 2


def test_ctrl_c_returns_what_was_trained():
    class Interrupted:
        epochs = 0

        def __iter__(self):
            self.epochs += 1
            yield X, T
            if self.epochs == 3:
                raise KeyboardInterrupt

    model, before = curve(), curve().state_dict()
    _, history = trained(model, Interrupted(), epochs=10)
    assert history.ended == "interrupted"
    assert len(history.train) == 2
    assert not same(model.state_dict(), before)


def test_dropout_is_on_in_training_and_off_in_validation_and_the_mode_comes_back():
    seen = []

    class Watch(nn.Module):
        def forward(self, x):
            seen.append(self.training)
            return x

    model = nn.Sequential(nn.Linear(1, 1), Watch()).eval()
    trained(model, [(X, T)], epochs=2, validation=[(X, T)])
    assert seen == [True, False, True, False]
    assert not model.training


def test_clip_and_schedule_are_applied():
    model = curve()
    optimizer = nn.SGD(model.parameters(), lr=1.0)
    schedule = nn.ExponentialLR(optimizer, 0.5)
    before = model.state_dict()
    nn.fit(
        model, nn.mse_loss, [(X, 1e6 * T)], optimizer, 1,
        clip_norm=0.1, schedule=schedule, verbose=False,
    )  # fmt: skip
    moved = sum(np.sum((x - before[name]) ** 2) for name, x in model.state_dict().items()) ** 0.5
    assert moved == pytest.approx(0.1, rel=1e-6)
    assert optimizer.lr == 0.5


def test_several_inputs_to_a_model():
    class Sum(nn.Module):
        def __init__(self):
            self.w = nn.Parameter(0.0)

        def forward(self, a, b):
            return (a + b) * self.w

    _, history = trained(Sum(), [(X, X, 2.0 * X)], epochs=1)
    assert len(history.train) == 1


def test_training_is_reproducible_bit_for_bit():
    a, first = trained(epochs=4)
    b, second = trained(epochs=4)
    assert same(a.state_dict(), b.state_dict())
    assert first.train == second.train


# --- what is not finite ---------------------------------------------------------------------------


def test_a_nan_loss_names_the_first_bad_node_and_changes_nothing():
    class Pole(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(1, 1, generator=0)

        def forward(self, x):
            return f.log(self.layer(x) * 0.0).named("bad")

    model = nn.Sequential({"pole": Pole()}).named("net")
    before = model.state_dict()
    with pytest.raises(
        TrainingError, match=r"the loss is .*the first bad node is bad .* of net\.pole"
    ):
        trained(model, [(X, T)])
    assert same(model.state_dict(), before)


def test_a_nan_in_the_data_is_found():
    x = X.copy()
    x[3] = np.nan
    with pytest.raises(
        TrainingError, match=r"the loss is nan; the first bad node is ξ_1 .* of MLP\.layers\.0"
    ):
        trained(batches=[(x, T)])


def test_a_gradient_that_is_not_finite_is_said_by_parameter():
    class Root(nn.Module):
        def __init__(self):
            self.w = nn.Parameter([0.0, 4.0])

        def forward(self, x):
            return f.sqrt(self.w)

    model = Root()
    with pytest.raises(TrainingError, match=r"not finite: w \(1 of 2 entries\)(.|\n)*sqrt"):
        trained(model, [(X, np.ones(2))])
    assert np.array_equal(model.w.numpy(), [0.0, 4.0])


# --- bad input ------------------------------------------------------------------------------------


def test_batches_that_are_used_up_are_refused():
    with pytest.raises(OperandError, match="used up after one epoch"):
        trained(batches=iter([(X, T)]), epochs=2)
    trained(batches=iter([(X, T)]), epochs=1)
    with pytest.raises(OperandError, match="no batches"):
        trained(batches=[], epochs=1)


@pytest.mark.parametrize("epochs", [-1, 1.5, "3", None, True])
def test_epochs_are_counted(epochs):
    with pytest.raises(OperandError, match="epochs is a whole number"):
        trained(epochs=epochs)


BAD_DATA = [
    (None, "are batches"),
    (3, "are batches"),
    ("data", "are batches"),
    (X, r"not an array of shape \(40, 1\)"),
    (Tensor(X), r"not an array of shape \(40, 1\)"),
    ([X], r"a batch is a tuple \(x, t\).*not an array of shape \(40, 1\)"),
    ((X, T), r"a batch is a tuple \(x, t\).*not an array of shape"),
    ([(X, T), (X,)], r"a batch is a tuple \(x, t\).*not a tuple of 1"),
    ([None], "a batch is a tuple"),
    ([{"x": X, "t": T}], "a batch is a tuple"),
    (nn.Batches(X), r"not a tuple of 1"),
]


@pytest.mark.parametrize(("batches", "words"), BAD_DATA, ids=lambda x: str(x)[:20])
def test_what_are_no_batches_is_refused_and_nothing_is_trained(batches, words):
    model = curve()
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    with pytest.raises(OperandError, match=words):
        nn.fit(model, nn.mse_loss, batches, optimizer, 1, verbose=False)
    with pytest.raises(OperandError, match=words):
        nn.evaluate(model, nn.mse_loss, batches)
    assert same(model.state_dict(), curve().state_dict())


@pytest.mark.parametrize(("batches", "words"), BAD_DATA[1:-1], ids=lambda x: str(x)[:20])
def test_what_is_no_validation_is_refused_before_the_first_step(batches, words):
    model = curve()
    with pytest.raises(OperandError, match=words):
        trained(model, [(X, T)], validation=batches)
    with pytest.raises(OperandError, match="validation is an iterator, used up after one epoch"):
        trained(model, [(X, T)], validation=iter([(X, T)]))
    assert same(model.state_dict(), curve().state_dict())


@pytest.mark.parametrize(
    "wrong",
    [
        *({"clip_norm": x} for x in (-1.0, 0.0, np.nan, "1", True, [1.0])),
        *({"patience": x, "validation": [(X, T)]} for x in (-1, 0, 1.5, "1", True, np.nan)),
        *({"verbose": x} for x in (None, 1, "no")),
        *({"schedule": x} for x in (3, "StepLR", nn.StepLR)),
    ],
    ids=str,
)
def test_an_option_out_of_its_range_is_refused_and_nothing_is_trained(wrong):
    model, option = curve(), next(iter(wrong))
    with pytest.raises(OperandError, match=f"^{option} is"):
        trained(model, [(X, T)], **wrong)
    assert same(model.state_dict(), curve().state_dict())
    if option == "clip_norm":
        with pytest.raises(OperandError, match="^clip_norm is"):
            nn.train_step(model, nn.mse_loss, (X, T), nn.SGD(model.parameters()), **wrong)


def test_the_parts_of_training_must_be_what_they_are_called():
    model = curve()
    optimizer = nn.SGD(model.parameters())
    for wrong in (None, 3, nn.MLP):
        with pytest.raises(OperandError, match="model is an nn.Module"):
            nn.fit(wrong, nn.mse_loss, [(X, T)], optimizer, 1)
        with pytest.raises(OperandError, match="optimizer is one such as SGD"):
            nn.fit(model, nn.mse_loss, [(X, T)], wrong, 1)
    with pytest.raises(OperandError, match="loss is a function"):
        nn.fit(model, "mse", [(X, T)], optimizer, 1)
    other = nn.StepLR(nn.SGD(curve().parameters()), 1)
    with pytest.raises(OperandError, match="the schedule changes another optimiser's rate"):
        nn.fit(model, nn.mse_loss, [(X, T)], optimizer, 1, schedule=other)


def test_a_plateau_is_told_the_validation_loss():
    model = curve()
    optimizer = nn.SGD(model.parameters(), lr=0.5)
    schedule = nn.ReduceLROnPlateau(optimizer, factor=0.5, patience=0)
    history = nn.fit(
        model, nn.mse_loss, [(X, T)], optimizer, 6,
        validation=Rising(model), schedule=schedule, verbose=False,
    )  # fmt: skip
    assert schedule.best == min(history.validation)
    assert optimizer.lr == 0.5 / 8  # after the third epoch each was worse


def test_evaluate_refuses_a_loss_that_is_not_one_number():
    with pytest.raises(DerivativeError, match=r"one number, not Tensor of shape \(40, 1\)"):
        nn.evaluate(curve(), lambda y, t: y - t, [(X, T)])


def test_no_epochs_change_nothing():
    model, history = trained(epochs=0)
    assert same(model.state_dict(), curve().state_dict())
    assert history.train == []


def test_the_optimiser_must_be_the_models():
    with pytest.raises(OperandError, match="none of this model's parameters"):
        nn.fit(curve(), nn.mse_loss, [(X, T)], nn.SGD(curve().parameters()), 1)


def test_patience_needs_validation():
    with pytest.raises(OperandError, match="give validation too"):
        trained(patience=1)


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        (lambda y, t: y - t, r"one number, not Tensor of shape \(40, 1\)"),
        (lambda y, t: 1.0, "one number, not float"),
        (lambda y, t: Tensor(1.0), "does not depend on any parameter"),
    ],
)
def test_a_loss_that_is_none_is_refused(loss, words):
    model = curve()
    with pytest.raises(DerivativeError, match=words):
        nn.fit(model, loss, [(X, T)], nn.SGD(model.parameters()), 1, verbose=False)


def test_wrong_shapes_in_training_name_the_module():
    with pytest.raises(ShapeError, match=r"MLP\.layers\.0 expected 1 features"):
        trained(batches=[(np.ones((4, 3)), np.ones((4, 1)))])


# --- batches --------------------------------------------------------------------------------------


def test_batches_hold_every_row_once_in_another_order_each_time():
    batches = nn.Batches(np.arange(10), np.arange(10) * 2, size=3, generator=0)
    assert len(batches) == 4
    rounds = [list(batches) for _ in range(2)]
    for one in rounds:
        assert [len(x) for x, _ in one] == [3, 3, 3, 1]
        assert sorted(np.concatenate([x for x, _ in one])) == list(range(10))
        assert all(np.array_equal(2 * x, t) for x, t in one)
    assert not np.array_equal(rounds[0][0][0], rounds[1][0][0])


def test_batches_refuse_what_has_no_rows_or_different_ones():
    with pytest.raises(ShapeError, match="3 and 4 rows"):
        nn.Batches(np.ones(3), np.ones(4))
    with pytest.raises(OperandError, match="arrays with rows"):
        nn.Batches(3.0)
    with pytest.raises(OperandError, match="size is a whole number"):
        nn.Batches(np.ones(3), size=0)


@pytest.mark.parametrize("n", [6, 7, 8, 9])
@pytest.mark.parametrize("drop_last", [False, True])
def test_dropping_the_last_is_torchs(n, drop_last):
    loader = torch.utils.data.DataLoader(torch.arange(n), batch_size=3, drop_last=drop_last)
    ours = nn.Batches(np.arange(n), size=3, shuffle=False, drop_last=drop_last)
    assert [x.tolist() for (x,) in ours] == [x.tolist() for x in loader]
    assert len(ours) == len(loader)


@pytest.mark.parametrize("wrong", [
    *({"size": x} for x in (0, -1, 2.0, True, "3", None, np.nan)),
    *({"shuffle": x} for x in (None, 1, "yes")),
    *({"drop_last": x} for x in (None, 1, "yes")),
], ids=str)  # fmt: skip
def test_batches_refuse_options_out_of_range(wrong):
    with pytest.raises(OperandError, match=f"^{next(iter(wrong))} is"):
        nn.Batches(X, **wrong)


def test_batches_refuse_what_are_no_data():
    with pytest.raises(OperandError, match=r"cut w .* off its graph: write \.detach"):
        nn.Batches(Tensor(X, requires_grad=True, name="w"))
    with pytest.raises(OperandError, match="of numbers"):
        nn.Batches(["a", "b"])
    with pytest.raises(OperandError, match="arrays with rows"):
        nn.Batches([[1.0], [1.0, 2.0]])
    with pytest.raises(OperandError, match="drop_last leaves no batch: there are 40 rows"):
        nn.Batches(X, size=41, drop_last=True)


# --- what it says ---------------------------------------------------------------------------------


def test_one_plain_line_an_epoch_when_not_in_a_terminal(capsys):
    trained(epochs=2, validation=[(X, T)], verbose=True)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("epoch 1/2: loss ")
    assert "validation" in lines[0]


def test_a_bar_in_a_terminal(monkeypatch, capsys):
    pytest.importorskip("tqdm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    trained(epochs=1, verbose=True)
    said = capsys.readouterr().err
    assert "epoch 1/1" in said
    assert "0/5" in said


def test_history_plots_itself_without_pyplot(tmp_path):
    _, history = trained(epochs=3, validation=[(X, T)])
    figure = history.plot()
    figure.savefig(tmp_path / "history.png")
    assert (tmp_path / "history.png").stat().st_size > 1000
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert labels == ["training", "validation", "best"]
    assert history.plot(figure.axes[0]) is figure
    assert history._repr_png_().startswith(b"\x89PNG")
    assert repr(history).startswith("History of 3 epochs (all epochs done): loss ")


def test_importing_nn_loads_nothing_heavy():
    code = (
        "import sys, nn\n"
        "heavy = {'matplotlib', 'numba', 'scipy', 'sympy', 'torch', 'sklearn', 'tqdm', 'safetensors'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE)


def test_what_is_exported_is_what_is_listed():
    modules = {name for name in vars(nn) if isinstance(getattr(nn, name), type(sys))}
    public = {name for name in vars(nn) if not name.startswith("_")} - (modules - {"init"})
    assert set(nn.__all__) == public
    assert len(nn.__all__) == len(set(nn.__all__))


# --- real data ------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", [False, True])
def test_an_mlp_reads_digits(record):
    """At least 97 % of scikit-learn's 8×8 digits that it has not seen."""
    datasets = pytest.importorskip("sklearn.datasets")
    images, labels = datasets.load_digits(return_X_y=True)
    images = images / 16.0
    order = np.random.default_rng(0).permutation(len(labels))
    rows, held_out = order[:1400], order[1400:]
    model = nn.MLP((64, 128, 10), generator=0)
    batches = nn.Batches(images[rows], labels[rows], size=32, generator=0)
    optimizer = nn.AdamW(model.parameters(), lr=2e-3)
    nn.fit(model, nn.cross_entropy, batches, optimizer, epochs=25, verbose=False, record=record)
    guesses = model.eval()(images[held_out]).numpy().argmax(1)
    assert np.mean(guesses == labels[held_out]) >= 0.97
