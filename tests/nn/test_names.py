"""Modules name what a lecture names: these are the variables of a model's flow graph, none of them twice."""

from __future__ import annotations

import copy
import itertools
import pickle
import threading

import numpy as np
import pytest

import nn
from autograd_lite import FlowGraph, Tape, Tensor, no_grad, trace
from autograd_lite import functions as f
from autograd_lite.errors import NotAVariableError
from autograd_lite.variables import label
from tests.work import calls_of
from viz.formulas.labels import latex

LAYERS = ("ξ_1", "h_1", "ξ_2", "h_2", "ξ_3")


def x_of(*shape: int) -> Tensor:
    numbers = np.random.default_rng(0).normal(size=shape)
    return Tensor(numbers, requires_grad=True, name="x")


def between(output: Tensor) -> list[str]:
    """The computed variables of the output's flow graph, but the output itself."""
    return [label(v) for v in FlowGraph(output).variables if v.operands and v is not output]


def leaves(output: Tensor) -> list[str]:
    return [str(v.name) for v in FlowGraph(output).variables if not v.operands]


def squares(y: Tensor) -> Tensor:
    return f.sum(y * y).named("L")


def dense(*sizes: int) -> nn.Sequential:
    """Layers with tanh between them."""
    modules: list[nn.Module] = []
    for n, m in itertools.pairwise(sizes):
        modules += [nn.Linear(n, m, generator=n), nn.Tanh()]
    return nn.Sequential(*modules[:-1])


# --- the lectures' models -------------------------------------------------------------------------


def dense_output() -> Tensor:
    return squares(dense(3, 4, 4, 2)(x_of(1, 3)))


def mlp_output() -> Tensor:
    return squares(nn.MLP((3, 4, 4, 2), f.tanh, generator=0)(x_of(1, 3)))


def mlp_of_modules() -> Tensor:
    return squares(nn.MLP((3, 4, 4, 2), nn.Tanh(), nn.Sigmoid(), generator=0)(x_of(1, 3)))


def convolutional() -> Tensor:
    return squares(
        nn.Sequential(
            nn.Conv2d(1, 2, 3, generator=0), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Dropout(0.5), nn.Flatten(), nn.Linear(8, 3, generator=1),
        )(x_of(2, 1, 6, 6))
    )  # fmt: skip


def autoencoder(pooling: bool) -> Tensor:
    model = nn.ConvAutoencoder((1, 2, 3), pooling=pooling, generator=0)
    x = x_of(1, 1, 8, 8)
    return nn.mse_loss(model(x), x).named("L")


def vae(full: bool, likelihood: nn.Gaussian | nn.Bernoulli) -> Tensor:
    model = nn.VAE.dense((6, 5, 2), likelihood, full, generator=0)
    return nn.negative_elbo(model(np.ones((1, 6)))).named("L")


def recurrent(kind: type[nn.RNN | nn.LSTM | nn.GRU], **options: int) -> Tensor:
    return squares(kind(2, 3, generator=0, **options)(x_of(2, 1, 2))[0])


def cell(kind: type[nn.RNNCell | nn.LSTMCell | nn.GRUCell]) -> Tensor:
    """Two steps, written by a user."""
    module, state = kind(2, 3, generator=0), None
    for x in x_of(2, 1, 2):
        state = module(x, state)
    return squares(state[0] if isinstance(state, tuple) else state)


def iir() -> Tensor:
    return squares(nn.IIRFilter([1.0, 0.5], [0.3, 0.2], nn.Tanh())(x_of(3)))


GATES = ["i_1", "f_1", "c̃_1", "o_1", "c_1", "h_1", "i_2", "f_2", "c̃_2", "o_2", "c_2", "h_2"]
MODELS = {
    "Sequential": (dense_output, LAYERS),
    "MLP": (mlp_output, [*LAYERS[:-1], "ŷ"]),
    "MLP of modules": (mlp_of_modules, [*LAYERS, "ŷ"]),
    "CNN": (convolutional, ["ξ_1", "h_1", "ξ_2"]),
    "ConvAutoencoder": (
        lambda: autoencoder(False),
        ["ξ_1", "h_1", "ξ_2", "z", "ξ_3", "h_3", "ξ_4", "x̂"],
    ),
    "ConvAutoencoder, pooled": (
        lambda: autoencoder(True),
        ["ξ_1", "h_1", "ξ_2", "z", "ξ_3", "h_3", "ξ_4", "x̂"],
    ),
    "LinearAutoencoder": (
        lambda: squares(nn.LinearAutoencoder(3, 2, generator=0)(x_of(1, 3))),
        ["z", "x̂"],
    ),
    "TiedAutoencoder": (
        lambda: squares(nn.TiedAutoencoder(3, 2, generator=0)(x_of(1, 3))),
        ["z", "x̂"],
    ),
    "VAE": (
        lambda: vae(False, nn.Gaussian()),
        ["ξ_1", "h_1", "ξ_2", "μ", "log σ^2", "σ", "z", "ξ_3", "h_3", "x̂",
         "log p(x|z)", "KL", "ELBO"],
    ),
    "VAE, full, of pixels": (
        lambda: vae(True, nn.Bernoulli()),
        ["ξ_1", "h_1", "ξ_2", "μ", "log σ^2", "L_z", "z", "ξ_3", "h_3", "ξ_x̂",
         "log p(x|z)", "KL", "ELBO"],
    ),
    "FIRFilter": (lambda: squares(nn.FIRFilter([1.0, 0.5])(x_of(4))), ["ŷ[n]"]),
    "FIRFilter, nonlinear": (
        lambda: squares(nn.FIRFilter([1.0, 0.5], nn.Tanh())(x_of(4))),
        ["ŷ[n]"],
    ),
    "IIRFilter": (
        iir,
        ["x[0]", "x[1]", "x[2]", "b_0", "b_1", "a_1", "a_2", "y[0]", "y[1]", "y[2]"],
    ),
    "RNN": (lambda: recurrent(nn.RNN), ["x_1", "x_2", "h_1", "h_2"]),
    "RNN with outputs": (
        lambda: recurrent(nn.RNN, output_size=2),
        ["x_1", "x_2", "h_1", "h_2", "y"],
    ),
    "LSTM": (lambda: recurrent(nn.LSTM), ["x_1", "x_2", *GATES]),
    "GRU": (
        lambda: recurrent(nn.GRU),
        ["x_1", "x_2", "r_1", "z_1", "n_1", "h_1", "r_2", "z_2", "n_2", "h_2"],
    ),
    "RNNCell": (lambda: cell(nn.RNNCell), ["h_1", "h_2"]),
    "LSTMCell": (lambda: cell(nn.LSTMCell), GATES),
    "GRUCell": (
        lambda: cell(nn.GRUCell),
        ["r_1", "z_1", "n_1", "h_1", "r_2", "z_2", "n_2", "h_2"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "names"), MODELS.values(), ids=MODELS)
def test_a_model_of_the_lectures_has_their_variables(make, names):
    assert between(make()) == list(names)


@pytest.mark.parametrize("make", [make for make, _ in MODELS.values()], ids=MODELS)
def test_no_name_is_given_twice_and_each_can_be_drawn_and_asked_for(make):
    flow = FlowGraph(make())
    names = [str(v.name) for v in flow.variables]
    assert len(set(map(label, flow.variables))) == len(names)
    assert all(latex(name) for name in names)
    assert all(flow.variable(name) is v for name, v in zip(names, flow.variables, strict=True))
    assert all(flow.variable(label(v)) is v for v in flow.variables)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda rbm, v: rbm(v), "F"),
        (lambda rbm, v: rbm.free_energy(v), "F"),
        (lambda rbm, v: rbm.energy(v, [0.0, 1.0]), "E"),
        (lambda rbm, v: rbm.hidden_given(v), "p(h|v)"),
        (lambda rbm, v: rbm.visible_given([0.0, 1.0]), "p(v|h)"),
        (lambda rbm, v: rbm.log_partition(), "log Z"),
        (lambda rbm, v: rbm.log_probability(v), "log p(v)"),
        (lambda rbm, v: rbm.probability(v), "p(v)"),
    ],
)
def test_energies_and_probabilities_of_an_rbm_are_called_as_in_the_notes(make, name):
    found = make(nn.RBM(3, 2, generator=0), np.array([1.0, 0.0, 1.0]))
    assert label(found) == name
    assert latex(found.name)


def test_both_phases_of_contrastive_divergence_and_what_they_hold():
    loss = nn.RBM(3, 2, generator=0).contrastive_divergence([[1.0, 0.0, 1.0]]).named("L")
    assert between(loss) == ["F(v)", "F(v')"]
    assert {x.name for x in Tape(loss).leaves if not x.requires_grad} == {"v", "v'"}


# --- the lectures' derivatives --------------------------------------------------------------------


def test_delta_and_the_partial_derivative_between_layers():
    """δ_l = dE/dξ_l, and ∂ξ_2/∂h_1 is W_2: other layers are held."""
    model, x = dense(3, 4, 2), x_of(1, 3)
    flow = FlowGraph(nn.half_squared_error(model(x), np.zeros((1, 2))).named("E"))
    W = model[2].weight.numpy()
    np.testing.assert_allclose(flow.partial("xi_2", "h_1")[0, :, 0, :], W)
    delta_2, h = flow.total("xi_2"), flow.variable("h_1").value
    np.testing.assert_allclose(delta_2, flow.variable("xi_2").value)
    np.testing.assert_allclose(flow.total("xi_1"), (1 - h**2) * (delta_2 @ W))
    np.testing.assert_allclose(flow.total("0.weight"), flow.total("xi_1").T @ x.value)


def test_variables_of_ones_own_give_the_partials_of_before():
    """The layers are variables now; listing others gives ∂E/∂W through all of them."""
    model, x = dense(3, 4, 2), x_of(1, 3)
    E = squares(model(x))
    first = model[0].weight
    with pytest.raises(NotAVariableError):
        FlowGraph(E, [first, x]).variable("h_9")
    assert not FlowGraph(E).partial(E, first).any()
    np.testing.assert_allclose(
        FlowGraph(E, [first, x]).partial(E, first), FlowGraph(E).total(first)
    )


# --- whose name counts ----------------------------------------------------------------------------


class Scaled(nn.Module):
    """A module of a user's own."""

    def __init__(self, factor: float) -> None:
        self.factor = nn.Parameter([factor])

    def forward(self, x):
        return x * self.factor


class Named(Scaled):
    def forward(self, x):
        return super().forward(x).named("mine")


def test_modules_of_a_users_own_are_layers_too():
    y = nn.Sequential(Scaled(2.0), Scaled(3.0))(x_of(2))
    assert [label(v) for v in FlowGraph(y).variables] == ["0.factor", "1.factor", "x", "h_1", "h_2"]


def test_what_a_user_named_stays():
    y = nn.Sequential(nn.Linear(2, 2), Named(2.0), nn.Tanh())(x_of(1, 2))
    assert between(squares(y)) == ["ξ_1", "mine", "h_1"]
    code = nn.Autoencoder(nn.Sequential(nn.Linear(2, 2), Named(2.0)), nn.Linear(2, 2))
    assert between(squares(code(x_of(1, 2)))) == ["ξ_1", "mine", "x̂"]


def test_a_name_given_to_the_result_replaces_the_modules():
    x = x_of(1, 3)
    y = dense(3, 4, 2)(x).named("score")
    assert between(squares(y)) == ["ξ_1", "h_1", "score"]


def test_inputs_and_what_passes_through_are_not_named():
    x = Tensor([[1.0, 2.0]], requires_grad=True)
    computed = x * 2.0
    nn.Sequential(nn.Identity(), Passing(), nn.Dropout(0.0))(computed)
    nn.Autoencoder(Passing(), Passing())(x)
    assert x.name is None
    assert computed.name is None


class Passing(nn.Module):
    def forward(self, x):
        return x


def test_a_layer_called_alone_gives_its_result_no_name():
    assert nn.Linear(2, 1)(x_of(1, 2)).name is None
    assert nn.Tanh()(x_of(1, 2)).name is None


def test_one_line_names_what_is_computed_by_functions():
    class Net(nn.Module):
        def __init__(self):
            self.first, self.last = nn.Linear(2, 3), nn.Linear(3, 1)

        def forward(self, x):
            h = nn.numbered(f.sigmoid(self.first(x)))
            return nn.called(self.last(h), r"\hat{y}")

    y = Net()(x_of(1, 2))
    assert between(squares(y)) == ["ξ_1", "h_1", "ŷ"]
    assert leaves(y) == ["first.weight", "first.bias", "last.weight", "last.bias", "x"]
    assert nn.called([1.0], "a") == [1.0]
    assert nn.numbered(x_of(2) * 2.0).name is None


def test_of_two_modules_the_outer_one_says_last():
    model = nn.Autoencoder(nn.MLP((3, 2), generator=0), nn.MLP((2, 3), generator=1))
    assert between(squares(model(x_of(1, 3)))) == ["z", "x̂"]


# --- a module called twice ------------------------------------------------------------------------


def test_a_module_used_twice_in_a_model_numbers_its_results():
    class Twice(nn.Module):
        def __init__(self):
            self.body = nn.Sequential(nn.Linear(2, 2, generator=0), nn.Tanh())

        def forward(self, x):
            return self.body(self.body(x))

    assert between(squares(Twice()(x_of(1, 2)))) == ["ξ_1", "h_1", "ξ_2", "h_2"]


def test_a_model_called_twice_has_its_variables_numbered():
    model, x = dense(2, 2, 1), x_of(1, 2)
    flow = FlowGraph(squares(model(x) - model(x * 2.0)))
    firsts = [v for v in flow.variables if v.name == "h_1"]
    assert flow.variable("h_1_(1)") is firsts[0]
    assert flow.variable("h_1_(2)") is firsts[1]
    assert "h_1_(1)" in repr(flow)
    with pytest.raises(NotAVariableError, match=r"'h_1' names 2 variables: .* write 'h_1_\(1\)'"):
        flow.variable("h_1")
    with pytest.raises(NotAVariableError, match="no variable is called"):
        flow.variable("h_1_(3)")


def test_each_call_counts_from_one_also_after_an_error_and_in_threads():
    model, x = dense(2, 3, 1), x_of(1, 2)
    with pytest.raises(ValueError, match="expected 2 features"):
        model(x_of(1, 3))
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append(between(squares(model(x))))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60.0)
    assert found == [["ξ_1", "h_1", "ξ_2"]] * 4


def test_layers_beside_time_steps_have_other_names():
    class Classifier(nn.Module):
        def __init__(self):
            self.enter = dense(2, 3)
            self.lstm = nn.GRU(3, 2, generator=0)
            self.head = dense(2, 3, 1)

        def forward(self, x):
            return self.head(self.lstm(self.enter(x))[1][0])

    flow = FlowGraph(squares(Classifier()(x_of(2, 1, 2))))
    names = [label(v) for v in flow.variables]
    assert len({*names}) == len(names)
    assert {"ξ^(1)", "h_1", "h_2", "ξ^(2)", "h^(2)", "ξ^(3)"} <= {*names}
    assert flow.variable("h^(2)").shape == (1, 3)
    assert latex(str(flow.variable("h^(2)").name)) == "h^{(2)}"


def test_a_cell_counts_on_from_the_state_it_is_given():
    lstm = nn.LSTMCell(2, 3, generator=0)
    state = lstm(x_of(1, 2), (x_of(1, 3).named("h_11"), x_of(1, 3).named("c_11")))
    assert [v.name for v in state] == ["h_{12}", "c_{12}"]
    start = lstm(x_of(1, 2), (x_of(1, 3).named("mine"), x_of(1, 3)))
    assert [v.name for v in start] == ["h_1", "c_1"]


# --- parameters -----------------------------------------------------------------------------------


class Net(nn.Module):
    def __init__(self) -> None:
        self.encoder = nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 2)))
        self.lstm = nn.LSTM(2, 2)
        self.blocks = nn.ModuleList()
        self.blocks.append(nn.Linear(2, 2))
        self.choices = nn.ModuleDict()
        self.choices["a"] = nn.Linear(2, 2)
        self.scales = nn.ParameterList([[1.0]])
        self.scales.append([2.0])
        self.chosen = nn.Parameter([1.0], name="theta")


def test_parameters_are_called_as_in_the_state():
    names = {path: x.name for path, x in nn.Sequential(Net()).named_parameters()}
    own = {path: name for path, name in names.items() if path != name}
    assert set(own.values()) == {"theta", *(f"{w}_{g}" for w in "WUb" for g in "ifco")}
    assert own["0.chosen"] == "theta"
    assert own["0.lstm.W_f"] == "W_f"
    assert names["0.blocks.0.weight"] == "0.blocks.0.weight"
    assert names["0.scales.1"] == "0.scales.1"


def test_a_shared_parameter_keeps_its_first_path():
    net, shared = nn.Module(), nn.Linear(2, 2)
    net.first, net.second = shared, shared
    assert shared.weight.name == "first.weight"


def test_a_parameter_in_the_place_of_another_has_its_name():
    model = dense(2, 3, 1)
    model[0].weight = nn.Parameter(np.ones((3, 2)))
    assert model[0].weight.name == "0.weight"
    assert model.astype("float32")[0].weight.name == "0.weight"


# --- the same names everywhere --------------------------------------------------------------------


def test_names_are_the_same_in_a_program_and_in_recorded_training():
    model, x, t = dense(2, 3, 1), np.ones((4, 2)), np.zeros((4, 1))
    lines = (
        "xi_1 = x @ W_1.T + b_1",
        "h_1 = np.tanh(xi_1)",
        "xi_2 = h_1 @ W_2.T + b_2",
    )
    source = trace(lambda x, t: nn.half_squared_error(model(x), t), x, t).source()
    gradient = nn.recorded.RecordedGradient(model, nn.half_squared_error)
    gradient((x, t))
    for text in (source, gradient.programs[0].source()):
        assert all(line in text for line in lines)
    assert between(squares(model(x))) == ["ξ_1", "h_1", "ξ_2"]


def test_names_of_entries_do_not_cut_up_a_programs_loops():
    """x_1 is x[0] there, as a person would write it."""
    rnn = nn.RNN(2, 3, generator=0)
    source = trace(lambda x: squares(rnn(x)[0]), np.ones((6, 1, 2))).source()
    assert "x[t - 1] @ W_xh.T" in source
    assert "y[t] = " in trace(nn.IIRFilter([1.0], [0.5], nn.Tanh()), np.ones(8)).source()


def test_names_outlast_copies_and_pickles():
    y = squares(dense(2, 3, 1)(x_of(1, 2)))
    for other in (copy.deepcopy(y), pickle.loads(pickle.dumps(y))):  # noqa: S301 - made here
        assert between(other) == between(y)


def test_nothing_is_named_without_recording():
    with no_grad():
        assert dense(2, 3, 1)(x_of(1, 2)).name is None


# --- what it costs --------------------------------------------------------------------------------


def test_naming_a_layer_takes_three_calls_and_a_model_ten():
    """A model whose modules name nothing is called with the same operations."""

    class Silent(nn.Linear):
        result_name = None

    def calls(kind: type[nn.Linear], count: int) -> int:
        model = nn.Sequential(*(kind(2, 2, generator=0) for _ in range(count)))
        x = x_of(1, 2)
        model(x)
        return calls_of(lambda: model(x))[1]

    one, many = (calls(nn.Linear, n) - calls(Silent, n) for n in (1, 21))
    assert one <= 3
    assert many - one <= 3 * 20
