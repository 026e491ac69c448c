"""Modules and parameters in dicts and lists are trained, saved and named as torch's are."""

import copy

import numpy as np
import pytest

import nn
from autograd_lite import Tensor
from autograd_lite.errors import IndexingError, OperandError
from tests.nn.oracle import assert_same_module, torch


def choices(library):
    class Choices(library.Module):
        def __init__(self):
            super().__init__()
            self.parts = library.ModuleDict({"a": library.Linear(2, 3), "b": library.Linear(2, 3)})
            self.scales = library.ParameterList(
                [np.ones(3) if library is nn else torch.ones(3).double()]
            )
            self.shifts = library.ParameterDict(
                {"c": np.ones(3) if library is nn else torch.ones(3).double()}
            )

        def forward(self, x):
            return (self.parts["a"](x) * self.parts["b"](x)) * self.scales[0] + self.shifts["c"]

    return Choices() if library is nn else Choices().double()


def test_a_model_of_containers_is_torchs_with_torchs_state():
    ours, theirs = choices(nn), choices(torch.nn)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert_same_module(ours, theirs, np.random.default_rng(0).normal(size=(4, 2)))
    theirs.load_state_dict({name: torch.tensor(x) for name, x in ours.state_dict().items()})


def test_nodes_carry_the_dotted_name_of_a_module_in_a_dict():
    assert choices(nn).parts["b"](np.ones((1, 2))).scope == "parts.b"


def test_a_dict_of_modules_has_a_dicts_manners():
    parts = nn.ModuleDict({"a": nn.Tanh(), "b": nn.ReLU()})
    parts["c"] = nn.Sigmoid()
    parts.update({"a": nn.SiLU()})
    assert (len(parts), list(parts), "b" in parts) == (3, ["a", "b", "c"], True)
    assert isinstance(parts.pop("a"), nn.SiLU)
    del parts["c"]
    assert [(name, type(x)) for name, x in parts.items()] == [("b", nn.ReLU)]
    assert list(parts.keys()) == ["b"]
    assert [type(x) for x in copy.deepcopy(parts).values()] == [nn.ReLU]


def test_parameters_that_are_given_stay_the_same():
    w = nn.Parameter([1.0])
    row = nn.ParameterList([w, Tensor([2.0])])
    assert row[0] is w
    assert [p.requires_grad for p in row] == [True, True]
    assert len(list(row.append([3.0]).parameters())) == 3


def test_a_slice_of_a_row_keeps_names_and_weights():
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    theirs = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    assert type(net[1:]) is nn.Sequential
    assert list(net[1:].state_dict()) == list(theirs[1:].state_dict())
    assert net[:-1][0] is net[0]
    x = np.ones((1, 2))
    assert np.array_equal(net[2:](net[:2](x)).numpy(), net(x).numpy())
    assert len(net[1:].append(nn.Tanh())) == 3
    assert len(nn.ModuleList([nn.Tanh()]).extend([nn.Tanh(), nn.ReLU()])) == 3


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda: nn.ModuleDict({"a": np.tanh}), OperandError, "holds Modules, not"),
        (lambda: nn.ModuleDict({"a.b": nn.Tanh()}), OperandError, "'a.b' cannot name an entry"),
        (lambda: nn.ModuleDict({"keys": nn.Tanh()}), OperandError, "none of its own methods"),
        (lambda: nn.ModuleDict({"left": nn.Tanh()})["lefd"], IndexingError, "did you mean 'left'"),
        (lambda: nn.ParameterDict({1: [1.0]}), OperandError, "1 cannot name an entry"),
        (lambda: nn.ParameterList([nn.Parameter([1.0]) * 2.0]), OperandError, "is computed"),
        (lambda: nn.ParameterList([[1.0]])[1], IndexingError, "has 1 parameters, and no number 1"),
        (lambda: setattr(nn.Module(), "parts", {"a": nn.Tanh()}), OperandError, "nn.ModuleDict"),
        (lambda: nn.Unflatten("C", (2, 3)), OperandError, "dim is a whole number"),
        (lambda: nn.Unflatten(1, (-1, -1)), OperandError, "unflattened_size may have one -1"),
    ],
)
def test_what_is_no_entry_is_refused(wrong, error, words):
    with pytest.raises(error, match=words):
        wrong()


@pytest.mark.parametrize("sizes", [(2, 3), (-1, 3), (2, -1), [6, -1, 1]], ids=str)
@pytest.mark.parametrize("dim", [1, -1])
def test_unflattening_is_torchs(dim, sizes):
    x = np.random.default_rng(1).normal(size=(4, 6))
    assert_same_module(nn.Unflatten(dim, sizes), torch.nn.Unflatten(dim, tuple(sizes)), x)
