"""A hook on gradients, which torch's export forgets, is refused; hooks of values go along."""

import re
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="no oracle: pip install torch")

from torch import nn

from autograd_lite.errors import TraceError
from autograd_lite.interop import from_torch
from tests.autograd_lite.interop.pytorch.comparing import agreeing, numbers

HERE = Path(__file__).name


def doubled(*gradients):
    return None


def of_module(model):
    return model.get_submodule("inner").register_full_backward_hook(doubled)


def before_module(model):
    return model.get_submodule("inner").register_full_backward_pre_hook(doubled)


def of_whole(model):
    return model.register_full_backward_hook(doubled)


def of_parameter(model):
    return model.get_submodule("inner").weight.register_hook(doubled)


def after_accumulating(model):
    return model.get_submodule("inner").weight.register_post_accumulate_grad_hook(doubled)


HOOKS = {
    of_module: "module 'inner'",
    before_module: "module 'inner'",
    of_whole: "Model",
    of_parameter: "parameter 'inner.weight'",
    after_accumulating: "parameter 'inner.weight'",
}


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(4, 3)

    def forward(self, x):
        return self.inner(x).tanh()


@pytest.mark.parametrize("put", HOOKS, ids=lambda put: put.__name__)
def test_a_hook_on_gradients_is_refused_until_it_is_removed(put):
    model = Model().double()
    handle = put(model)
    message = f"hook on gradients of {re.escape(HOOKS[put])}, in .*{HERE}, line .*doubled.*remove"
    with pytest.raises(TraceError, match=message):
        from_torch(model, numbers(2, 4))
    handle.remove()
    agreeing(model, numbers(2, 4))


class Within(Model):
    def forward(self, x):
        y = self.inner(x)
        y.register_hook(lambda g: g * 0)
        return y


def test_a_hook_that_forward_puts_on_a_tensor_is_refused():
    registering = torch.Tensor.register_hook
    with pytest.raises(
        TraceError, match=f"of a tensor, in .*{HERE}, line .*in forward.*leave it out"
    ):
        from_torch(Within().double(), numbers(2, 4))
    assert torch.Tensor.register_hook is registering


def test_hooks_that_change_values_go_along():
    model = Model().double()
    model.inner.register_forward_hook(lambda module, given, y: y * 2)
    model.inner.register_forward_pre_hook(lambda module, given: (given[0] + 1,))
    graph = agreeing(model, numbers(2, 4))
    inner = model.inner.weight, model.inner.bias
    plain = torch.tanh(2 * nn.functional.linear(numbers(2, 4) + 1, *inner)).detach().numpy()
    np.testing.assert_allclose(graph.outputs[0].numpy(), plain, 1e-13)
