"""The RBM's probabilities and gradients are those of enumeration; samples look like digits."""

import itertools

import numpy as np
import pytest

import nn
from autograd_lite import Tape
from autograd_lite.errors import AutogradError, OperandError, ShapeError
from nn.rbm import every_state
from tests.nn.digits import digits

SIZES = [(1, 1), (3, 2), (2, 4), (5, 5), (7, 5)]


def machine(visible, hidden, seed=0, scale=1.0):
    rbm, rng = nn.RBM(visible, hidden, generator=seed), np.random.default_rng(seed)
    for parameter in rbm.parameters():
        parameter.update_(lambda w: np.copyto(w, rng.normal(0.0, scale, w.shape)))
    return rbm


@pytest.fixture(params=SIZES, ids=str)
def rbm(request):
    return machine(*request.param)


def joint(rbm):
    """p(v, h) of every pair of states, one after the other."""
    W, a, b = (x.numpy() for x in (rbm.W, rbm.a, rbm.b))
    pairs = [
        (np.array(v, float), np.array(h, float))
        for v in itertools.product((0, 1), repeat=rbm.visible)
        for h in itertools.product((0, 1), repeat=rbm.hidden)
    ]
    weights = np.array([np.exp(a @ v + b @ h + v @ W @ h) for v, h in pairs])
    return pairs, weights / weights.sum()


def expectation(rbm, statistic, given=None):
    """E[statistic(v, h)] over the model, or over p(h|v) for a given v."""
    pairs, p = joint(rbm)
    if given is not None:
        p = np.array([q * np.array_equal(v, given) for (v, _), q in zip(pairs, p, strict=True)])
        p /= p.sum()
    return sum(q * statistic(v, h) for (v, h), q in zip(pairs, p, strict=True))


# --- against enumeration --------------------------------------------------------------------------


def test_energy_and_free_energy(rbm):
    pairs, p = joint(rbm)
    vs, hs = (np.array(x) for x in zip(*pairs, strict=True))
    energies = rbm.energy(vs, hs).numpy()
    assert np.allclose(np.exp(-energies) / np.exp(-energies).sum(), p, rtol=1e-12)
    by_v = energies.reshape(2**rbm.visible, -1)
    expected = -np.log(np.exp(-by_v).sum(1))
    assert np.allclose(rbm(every_state(rbm.visible)).numpy(), expected, rtol=1e-12)
    assert rbm.log_partition().item() == pytest.approx(np.log(np.exp(-energies).sum()), rel=1e-12)


def test_probabilities_of_every_state(rbm):
    _, p = joint(rbm)
    expected = p.reshape(2**rbm.visible, -1).sum(1)
    assert np.allclose(rbm.probability(every_state(rbm.visible)).numpy(), expected, rtol=1e-12)


def test_conditionals_are_ratios_of_joint_probabilities(rbm):
    _, p = joint(rbm)
    table = p.reshape(2**rbm.visible, 2**rbm.hidden)
    vs, hs = every_state(rbm.visible), every_state(rbm.hidden)
    given_v = table @ hs / table.sum(1, keepdims=True)
    given_h = table.T @ vs / table.sum(0)[:, None]
    assert np.allclose(rbm.hidden_given(vs).numpy(), given_v, rtol=1e-12)
    assert np.allclose(rbm.visible_given(hs).numpy(), given_h, rtol=1e-12)


def test_the_exact_gradient_is_that_of_enumeration(rbm):
    """Equation (44): ∂log p(v)/∂w_ij = v_i·p(h_j = 1|v) - E[v_i·h_j]; 12 units and fewer."""
    for v in every_state(rbm.visible)[:: max(1, 2**rbm.visible // 4)]:
        found = rbm.exact_gradient(v[None])
        statistics = {"W": np.outer, "a": lambda v, h: v, "b": lambda v, h: h}
        for name, statistic in statistics.items():
            expected = expectation(rbm, statistic, v) - expectation(rbm, statistic)
            assert np.allclose(found[name], expected, rtol=1e-10, atol=1e-13)


def test_the_gradient_for_many_rows_is_their_mean():
    rbm, v = machine(3, 2), np.array([[1, 0, 1], [0, 0, 1], [1, 0, 1]])
    each = [rbm.exact_gradient(row[None])["W"] for row in v]
    assert np.allclose(rbm.exact_gradient(v)["W"], np.mean(each, axis=0), rtol=1e-12)


def test_the_partition_function_is_the_same_from_either_layer():
    wide, narrow = machine(6, 3), nn.RBM(3, 6)
    narrow.load_state_dict({"W": wide.W.numpy().T, "a": wide.b.numpy(), "b": wide.a.numpy()})
    assert wide.log_partition().item() == pytest.approx(narrow.log_partition().item(), rel=1e-13)


# --- contrastive divergence -----------------------------------------------------------------------


def estimate(rbm, v, k, **options):
    rbm.zero_grad()
    rbm.contrastive_divergence(v, k, **options).backward()
    return -rbm.W.grad


def test_the_estimate_is_the_gradient_of_two_free_energies_with_the_sample_held():
    rbm, v = machine(4, 3), every_state(4)[3:9]
    before = rbm.generator.bit_generator.state
    sample = rbm.gibbs(v, 2)
    rbm.generator.bit_generator.state = before
    W, b = rbm.W.numpy(), rbm.b.numpy()

    def moment(v):
        return v.T @ (1 / (1 + np.exp(-(v @ W + b)))) / len(v)

    assert np.allclose(estimate(rbm, v, 2), moment(v) - moment(sample), rtol=1e-12)


def test_more_steps_bring_the_estimate_to_the_exact_gradient():
    """Large weights let the chain mix slowly: one step is far off, and more are less so."""
    rbm = machine(4, 3, seed=4, scale=2.5)
    v = np.repeat([[1.0, 1.0, 0.0, 1.0]], 40_000, axis=0)
    exact = rbm.exact_gradient(v[:1])["W"]
    off = [np.abs(estimate(rbm, v, k) - exact).max() for k in (0, 1, 3, 10, 100)]
    assert off[0] > off[1] > off[2] > off[3]
    assert off[1] > 0.3
    assert off[-1] < 0.015  # 40,000 samples know a probability to ±0.0025


def test_persistent_chains_go_on_where_they_stopped():
    rbm = machine(4, 3, seed=4, scale=2.5)
    v = np.repeat([[1.0, 1.0, 0.0, 1.0]], 40_000, axis=0)
    exact = rbm.exact_gradient(v[:1])["W"]
    first = np.abs(estimate(rbm, v, 1, persistent=True) - exact).max()
    chain = rbm.chain
    for _ in range(100):
        last = np.abs(estimate(rbm, v, 1, persistent=True) - exact).max()
    assert rbm.chain is not chain
    assert first > 0.3
    assert last < 0.015


def test_samples_follow_the_probabilities():
    rbm = machine(3, 2)
    drawn = rbm.sample(40_000, steps=50)
    counts = np.bincount(drawn.astype(int) @ [4, 2, 1], minlength=8) / len(drawn)
    assert np.allclose(counts, rbm.probability(every_state(3)).numpy(), atol=0.012)


def test_the_model_sample_is_no_variable():
    """v' is a constant: the sweep reaches the parameters only."""
    rbm = machine(3, 2)
    leaves = Tape(rbm.contrastive_divergence(every_state(3))).leaves
    assert {x.name for x in leaves if x.requires_grad} == {"W", "a", "b"}
    assert {x.name for x in leaves if not x.requires_grad} == {"v", "v'"}


# --- training -------------------------------------------------------------------------------------


def test_exact_training_gives_the_data_their_probabilities():
    """Bars of two pixels in a row of four, each as probable as the others."""
    bars = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [1, 0, 0, 1]], float)
    rbm = nn.RBM(4, 6, generator=0)
    optimizer = nn.Adam(rbm.parameters(), lr=0.1)
    for _ in range(400):
        optimizer.zero_grad()
        (-rbm.log_probability(bars).mean()).backward()
        optimizer.step()
    assert rbm.probability(bars).sum().item() > 0.95
    assert np.allclose(rbm.probability(bars).numpy(), 0.25, atol=0.05)


def test_samples_look_like_digits():
    """Their pixels, and pairs of pixels, are as probable; each is near to some digit."""
    x, _, held, _ = digits()
    x, held = (x > 0.5).astype(float), (held > 0.5).astype(float)
    rbm = nn.RBM(64, 100, generator=0)
    p = x.mean(0).clip(0.01, 0.99)
    rbm.a.update_(lambda a: np.copyto(a, np.log(p / (1 - p))))
    batches = nn.Batches(x, size=20, generator=0)
    optimizer = nn.SGD(rbm.parameters(), lr=0.05, momentum=0.5)
    schedule = nn.ExponentialLR(optimizer, 0.93)
    for _ in range(40):
        for (v,) in batches:
            optimizer.zero_grad()
            rbm.contrastive_divergence(v, persistent=True).backward()
            optimizer.step()
        schedule.step()
    drawn = rbm.sample(200, steps=200)
    pixelwise = (np.random.default_rng(0).random(drawn.shape) < p).astype(float)

    def nearest(y):
        return np.mean([np.min(np.sum(x != row, axis=1)) for row in y])

    def correlation(y):
        return np.corrcoef(np.cov(x.T).ravel(), np.cov(y.T).ravel())[0, 1]

    assert np.abs(drawn.mean(0) - x.mean(0)).max() < 0.3
    assert correlation(drawn) > 0.8 > correlation(pixelwise)
    assert nearest(drawn) < (nearest(held) + nearest(pixelwise)) / 2


def test_everything_is_reproducible_bit_for_bit():
    def run():
        rbm = nn.RBM(5, 4, generator=3)
        optimizer = nn.SGD(rbm.parameters(), lr=0.1)
        for _ in range(5):
            optimizer.zero_grad()
            rbm.contrastive_divergence(every_state(5), 2, persistent=True).backward()
            optimizer.step()
        return rbm.W.numpy(), rbm.sample(10, 20)

    for a, b in zip(run(), run(), strict=True):
        assert np.array_equal(a, b)


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [0.5, 2.0, -1.0, float("nan")])
def test_data_that_are_not_binary_are_refused(wrong):
    rbm, v = nn.RBM(3, 2).named("net"), np.zeros((2, 3))
    v[1, 2] = wrong
    uses = (rbm, rbm.hidden_given, rbm.probability, rbm.contrastive_divergence, rbm.gibbs)
    for use in uses:
        with pytest.raises(OperandError, match=rf"net has binary units: v .*{wrong} is neither"):
            use(v)


def test_other_wrong_input_is_refused():
    rbm = nn.RBM(3, 2)
    with pytest.raises(ShapeError, match="RBM expected 3 features"):
        rbm(np.zeros((1, 4)))
    with pytest.raises(ShapeError, match="RBM expected 2 features"):
        rbm.energy(np.zeros((1, 3)), np.zeros((1, 3)))
    with pytest.raises(OperandError, match=r"2\^21 terms"):
        nn.RBM(30, 21).log_partition()
    for made in (lambda: nn.RBM(0, 1), lambda: rbm.gibbs(np.zeros(3), -1)):
        with pytest.raises(AutogradError):
            made()
