"""The public functions: every rule that a user may call, under NumPy's or PyTorch's name."""

import inspect

import numpy as np
import pytest

from autograd_lite import Tensor, Value, functions
from autograd_lite.rules import RULES
from autograd_lite.rules.rule import Rule

WRITTEN_OTHERWISE = {
    "variable", "constant", "alias",  # the rules of Value(x), Tensor(x)
    "trace",  # np.trace(t), t.trace(): the package keeps the name for recorded programs
    "getitem", "at_set", "at_add",  # x[i], x.at[i].set(v), x.at[i].add(v)
    "scatter", "masked_product", "recurrence",  # what derivatives are made of
    "sech2", "square_to_one",  # … in turn
    "bell", "ncdf", "unsmooth", "unsmooth_along", "corner",  # … and where one has no derivative
    "inv", "solve", "det", "logabsdet", "cholesky", "pinv",  # autograd_lite.linalg
    "eigvalsh", "eigenvectors", "svdvals", "singular_vectors",  # behind its eigh and svd
    "conv", "conv_by_input", "conv_by_weight", "window_sum", "window_spread",  # behind conv2d
    "softplus_to_line",  # nn.Softplus(beta, threshold)
    "logistic_cost",  # nn.bce_with_logits
}  # fmt: skip

OTHER_NAMES = {
    "abs": "absolute", "pow": "power", "mod": "remainder", "true_divide": "divide", "atan2": "arctan2",
}  # fmt: skip


def test_every_rule_is_public_or_written_otherwise():
    assert set(RULES) - set(functions.__all__) == WRITTEN_OTHERWISE


def test_what_is_public_is_there_and_documented_with_an_example():
    for name in functions.__all__:
        assert ">>> " in inspect.getdoc(getattr(functions, name)), name
    assert len(set(functions.__all__)) == len(functions.__all__)


@pytest.mark.parametrize("name", functions.__all__)
def test_a_public_rule_goes_by_its_own_name(name):
    function = getattr(functions, name)
    own = OTHER_NAMES.get(name, name)
    if isinstance(function, Rule):
        assert function is RULES[own]
    elif name in RULES:
        assert function.__name__ == own


def test_a_rule_of_one_operand_is_called_as_a_function_with_the_rules_own_node():
    for name, rule in RULES.items():
        x = Tensor([1.5, 1.25] if name == "arccosh" else [0.5, 0.25], requires_grad=True)
        if rule.is_elementwise and rule.arity == 1 and name in functions.__all__:
            assert getattr(functions, name)(x).rule is rule
            assert getattr(functions, name)(Value(x[0].item())).rule is rule
            np.testing.assert_array_equal(getattr(functions, name)(x.numpy()), rule(x.numpy()))


def test_defaults_of_operands_may_be_named():
    x = Tensor([-1.0, 2.0])
    np.testing.assert_allclose(functions.leaky_relu(x, slope=0.5).numpy(), [-0.5, 2.0])
    np.testing.assert_allclose(functions.elu(x, alpha=2.0).numpy(), [2 * np.expm1(-1.0), 2.0])
    np.testing.assert_allclose(functions.clip(x, high=1.0).numpy(), [-1.0, 1.0])
