"""A node copied, pickled, handed to a thread or written into a leaf: right or said, never 0 unsaid."""

import copy
import math
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import nn
from autograd_lite import (
    FlowGraph,
    GraphCutWarning,
    Tape,
    Tensor,
    Value,
    grad,
    hessian,
    jacobian,
    jvp,
    no_grad,
    sin,
    value_and_grad,
    vjp,
)
from autograd_lite.errors import OperandError, ShapeError

# by each transform: the derivative of Σ f at the argument, or the second one
TRANSFORMS = {
    "grad": lambda f, x: grad(f)(x),
    "value_and_grad": lambda f, x: value_and_grad(f)(x)[1],
    "jacobian": lambda f, x: jacobian(f)(x),
    "hessian": lambda f, x: hessian(f)(x),
    "jvp": lambda f, x: jvp(f, (x,), (1.0,))[1],
    "vjp": lambda f, x: vjp(f, x)[1](1.0)[0],
}
by_transform = pytest.mark.parametrize("transform", TRANSFORMS)
ARGUMENTS = {
    "a float": lambda: 3.0,
    "an array": lambda: np.array(3.0),
    "a Value": lambda: Value(3.0),
    "a Tensor": lambda: Tensor(3.0, requires_grad=True),
}
by_argument = pytest.mark.parametrize("argument", ARGUMENTS.values(), ids=ARGUMENTS)


class Holder(nn.Module):
    """A module whose weight may be a node."""

    def __init__(self, weight):
        self.weight = weight


COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "copy of a result": lambda x: copy.copy(x * 1.0),
    "deepcopy of a result": lambda x: copy.deepcopy(x * 1.0),
    "deepcopy in a list": lambda x: copy.deepcopy([x, x * 1.0])[1],
    "deepcopy of a module": lambda x: copy.deepcopy(Holder(x)).weight,
    "deepcopy of a module with a result": lambda x: copy.deepcopy(Holder(x * 1.0)).weight,
}


@by_transform
@by_argument
@pytest.mark.parametrize("remake", COPIES.values(), ids=COPIES)
def test_a_copy_inside_a_derivative_is_on_the_graph(transform, argument, remake):
    """d(x³)/dx = 27 and d²(x³)/dx² = 18 at 3, wherever a copy stands for x."""
    slope = TRANSFORMS[transform](lambda x: remake(x) * x * remake(remake(x)), argument())
    number = slope.item() if isinstance(slope, (Value, Tensor)) else slope
    assert number == pytest.approx(18.0 if transform == "hessian" else 27.0)


def test_a_copied_graph_inside_a_derivative_keeps_its_form():
    def f(x):
        h = (x * x).named("h")
        flow = copy.deepcopy(FlowGraph((h * x).named("y"), [x, h]))
        assert [v.name for v in flow.variables][1:] == ["h", "y"]
        assert flow.output is not h
        return flow.output

    assert grad(f)(2.0) == 12.0


def test_a_copy_under_no_grad_and_of_another_variable_is_its_own():
    w = Value(5.0)

    def f(x):
        with no_grad():
            snapshot = copy.deepcopy(x)
        assert copy.deepcopy(w).is_leaf
        return x * snapshot.item() * copy.deepcopy(w).item()

    assert grad(f)(2.0) == 10.0


@by_transform
@by_argument
def test_a_pickle_of_what_is_differentiated_by_is_refused(transform, argument):
    for thing in (lambda x: x, lambda x: [x * 2.0], Holder):
        with pytest.raises(
            OperandError, match="what comes back from a pickle would have derivative 0"
        ):
            TRANSFORMS[transform](lambda x: pickle.dumps(thing(x)) and x, argument())  # noqa: B023
    w = Value(1.0)
    assert grad(lambda x: x * len(pickle.dumps(w)))(1.0) > 0.0


# --- threads ---------------------------------------------------------------------------------------


def elsewhere(work):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


@by_transform
@by_argument
def test_a_thread_inside_a_derivative_is_refused_a_number(transform, argument):
    with pytest.raises(OperandError, match=r"write sin\(x\)"):
        TRANSFORMS[transform](lambda x: elsewhere(lambda: math.sin(x) * x), argument())


def test_a_derivative_that_a_thread_takes_inside_another_is_a_node():
    """d/dx x·∂(x·y²)/∂y = 4·x·y, y = 3."""
    assert grad(lambda x: elsewhere(lambda: x * grad(lambda y: x * y * y)(3.0)))(2.0) == 24.0
    assert grad(lambda x: elsewhere(lambda: sin(x) * x))(1.0) == pytest.approx(
        math.sin(1) + math.cos(1)
    )


def test_a_thread_of_its_own_is_not_refused():
    inside, done, x = threading.Event(), threading.Event(), Value(2.0)

    def f(a):
        inside.set()
        done.wait(10)
        return a * x

    thread = threading.Thread(target=lambda: grad(f)(Value(1.0)))
    thread.start()
    inside.wait(10)
    try:
        y = x * x
        y.backward()
        assert (x.grad, pickle.loads(pickle.dumps(y)).item()) == (4.0, 4.0)  # noqa: S301 - our own
        assert isinstance(hessian(lambda u: u**3)(2.0), float)
    finally:
        done.set()
        thread.join(10)


# --- written into a leaf ---------------------------------------------------------------------------


def into_data(w, x):
    w.data = x


def into_grad(w, x):
    w.grad = x


def into_state(w, x):
    Holder(w).load_state_dict({"weight": x})


WRITES = {"data": into_data, "grad": into_grad, "load_state_dict": into_state}


@by_transform
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_writing_what_is_differentiated_by_into_a_leaf_is_refused(transform, write):
    def f(x):
        w = Tensor(1.0, requires_grad=True)
        write(w, x * 2.0)
        return w * 1.0

    with pytest.raises(OperandError, match="its number alone would have derivative 0"):
        TRANSFORMS[transform](f, np.array(3.0))


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_writing_a_node_into_a_leaf_is_warned_of_and_done(write):
    w, u = (Tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    with pytest.warns(GraphCutWarning, match=r"detach\(\)|numpy\(\)"):
        write(w, u * 2.0)
    with no_grad():
        write(w, u * 2.0)
    write(w, (u * 2.0).detach())
    np.testing.assert_array_equal(w.grad if write is into_grad else w.numpy(), [2.0, 4.0])


def test_writing_a_value_into_a_value():
    v, u = Value(1.0), Value(2.0)
    with pytest.warns(GraphCutWarning):
        v.data = u * 2.0
    v.data = Value(4.0, requires_grad=False)
    assert v.data == 4.0
    with pytest.raises(OperandError, match="derivative 0"):
        grad(lambda x: into_data(v, x) or v * x)(3.0)


def test_update_says_what_is_written_nowhere():
    w = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(OperandError, match="written nowhere"):
        w.update_(lambda a: a + 1.0)
    with pytest.raises(OperandError, match="takes a function"):
        w.update_(np.ones(2))
    w.update_(lambda a: np.add(a, 1.0, out=a))
    np.testing.assert_array_equal(w.numpy(), [2.0, 3.0])


def test_the_gradient_that_backward_starts_from_is_refused_inside_a_derivative():
    w = Tensor(2.0, requires_grad=True)
    with pytest.raises(OperandError, match=r"adjoints\(gradient, graph=True\)"):
        grad(lambda x: (w * w).backward(x) or x * w.grad)(np.array(3.0))
    assert grad(lambda x: Tape(w * w).adjoints(x, graph=True)[w] * 1.0)(np.array(3.0)) == 4.0


# --- a gradient that is set ------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [np.ones((3, 1)), np.ones(3), 1.0, [[1.0, 2.0]]])
def test_a_gradient_of_another_shape_is_refused(bad):
    w = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(ShapeError, match=r"has shape \(2,\), and so has its gradient"):
        w.grad = bad
    with pytest.raises(ShapeError):
        Value(1.0).grad = np.ones(2)


@pytest.mark.parametrize("bad", ["a", 1j, [1.0, [2.0]], {}, np.array(["a", "b"])])
def test_a_gradient_that_is_no_number_is_refused(bad):
    for node in (Tensor([1.0, 2.0], requires_grad=True), Value(1.0)):
        with pytest.raises(OperandError, match="holds real numbers"):
            node.grad = bad


def test_a_gradient_keeps_the_dtype_and_is_the_array_that_was_set():
    w = Tensor([1.0, 2.0], requires_grad=True, dtype="float32")
    w.grad = np.ones(2)
    (w * w).sum().backward()
    assert w.grad.dtype == np.float32
    np.testing.assert_array_equal(w.grad, [3.0, 5.0])
    w.grad = own = np.zeros(2, np.float32)
    assert w.grad is own
    w.grad = None
    assert w.grad is None
    v = Value(1.0)
    v.grad = np.float64(2.0)
    assert type(v.grad) is float


@pytest.mark.parametrize("node", [Value(1.0), Tensor([1.0])], ids=["Value", "Tensor"])
def test_a_name_is_text_also_where_it_is_set(node):
    with pytest.raises(OperandError, match=r"a name is text, not int: write named\('3'\)"):
        node.name = 3
    node.name = "h"
    assert (node.name, node.named("").name) == ("h", None)


# --- in place of a parameter -----------------------------------------------------------------------


def test_numbers_in_place_of_a_parameter_are_written_into_it():
    linear = nn.Linear(2, 1)
    weight = linear.weight
    linear.weight = np.array([[3.0, 4.0]])
    assert linear.weight is weight
    assert [name for name, _ in linear.named_parameters()] == ["weight", "bias"]
    np.testing.assert_array_equal(weight.numpy(), [[3.0, 4.0]])
    with pytest.raises(ShapeError, match="weight has shape"):
        linear.weight = np.ones(3)
    with pytest.raises(OperandError, match="weight = 'a'"):
        linear.weight = "a"


def test_an_update_that_would_end_the_training_of_a_parameter_is_refused():
    linear = nn.Linear(2, 1)
    moved = linear.weight - 0.1
    with pytest.raises(OperandError, match=r"with no_grad\(\): module\.weight -="):
        linear.weight = moved
    with no_grad(), pytest.raises(OperandError, match=r"with no_grad\(\): module\.weight -="):
        linear.weight = moved.detach()
    with no_grad():
        linear.weight -= 0.1
    linear.bias = None
    linear.weight = linear.weight.detach()  # frozen
    assert list(linear.parameters()) == []


@by_transform
def test_the_derivative_by_a_weight_is_right(transform):
    def f(w):
        linear = nn.Linear(1, 1, bias=False)
        linear.weight = w.reshape(1, 1) * 1.0
        return linear(np.array([2.0])).sum() ** 2

    slope = TRANSFORMS[transform](f, np.array(3.0))
    assert slope == pytest.approx(8.0 if transform == "hessian" else 24.0)


DOORS = {
    "a buffer": lambda x: nn.Module().register_buffer("mean", x),
    "a buffer that is there": lambda x: setattr(nn.BatchNorm1d(1), "running_mean", x),
    "lr": lambda x: nn.SGD([Tensor([1.0], requires_grad=True)], lr=x),
    "lr of a group": lambda x: setattr(nn.SGD([nn.Parameter([1.0])]), "lr", x),
    "dropout": nn.Dropout,
    "a generator": lambda x: nn.Linear(1, 1, generator=x),
    "init": lambda x: nn.init.constant_(np.zeros(2), x),
    "a parameter": nn.Parameter,
    "parameters": lambda x: nn.ParameterList([x * 1.0]),
    "batches": lambda x: nn.Batches(x.reshape(1), size=1),
    "a filter": lambda x: nn.FIRFilter(x.reshape(1)),
}


@by_transform
@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_no_other_door_takes_the_number_of_what_is_differentiated_by(transform, door):
    with pytest.raises((OperandError, ValueError)):
        TRANSFORMS[transform](lambda x: door(x) or x, np.array(0.5))


def test_a_module_in_another_dtype_is_no_new_leaf_of_what_is_differentiated_by():
    with pytest.raises(OperandError, match="convert the module before"):
        grad(lambda x: Holder(x).astype("float32").weight * 1.0)(np.array(0.5))
