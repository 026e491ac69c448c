"""What has no graph is refused in a sentence that says why, in which line, and what to write."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="no oracle: pip install torch")

from torch import nn

from autograd_lite import Tensor
from autograd_lite.errors import GraphError, OperandError, TraceError
from autograd_lite.interop import from_torch
from tests.autograd_lite.interop.pytorch.comparing import numbers


class Sign(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return torch.sign(x)

    @staticmethod
    def backward(ctx, g):
        return g


def of(function):
    """A module whose forward is a function."""

    class Model(nn.Module):
        def forward(self, x):
            return function(x)

    return Model()


def branching(x):
    if x.sum() > 0:
        return x
    return -x


def written_after_detach(x):
    y = x.detach()
    y.add_(1.0)
    return x * y


def written_after_detach_in_a_view(x):
    y = x.detach()
    y[0].add_(1.0)
    return x * y


def written_without_grad(x):
    y = x * 2
    with torch.no_grad():
        y.add_(1.0)
    return y


def reentrant(x):
    return torch.utils.checkpoint.checkpoint(torch.sin, x, use_reentrant=True)


def item_in_shape(x):
    return torch.zeros(int(x.sum()))


REFUSED = {
    branching: (TraceError, r"decided by numbers in .*in branching, `if x\.sum\(\) > 0:`"),
    item_in_shape: (TraceError, "item_in_shape"),
    (lambda x: x * x.max().item()): (GraphError, r"taken out of the graph by \.item.*`return.*with tensors"),
    (lambda x: x * x[0].tolist()[0]): (GraphError, r"taken out of the graph .*tolist\(\)"),
    (lambda x: x[x > 0].sum()): (GraphError, r"shape of what aten\.\S+ gives depends on the numbers"),
    (lambda x: torch.linalg.svd(x)[0]): (GraphError, r"aten\._linalg_svd\.\w+ is not supported.*, `return"),
    (lambda x: x @ torch.ones(7, 3).double()): (TraceError, "cannot export Model.*reduction dim"),
    Sign.apply: (TraceError, "a derivative of its own.*in forward"),
    reentrant: (TraceError, "a derivative of its own.*in reentrant"),
    written_after_detach: (TraceError, r"written to.*in forward, `return"),
    written_after_detach_in_a_view: (TraceError, r"written to.*in forward, `return"),
    written_without_grad: (TraceError, "written to under no_grad.*in forward"),
}  # fmt: skip


@pytest.mark.parametrize("function", REFUSED, ids=lambda f: getattr(f, "__name__", "apply"))
def test_it_is_refused_with_the_reason_and_the_line(function, capfd):
    kind, message = REFUSED[function]
    with pytest.raises(kind, match=message) as raised:
        from_torch(of(function), numbers(2, 2))
    assert "test_exporting.py, line " in str(raised.value)
    assert capfd.readouterr() == ("", "")  # what torch prints besides says nothing to a user


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (torch.ones(2, dtype=torch.complex64), "'x' is complex64"),
        (torch.ones(2, dtype=torch.bfloat16), "'x' is bfloat16.*module.double"),
        (torch.ones(2).to_sparse(), "torch.sparse_coo.*to_dense"),
    ],
)
def test_an_input_that_is_no_dense_real_array_is_refused(given, message):
    with pytest.raises(OperandError, match=message):
        from_torch(of(lambda x: x * 2), given)


@pytest.mark.parametrize("thing", [lambda x: x, nn.Linear, None, "linear"])
def test_what_is_no_module_is_refused(thing):
    with pytest.raises(OperandError, match=r"takes a torch\.nn\.Module"):
        from_torch(thing, numbers(2))


def test_too_few_inputs_are_refused():
    with pytest.raises(TraceError, match="cannot export Linear"):
        from_torch(nn.Linear(2, 1).double())


class Checking(nn.Module):
    def forward(self, x):
        assert x.sum() > 0
        if (x > 9).any():
            raise ValueError("too large")
        return x * 2


def test_a_models_own_checks_are_made_of_the_numbers_given():
    assert from_torch(Checking(), torch.ones(2)).outputs[0].shape == (2,)
    for bad in (-1.0, 10.0):
        with pytest.raises(GraphError, match=r"refuses these inputs.*test_exporting\.py, line"):
            from_torch(Checking(), torch.full((2,), bad))
    truth = torch.Tensor.__bool__
    assert bool(torch.tensor(True)) is True
    assert truth is torch._C.TensorBase.__bool__


def test_a_check_of_torchs_own_is_passed_too():
    good = (numbers(3, 2), numbers(3, 2), numbers(3, 2) ** 2)
    assert from_torch(nn.GaussianNLLLoss(), *good).outputs[0].shape == ()
    with pytest.raises(GraphError, match="refuses these inputs"):
        from_torch(nn.GaussianNLLLoss(), *good[:2], -good[2])


def test_a_view_of_a_larger_tensor_is_copied_as_it_is_seen():
    whole = numbers(4, 4)
    graph = from_torch(of(lambda x: x * 2), whole.t()[1:3, ::2])
    assert graph.inputs[0].numpy().tolist() == whole.t()[1:3, ::2].tolist()


@pytest.mark.parametrize("x", [np.ones((2, 3)), Tensor(np.ones((2, 3)))])
def test_an_array_is_no_tensor_of_torchs(x):
    with pytest.raises(OperandError, match="input 1 is a .*torch.as_tensor"):
        from_torch(torch.nn.Linear(3, 2), x)
