"""Every verb on graphs whose nodes have equal numbers, or arrays: nodes are told apart by identity.

All tests run where comparing two nodes by number is an error; see tests/identity.py.
"""

import re

import numpy as np
import pytest
from click.testing import CliRunner

import nn
import viz
from autograd_lite import FlowGraph, Tensor, Value, exp
from autograd_lite.errors import GraphError
from examples import graphs
from viz import plots, table
from viz.cli import main


def branches(*numbers):
    """x → a → y, and b = x + 1 beside it; then h = a·k, so that members depend on each other."""
    p, q, r, s = numbers
    x, k = Value(p, name="x"), Value(q, name="k")
    a = (r * x).named("a")
    b = (x + s).named("b")
    h = (a * k).named("h")
    return FlowGraph((h * a).named("y"), [x, k, a, b, h])


EQUAL = (1.0, 2.0, 2.0, 1.0)
"""k, a and b are 2."""
DISTINCT = (1.1, 1.3, 1.7, 1.9)


def sequence(model, *states):
    y, _ = model(Tensor(np.ones((2, 1, 2)), requires_grad=True, name="x"))
    return FlowGraph((0.5 * (y * y).sum()).named("L"))


def tied():
    model = nn.TiedAutoencoder(3, 2)
    x = Tensor(np.ones((2, 3)), requires_grad=True, name="x")
    return FlowGraph(nn.mse_loss(model(x), x.numpy()).named("L"))


def one_output(shape):
    model = nn.MLP((2, 3, 1), generator=0)
    x = Tensor(np.ones((*shape, 2)), requires_grad=True, name="x")
    return FlowGraph(nn.half_squared_error(model(x).named("yhat"), np.ones((*shape, 1))).named("E"))


def recurrent_with_one_output():
    y, _ = nn.RNN(1, 1, output_size=1, generator=0)(np.ones((2, 1)))
    return FlowGraph((y * y).sum().named("L"))


def single(shape):
    x = Tensor(np.ones(shape), requires_grad=True, name="x")
    h = (x * np.full(shape, 2.0)).named("h")
    return FlowGraph((exp(h) + x).named("y"))


GRAPHS = {
    "equal numbers": lambda: branches(*EQUAL),
    "LSTM": lambda: graphs.lstm(1),
    "GRU": lambda: graphs.gru(1),
    "VAE": lambda: FlowGraph(graphs.vae()),
    "tied autoencoder": tied,
    "MLP with one output": lambda: one_output(()),
    "MLP with one output, one example": lambda: one_output((1,)),
    "RNN with one output": recurrent_with_one_output,
    "arrays of shape (1,)": lambda: single((1,)),
    "arrays of shape (1, 1)": lambda: single((1, 1)),
}


def pictures(flow):
    yield viz.draw(flow)
    yield viz.draw(flow, wrt=flow.inputs[0], style="values")
    for cut in flow.cuts()[:2]:
        yield viz.draw(flow, cut=cut)
    yield viz.draw(flow, cut=flow.cuts()[:2])
    yield viz.draw(flow.output, level="variables", layout="layered")


def derivations(flow):
    yield viz.derive(flow)
    yield viz.derive(flow, wrt=flow.inputs[0], hold=[flow.variables[-2]])
    yield viz.derive(flow, of=flow.variables[-2])
    yield viz.derive(flow, paths=True)
    yield viz.derive(flow.edges[0])
    yield from (viz.derive(cut) for cut in flow.cuts()[:2])


@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_every_verb_runs(make, tmp_path):
    flow = make()
    drawn = list(pictures(flow))
    for picture in drawn:
        assert picture.text()
    for suffix in ("pdf", "svg", "png", "tex", "dot", "txt"):
        assert drawn[0].save(tmp_path / f"flow.{suffix}").stat().st_size
    slides = viz.slides(flow, wrt=flow.inputs[0])
    assert slides.tex()
    assert slides.pdf()
    for derivation in derivations(flow):
        assert derivation.text()
        assert derivation.latex()
    assert viz.step(flow, hold=flow.inputs[1:2]).html()
    assert viz.step(flow).picture()
    assert table(flow)
    assert plots.gradient_norms(flow, flow.variables[:2])
    assert plots.jacobian(flow, flow.edges[0].target, flow.edges[0].source)


# --- the same structure as with distinct numbers --------------------------------------------------


def skeleton(text):
    """A text without its numbers."""
    return re.sub(r"-?\d+(\.\d+)?(e[-+]\d+)?(·10[⁻⁰-⁹]+)?", "#", re.sub(r"[( )]", "", text))


def test_what_is_revealed_when_is_a_matter_of_the_graph():
    """x → b is passed by no contribution, though a and b are the same number."""
    found = []
    for numbers in (EQUAL, DISTINCT):
        flow = branches(*numbers)
        reveal = viz.slides(flow, wrt="x")._pages[0].reveal
        keys = {
            f"{edge.source.name}→{edge.target.name}": reveal.first[f"edge-{k}"]
            for k, edge in enumerate(flow.edges)
        }
        found.append((keys, reveal.count, reveal.during))
    assert found[0] == found[1]
    assert found[0][0]["x→b"] > found[0][1]  # in none of the pictures
    assert found[0][0]["x→a"] <= found[0][1]


def test_the_row_of_the_list_of_faults():
    """x = 1; a = 2x; b = x + 1; y = 3a."""
    x = Value(1.0, name="x")
    a, b = (2 * x).named("a"), (x + 1).named("b")
    flow = FlowGraph((3 * a).named("y"), [x, a, b])
    reveal = viz.slides(flow, wrt=x)._pages[0].reveal
    passed = {
        edge.target.name
        for k, edge in enumerate(flow.edges)
        if edge.source is x and reveal.first[f"edge-{k}"] <= reveal.count
    }
    assert passed == {"a"}


@pytest.mark.parametrize(
    "say",
    [
        lambda flow: viz.draw(flow).text(),
        lambda flow: viz.draw(flow).dot(),
        lambda flow: viz.draw(flow, cut=["a"]).text(),
        lambda flow: viz.draw(flow, cut=flow.cuts()).text(),
        lambda flow: viz.derive(flow, wrt="x", paths=True).text(),
        lambda flow: str([(c.near, c.far) for c in flow.cuts()]),
        lambda flow: str([flow.depends(v).reason for v in flow.variables]),
    ],
)
def test_equal_numbers_are_told_as_distinct_ones_are(say):
    first, second = (skeleton(say(branches(*numbers))) for numbers in (EQUAL, DISTINCT))
    assert first.replace("node#", "") == second.replace("node#", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["draw", "-", "-o", "flow.svg"], ["draw", "-", "-o", "flow.png", "--cut", "a,b"],
        ["step", "-", "-o", "step.html"], ["derive", "-"], ["table", "-"], ["slides", "-", "-o", "s.pdf"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_every_command_runs_on_equal_numbers(arguments, in_tmp_path):
    text = "x=1\nk=2\na=2*x\nb=x+1\nh=a*k\ny=h*a+0*b\n"
    result = CliRunner().invoke(main, arguments, input=text)
    assert result.exit_code == 0, result.output


# --- strangers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "verb",
    [
        lambda flow, q: viz.draw(flow, wrt=q),
        lambda flow, q: viz.slides(flow, wrt=q),
        lambda flow, q: viz.derive(flow, wrt=q),
        lambda flow, q: viz.derive(flow, wrt="x", hold=[q]),
        lambda flow, q: viz.step(flow, wrt=q),
        lambda flow, q: viz.step(flow, hold=[q]),
        lambda flow, q: table(flow, wrt=q),
        lambda flow, q: viz.draw(flow, cut=[q]),
        lambda flow, q: plots.gradient_norms(flow, [q]),
        lambda flow, q: plots.jacobian(flow, q, "x"),
    ],
)
def test_no_verb_answers_for_a_node_that_is_not_in_the_graph(verb):
    with pytest.raises(GraphError, match="no variable"):
        verb(branches(*EQUAL), Value(1.0, name="q"))
