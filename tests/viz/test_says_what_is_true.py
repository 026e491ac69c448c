"""What derivations, captions and names say is true: one symbol means one number, one name one variable."""

from __future__ import annotations

import itertools
import math
import random
import re

import numpy as np
import pytest

import viz
from autograd_lite import (
    FlowGraph,
    Tensor,
    Value,
    elementwise,
    exp,
    functions,
    log,
    sin,
    sqrt,
    tanh,
)
from autograd_lite.errors import PictureError
from tests.viz.conftest import HOSTILE
from viz import derive, scalars
from viz._slides import Slides
from viz.chainrule.derivation import Derivation
from viz.choose.neurons import layers
from viz.content.content import VariableText
from viz.content.domain import nan_notes
from viz.formulas import labels, mathtext
from viz.formulas.latex import LATEX
from viz.formulas.naming import Names
from viz.formulas.text import TEXT
from viz.picture import Picture
from viz.render import files
from viz.scene.compose import _shape
from viz.scene.typeset import around

# --- one symbol, one derivative --------------------------------------------------------------------


def tangled(seed: int) -> FlowGraph:
    """Variables that reach the output in several ways, some directly."""
    rng = random.Random(seed)  # noqa: S311  (a test draws no secrets)
    nodes = [Value(rng.uniform(0.5, 1.5), name="u")]
    for name in "abc":
        p, q = (rng.choice(nodes) for _ in range(2))
        nodes.append((p * q + rng.uniform(0.5, 2) * sin(rng.choice(nodes))).named(name))
    return FlowGraph(math.prod(nodes[1:], start=nodes[0]).named("z"))


def questions(flow: FlowGraph):
    """Everything held, every cut, and all cuts at once."""
    inner = [v for v in flow.variables if v not in flow.inputs and v is not flow.output]
    for count in (1, 2, 3):
        for held in itertools.combinations(inner, count):
            yield derive(flow, "u", hold=held)
    cuts = flow.cuts()
    yield from (derive(flow, "u", cut=cut) for cut in cuts)
    yield derive(flow, "u", cut=cuts)
    yield derive(flow, "u")
    yield derive(flow, "u", paths=True)


def factors(found):
    return [f for run in found.steps for s in run for term in (*s.terms, (s.left,)) for f in term]


@pytest.mark.parametrize("notation", [TEXT, LATEX], ids=["text", "LaTeX"])
@pytest.mark.parametrize("seed", range(4))
def test_a_symbol_is_never_written_for_two_derivatives(seed, notation):
    marked = 0
    for found in questions(tangled(seed)):
        writer = found._writer(notation, 3)
        numbers: dict[str, float] = {}
        for factor in factors(found):
            written = writer.ratio(factor)
            marked += "_" in written
            assert numbers.setdefault(written, factor.number) == pytest.approx(factor.number)
    assert marked


@pytest.mark.parametrize("seed", range(4))
def test_what_is_said_to_be_held_gives_the_number_by_the_limit(seed):
    """(∂z/∂u)_{a,b} against the difference quotient with exactly a and b held."""
    flow, seen = tangled(seed), 0
    for found in questions(flow):
        writer = found._writer(TEXT, 3)
        for factor in factors(found):
            said = re.fullmatch(r"\(∂(\w+)/∂(\w+)\)_\{?([\w,]+)\}?", writer.ratio(factor))
            if said:
                hold = [flow.variable(name) for name in said[3].split(",")]
                limit = flow.limit(said[1], said[2], hold=hold)
                assert factor.number == pytest.approx(limit, rel=1e-6)
                seen += 1
    assert seen > 10


def test_the_users_example_says_what_is_held_only_where_it_must():
    u = Value(1.0, name="u")
    v = (2 * u).named("v")
    w = (v * u).named("w")
    flow = FlowGraph((v * u * w).named("z"))
    text = derive(flow, wrt="u", hold="v").text()
    assert "Second, (∂z/∂u)_v = (∂z/∂u)_{v,w} + ∂z/∂w·∂w/∂u = v·w + v·u·v = 4 + 2·2 = 8" in text
    latex = derive(flow, wrt="u", hold="v").latex()
    left = r"\left(\frac{\partial z}{\partial u}\right)_{v}"
    assert rf"{left} &= \left(\frac{{\partial z}}{{\partial u}}\right)_{{v,w}}" in latex
    assert "_{v,w}" in derive(flow, wrt="u", hold="v").markdown()
    assert ")_" not in derive(flow, wrt="u").text(), "dz/du and ∂z/∂u are two symbols"
    assert ")_" not in derive(flow, wrt="u", hold=["v", "w"]).text(), "one derivative alone"


def test_a_constant_by_itself_has_a_derivative_and_no_question_mark():
    for node in (Tensor([1.0]).sum(), Tensor([1.0, 2.0]).named("c"), Value(2.0) * 3):
        assert "?" not in derive(FlowGraph(node)).text()
    assert "dc/dc → [2×2], norm 1.414" in derive(FlowGraph(Tensor([1.0, 2.0]).named("c"))).text()
    assert "dv_1/dv_1 = 1" in derive(FlowGraph(Tensor([1.0]).sum())).text()


@pytest.mark.parametrize("f", [log, sqrt, functions.arcsin, functions.arccosh, functions.log1p])
def test_outside_the_domain_everything_says_that_there_is_no_derivative(f):
    flow = FlowGraph((2 * f(Value(-3.0, name="x")).named("h")).named("y"))
    (said,) = nan_notes(flow, lambda v: v.name)
    assert said.startswith("h is no number"), "the first variable that is lost, not what follows"
    for text in (derive(flow).text(), viz.draw(flow).text(), viz.table(flow)):
        assert "h is no number (nan) here" in text
    assert "h is no number" in viz.step(flow).html()
    inside = FlowGraph((2 * exp(Value(-3.0, name="x")).named("h")).named("y"))
    assert nan_notes(inside, str) == []
    assert "no number" not in derive(inside).text() + viz.draw(inside).text() + viz.table(inside)


def test_several_variables_outside_their_domains_are_said_in_one_sentence():
    lost = [log(Value(-1.0, name="x")).named(f"h_{k}") for k in range(6)]
    where = "here, as outside a domain: no derivative exists there, whatever a formula gives.\n"
    assert f"  h_0, h_1 are no numbers (nan) {where}" in viz.table((lost[0] * lost[1]).named("y"))
    text = viz.table(math.prod(lost[1:], start=lost[0]).named("y"))
    assert f"  h_0, h_1, h_2, h_3, h_4 and 1 more are no numbers (nan) {where}" in text


# --- one name, one variable ------------------------------------------------------------------------

NAMES = ["x", "x", "x", "x'", "h_1", "h_1", "h1", "h_{1}", r"\hat{y}", "yhat", r"\mathbf{x}", "v_1",
         "v1", "v_2", None, None, None, "learning rate", "learning rate", "a_b_c", r"h_{1}^{2}",
         r"h_{1}^{2}", "x_(1)", "x_(2)", *HOSTILE, *HOSTILE]  # fmt: skip


def test_no_two_variables_are_share_names():
    rng = random.Random(0)  # noqa: S311  (a test draws no secrets)
    for _ in range(20):
        nodes = [Value(1.0, name=name) for name in rng.sample(NAMES, len(NAMES))]
        called = Names(nodes)
        for say in (called.latex, called.text, called.given):
            assert len({say(v) for v in nodes}) == len(nodes), say
        assert all(mathtext.parses(called.latex(v)) for v in nodes)


def test_a_name_that_nobody_shares_stays_as_it_is():
    nodes = [Value(1.0, name=name) for name in ("x", r"\hat{y}", "h_1", "loss")]
    called = Names(nodes)
    assert [called.latex(v) for v in nodes] == ["x", r"\hat{y}", "h_{1}", r"\mathrm{loss}"]


def test_two_variables_of_one_name_are_two_everywhere():
    a, b = Value(2.0, name="x"), Value(3.0, name="x")
    flow = FlowGraph((a * b).named("y"))
    for text in (derive(flow).text(), viz.draw(flow).text(), viz.table(flow)):
        assert "dy/dx_(1) = " in text
        assert "dy/dx_(2) = " in text
    assert "x_{(1)} x_{(2)}" in derive(flow).latex()
    page = viz.step(flow).html()
    assert '"name":"x_(1)"' in page
    assert '"name":"x_(2)"' in page


def test_a_node_without_a_name_takes_the_first_number_that_nobody_has():
    y = (Value(2.0) * Value(3.0, name="v_1")).named("y")
    assert (
        "  v_2 → y   ∂y/∂v_2 = 3\n  v_1 → y   ∂y/∂v_1 = 2\n"
        in viz.draw(y, level="operations").text()
    )


def test_of_one_name_with_an_index_the_number_is_a_second_index():
    a, b = Value(2.0, name="h_1"), Value(3.0, name="h_1")
    assert r"y &= h_{1,(1)} h_{1,(2)} = 6" in derive((a * b).named("y")).latex()


def test_steps_of_one_name_are_no_family():
    """Two h_1 beside h_2: told one by one, not as h_t."""
    x = Value(0.5, name="x")
    first, second = tanh(x).named("h_1"), sin(x).named("h_1")
    text = derive((first * second * tanh(first).named("h_2")).named("y")).text()
    assert "h_1_(1) = tanh x" in text
    assert "h_1_(2) = sin x" in text


def test_nodes_without_a_name_are_numbered_in_their_own_picture():
    def told():
        y = sin(Value(2.0) * Value(3.0, name="x"))
        return derive(y).text(), viz.draw(y, level="operations").text(), viz.table(y)

    before = told()
    for _ in range(7):
        Value(1.0)
    assert told() == before
    assert "v_1" in before[0]


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("my_long_loss_name", r"\mathrm{my\_long\_loss\_name}"),
        ("enc_weight_norm", r"\mathrm{enc\_weight\_norm}"),
        ("x_max_1", r"x_{\mathrm{max},1}"),
        ("w_1_2", "w_{1,2}"),
        ("loss_train", r"\mathrm{loss}_{\mathrm{train}}"),
        ("Delta_W_hh", r"\Delta_{W,hh}"),
    ],
)
def test_commas_stand_between_indices_and_not_between_words(name, latex):
    assert labels.latex(name) == latex


def test_a_name_of_two_words_is_no_word_with_a_d_in_front():
    flow = FlowGraph((2 * Value(3.0, name="learning rate")).named("the loss"))
    texts = [derive(flow).text(), viz.draw(flow).text(), viz.draw(flow).dot(), viz.table(flow)]
    for text in texts:
        assert "d(the loss)/d(learning rate)" in text
    sources = [t.source for tag in viz.draw(flow).scene.tags for t in tag.texts]
    assert any(r"d(\mathrm{learning\ rate})" in source for source in sources)
    assert r"d(\mathrm{the\ loss})" in derive(flow).latex()
    assert "d(learning rate)" in viz.draw(flow, cut=["the loss"]).text()


# --- numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", [r",\,", ",", ", ", r",\;", r",\quad ", r",\quad"])
def test_a_minus_behind_a_comma_is_a_sign(gap):
    """As wide as the same without it and a minus alone: no space between sign and number."""
    minus = mathtext.measure("{-}", True, 20)[0]
    with_, without = (mathtext.measure(f"[7{gap}{s}3]", True, 20)[0] for s in ("-", ""))
    assert with_ - without == pytest.approx(minus, abs=0.5)
    assert mathtext.measure("7-3", True, 20)[0] - mathtext.measure("73", True, 20)[0] > minus + 1


@pytest.mark.parametrize(
    ("make", "text", "latex"),
    [
        (lambda x: tanh(x * 0.5), "tanh(x·0.5)", r"\tanh(x \cdot 0.5)"),
        (lambda x: 0.25 * x + 0.1, "0.25·x + 0.1", "0.25 x + 0.1"),
        (lambda x: x * (1 / 3), "x·1/3", r"x \cdot \frac{1}{3}"),
        (lambda x: x**1.5, "x^1.5", "x^{1.5}"),
        (lambda x: x * 1e-5, "x·10⁻⁵", r"x \cdot 10^{-5}"),
        (lambda x: x * 2.5e-8, "x·2.5·10⁻⁸", r"x \cdot 2.5 \cdot 10^{-8}"),
        (lambda x: x / 2, "x/2", r"\frac{x}{2}"),
    ],
)
def test_a_decimal_stays_the_decimal_that_was_written(make, text, latex):
    y = make(Value(2.0, name="x")).named("y")
    flow = FlowGraph(y)
    assert viz.formulas.symbols.equation(flow, y, TEXT) == f"y = {text}"
    assert viz.formulas.symbols.equation(flow, y) == f"y = {latex}"
    assert not re.search(r"\de[+-]?\d", derive(flow).text() + derive(flow).latex())


def test_one_is_no_plural():
    text = viz.draw((2 * Value(1.0, name="x")).named("y")).text()
    assert text.startswith("flow graph of y: 2 variables, 1 arrow\n")
    assert "1 variable, 0 arrows" in viz.draw(Value(1.0, name="x")).text()


# --- captions of neurons ---------------------------------------------------------------------------


def conv(channels: int, out: int, **static: int) -> Tensor:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(1, channels, 6)), rng.normal(size=(out, channels, 3))
    x, w, b = (Tensor(a, requires_grad=True) for a in (x, w, rng.normal(size=(out, 1))))
    return functions.conv1d(x, w, **static) + b


@pytest.mark.parametrize(
    "static", [{}, {"stride": 2}, {"padding": 1}, {"dilation": 2, "stride": 2}]
)
@pytest.mark.parametrize("channels", [(1, 1), (2, 3)])
def test_a_convolutions_caption_says_which_input_meets_which_weight(static, channels):
    """The index in the caption, read as arithmetic with the S, P and D that it states."""
    y = conv(*channels, **static)
    (source,) = ["".join(t.source for t in c.texts) for c in scalars(y).scene.captions]
    place = re.search(r"z_\{l\+1,(.+?)\}", source)[1]
    index = re.search(r"z_\{l,(.+?)\}", source)[1]
    known = {letter: int(n) for letter, n in re.findall(r"\b([SPD])=(\d+)", source)}
    assert set(re.findall("[SPD]", index)) <= set(known), "every letter is explained"

    def at(formula: str, **index: int) -> int:
        python = re.sub(r"(?<=[\d)])(?=[A-Z(])", "*", formula)
        return int(eval(python, {"__builtins__": {}}, {**known, **index}))  # noqa: S307

    (layer,) = layers(y)
    names = {w.shared: re.findall(r"\d+", w.label)[1:] for w in layer.weights}
    for w in layer.weights:
        *pair, k = map(int, names[w.shared])
        o, c = pair or (1, 1)
        found = [j for j in range(1, 20) if at(place, o=o, j=j) == w.j + 1]
        assert any(at(index, o=o, c=c, k=k, j=j) == w.i + 1 for j in found)
    bias = "b_l" if channels[1] == 1 else "b_{l,o}"
    assert f"{bias} + " in source.replace("+", " + ").replace("  ", " ")
    assert "varphi" not in source, "there is no activation"


@elementwise(lambda xp, y, x: 1.0 - y * y)
def soft_step(xp, x):
    """An activation of somebody's own, y = tanh x."""
    return xp.tanh(x)


def test_a_dense_layers_caption_says_its_activation_and_its_own_bias():
    x, W, b = Tensor([[1.0, 2.0]]), Tensor(np.ones((2, 2)), requires_grad=True), Tensor([0.5, 1.0])
    picture = scalars(functions.tanh(functions.matmul(x, W) + b))
    (caption,) = picture.scene.captions
    source = "".join(t.source for t in caption.texts)
    assert "b_{l,j}" in source
    assert r"\varphi=\mathrm{tanh}" in source
    own = scalars(soft_step(functions.matmul(x, W))).scene.captions[0]
    assert r"\varphi=\mathrm{soft\_step}" in "".join(t.source for t in own.texts)
    plain = scalars(functions.matmul(x, W)).scene.captions[0].texts[0].source
    assert "b_" not in plain
    assert "varphi" not in plain


def test_layers_of_two_kinds_have_a_caption_each():
    z = functions.tanh(conv(1, 1))
    W = Tensor(np.ones((4, 2)), requires_grad=True)
    sources = ["".join(t.source for t in c.texts) for c in
               scalars(functions.matmul(z.reshape((1, 4)), W)).scene.captions]  # fmt: skip
    assert [r"\omega" in s for s in sources] == [True, False]
    assert [re.search(r"l=(\d)", s)[1] for s in sources] == ["1", "2"]


def test_a_leafs_copies_are_said_to_be_its_uses():
    from examples.pictures import PICTURES

    sources = ["".join(t.source for t in c.texts) for c in PICTURES["rnn_module"]().scene.captions]
    summed = [s for s in sources if r"\sum_{k=1}" in s]
    assert len(summed) == 3
    assert all(r"th\ use\ of" in s for s in summed)


# --- room and legends ------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", range(5))
@pytest.mark.parametrize("total", [None, r"\dfrac{dL}{dh}=1"])
def test_no_line_touches_its_bubbles_outline(rows, total):
    said = VariableText("h", "h_{0}", "[0.000,0.000,0.000]", total, "held",
                    (*[r"[0.0,\,0.0]"] * rows, r"\mathrm{held}"))  # fmt: skip
    shape = _shape(said)
    for text in shape.texts:
        half, reach = text.box.width / 2, max(text.box.top, -text.box.bottom)
        assert (half / shape.node.rx) ** 2 + ((reach + 2) / shape.node.ry) ** 2 < 1
    assert around(shape.texts).width < 2 * shape.node.rx


@pytest.mark.parametrize(
    "plot",
    [
        lambda: viz.plots.poles_and_zeros([1.0, 0.5, 0.25], [1.0, -0.9, 0.6]),
        lambda: viz.plots.latent_plane(
            np.random.default_rng(0).normal(size=(99, 2)), [*"abc"] * 33
        ),
        lambda: viz.plots.subspaces(np.random.default_rng(0).normal(size=(99, 2)), [[0.0, 1.0]]),
    ],
)
def test_a_legend_stands_where_no_point_can(plot):
    ax = plot()
    ax.figure.draw_without_rendering()
    inside, legend = ax.get_window_extent(), ax.get_legend().get_window_extent()
    assert not inside.overlaps(legend)
    assert ax.figure.bbox.x1 >= legend.x1 - 3, "and it is on the sheet"


# --- files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [".", "..", "picture", "picture.jpg", "/"])
def test_a_path_without_a_known_suffix_is_named_as_it_was_given(path):
    with pytest.raises(PictureError, match="suffix says the form") as refused:
        viz.draw(Value(1.0, name="x")).save(path)
    assert repr(path) in str(refused.value)
    assert all(f".{suffix}" in str(refused.value) for suffix in files.PICTURE)


SAVED = {
    Picture: files.PICTURE,
    Slides: files.SLIDES,
    Derivation: files.DERIVATION,
    viz.Stepper: files.PAGE,
}


@pytest.mark.parametrize("kind", SAVED)
def test_docstrings_list_the_suffixes_that_exist(kind):
    listed = re.search(r"suffix names: ([^.;]*)", kind.save.__doc__)[1]
    assert re.split(", | or ", re.sub(r" \([^)]*\)", "", listed)) == list(SAVED[kind])


def test_what_draws_lists_the_suffixes_that_exist():
    listed = re.search(r"pdf, [\w, ]+ or \w+", viz.draw.__doc__)[0]
    assert re.split(", | or ", listed) == list(files.PICTURE)


@pytest.mark.parametrize("make", [viz.draw, viz.slides, viz.derive, viz.step])
def test_every_suffix_listed_has_a_writer_and_any_other_is_refused(make, tmp_path):
    x = Value(1.0, name="x")
    made = make((x * x).named("y"))
    forms = SAVED[type(made)]
    for suffix in forms:
        assert made.save(tmp_path / f"x.{suffix}").stat().st_size
        assert made.save(tmp_path / f"X.{suffix.upper()}").stat().st_size
    for name in ("x", "x.", "x.docx", "pdf", ".html"):
        with pytest.raises(PictureError, match="suffix says the form") as refused:
            made.save(tmp_path / name)
        assert f"cannot save a {forms.what} as" in str(refused.value)
        assert all(f".{suffix}" in str(refused.value) for suffix in forms)


# --- names that read as mathematics ----------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["3", "-x", "2x", " ", "{}", r"\mathrm{}", r"\hat{}", "3^2", "{-x}", ".5"]
)
def test_a_name_that_reads_as_a_number_a_term_or_nothing_is_no_symbol(name):
    """3 = 2 is false, and -x·-x is not what (-x)² is."""
    assert labels.latex(name) is None
    x = Value(2.0, name=name)
    text = derive(FlowGraph((x * x).named("y"))).text()
    assert "y = v_1·v_1 = 4" in text
    assert f"The variable called v_1 is {name}" in text


@pytest.mark.parametrize("x", [Value(2.0, name="x"), Value(2.0) * 3, Tensor([1.0, 2.0], True, "x")])
def test_one_variable_alone_has_a_sum_over_paths(x):
    text = derive(FlowGraph(x), paths=True).text()
    assert "?" not in text
    assert "=  =" not in text
    assert "/d" in text


@pytest.mark.parametrize(
    ("name", "text"),
    [("cross-entropy", "cross-entropy"), ("{a}+{b}", "a+b"), (r"a\cdot b^2", None)],
)
def test_a_name_that_reads_as_a_sum_or_product_stands_in_brackets(name, text):
    """a+b·3 is not (a+b)·3."""
    x = Value(2.0, name=name)
    flow = FlowGraph((x * 3 - sin(x)).named("y"))
    for said in (derive(flow).text(), viz.table(flow)) if text else ():
        assert (
            f"y = ({text})·3 - sin({text}) = " in said or f"y = ({text})·3 - sin({text})\n" in said
        )
        assert f"dy/d({text}) = " in said
    symbol = labels.latex(name)
    assert rf"y &= ({symbol}) \cdot 3 - \sin({symbol})" in derive(flow).latex()
    assert rf"\frac{{dy}}{{d({symbol})}}" in derive(flow).latex()


def test_a_name_with_a_superscript_is_squared_in_brackets():
    x = Value(2.0, name="x^2")
    assert "(x^2)³" in derive(FlowGraph((x**3).named("y"))).text()


def test_scripts_make_no_sum():
    h = Value(2.0, name="h_{t-1}")
    assert "y = h_t-1·3 = 6" in derive(FlowGraph((h * 3).named("y"))).text()
    assert "dy/dh_t-1 = " in viz.table(FlowGraph((h * 3).named("y")))
