"""All that flow graphs can do works on an imported model: partials, cuts, pictures, steps, derivations."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="no oracle: pip install torch")

import viz
from autograd_lite import FlowGraph, trace_nan
from autograd_lite.interop import from_torch
from tests.autograd_lite.interop.pytorch import models
from tests.autograd_lite.interop.pytorch.comparing import numbers


@pytest.fixture(scope="module")
def recurrent():
    graph = from_torch(models.HandWritten().double(), numbers(3, 1, 2), numbers(1, 3))
    return FlowGraph((graph.outputs[0] ** 2).sum().named("L"))


def test_partials_are_limits_and_totals_are_partials_at_a_cut(recurrent):
    flow = recurrent
    for y, x in (("h_2", "h_1"), ("L", "h_2"), ("h_1", "U.weight")):
        np.testing.assert_allclose(flow.partial(y, x), flow.limit(y, x), 1e-6, 1e-8)
    assert flow.partial("h_3", "h_1").any() is np.False_  # only through h_2
    cut = flow.cut(["h_2", "h_3", "output"])
    np.testing.assert_allclose(cut.derivative("h_1"), flow.total("h_1"), 1e-12, 1e-14)


@pytest.mark.parametrize("suffix", ["svg", "txt"])
def test_it_is_drawn(recurrent, suffix, tmp_path):
    chosen = [recurrent.variable(name) for name in ("h_1", "h_2", "h_3")]
    path = tmp_path / f"picture.{suffix}"
    viz.draw(FlowGraph(recurrent.output, chosen), cut=["h_2", "L"]).save(path)
    assert path.stat().st_size > 0


def test_it_is_stepped_through_and_derived(recurrent, tmp_path):
    viz.step(recurrent).save(tmp_path / "step.html")
    assert "h_2" in viz.derive(recurrent, wrt="h_1").text()


def test_a_convnet_folds_by_its_modules(tmp_path):
    graph = from_torch(models.small_convnet().double().eval(), numbers(1, 1, 4, 4))
    flow = FlowGraph(graph.outputs[0].sum().named("L"))
    text = viz.draw(flow, level="modules").save(tmp_path / "modules.txt")
    assert "Sequential" in (tmp_path / "modules.txt").read_text(encoding="utf-8"), text


def test_the_operation_that_made_nan_is_found():
    class Log(torch.nn.Module):
        def forward(self, x):
            shifted = x - 5
            return torch.log(shifted) * 2

    with np.errstate(invalid="ignore"):
        graph = from_torch(Log(), numbers(2))
        assert "log" in str(trace_nan(graph.outputs[0]))
