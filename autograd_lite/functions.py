"""The functions a user calls, for float, ndarray, Value and Tensor alike: each rule under its public name."""

from __future__ import annotations

from autograd_lite.rules.elementwise import add, cos, divide, exp, log, multiply, negative, power, relu, sin, sqrt, subtract, tanh, where
from autograd_lite.rules.linalg import matmul
from autograd_lite.rules.reductions import sum_ as sum
from autograd_lite.rules.shape import astype, broadcast_to, reshape
