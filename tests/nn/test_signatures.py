"""Every argument of torch's constructors is taken, with torch's default, or refused by name."""

import inspect

import pytest

import nn
from autograd_lite.errors import AutogradError
from nn.options import REFUSED
from tests.nn.oracle import torch

# what a constructor cannot do without, under torch's names
NEEDED = {
    "Linear": {"in_features": 2, "out_features": 3},
    "Embedding": {"num_embeddings": 3, "embedding_dim": 2},
    "MultiheadAttention": {"embed_dim": 4, "num_heads": 2},
    "TransformerEncoderLayer": {"d_model": 4, "nhead": 2, "dim_feedforward": 3},
    "TransformerDecoderLayer": {"d_model": 4, "nhead": 2, "dim_feedforward": 3},
    "GroupNorm": {"num_groups": 2, "num_channels": 4},
    "LayerNorm": {"normalized_shape": 3},
    "RMSNorm": {"normalized_shape": 3},
    "Unflatten": {"dim": 1, "unflattened_size": (2, 2)},
    **{
        f"{kind}{cell}": {"input_size": 2, "hidden_size": 3}
        for kind in ("RNN", "LSTM", "GRU") for cell in ("", "Cell")
    },
    **{f"{kind}{n}d": {"num_features": 3} for kind in ("BatchNorm", "InstanceNorm") for n in (1, 2)},
    **{f"{kind}{n}d": {"kernel_size": 2} for kind in ("MaxPool", "AvgPool") for n in (1, 2)},
    **{f"Adaptive{kind}Pool{n}d": {"output_size": 2} for kind in ("Avg", "Max") for n in (1, 2)},
    **{
        f"{kind}{n}d": {"in_channels": 2, "out_channels": 2, "kernel_size": 3}
        for kind in ("Conv", "ConvTranspose") for n in (1, 2)
    },
    "Upsample": {"size": 4},
}  # fmt: skip
# torch reads these from **kwargs
RECURRENT = {
    "num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0, "bidirectional": False,
    "proj_size": 0,
}  # fmt: skip
# another default, and why
DIFFERENT = {
    ("TransformerEncoderLayer", "activation"): "the function of this project",
    ("TransformerDecoderLayer", "activation"): "the function of this project",
    ("RNN", "nonlinearity"): "read from **kwargs there",
}
# of others' making, or with arguments of its own that are tested elsewhere
APART = {"Module", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict", "Sequential", "Parameter",
         "TransformerEncoder", "TransformerDecoder", "Identity"}  # fmt: skip
COUNTERPARTS = sorted(
    name
    for name in nn.__all__
    if inspect.isclass(getattr(nn, name)) and hasattr(torch.nn, name) and name not in APART
)


def parameters(owner):
    return {
        name: p
        for name, p in inspect.signature(owner).parameters.items()
        if p.kind not in {p.VAR_POSITIONAL, p.VAR_KEYWORD}
    }


def arguments():
    for name in COUNTERPARTS:
        theirs = parameters(getattr(torch.nn, name))
        if name in {"RNN", "LSTM", "GRU"}:
            yield from ((name, argument, usual) for argument, usual in RECURRENT.items())
        yield from ((name, argument, p.default) for argument, p in theirs.items())


ARGUMENTS = list(arguments())


def test_the_walk_sees_every_kind_of_module():
    print(f"\n{len(COUNTERPARTS)} modules, {len(ARGUMENTS)} arguments of torch's constructors")
    assert len(COUNTERPARTS) >= 70
    assert set(NEEDED) <= set(COUNTERPARTS)


@pytest.mark.parametrize(
    ("name", "argument", "usual"),
    ARGUMENTS,
    ids=lambda x: x.__name__ if callable(x) else str(x)[:30],
)
def test_every_argument_of_torchs_constructor_is_taken_or_refused_by_name(name, argument, usual):
    module, needed = getattr(nn, name), NEEDED.get(name, {})
    given = needed.get(argument, None if usual is inspect.Parameter.empty else usual)
    if (name, argument) in DIFFERENT:
        given = parameters(module)[argument].default
    if argument in parameters(module):
        module(**(needed | {argument: given}))
        return
    assert argument in REFUSED or any(
        p.kind is p.VAR_KEYWORD for p in inspect.signature(module).parameters.values()
    )
    if argument in REFUSED and given not in (None, False):
        with pytest.raises(AutogradError, match=f"{name} does not take {argument}=.*: "):
            module(**(needed | {argument: given}))
    else:
        module(**(needed | {argument: given}))


@pytest.mark.parametrize("name", COUNTERPARTS)
def test_what_is_taken_has_torchs_default(name):
    ours = parameters(getattr(nn, name))
    wrong = {
        argument: (ours[argument].default, usual)
        for owner, argument, usual in ARGUMENTS
        if owner == name and argument in ours and (name, argument) not in DIFFERENT
        and ours[argument].default != usual
    }  # fmt: skip
    assert not wrong


@pytest.mark.parametrize("name", COUNTERPARTS)
def test_what_comes_by_place_means_the_same_as_in_torch(name):
    """Up to the first argument that is not taken here: from there on only names are."""
    theirs = [
        a for a, p in parameters(getattr(torch.nn, name)).items() if p.kind is not p.KEYWORD_ONLY
    ]
    ours = [a for a, p in parameters(getattr(nn, name)).items() if p.kind is not p.KEYWORD_ONLY]
    known = [a for a in ours if a != "generator"]
    if name not in {"RNN", "LSTM", "GRU"}:  # theirs come by **kwargs
        assert known == theirs[: len(known)]


@pytest.mark.parametrize("name", COUNTERPARTS)
def test_a_misspelt_option_is_refused_in_words(name):
    with pytest.raises(AutogradError, match=f"{name} has no option 'biass'"):
        getattr(nn, name)(**NEEDED.get(name, {}), biass=True)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: nn.ReLU(True), lambda: nn.LeakyReLU(0.1, True), lambda: nn.Sigmoid(3),
        lambda: nn.MSELoss("sum"), lambda: nn.MaxPool2d(2, 2, 0, 1, False), lambda: nn.Module(1),
    ],
)  # fmt: skip
def test_what_torch_takes_by_place_and_this_project_does_not_is_refused_in_words(wrong):
    with pytest.raises(AutogradError, match="arguments by place, not .: name the others"):
        wrong()


def test_torchs_inplace_by_place_is_no_seed():
    with pytest.raises(AutogradError, match="a generator is .* not True"):
        nn.Dropout(0.5, True)


def test_a_subclass_refuses_in_words_too():
    class Net(nn.Module):
        def __init__(self, width=3):
            super().__init__()
            self.layer = nn.Linear(2, width)

    assert Net(width=4).layer.out_features == 4
    with pytest.raises(AutogradError, match="Net has no option 'widht'; did you mean 'width'"):
        Net(widht=4)
    with pytest.raises(AutogradError, match="Net does not take device='cuda': every array"):
        Net(device="cuda")
    assert str(inspect.signature(Net)) == "(width=3)"
