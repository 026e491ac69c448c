"""The transformer's encoder and decoder are torch's: every option, mask and gradient, states both ways."""

import numpy as np
import pytest

import nn
from autograd_lite.errors import OperandError
from tests.nn.attention_oracle import TorchWith, With, some
from tests.nn.oracle import assert_same_module, torch


def draws(seed):
    return np.random.default_rng(seed)


LAYERS = [
    {}, {"norm_first": True}, {"activation": "gelu"}, {"bias": False},
    {"norm_first": True, "activation": "gelu", "layer_norm_eps": 0.1},
]  # fmt: skip
SOURCES = {
    "none": {},
    "mask": {"src_mask": np.triu(np.full((5, 5), -np.inf), 1)},
    "padding": {"src_key_padding_mask": some(draws(12), (2, 5), blocked=True)},
    "both": {
        "src_mask": np.triu(np.ones((5, 5), bool), 1),
        "src_key_padding_mask": some(draws(13), (2, 5), blocked=True),
        "is_causal": True,
    },
}


def layer(library, **options):
    made = library.TransformerEncoderLayer(6, 2, 8, dropout=0.0, **options)
    return made.double() if library is torch.nn else made


@pytest.mark.parametrize("options", LAYERS, ids=str)
@pytest.mark.parametrize("called", SOURCES)
@pytest.mark.parametrize("batch_first", [True, False])
def test_an_encoder_layer_is_torchs(options, called, batch_first):
    x = draws(14).normal(size=(2, 5, 6) if batch_first else (5, 2, 6))
    ours, theirs = (layer(m, batch_first=batch_first, **options) for m in (nn, torch.nn))
    assert ours.state_dict().keys() == theirs.state_dict().keys()
    assert_same_module(With(ours, SOURCES[called]), TorchWith(theirs, SOURCES[called]), x)


def test_an_encoder_layer_takes_a_function_and_one_example():
    options = [{"activation": nn.silu}, {"activation": torch.nn.functional.silu}]
    ours, theirs = (layer(m, **o) for m, o in zip((nn, torch.nn), options, strict=True))
    assert_same_module(ours, theirs, draws(15).normal(size=(5, 6)))


@pytest.mark.parametrize("norm", [False, True])
def test_a_row_of_encoder_layers_is_torchs(norm):
    mask = np.triu(np.full((5, 5), -np.inf), 1)
    ours, theirs = (
        m.TransformerEncoder(layer(m, batch_first=True), 3, m.LayerNorm(6) if norm else None)
        for m in (nn, torch.nn)
    )
    theirs.double()
    assert ours.state_dict().keys() == theirs.state_dict().keys()
    x = draws(16).normal(size=(2, 5, 6))
    assert_same_module(With(ours, {"mask": mask}), TorchWith(theirs, {"mask": mask}), x)


def test_copied_layers_share_no_weights_and_no_dropout_mask():
    one = nn.TransformerEncoderLayer(6, 2, 8, dropout=0.5, batch_first=True, generator=0)
    encoder = nn.TransformerEncoder(one, 2)
    assert len(list(encoder.parameters())) == 2 * len(list(one.parameters()))
    x = np.ones((1, 40, 6))
    first, second = (block.dropout1(x) for block in encoder.layers)
    assert not np.array_equal(first, second)
    assert encoder.layers[1].self_attn.generator is one.self_attn.generator


# --- TransformerDecoder ---------------------------------------------------------------------------

TARGETS = {
    "none": {},
    "masks": {
        "tgt_mask": np.triu(np.full((4, 4), -np.inf), 1),
        "memory_mask": some(draws(17), (4, 5), blocked=True),
    },
    "padding": {
        "tgt_key_padding_mask": some(draws(18), (2, 4), blocked=True),
        "memory_key_padding_mask": some(draws(19), (2, 5), blocked=True),
    },
}


@pytest.mark.parametrize("options", LAYERS, ids=str)
@pytest.mark.parametrize("called", TARGETS)
@pytest.mark.parametrize("layers", [0, 2])
def test_a_decoder_is_torchs(options, called, layers):
    def made(m):
        layer = m.TransformerDecoderLayer(6, 2, 8, dropout=0.0, batch_first=True, **options)
        return layer if layers == 0 else m.TransformerDecoder(layer, layers, m.LayerNorm(6))

    ours, theirs = made(nn), made(torch.nn).double()
    assert list(ours.state_dict()) == list(theirs.state_dict())
    inputs = (draws(20).normal(size=(2, n, 6)) for n in (4, 5))
    assert_same_module(With(ours, TARGETS[called]), TorchWith(theirs, TARGETS[called]), *inputs)


def test_a_causal_decoder_needs_no_mask():
    layer = nn.TransformerDecoderLayer(6, 2, 8, dropout=0.0, batch_first=True, generator=0)
    x, memory = (draws(21).normal(size=(2, n, 6)) for n in (4, 5))
    mask = np.triu(np.ones((4, 4), bool), 1)
    assert np.array_equal(
        layer(x, memory, tgt_is_causal=True).numpy(), layer(x, memory, tgt_mask=mask).numpy()
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: nn.TransformerEncoderLayer(6, 2, activation="swish"), "'relu' or 'gelu', not"),
        (lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 4), 0), "num_layers is"),
        (lambda: nn.TransformerEncoderLayer(6, 4), "divisible by nhead=4"),
    ],
)
def test_layers_that_cannot_be_are_refused(wrong, words):
    with pytest.raises(OperandError, match=words):
        wrong()
