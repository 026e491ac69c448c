"""Containers, models, losses and training refuse what is no module in sentences that say what to write."""

import re

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, Value
from autograd_lite.errors import OperandError

x = Tensor(np.ones((3, 2)), requires_grad=True)
t = np.zeros((3, 2))
NO_MODULES = [2, None, "Linear", np.tanh, x, [nn.Tanh()]]


def linear():
    return nn.Linear(2, 2, generator=0)


TAKERS = {
    "Sequential": lambda m: nn.Sequential(linear(), m),
    "Sequential of a dict": lambda m: nn.Sequential({"a": m}),
    "ModuleList": lambda m: nn.ModuleList([m]),
    "ModuleList.append": lambda m: nn.ModuleList().append(m),
    "ModuleDict": lambda m: nn.ModuleDict({"a": m}),
    "encoder": lambda m: nn.Autoencoder(m, linear()),
    "decoder": lambda m: nn.Autoencoder(linear(), m),
    "VAE encoder": lambda m: nn.VAE(m, linear(), 1),
    "VAE decoder": lambda m: nn.VAE(linear(), m, 1),
    "TransformerEncoder": lambda m: nn.TransformerEncoder(m, 2),
    "TransformerDecoder": lambda m: nn.TransformerDecoder(m, 2),
    "TransformerEncoder norm": lambda m: nn.TransformerEncoder(linear(), 2, norm=m),
    "TransformerDecoder norm": lambda m: nn.TransformerDecoder(linear(), 2, norm=m),
    "fit": lambda m: nn.fit(m, nn.mse_loss, [(t, t)], nn.SGD(linear().parameters(), lr=0.1)),
    "evaluate": lambda m: nn.evaluate(m, nn.mse_loss, [(t, t)]),
    "save": lambda m: nn.save(m, "nowhere"),
    "load": lambda m: nn.load(m, "nowhere"),
}
OPTIONAL = [take for name, take in TAKERS.items() if name.endswith("norm")]


@pytest.mark.parametrize("take", TAKERS.values(), ids=TAKERS)
def test_what_is_no_module_is_refused_where_it_is_given(take):
    for bad in NO_MODULES:
        if bad is None and take in OPTIONAL:
            continue
        with pytest.raises(OperandError, match="Module"):
            take(bad)
    with pytest.raises(OperandError, match=r"Tanh is a class: write nn\.Tanh\(\)"):
        take(nn.Tanh)
    with pytest.raises(OperandError, match=r"Linear is a class: write nn\.Linear\(…\)"):
        take(nn.Linear)


FUNCTIONS = {
    "fit": lambda f: nn.fit(
        linear(), f, [(t, t)], nn.SGD(linear().parameters(), lr=0.1), verbose=False
    ),
    "evaluate": lambda f: nn.evaluate(linear(), f, [(t, t)]),
    "MLP activation": lambda f: nn.MLP((2, 1), activation=f),
    "MLP output": lambda f: nn.MLP((2, 1), output=f),
    "tied": lambda f: nn.TiedAutoencoder(2, 1, activation=f),
    "transformer": lambda f: nn.TransformerEncoderLayer(4, 2, activation=f),
}


@pytest.mark.parametrize("take", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_class_in_the_place_of_its_object_is_told_the_parentheses(take):
    with pytest.raises(OperandError, match=r"MSELoss is a class: write nn\.MSELoss\(\)"):
        take(nn.MSELoss)


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda: nn.MSELoss(x, t), "nn.MSELoss()(x, t) or nn.mse_loss(x, t)"),
        (lambda: nn.MSELoss(t, t), "nn.MSELoss()(x, t) or nn.mse_loss(x, t)"),
        (
            lambda: nn.CrossEntropyLoss(x, t),
            "nn.CrossEntropyLoss()(x, t) or nn.cross_entropy(x, t)",
        ),
        (lambda: nn.ReLU(x), "nn.ReLU()(x) or nn.relu(x)"),
        (lambda: nn.Softmax(x), "nn.Softmax()(x) or nn.softmax(x)"),
    ],
)
def test_operands_given_to_a_constructor_are_told_where_they_belong(make, line):
    with pytest.raises(OperandError, match=re.escape(f"write {line}")):
        make()


def test_the_lines_that_are_told_run():
    classes = np.zeros(3, int)
    assert nn.MSELoss()(x, t).item() == nn.mse_loss(x, t).item() == 1.0
    assert nn.CrossEntropyLoss()(x, classes).item() == nn.cross_entropy(x, classes).item()
    assert nn.ReLU()(x).shape == nn.relu(x).shape == nn.Softmax()(x).shape == (3, 2)


@pytest.mark.parametrize(
    "module", [nn.Linear(2, 1), nn.MLP((2, 1)), nn.RNNCell(2, 1), None, nn.RNN]
)
def test_bptt_is_of_recurrent_modules(module):
    with pytest.raises(OperandError, match="takes a recurrent module, an nn.RNN"):
        nn.BPTT(Value(1.0), module)
    with pytest.raises(OperandError, match="the loss is a Tensor"):
        nn.BPTT(1.0, nn.RNN(2, 1))


def test_an_optimiser_without_parameters_says_whether_a_generator_was_used_up():
    used = linear().parameters()
    nn.SGD(used, lr=0.1)
    with pytest.raises(OperandError, match=r"used up before, so write model\.parameters\(\) again"):
        nn.SGD(used, lr=0.1)
    for none in (nn.Tanh().parameters(), [], (), [{"params": nn.Tanh().parameters()}]):
        with pytest.raises(OperandError, match="none: a model of activations") as caught:
            nn.SGD(none, lr=0.1)
        assert "generator" not in str(caught.value)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: nn.ModuleList(5), "takes a list"),
        (lambda: nn.ModuleList(nn.Linear(2, 1)), "takes a list"),
        (lambda: nn.ParameterList(5), "takes a list"),
        (lambda: nn.ModuleDict(5), "takes a dict"),
        (lambda: nn.ModuleDict([1, 2]), "takes a dict"),
        (lambda: nn.ParameterDict("ab"), "takes a dict"),
        (lambda: nn.Sequential({1: nn.Tanh()}), "cannot name a module"),
        (lambda: nn.Sequential({"": nn.Tanh()}), "cannot name a module"),
        (lambda: nn.ConvAutoencoder(activation=abs), "is a class of modules"),
        (lambda: nn.ConvAutoencoder(output=float), "is a class of modules"),
        (lambda: nn.VAE(nn.Linear(2, 2), nn.Linear(1, 2), 1, likelihood=3), "with a log_prob"),
        (lambda: nn.check_gradients(3), "of a Module"),
    ],
)
def test_a_container_says_what_it_takes(make, words):
    with pytest.raises(OperandError, match=words):
        make()
