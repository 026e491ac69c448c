"""fit trains, keeps the best, stops early, survives Ctrl-C and says what is not finite."""

import subprocess
import sys

import numpy as np
import pytest

import nn
from autograd_lite import Tensor
from autograd_lite import functions as f
from autograd_lite.errors import DerivativeError, OperandError, ShapeError, TrainingError

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
        "heavy = {'matplotlib', 'scipy', 'sympy', 'torch', 'sklearn', 'tqdm', 'safetensors'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_exported_is_what_is_listed():
    modules = {name for name in vars(nn) if isinstance(getattr(nn, name), type(sys))}
    public = {name for name in vars(nn) if not name.startswith("_")} - (modules - {"init"})
    assert set(nn.__all__) == public
    assert len(nn.__all__) == len(set(nn.__all__))


# --- real data ------------------------------------------------------------------------------------


def test_an_mlp_reads_digits():
    """At least 97 % of scikit-learn's 8×8 digits that it has not seen."""
    datasets = pytest.importorskip("sklearn.datasets")
    images, labels = datasets.load_digits(return_X_y=True)
    images = images / 16.0
    order = np.random.default_rng(0).permutation(len(labels))
    rows, held_out = order[:1400], order[1400:]
    model = nn.MLP((64, 128, 10), generator=0)
    batches = nn.Batches(images[rows], labels[rows], size=32, generator=0)
    optimizer = nn.AdamW(model.parameters(), lr=2e-3)
    nn.fit(model, nn.cross_entropy, batches, optimizer, epochs=25, verbose=False)
    guesses = model.eval()(images[held_out]).numpy().argmax(1)
    assert np.mean(guesses == labels[held_out]) >= 0.97
