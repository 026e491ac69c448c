"""A number that is nothing but rounding reads 0 on a picture; a small number reads as it is."""

import gc
from weakref import ref

import numpy as np
import pytest

import viz
from autograd_lite import FlowGraph, Tensor, Value, functions
from viz.content import derivatives
from viz.formulas.numbers import shown_value


def rounding():
    a, b = Value(0.4, name="a"), Value(0.3, name="b")
    return (a * 0.5 + b * -1.0 + 0.1).named("y")


def test_rounding_reads_0_and_stays_in_the_graph():
    y = rounding()
    picture = viz.draw(FlowGraph(y)).text()
    assert "y = 0 " in picture
    assert "e-17" not in picture
    assert y.data == 0.4 * 0.5 + 0.3 * -1.0 + 0.1 != 0.0


@pytest.mark.parametrize(
    "y",
    [
        Value(1e-17),
        Value(1e-9) * 1e-9,
        Value(1e-17) + 2e-17,
        Value(1.0) - (1.0 - 1e-14),
        Value(1e-300) - 0.0,
        Value(1e8) * 1e-8 - (1 - 1e-9),
        functions.multiply_add(Value(1e8), 1e-8, -(1 - 1e-9)),
    ],
)
def test_a_small_number_reads_as_it_is(y):
    assert shown_value(y) == y.data != 0.0


def test_each_entry_of_an_array_is_judged_by_its_own_terms():
    x = Tensor([0.1, 1e-17], requires_grad=True)
    y = x + np.array([0.2, 0.0]) - np.array([0.3, 0.0])
    np.testing.assert_array_equal(shown_value(y), [0.0, 1e-17])
    assert y.numpy()[0] != 0.0


def test_a_sum_doubled_many_times_is_read_at_once():
    y = Value(1.0)
    for _ in range(200):
        y = y + y
    assert shown_value(y) == 2.0**200


def shown(flow):
    """The numbers on arrows and in tags."""
    scene = viz.draw(flow).scene
    return [t.source for block in (*scene.labels, *scene.tags) for t in block.texts]


def test_a_derivative_that_is_rounding_reads_0_everywhere():
    """Terms of size 1 that cancel: on the arrow, in the tag, in the table, in a derivation, at a cut."""
    x = Value(1.0, name="x")
    h = (0.1 * x + 0.2 * x - 0.3 * x).named("h")
    y = (h * 2).named("y")
    flow = FlowGraph(y)
    assert flow.partial(h, x) != 0.0 != flow.total(x)
    said = [viz.draw(flow, cut=[h]).text(), viz.table(flow), viz.derive(flow).text(), *shown(flow)]
    assert float(y.data) != 0.0 == shown_value(y)
    assert not [text for text in said if "e-17" in text or "10^{-1" in text or "10⁻¹" in text]
    assert r"\dfrac{dy}{dx}=0" in shown(flow)


def test_entries_of_a_gradient_are_judged_each_by_itself():
    x = Tensor([1.0, 1e-9], requires_grad=True, name="x")
    y = functions.sum(x * 0.1 + x * np.array([0.2, 1e-9]) - x * np.array([0.3, 0.1])).named("y")
    total = derivatives.total(FlowGraph(y), x)
    np.testing.assert_array_equal(total == 0.0, [True, False])


def test_a_small_derivative_reads_as_it_is():
    x = Value(1.0, name="x")
    assert "y = 1e-17" in viz.draw(FlowGraph((x * 1e-17).named("y"))).text()
    assert derivatives.total(FlowGraph((x * 1e-17).named("y")), x) == 1e-17
    far = (x * (1 + 1e-10) - x).named("y")
    assert derivatives.total(FlowGraph(far), x) == pytest.approx(1e-10, rel=1e-4)


def test_what_was_drawn_is_kept_by_nobody():
    """One sweep tells the rounding of all derivatives of a y; it lives no longer than that y."""
    x = Value(1.0, name="x")
    y = 0.1 * x + 0.2 * x - 0.3 * x
    assert derivatives.total(FlowGraph(y), x) == 0.0
    gone = ref(x)
    del x, y
    gc.collect()
    assert gone() is None
