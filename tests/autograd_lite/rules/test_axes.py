"""An axis that is not there is refused in the project's words: function, axis, shape."""

import inspect

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor, functions, jvp
from autograd_lite.errors import OperandError, ShapeError

X = np.ones((2, 3))
MORE = {
    "take_along_axis": (np.zeros((2, 3), int),),
    "repeat": (2,),
    "roll": (1,),
    "split": (1,),
    "array_split": (1,),
    "append": (X,),
    "cross": (X,),
    "vecdot": (X,),
    "delete": (0,),
    "insert": (0, 1.0),
    "take": (0,),
    "percentile": (50.0,),
    "quantile": (0.5,),
}
JOINING = ("concatenate", "concat", "stack")
WITH_AXIS = [
    name
    for name in functions.__all__
    if "axis" in inspect.signature(getattr(functions, name)).parameters
]
TWICE = [name for name in WITH_AXIS if name != "roll"]  # NumPy rolls twice then
GIVEN = {"array": X, "list": X.tolist(), "Tensor": Tensor(X, requires_grad=True)}


def says(name, words):
    """A message that begins with the function that was called; amax is another name of max."""
    return rf"^{getattr(functions, name).__name__}\b.*{words}"


def called(name, x, axis):
    f = getattr(functions, name)
    return f([x, x], axis=axis) if name in JOINING else f(x, *MORE.get(name, ()), axis=axis)


@pytest.mark.parametrize("name", WITH_AXIS)
@pytest.mark.parametrize("given", GIVEN)
def test_an_axis_out_of_range(name, given):
    for axis in (5, -5):
        with pytest.raises(ShapeError, match=says(name, axis)) as caught:
            called(name, GIVEN[given], axis)
        shown = ("(2, 3)", str(X.tolist()), "of dimension 2", "of dimension 3")
        assert any(shape in str(caught.value) for shape in shown)


@pytest.mark.parametrize("name", TWICE)
@pytest.mark.parametrize("given", GIVEN)
def test_an_axis_named_twice(name, given):
    with pytest.raises((ShapeError, OperandError), match=says(name, r"\(0, 0\)")):
        called(name, GIVEN[given], (0, 0))


@pytest.mark.parametrize("name", WITH_AXIS)
@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("axis", ["rows", 0.5])
def test_an_axis_of_the_wrong_type(name, given, axis):
    with pytest.raises(OperandError, match=says(name, axis)):
        called(name, GIVEN[given], axis)


def test_a_single_number_has_no_mean_along_an_axis():
    with pytest.raises(ShapeError, match=r"mean.*\(\).*axis=0"):
        jvp(lambda x: ag.mean(x, axis=0), (np.array(1.0),), (np.array(1.0),))
    with pytest.raises(ShapeError, match=r"mean\(\[1.0\], axis=1\).*out of bounds"):
        ag.mean([1.0], axis=1)


def test_the_place_of_the_largest_of_none():
    for x in ([], np.zeros((2, 0)), Tensor(np.zeros(0))):
        with pytest.raises(ShapeError, match="argmax: operands of shape"):
            ag.argmax(x)
