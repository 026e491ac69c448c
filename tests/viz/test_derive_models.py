"""viz.derive of the lectures' models reads as they write it, and every formula gives the engine's number."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import numpy as np
import pytest

import nn
from autograd_lite import FlowGraph, Tensor
from autograd_lite import functions as f
from tests.viz.latex import compiled, overfull
from tests.viz.lecture_models import MODELS, leaf, recurrent, rnn_cell
from tests.viz.reading_arrays import Read, computed, for_index, point
from viz import derive
from viz.formulas.naming import names_of


def lines(flow: FlowGraph, **asked: object) -> list[str]:
    """One equation a line, whatever rows it was broken into."""
    return re.sub(r"\n {4,}", " ", derive(flow, **asked).text(digits=12)).splitlines()


def sides(line: str) -> tuple[str, list[str]]:
    line = re.sub(r"\((\w) = (\d+)", r"(\1=\2", line.strip())
    left, *rights = re.sub(r"^\w+, ", "", line).split(" = ")
    return left, [right.partition(" → ")[0].strip() for right in rights]


# --- read back -------------------------------------------------------------------------------------


def known_of(flow: FlowGraph, told: list[str]) -> dict[str, Read]:
    """All names in a derivation, those of δ by the line that says what it is."""
    known, text = point(flow), "\n".join(told)
    y = re.escape(names_of(flow).text(flow.output))
    known |= {d: known[of] for d, of in re.findall(rf"(δ_\d+) = (d{y}/d\S+)", text)}
    if family := re.search(rf"δ_([a-z]) = (d{y}/d\S+)_\1", text):
        places = (re.fullmatch(rf"{re.escape(family[2])}_(\d+)", name) for name in known)
        known |= {f"δ_{at[1]}": known[at[0]] for at in places if at}
    return known


def said(told: list[str]) -> Iterator[tuple[str, str]]:
    """Left and right sides; of a line for any index, those at each of the numbers listed under it."""
    for k, line in enumerate(told):
        left, rights = sides(line)
        if not re.match(r"d|δ", left):
            continue
        index = re.search(r"_([tlknij])$", left)
        if not index:
            yield from ((left, right) for right in rights)
            continue
        named = {k: [int(n) for n in re.findall(r"\d+", m[1])] for k, r in enumerate(rights)
                 if (m := re.search(r"  \(\w=([\d, ]+)\)", r))}  # fmt: skip
        rights = [re.sub(r"  +\(\w=[\d, ]+\)$", "", right) for right in rights]
        rows = itertools.takewhile(lambda row: row.startswith("  "), told[k + 1 :])
        for at in filter(None, (re.match(r"  \S+?_(\d+) = |  \S+?_(\d+) →", row) for row in rows)):
            n = int(at[1] or at[2])
            if for_index(left, index[1], n) == sides(at[0] + "0")[0].removesuffix(" → 0"):
                yield from (
                    (for_index(left, index[1], n), for_index(right, index[1], n))
                    for k, right in enumerate(rights)
                    if n in named.get(k, [n])
                )


def value(side: str, known: dict[str, Read]) -> Read | None:
    """A formula's number; of a sum over an index that of all its terms."""
    summed = re.fullmatch(r"Σ (.+)  \((\w)=(\d+) … (\d+)\)", side)
    if not summed:
        return computed(side, known)
    span = range(int(summed[3]), int(summed[4]) + 1)
    terms = [computed(for_index(summed[1], summed[2], n), known) for n in span]
    return None if any(t is None for t in terms) else Read(sum(t.x for t in terms))


def read_back(flow: FlowGraph) -> int:
    """Check each formula of each derivative; how many there were."""
    told = lines(flow)
    known, checked = known_of(flow, told), 0
    for left, right in said(told):
        found = value(right, known)
        if found is None:
            continue
        wanted = known[left].x
        mine = np.broadcast_to(found.x, wanted.shape) if found.x.size == 1 else found.x
        np.testing.assert_allclose(
            mine.reshape(wanted.shape), wanted, rtol=1e-9, atol=1e-11, err_msg=f"{left} = {right}"
        )
        checked += 1
    return checked


@pytest.mark.parametrize("name", MODELS)
def test_every_formula_of_an_array_gives_the_engines_number(name):
    """Read back from the text by a reader of its own; what has no short formula says its shapes."""
    assert read_back(MODELS[name]()) >= {"FIRFilter": 1}.get(name, 2)


def test_the_reader_notices_a_wrong_formula():
    """Wᵀ δ with W in place of its transpose, and a sum with one index off."""
    flow = MODELS["RNNCell"]()
    known = known_of(flow, lines(flow))
    right = "Σ ((1 - h_t²) ⊙ δ_t)·h_{t-1}ᵀ  (t=1 … 3)"
    wanted = flow.total("W_hh")
    np.testing.assert_allclose(value(right, known).x, wanted)
    assert not np.allclose(value(right.replace("{t-1}", "t"), known).x, wanted)
    turned = value("W_hh·((1 - h_1²) ⊙ δ_1)", known).x
    assert not np.allclose(turned.ravel(), flow.total("h_0"))


def test_the_engines_number_is_the_limit_of_difference_quotients():
    """What formulas are compared with, by re-evaluation alone."""
    flow = rnn_cell(2)
    for name in ("h_0", "W_hh", "W_xh", "b_h"):
        limit = flow.limit(flow.output, name, hold=[])
        np.testing.assert_allclose(flow.total(name), limit, rtol=1e-6, atol=1e-8)


# --- as a lecture writes it ------------------------------------------------------------------------


def test_backpropagation_through_time_reads_as_in_the_first_lecture():
    text = derive(rnn_cell()).text()
    assert "δ_t = dL/dh_t = (∂h_{t+1}/∂h_t)ᵀ·δ_{t+1} + (∂y_t/∂h_t)ᵀ·dL/dy_t\n" in text
    assert "∂h_{t+1}/∂h_t = diag(1 - h_{t+1}²)·W_hh\n" in text
    assert (
        "dL/dy_t = dL/dℓ_t·∂ℓ_t/∂y_t = dL/dℓ_t·(y_t - [0, 0])\n" in text
    )  # a number times an array
    assert "dL/dW_hh = Σ δ_t·∂h_t/∂W_hh  (t = 1 … 3) = Σ ((1 - h_t²) ⊙ δ_t)·h_{t-1}ᵀ" in text


def test_the_forget_gate_is_the_derivative_along_the_cell():
    """First lecture, LSTM: ∂L/∂c_{t-1} = ∂L/∂c_t ⊙ f_t + …"""
    text = derive(recurrent(nn.LSTM)).text()
    assert "∂c_{t+1}/∂c_t = diag(f_{t+1})\n" in text
    assert "= f_{t+1} ⊙ δ_{t+1} + " in text


def test_the_same_in_latex():
    latex = derive(rnn_cell()).latex()
    assert r"\left(\frac{\partial h_{t+1}}{\partial h_{t}}\right)^{\top} \, \delta_{t+1}" in latex
    assert r"\mathrm{diag}(1 - h_{t+1}^{2}) \, W_{hh}" in latex
    assert r"\sum_{t=1}^{3} ((1 - h_{t}^{2}) \odot \delta_{t}) \, h_{t-1}^{\top}" in latex


def test_layers_are_counted_by_l_and_their_excitations_have_delta():
    """Third lecture: δ_l of the excitations; g'(ξ_l) ⊙ W_{l+1}ᵀ δ_{l+1}, and dE/dW = δ xᵀ."""
    x, modules = leaf("x", 3), []
    for k in range(4):
        modules += [nn.Linear(3, 3, generator=k), nn.Sigmoid()]
    net = nn.Sequential(*modules)
    for k, layer in enumerate(net[::2], 1):
        layer.weight.named(f"W_{k}")
        layer.bias.named(f"b_{k}")
    flow = FlowGraph(nn.half_squared_error(net(x), np.zeros(3)).named("E"))
    text = re.sub(r"\n {4,}", " ", derive(flow).text())
    assert "= h_l ⊙ (1 - h_l) ⊙ W_{l+1}ᵀ·δ_{l+1}   (l = 3, 2, 1)\n" in text
    assert "dE/dW_l = δ_l·∂ξ_l/∂W_l = δ_l·h_{l-1}ᵀ   (l = 2, 3, 4)\n" in text
    assert "dE/dW_1 = δ_1·xᵀ →" in text
    assert read_back(flow) >= 20


def test_contrastive_divergence_is_one_phase_less_the_other():
    """Lecture notes, (42) to (44): v p(h|v)ᵀ of the model less that of the data."""
    text = re.sub(r"\n +", " ", derive(MODELS["RBM"](), wrt="W").text())
    assert "= v'·(σ(Wᵀ·v' + b))ᵀ - v·(σ(Wᵀ·v + b))ᵀ" in text


def test_several_examples_are_rows():
    text = derive(MODELS["Sequential, batch"]()).text()
    assert "dE/dW_l = δ_l·∂ξ_l/∂W_l" in text
    assert "dE/dW_1 = δ_1ᵀ·x" in text
    assert "dE/db_l = δ_l·∂ξ_l/∂b_l = δ_lᵀ·𝟏" in text


def test_where_a_variable_is_called_delta_no_derivative_is():
    delta = leaf("delta", 3)
    h = leaf("h_0", 3, seed=1)
    for t in (1, 2, 3):
        h = f.tanh(delta * h).named(f"h_{t}")
    text = derive(FlowGraph(f.sum(h * h).named("y"))).text()
    assert "δ_" not in text
    assert "= 2·h_3 = " in text


def test_an_array_without_a_name_is_its_few_numbers_or_a_constant():
    x = leaf("x", 2)
    small = derive(nn.half_squared_error(x, np.array([0.0, 1.0])).named("E")).text()
    assert "E = 0.5·sum((x - [0, 1])²)" in small
    x = leaf("x", 5)
    large = derive(nn.half_squared_error(x, np.ones(5) / 3).named("E")).text()
    assert "E = 0.5·sum((x - const)²)" in large
    two = f.sum(x * np.ones(5) / 3 + np.ones(5) / 7).named("E")
    assert "const" not in derive(two).text()


def test_what_has_no_short_formula_says_its_shapes():
    x = Tensor([3.0, 1.0, 2.0], requires_grad=True, name="x")
    text = derive(
        FlowGraph(f.sum(f.sort(x).named("s") * np.array([1.0, 2.0, 3.0])).named("y"))
    ).text()
    assert "(∂s/∂x)ᵀ·dy/ds   shapes [3]·[3×3]" in text


@pytest.mark.parametrize("name", MODELS)
def test_every_model_compiles_as_it_is_saved_and_keeps_to_the_page(name, pdflatex, tmp_path):
    path = derive(MODELS[name]()).save(tmp_path / "flow.tex")
    log = compiled(pdflatex, path.read_text(encoding="utf-8"), tmp_path)
    assert overfull(log) == []
