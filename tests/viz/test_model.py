"""`viz.flow`: a model and an example of its input make a flow graph that ends in one number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
import viz
from autograd_lite import FlowGraph, Tensor, Value
from autograd_lite import functions as f
from autograd_lite.errors import PictureError


def test_arrays_of_floats_become_the_variables_x() -> None:
    flow = viz.flow(lambda a, b: f.sum(a * b), np.array([1.0, 2.0]), [3.0, 4.0])
    assert [v.name for v in flow.variables] == ["x_1", "x_2", "y"]
    assert flow.total("x_1").tolist() == [3.0, 4.0]
    assert [v.name for v in viz.flow(f.sum, [1.0, 2.0]).variables] == ["x", "y"]


def test_nodes_and_whole_numbers_stay_as_they_are() -> None:
    mine = Tensor([1.0, 2.0], requires_grad=True, name="mine")
    flow = viz.flow(lambda a, k: f.sum(a) * k, mine, 3)
    assert [v.name for v in flow.variables] == ["mine", "y"]
    model = nn.Sequential(nn.Embedding(5, 3, generator=0), nn.Linear(3, 2, generator=1))
    assert "x" not in [v.name for v in viz.flow(model, np.array([1, 2])).variables]


@pytest.mark.parametrize(
    ("model", "x", "number"),
    [
        (lambda x: f.sum(x * x), [1.0, 2.0], 5.0),
        (lambda x: x * 2.0, [1.0, 2.0], 0.5 * (4.0 + 16.0)),
        (lambda x: f.sum(x, axis=1), [[1.0, 2.0], [3.0, 5.0]], 5.5),
        (lambda x: (x * 3.0, x), [2.0], 6.0),
        (lambda x: {"y": f.sum(x), "z": x}, [1.0, 2.0], 3.0),
    ],
)
def test_the_graph_ends_in_one_number(model: Any, x: Any, number: float) -> None:
    """One number as it is, the mean over a batch, else half the sum of squares of the first array."""
    flow = viz.flow(model, x)
    assert float(flow.output.value) == pytest.approx(number)
    assert flow.output.name in ("y", "L", "E")


def test_a_loss_of_ones_own_comes_first() -> None:
    flow = viz.flow(lambda x: x * 2.0, [1.0, 2.0], loss=lambda y: f.mean(y).named("J"))
    assert (flow.output.name, float(flow.output.value)) == ("J", 3.0)


def test_the_graph_of_a_model_is_that_of_its_call() -> None:
    model, x = nn.MLP((3, 4, 1), generator=0), np.array([0.1, 0.2, 0.3])
    flow = viz.flow(model, x)
    own = FlowGraph(f.sum(model(x)).named("L"))
    assert flow.total("W_1") == pytest.approx(own.total("W_1"))


@pytest.mark.parametrize(
    ("model", "example", "said"),
    [
        (3.0, (), "is no model"),
        (None, (), "is no model"),
        (lambda: 3.0, (), "which is no Value and no Tensor"),
        (lambda x: "text", ([1.0],), "which is no Value and no Tensor"),
        (lambda x: [], ([1.0],), "which is no Value and no Tensor"),
    ],
)
def test_what_is_no_model_or_gives_no_node_is_refused(model: Any, example: Any, said: str) -> None:
    with pytest.raises(PictureError, match=said):
        viz.flow(model, *example)


@pytest.mark.parametrize("loss", [lambda y: y, lambda y: 3.0, lambda y: None])
def test_a_loss_is_one_number(loss: Any) -> None:
    with pytest.raises(PictureError, match="one number"):
        viz.flow(lambda x: x * 2.0, [1.0, 2.0], loss=loss)


def test_what_a_model_raises_is_seen() -> None:
    with pytest.raises(KeyError):
        viz.flow(lambda x: {}["missing"], [1.0])


def test_rows_of_several_lengths_go_to_the_model_as_they_are() -> None:
    assert (
        float(viz.flow(lambda rows: Value(float(len(rows))), [[1.0], [2.0, 3.0]]).output.value)
        == 2.0
    )
