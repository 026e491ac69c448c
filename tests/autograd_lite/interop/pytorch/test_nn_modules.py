"""Every module of `nn` that torch has too: imported it has torch's numbers, and with its state nn's."""

import inspect

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="no oracle: pip install torch")

import nn
from autograd_lite import Tensor
from autograd_lite.interop import from_torch
from tests.autograd_lite.interop.pytorch.comparing import GRADIENTS, agreeing, numbers, tensors

ROWS, IMAGE, SIGNAL = numbers(4, 3), numbers(2, 4, 6, 6), numbers(2, 4, 6)
SEQUENCE = numbers(5, 2, 3)
TARGET, CHANCES = numbers(4, 3, seed=1), torch.softmax(numbers(4, 3, seed=2), -1)
CLASSES, SIGNS = torch.tensor([0, 2, 1, 0]), torch.tensor([1, -1, 1, -1])
ATTENDED = numbers(3, 2, 4)
PAIR = ((3, 2), (ROWS,))  # arguments of the module, and what it is called with

ACTIVATIONS = (
    "CELU ELU GELU GLU Hardsigmoid Hardswish Hardtanh Identity LeakyReLU LogSigmoid Mish PReLU ReLU ReLU6 "
    "SELU SiLU Sigmoid Softplus Softshrink Softsign Tanh Tanhshrink"
).split()
LOSSES = "BCEWithLogitsLoss HuberLoss KLDivLoss L1Loss MSELoss PoissonNLLLoss SmoothL1Loss"
CASES = {
    **{name: ((), (numbers(4, 6),)) for name in ACTIVATIONS},
    **dict.fromkeys(LOSSES.split(), ((), (ROWS, CHANCES))),
    **dict.fromkeys(("LogSoftmax", "Softmax", "Softmin"), ((1,), (ROWS,))),
    **dict.fromkeys(("RNN", "LSTM", "GRU"), ((3, 4, 2), (SEQUENCE,))),
    **dict.fromkeys(("RNNCell", "LSTMCell", "GRUCell"), ((3, 4), (ROWS,))),
    **dict.fromkeys(("Conv2d", "ConvTranspose2d"), ((4, 2, 3), (IMAGE,))),
    **dict.fromkeys(("Conv1d", "ConvTranspose1d"), ((4, 2, 3), (SIGNAL,))),
    **dict.fromkeys("AvgPool2d MaxPool2d AdaptiveAvgPool2d AdaptiveMaxPool2d".split(), ((2,), (IMAGE,))),
    **dict.fromkeys("AvgPool1d MaxPool1d AdaptiveAvgPool1d AdaptiveMaxPool1d".split(), ((2,), (SIGNAL,))),
    **dict.fromkeys(("BatchNorm1d", "InstanceNorm1d"), ((4,), (SIGNAL,))),
    **dict.fromkeys(("BatchNorm2d", "InstanceNorm2d"), ((4,), (IMAGE,))),
    **dict.fromkeys(("LayerNorm", "RMSNorm"), ((3,), (ROWS,))),
    **dict.fromkeys(("TransformerEncoderLayer",), ((4, 2, 8, 0.0), (ATTENDED,))),
    "TransformerDecoderLayer": ((4, 2, 8, 0.0), (ATTENDED, numbers(5, 2, 4))),
    "MultiheadAttention": ((4, 2), (ATTENDED, numbers(5, 2, 4), numbers(5, 2, 4, seed=1))),
    "GroupNorm": ((2, 4), (IMAGE,)),
    "Linear": PAIR,
    "Embedding": ((5, 3), (torch.tensor([[1, 4], [1, 0]]),)),
    "Flatten": ((), (IMAGE,)),
    "Unflatten": ((1, (3, 2)), (numbers(4, 6),)),
    "Upsample": ((None, 2), (IMAGE,)),
    "Dropout": ((0.0,), (ROWS,)),
    "Dropout1d": ((0.0,), (SIGNAL,)),
    "Dropout2d": ((0.0,), (IMAGE,)),
    "BCELoss": ((), (CHANCES, torch.sigmoid(TARGET))),
    "CosineEmbeddingLoss": ((), (ROWS, TARGET, SIGNS)),
    "CrossEntropyLoss": ((), (ROWS, CLASSES)),
    "NLLLoss": ((), (ROWS, CLASSES)),
    "GaussianNLLLoss": ((), (ROWS, TARGET, CHANCES)),
    "HingeEmbeddingLoss": ((), (numbers(4), SIGNS)),
    "SoftMarginLoss": ((), (numbers(4), SIGNS)),
    "MarginRankingLoss": ((), (numbers(4), numbers(4, seed=1), SIGNS)),
    "TripletMarginLoss": ((), (ROWS, TARGET, CHANCES)),
}  # fmt: skip
COMPOSED = {
    "Sequential": lambda lib: lib.Sequential(lib.Linear(3, 2), lib.Tanh(), lib.Linear(2, 3)),
    "TransformerEncoder": lambda lib: lib.TransformerEncoder(lib.TransformerEncoderLayer(4, 2, 8, 0.0), 2),
    "TransformerDecoder": lambda lib: lib.TransformerDecoder(lib.TransformerDecoderLayer(4, 2, 8, 0.0), 2),
}  # fmt: skip
CALLED = {
    "Sequential": (ROWS,),
    "TransformerEncoder": (ATTENDED,),
    "TransformerDecoder": (ATTENDED, numbers(5, 2, 4)),
}
SINGLE_PRECISION = {"Hardsigmoid"}
"""Whose slope torch has as a float32 number, 1/6 to 3e-8, whatever the dtype."""

HOLDERS = {
    "Module",
    "ModuleDict",
    "ModuleList",
    "ParameterDict",
    "ParameterList",
}  # have no forward
SHARED = {n for n in nn.__all__ if inspect.isclass(getattr(nn, n)) and hasattr(torch.nn, n)}


def built(name):
    """The module here and in torch, with the state of the second loaded in the first, and what it takes."""
    torch.manual_seed(0)
    if name in COMPOSED:
        mine, theirs = COMPOSED[name](nn), COMPOSED[name](torch.nn).double()
        given = CALLED[name]
    else:
        args, given = CASES[name]
        mine, theirs = getattr(nn, name)(*args), getattr(torch.nn, name)(*args).double()
    mine.load_state_dict(theirs.state_dict())
    return mine, theirs, given


def test_no_module_is_left_out():
    assert set(CASES) | set(COMPOSED) | HOLDERS == SHARED


@pytest.mark.parametrize("name", sorted(SHARED - HOLDERS))
@pytest.mark.filterwarnings("ignore:enable_nested_tensor", "ignore:reduction. 'mean' divides")
def test_it_comes_in_with_torchs_numbers_and_gradients_and_is_nns(name):
    mine, theirs, given = built(name)
    graph = agreeing(theirs, *given, gradients=1e-7 if name in SINGLE_PRECISION else GRADIENTS)
    here = [Tensor(x.numpy()) if x.is_floating_point() else x.numpy() for x in given]
    for a, b in zip(graph.outputs, flat(mine(*here)), strict=False):
        np.testing.assert_allclose(a.numpy(), b.numpy(), 1e-12, 1e-13)


@pytest.mark.parametrize("name", sorted(SHARED - HOLDERS))
@pytest.mark.filterwarnings("ignore:enable_nested_tensor", "ignore:reduction. 'mean' divides")
def test_the_state_goes_there_and_what_is_imported_then_is_the_module_here(name):
    mine, theirs, given = built(name)
    state = {key: x + 0.25 if x.dtype.kind == "f" else x for key, x in mine.state_dict().items()}
    mine.load_state_dict(state)
    theirs.load_state_dict({k: torch.as_tensor(x) for k, x in nn.torch_state(mine).items()})
    graph = from_torch(theirs, *given)
    here = [Tensor(x.numpy()) if x.is_floating_point() else x.numpy() for x in given]
    for a, b in zip(graph.outputs, flat(mine(*here)), strict=False):
        np.testing.assert_allclose(a.numpy(), b.numpy(), 1e-12, 1e-13)
    there = tensors(theirs(*given))
    np.testing.assert_allclose(there[0].detach().numpy(), graph.outputs[0].numpy(), 1e-12, 1e-13)


def flat(result):
    """All Tensors of a result: LSTM's (y, (h, c)) as [y, h, c]; without None."""
    parts = result if isinstance(result, tuple) else (result,)
    return [x for p in parts for x in (flat(p) if isinstance(p, tuple) else [p]) if x is not None]
