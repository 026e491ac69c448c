"""The programs that shipped assignments ask for: a right one, written in NumPy, gets every point."""

import pytest

from grading.assignments import load
from grading.code import grade_code

AUTOENCODER = """
class LinearAutoencoder:
    def __init__(self, W_e, W_d):
        self.W_e, self.W_d = W_e, W_d

    def forward(self, x):
        self.x = x
        self.z = x @ self.W_e.T
        return self.z @ self.W_d.T

    def backward(self, G):
        dz = G @ self.W_d
        return dz.T @ self.x, G.T @ self.z
"""
WRONG = "dz.T @ self.x", "dz.T @ self.x / len(G)"  # the mean over the batch


def asked():
    return next(q for q in load("autoencoder").questions if q.ask == "module")


def test_a_right_autoencoder_earns_all():
    (item,) = grade_code(asked(), AUTOENCODER, tier=None, seed=3)
    assert (item.status, item.points) == ("right", item.out_of)


def test_a_mean_over_the_batch_is_named():
    (item,) = grade_code(asked(), AUTOENCODER.replace(*WRONG), tier=None, seed=3)
    assert item.status == "wrong"
    assert item.points == pytest.approx(item.out_of / 2)  # one of two gradients
    assert any(one.startswith("C4") for one in item.ids)
