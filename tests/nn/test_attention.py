"""Attention is torch's: outputs, weights, every gradient, every mask; what it cannot take is refused."""

import math

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, gradcheck
from autograd_lite.errors import OperandError, ShapeError
from tests.nn.attention_oracle import TorchWith, With, some
from tests.nn.oracle import assert_close, assert_same_function, assert_same_module, torch

SDPA = torch.nn.functional.scaled_dot_product_attention
LEADS = [(), (2,), (2, 3)]


def draws(seed):
    return np.random.default_rng(seed)


# --- scaled_dot_product_attention -----------------------------------------------------------------


@pytest.mark.parametrize("lead", LEADS, ids=str)
@pytest.mark.parametrize("mask", [None, "bool", "float", "row", "causal"])
@pytest.mark.parametrize("scale", [None, 0.3])
def test_attention_is_torchs(lead, mask, scale):
    rng = draws(0)
    q, k, v = (rng.normal(size=(*lead, *shape)) for shape in [(4, 6), (5, 6), (5, 3)])
    made = {
        "bool": some(rng, (4, 5), blocked=False), "float": rng.normal(size=(*lead, 4, 5)),
        "row": rng.normal(size=(1, 5)),
    }.get(mask)  # fmt: skip
    options = {"is_causal": mask == "causal", "scale": scale}
    assert_same_function(
        lambda q, k, v: nn.scaled_dot_product_attention(q, k, v, made, **options),
        lambda q, k, v: SDPA(q, k, v, None if made is None else torch.tensor(made), **options), q, k, v,
    )  # fmt: skip


def test_a_mask_of_numbers_has_a_gradient():
    rng = draws(1)
    q, k, v, mask = (rng.normal(size=shape) for shape in [(4, 6), (5, 6), (5, 3), (4, 5)])
    assert_same_function(nn.scaled_dot_product_attention, SDPA, q, k, v, mask)


def test_a_query_that_may_look_nowhere_gets_0_and_so_do_gradients():
    rng = draws(2)
    q, k, v = (rng.normal(size=(2, 3, 4)) for _ in range(3))
    mask = np.array([[True, True, False], [False] * 3, [False, True, True]])
    assert_same_function(
        lambda q, k, v: nn.scaled_dot_product_attention(q, k, v, mask),
        lambda q, k, v: SDPA(q, k, v, torch.tensor(mask)), q, k, v,
    )  # fmt: skip


@pytest.mark.parametrize("heads", [1, 2, 6])
def test_heads_of_queries_may_share_keys(heads):
    rng = draws(3)
    q, k, v = (rng.normal(size=(2, n, 3, 4)) for n in (6, heads, heads))
    assert_same_function(
        lambda q, k, v: nn.scaled_dot_product_attention(q, k, v, enable_gqa=True),
        lambda q, k, v: SDPA(q, k, v, enable_gqa=True), q, k, v,
    )  # fmt: skip


def test_attention_differentiates_twice_and_keeps_float32():
    rng = draws(4)
    q, k, v = (rng.normal(size=(3, 2)) for _ in range(3))
    gradcheck(lambda q: nn.scaled_dot_product_attention(q, k, v, is_causal=True).sum(), q, order=2)
    small = [Tensor(x.astype(np.float32)) for x in (q, k, v)]
    assert nn.scaled_dot_product_attention(*small, np.eye(3) > 0).dtype == np.float32


def test_dropout_of_weights_keeps_their_mean():
    v = np.ones((2000, 50, 1))
    q = np.zeros((2000, 1, 2))
    k = np.zeros((2000, 50, 2))
    y = nn.scaled_dot_product_attention(q, k, v, dropout_p=0.3, generator=0)
    assert y.mean() == pytest.approx(1.0, abs=0.01)
    assert y.std() == pytest.approx(math.sqrt(0.3 / 0.7 / 50), rel=0.1)


# --- MultiheadAttention ---------------------------------------------------------------------------


def compare_heads(options, inputs, called):
    """Output and weights, and the gradients of either by inputs and parameters."""
    ours = nn.MultiheadAttention(6, 3, **options)
    theirs = torch.nn.MultiheadAttention(6, 3, **options).double()
    for parameter in theirs.parameters():
        torch.nn.init.normal_(parameter)
    assert ours.state_dict().keys() == theirs.state_dict().keys()
    assert_same_module(With(ours, called, 0), TorchWith(theirs, called, 0), *inputs)
    if called.get("need_weights", True):
        *looked_at, v = inputs  # the weights do not depend on the values
        assert_same_function(
            lambda q, k: ours(q, k, v, **called)[1],
            lambda q, k: TorchWith(theirs, called, 1)(q, k, torch.tensor(v)), *looked_at,
        )  # fmt: skip


MASKS = {
    "none": {},
    "bool": {"attn_mask": some(draws(0), (4, 5), blocked=True)},
    "float": {"attn_mask": draws(1).normal(size=(4, 5))},
    "heads": {"attn_mask": draws(2).normal(size=(6, 4, 5))},
    "padding": {"key_padding_mask": some(draws(3), (2, 5), blocked=True)},
    "padding in numbers": {"key_padding_mask": draws(4).normal(size=(2, 5))},
    "both": {
        "attn_mask": some(draws(5), (4, 5), blocked=True),
        "key_padding_mask": some(draws(6), (2, 5), blocked=True),
    },
}


@pytest.mark.parametrize("masks", MASKS)
@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize(
    "weights",
    [{}, {"need_weights": False}, {"average_attn_weights": False}],
    ids=["averaged", "no weights", "of each head"],
)
def test_multihead_attention_is_torchs(masks, batch_first, weights):
    rng = draws(7)
    inputs = [rng.normal(size=(2, n, 6)) for n in (4, 5, 5)]
    if not batch_first:
        inputs = [np.ascontiguousarray(x.swapaxes(0, 1)) for x in inputs]
    compare_heads({"batch_first": batch_first}, inputs, MASKS[masks] | weights)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("sizes", [{}, {"kdim": 4}, {"vdim": 2}, {"kdim": 5, "vdim": 3}], ids=str)
@pytest.mark.parametrize("lone", [True, False])
def test_keys_and_values_may_have_other_sizes_and_no_bias(bias, sizes, lone):
    rng, lead = draws(8), () if lone else (2,)
    features = (6, sizes.get("kdim", 6), sizes.get("vdim", 6))
    inputs = [rng.normal(size=(*lead, n, m)) for n, m in zip((4, 5, 5), features, strict=True)]
    compare_heads({"bias": bias, "batch_first": True, **sizes}, inputs, {})


@pytest.mark.parametrize("need_weights", [True, False])
@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("shape", [(4, 6), (2, 4, 6)], ids=str)
def test_attention_to_itself_is_torchs(shape, batch_first, need_weights):
    ours = nn.MultiheadAttention(6, 2, batch_first=batch_first)
    theirs = torch.nn.MultiheadAttention(6, 2, batch_first=batch_first).double()
    ours.load_state_dict(theirs.state_dict())
    assert_same_function(
        lambda x: ours(x, x, x, need_weights=need_weights)[0],
        lambda x: theirs(x, x, x, need_weights=need_weights)[0], draws(9).normal(size=shape),
    )  # fmt: skip


@pytest.mark.parametrize("need_weights", [True, False])
def test_is_causal_is_the_mask_that_torch_wants_beside_it(need_weights):
    x = draws(10).normal(size=(2, 4, 6))
    ours = nn.MultiheadAttention(6, 2, batch_first=True)
    theirs = torch.nn.MultiheadAttention(6, 2, batch_first=True).double()
    ours.load_state_dict(theirs.state_dict())
    mask = np.triu(np.ones((4, 4), bool), 1)
    told = {"is_causal": True, "need_weights": need_weights}
    expected = theirs(*[torch.tensor(x)] * 3, attn_mask=torch.tensor(mask), **told)[0]
    assert_close(ours(x, x, x, **told)[0], expected)
    assert_close(ours(x, x, x, attn_mask=mask, **told)[0], expected)


def test_attentions_weights_are_dropped_in_training_alone():
    x = draws(11).normal(size=(2, 50, 6))
    attention = nn.MultiheadAttention(6, 1, dropout=0.4, batch_first=True, generator=0)
    _, weights = attention(x, x, x)
    assert (weights.numpy() == 0).mean() == pytest.approx(0.4, abs=0.03)
    _, weights = attention.eval()(x, x, x)
    assert np.allclose(weights.numpy().sum(-1), 1.0)


def test_a_new_attention_starts_as_torchs_does():
    ours, theirs = nn.MultiheadAttention(64, 4, generator=0), torch.nn.MultiheadAttention(64, 4)
    bound = math.sqrt(6 / (64 + 3 * 64))
    assert np.abs(ours.in_proj_weight.numpy()).max() <= bound
    assert ours.in_proj_weight.numpy().std() == pytest.approx(bound / math.sqrt(3), rel=0.02)
    for name in ("in_proj_bias", "out_proj.bias"):
        assert not ours.state_dict()[name].any()
        assert not theirs.state_dict()[name].numpy().any()


# --- bad input ------------------------------------------------------------------------------------

X = np.ones((2, 4, 6))
HEADS = nn.MultiheadAttention(6, 2)
attend = nn.scaled_dot_product_attention


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda: attend(X, X[..., :3], X), ShapeError, r"query \(..., L, E\)"),
        (lambda: attend(X, X, X[:, :3]), ShapeError, "takes query"),
        (lambda: attend(X, X, X, np.ones((4, 4), int)), OperandError, "booleans or"),
        (lambda: attend(X, X, X, np.ones((3, 4))), ShapeError, "mask has shape"),
        (lambda: attend(X, X, X, np.ones((4, 4)), is_causal=True), OperandError, "not both"),
        (lambda: attend(X, X[0], X[0], enable_gqa=True), ShapeError, "axis -3"),
        (lambda: nn.MultiheadAttention(6, 4), OperandError, "divisible by num_heads=4"),
        (lambda: nn.MultiheadAttention(6, 2, dropout=2.0), OperandError, "dropout lies in .* probability"),
        (lambda: HEADS(X, X, X[0]), ShapeError, r"\(L, N, E\), or all without N"),
        (lambda: HEADS(X, X, X[..., :3]), ShapeError, "expected 6 features"),
        (lambda: HEADS(X, X[:, :3], X[:, :3]), ShapeError, "one value belongs to each key"),
        (lambda: HEADS(X, X, X, attn_mask=np.ones((4, 4))), ShapeError, "attn_mask of shape"),
        (lambda: HEADS(X, X, X, key_padding_mask=np.ones(5)), ShapeError, "key_padding_mask of"),
        (lambda: nn.MultiheadAttention(6, 2, add_zero_attn=True), OperandError, "add_zero_attn=True: write"),
    ],
)  # fmt: skip
def test_what_attention_cannot_take_is_refused(wrong, error, words):
    with pytest.raises(error, match=words):
        wrong()
