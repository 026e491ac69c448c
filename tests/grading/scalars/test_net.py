"""Sweeps over numbers alone, against matrices: with edges as I - A, all derivatives are its inverse."""

import numpy as np
import pytest

from grading.scalars.net import Net, Sweep

SIZE, K = 7, 3
RANDOM = np.random.default_rng(5)
EDGES = [(a, b) for b in range(SIZE) for a in range(b) if (a * 3 + b) % 4 != 1] + [(0, 3)]
WEIGHTS = [RANDOM.normal(size=K) for _ in EDGES]


def by_matrix(weights, k):
    """The derivative of each node by each other one: (I - A)⁻¹, A the weights from operand to node."""
    a = np.zeros((SIZE, SIZE))
    for (source, target), w in zip(EDGES, weights, strict=True):
        a[target, source] += w[k]
    return np.linalg.inv(np.eye(SIZE) - a)


@pytest.fixture
def net():
    return Net(SIZE, EDGES, WEIGHTS, K)


def test_adjoints_and_tangents_are_a_row_and_a_column_of_the_inverse(net):
    for k in range(K):
        inverse = by_matrix(WEIGHTS, k)
        assert np.allclose([g[k] for g in net.adjoints(6)], inverse[6])
        assert np.allclose([t[k] for t in net.tangents({0: np.ones(K)})], inverse[:, 0])


def test_edits_are_swept_together_as_one_by_one(net):
    pairs = sorted(zip(EDGES, WEIGHTS, strict=True), key=lambda p: p[0][1])
    edits = [{e: np.full(K, q)} for e in range(len(EDGES)) for q in (0.0, 1.0)]
    edits.append({0: np.ones(K), 4: np.zeros(K), 7: np.full(K, -2.0)})
    found = net.edited(6, 0, edits)
    for edit, value in zip(edits, found, strict=True):
        for k in range(K):
            a = np.zeros((SIZE, SIZE))
            for e, ((source, target), w) in enumerate(pairs):
                a[target, source] += edit.get(e, w)[k]
            assert np.isclose(value[k], np.linalg.inv(np.eye(SIZE) - a)[6, 0])


def test_many_edits_are_swept_in_parts(net, monkeypatch):
    monkeypatch.setattr("grading.scalars.net.AT_ONCE", 2 * K)
    edits = [{e: np.zeros(K)} for e in range(len(EDGES))]
    apart = [net.edited(6, 0, [edit])[0] for edit in edits]
    assert np.allclose(net.edited(6, 0, edits), apart)


def test_paths_multiply_and_sum_to_the_derivative(net):
    paths = net.paths(0, 6)
    assert len(paths) == net.ways(0, 6) == len(set(paths))
    total = np.sum(net.along(paths), axis=0)
    assert np.allclose(total, [by_matrix(WEIGHTS, k)[6, 0] for k in range(K)])
    assert len(net.paths(0, 6, limit=3)) == 3


def test_factors_along_a_path_are_added_and_what_is_no_factor_is_left_out(net):
    paths, factors = net.paths(0, 6), [e for e in range(len(EDGES)) if e % 3]
    by_hand = [sum((net.weights[e] for e in p if e in factors), np.zeros(K)) for p in paths]
    assert np.allclose(net.added(paths, factors), by_hand)
    assert np.allclose(net.along(paths), [np.prod([net.weights[e] for e in p], 0) for p in paths])
    assert net.along([]).shape == net.added([], factors).shape == (0, K)


def test_what_several_ask_for_is_swept_once(net):
    edits = [{e: np.zeros(K)} for e in range(len(EDGES))]
    sweep = Sweep(net, 6, 0)
    first, second = sweep.of(edits[:3]), sweep.of(edits[3:])
    assert np.isnan(first).all()
    sweep.run()
    assert np.array_equal([*first, *second], net.edited(6, 0, edits))
    sweep.run()  # nothing new
    assert np.array_equal(first, net.edited(6, 0, edits[:3]))


def test_blocked_nodes_move_by_their_seeds_alone(net):
    """∂(node)/∂0 with 2 held: paths that avoid 2; and what arrives at 2 itself is told."""
    ones = np.eye(2)[:, :, None] * np.ones(K)
    arrived = net.tangents({0: ones[0], 2: ones[1]}, blocked=True)
    avoiding = [p for p in net.paths(0, 6) if all(net.edges[e].target != 2 for e in p)]
    assert np.allclose(arrived[6][0], np.sum(net.along(avoiding), axis=0))
    assert np.allclose(arrived[2][0], net.adjoints(2)[0])


def test_exact_zeros_mask_poles():
    """0·inf is 0 on the way back and forth: a closed gate before a pole."""
    net = Net(3, [(0, 1), (1, 2)], [np.array([np.inf]), np.array([0.0])], 1)
    assert net.adjoints(2)[0].tolist() == [0.0]
    assert net.edited(2, 0, [{}])[0].tolist() == [0.0]
