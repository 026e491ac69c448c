"""Cells with gates: found by structure, drawn without faults, their numbers those of closed forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
import viz
from autograd_lite import FlowGraph, Tensor, Value, equations, example
from autograd_lite import functions as f
from examples import graphs
from nn.layer import Layer
from tests.viz.forms.pages import scenes, words
from tests.viz.latex import compiled, pages
from viz.forms.cell import Cell, find
from viz.forms.cell_reveal import reveal
from viz.forms.form import Asked
from viz.forms.revealed import revealed_pages
from viz.forms.words import listed
from viz.formulas.escaping import upright
from viz.scene.check import faults
from viz.scene.scene import Scene

HIDDEN = [1, 2, 3, 5, 16, 200]
OTHERS = ["rnn_module", "unrolled_cell", "convolved", "blocks", "conv_autoencoder", "vae"]


def leaf(rng: np.random.Generator, name: str | None, *shape: int) -> Tensor:
    return Tensor(rng.normal(size=shape), requires_grad=True, name=name)


def module(kind: Any, hidden: int, batch: int | None = None) -> FlowGraph:
    """One step of a cell, L = Σ h²."""
    rng = np.random.default_rng(3)
    shape = (hidden,) if batch is None else (batch, hidden)
    x = leaf(rng, "x", *((2,) if batch is None else (batch, 2)))
    h, c = leaf(rng, "h_0", *shape), leaf(rng, "c_0", *shape)
    cell = kind(2, hidden, generator=4)
    out = cell(x, (h, c))[0] if kind is nn.LSTMCell else cell(x, h)
    return FlowGraph(f.sum(f.square(out)).named("L"))


class ByHand:
    """The lectures' equations with functions, on leaves of the author's own."""

    def __init__(self) -> None:
        rng = np.random.default_rng(5)
        self.x, self.h, self.c = leaf(rng, "x", 2), leaf(rng, "h", 3), leaf(rng, "c", 3)
        self.W = [leaf(rng, f"W_{k}", 3, 2) for k in range(4)]
        self.U = [leaf(rng, f"U_{k}", 3, 3) for k in range(4)]
        self.b = [leaf(rng, f"b_{k}", 3) for k in range(4)]
        self.p = leaf(rng, "p", 3)

    def sum(self, k: int) -> Tensor:
        return self.W[k] @ self.x + self.U[k] @ self.h + self.b[k]

    def lstm(self) -> Tensor:
        forget, i, o = (f.sigmoid(self.sum(k)) for k in range(3))
        return o * f.tanh(forget * self.c + i * f.tanh(self.sum(3)))

    def coupled(self) -> Tensor:
        forget, o = f.sigmoid(self.sum(0)), f.sigmoid(self.sum(2))
        return o * f.tanh(forget * self.c + (1 - forget) * f.tanh(self.sum(3)))

    def peephole(self) -> Tensor:
        forget = f.sigmoid(self.sum(0) + self.p * self.c)
        c = forget * self.c + f.sigmoid(self.sum(1)) * f.tanh(self.sum(3))
        return f.sigmoid(self.sum(2) + self.p * c) * f.tanh(c)

    def gru(self) -> Tensor:
        z, r = f.sigmoid(self.sum(0)), f.sigmoid(self.sum(1))
        n = f.tanh(self.W[3] @ self.x + r * (self.U[3] @ self.h + self.b[3]))
        return (1 - z) * n + z * self.h

    def swapped_gru(self) -> Tensor:
        z, r = f.sigmoid(self.sum(0)), f.sigmoid(self.sum(1))
        n = f.tanh(self.W[3] @ self.x + self.U[3] @ (r * self.h) + self.b[3])
        return (1 - z) * self.h + z * n


def flow_by_hand(variant: str) -> FlowGraph:
    return FlowGraph(f.sum(f.square(getattr(ByHand(), variant)())).named("L"))


def found(flow: FlowGraph, *wrt: str) -> Cell:
    cell = find(Asked(flow, wrt=[flow.variable(name) for name in wrt]))
    assert cell is not None
    return cell


def drawn(flow: FlowGraph) -> Scene:
    (scene,) = scenes(viz.draw(flow, form="cell"))
    return scene


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("kind", [nn.LSTMCell, nn.GRUCell])
@pytest.mark.parametrize("batch", [None, 4])
def test_a_cell_of_any_size_is_drawn_without_faults(
    kind: Any, hidden: int, batch: int | None
) -> None:
    drawn(module(kind, hidden, batch))


@pytest.mark.parametrize("steps", [1, 2, 4, 12])
@pytest.mark.parametrize("model", ["lstm", "gru"])
def test_of_several_steps_the_last_one_is_drawn(model: str, steps: int) -> None:
    flow = getattr(graphs, model)(steps)
    state = {"lstm": "c", "gru": "h"}[model]
    names = found(flow).state.name, found(flow).previous.name
    assert names == tuple(state + Layer().at(t) for t in (steps, steps - 1))
    drawn(flow)


def test_wrt_names_the_step() -> None:
    cell = found(graphs.lstm(4), "c_1")
    assert (cell.previous.name, cell.state.name) == ("c_1", "c_2")


@pytest.mark.parametrize("variant", ["lstm", "coupled", "peephole", "gru", "swapped_gru"])
def test_equations_by_hand_are_found_and_drawn(variant: str) -> None:
    drawn(flow_by_hand(variant))


@pytest.mark.parametrize(
    ("variant", "gates", "complements"),
    [
        ("lstm", 4, [False, False, False]),
        ("coupled", 3, [False, True, False]),
        ("gru", 3, [False, True, False]),
        ("swapped_gru", 2, [True, False, False]),
        ("peephole", 4, [False, False, False]),
    ],
)
def test_what_is_kept_and_what_enters(variant: str, gates: int, complements: list[bool]) -> None:
    cell = found(flow_by_hand(variant))
    assert len(cell.gates) in (gates, gates + (variant == "swapped_gru"))
    assert [factor.complement for factor in (cell.keep, *cell.entry)] == complements


def test_a_module_and_the_same_by_hand_have_one_structure() -> None:
    module_cell, hand = found(module(nn.LSTMCell, 3)), found(flow_by_hand("lstm"))
    for cell in (module_cell, hand):
        assert cell.readout is not None
        order = [cell.keep.gate, *(factor.gate for factor in cell.entry), cell.readout.gate]
        assert [gate.node.number for gate in cell.gates] == [v.number for v in order]
        assert [gate.node.rule.name for gate in cell.gates] == [
            "sigmoid",
            "sigmoid",
            "tanh",
            "sigmoid",
        ]
        assert len(cell.sources) == 2


@pytest.mark.parametrize("cell", ["LSTMCell", "GRUCell"])
def test_torchs_cells_are_found_and_drawn(cell: str) -> None:
    torch = pytest.importorskip("torch")
    from autograd_lite.interop import from_torch

    torch.manual_seed(0)
    model = getattr(torch.nn, cell)(2, 3).double()
    x, h, c = (torch.linspace(-1, 1, n, dtype=torch.float64)[None] for n in (2, 3, 3))
    inputs = (x, (h, c)) if cell == "LSTMCell" else (x, h)
    graph = from_torch(model, *inputs)
    drawn(FlowGraph(f.sum(f.square(graph.outputs[0])).named("L")))


@pytest.mark.parametrize("name", OTHERS)
def test_other_models_are_no_cells(name: str) -> None:
    made = getattr(graphs, name)()
    flow = made if isinstance(made, FlowGraph) else FlowGraph(made)
    assert find(Asked(flow)) is None


def random_graph(seed: int) -> FlowGraph:
    """Sums, products and squashing functions of a few arrays in any order."""
    rng = np.random.default_rng(seed)
    nodes: list[Any] = [leaf(rng, None, 3) for _ in range(3)]
    W = leaf(rng, None, 3, 3)
    for _ in range(rng.integers(1, 15)):
        a, b = (nodes[k] for k in rng.integers(len(nodes), size=2))
        nodes.append([a + b, a * b, a - b, 1 - a, f.sigmoid(a), f.tanh(W @ a), -a][rng.integers(7)])
    return FlowGraph(f.sum(nodes[-1]))


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_any_graph_is_looked_at_without_an_error_and_drawn_if_found(start: int) -> None:
    for seed in range(start, start + 50):
        flow = random_graph(seed)
        if find(Asked(flow)) is not None:
            drawn(flow)


def test_scalars_and_a_single_node_are_no_cells() -> None:
    assert find(Asked(FlowGraph(Value(2.0, name="x")))) is None
    assert find(Asked(FlowGraph(equations(example("three_step"))["yhat"]))) is None


def sigma(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def test_the_numbers_are_those_of_the_equations() -> None:
    hand = ByHand()
    x, h, c = (v.numpy() for v in (hand.x, hand.h, hand.c))
    sums = [
        W.numpy() @ x + U.numpy() @ h + b.numpy()
        for W, U, b in zip(hand.W, hand.U, hand.b, strict=True)
    ]
    forget, i, o, new = sigma(sums[0]), sigma(sums[1]), sigma(sums[2]), np.tanh(sums[3])
    state = forget * c + i * new
    said = words(drawn(flow_by_hand("lstm")))
    for numbers in (forget, i, o, new, state, c, o * np.tanh(state)):
        assert listed(numbers) in said
    assert rf"=\mathrm{{diag}}({str(listed(forget)).strip('[]')})" in said


@pytest.mark.parametrize("variant", ["lstm", "coupled", "peephole", "gru"])
def test_totals_are_those_of_difference_quotients(variant: str) -> None:
    flow = flow_by_hand(variant)
    cell = found(flow)
    quotient = np.ravel(flow.limit(flow.output, cell.previous, hold=[]))
    said = " ".join(words(drawn(flow)))
    assert str(listed(quotient)) in said


@pytest.mark.parametrize("model", ["lstm", "gru"])
def test_the_diagonal_is_the_partial_derivative(model: str) -> None:
    flow = getattr(graphs, model)(3)
    cell = found(flow)
    quotient = np.reshape(flow.limit(cell.state, cell.previous), (3, 3))
    assert rf"=\mathrm{{diag}}({str(listed(np.diag(quotient))).strip('[]')})" in words(drawn(flow))
    np.testing.assert_allclose(quotient, np.diag(np.diag(quotient)), atol=1e-9)


def test_numbers_of_a_batch_are_said_to_be_of_one_example() -> None:
    assert upright("numbers: example 1 of 4") in words(drawn(module(nn.LSTMCell, 3, 4)))


# --- page by page --------------------------------------------------------------------------------


def pages_of(flow: FlowGraph, *wrt: str) -> list[Scene]:
    return reveal(Asked(flow), found(flow, *wrt))


@pytest.mark.parametrize("model", ["lstm", "gru"])
@pytest.mark.parametrize("steps", [1, 3])
def test_on_all_pages_everything_is_in_its_place(model: str, steps: int) -> None:
    made = pages_of(getattr(graphs, model)(steps))
    first = [(bubble.key, bubble.box) for bubble in made[0].bubbles]
    for scene in made:
        assert not faults(scene)
        assert [(bubble.key, bubble.box) for bubble in scene.bubbles] == first


def test_each_page_back_has_one_more_derivative() -> None:
    made = pages_of(graphs.lstm())
    tags = [len(scene.tags) for scene in made]
    assert tags == [0] * 6 + [3, 4, 5, 6, 7]


def test_pages_forward_have_one_more_gate_each() -> None:
    made = pages_of(graphs.gru())
    pale = [
        sum(b.role == "later" for b in scene.bubbles if not b.round and b.role != "activation")
        for scene in made
    ]
    assert pale[:4] == sorted(pale[:4], reverse=True)
    assert len(set(pale[:3])) == 3


def test_the_contribution_of_each_page_is_the_derivative() -> None:
    flow = flow_by_hand("lstm")
    made = pages_of(flow)
    cell = found(flow)
    assert cell.readout is not None
    order = [cell.readout.gate, cell.previous, cell.keep.gate, *(e.gate for e in cell.entry)]
    for scene, v in zip(made[-5:], order, strict=True):
        quotient = (
            np.ravel(flow.limit(flow.output, v, hold=[]))
            if v in set(flow.variables)
            else flow.total(v)
        )
        assert str(listed(quotient)) in scene.captions[-1].texts[0].source


def test_slides_of_a_state_have_pages_of_their_own_and_nothing_else_has() -> None:
    flow = graphs.lstm(2)
    made = revealed_pages(Asked(flow, wrt=[flow.variable("c_1")]))
    assert made is not None
    assert len(made) == 12
    for wrt in ([], [flow.variable("W_f")], [flow.variable("c_1"), flow.variable("c_0")]):
        assert revealed_pages(Asked(flow, wrt=wrt)) is None


@pytest.mark.parametrize("model", ["lstm", "gru"])
def test_tex_compiles(model: str, pdflatex: str, tmp_path: Path) -> None:
    picture = viz.draw(getattr(graphs, model)(), form="cell")
    assert pages(compiled(pdflatex, picture.tex(standalone=True), tmp_path)) == 1


def test_slides_back_to_a_state_are_the_cells_pages(pdflatex: str, tmp_path: Path) -> None:
    flow = graphs.lstm(2)
    steps = viz.slides(flow, wrt="c_1")
    assert [step.scene for step in steps] == pages_of(flow, "c_1")
    log = compiled(pdflatex, steps.tex(standalone=True), tmp_path)
    assert pages(log) == len(steps) == 12
    assert "Overfull" not in log
    assert steps.pdf().count(b"/Type /Page ") == 12
