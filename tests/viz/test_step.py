"""The stepper's page as a file: complete in itself, safe, small, and honest about what it cannot do."""

import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner

import viz
from autograd_lite import FlowGraph, Tensor, Value, cos, equations, example, sin
from autograd_lite.errors import NotAVariableError, PictureError
from viz.cli import main
from viz.layout.check import crossings, problems
from viz.layout.geometry import Box
from viz.layout.graph import Edge, Graph, Node
from viz.layout.row import row

EXAMPLES = {"one_step": "yhat", "three_step": "yhat", "written_example": "z"}


class Parts(HTMLParser):
    """A page's tags, attributes and scripts, as a browser would find them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.texts, self.inside = [], [], {}, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.inside.append(tag)

    def handle_endtag(self, tag):
        if tag in self.inside:
            del self.inside[self.inside.index(tag) :]

    def handle_data(self, data):
        if self.inside and self.inside[-1] in ("script", "style", "title"):
            self.texts.setdefault(self.inside[-1], []).append(data)


def data_of(page):
    """What the scripts read: of the whole page, and of the picture that comes first."""
    data = json.loads(Parts(page).texts["script"][0])
    return {**data, **data["views"][data["start"]]}


@pytest.fixture(scope="module", params=EXAMPLES)
def page(request):
    flow = FlowGraph(equations(example(request.param))[EXAMPLES[request.param]])
    return viz.step(flow).html()


# --- one file, complete in itself ----------------------------------------------------------------


def test_a_lecture_example_is_one_small_file(page):
    assert len(page.encode()) <= 600_000
    parts = Parts(page)
    assert parts.tags.count("script") == 2
    assert not {"link", "img", "iframe", "base", "object"} & set(parts.tags)


def test_it_refers_to_nothing_outside_itself(page):
    addresses = set(re.findall(r"""\b[a-z]+://[^\s"'<>)]+""", page))
    assert addresses == {"http://www.w3.org/2000/svg"}
    links = [value for name, value in Parts(page).attributes if name in ("href", "src")]
    assert links
    assert all(link.startswith("#") for link in links)
    assert not re.search(r"url\((?!data:)", page)


def test_the_policy_allows_this_script_and_style_alone(page):
    parts = Parts(page)
    contents = [value for name, value in parts.attributes if name == "content"]
    policy = next(value for value in contents if value.startswith("default-src"))
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for text in (parts.texts["script"][1], "".join(parts.texts["style"])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_no_part_needs_a_style_or_handler_in_its_markup(page):
    names = {name for name, _ in Parts(page).attributes}
    assert "style" not in names
    assert not {name for name in names if name.startswith("on")}


def test_the_same_graph_gives_the_same_page():
    def made():
        x = Value(1.0, name="x")
        return viz.step(sin(x).named("y")).html()

    assert made() == made()


def test_only_the_rules_used_travel():
    x = Value(1.0, name="x")
    page = viz.step(cos(x).named("y")).html()
    assert "Math.cos" in page
    assert "Math.tanh" not in page


# --- the picture ---------------------------------------------------------------------------------


def drawn(page, key):
    """The markup of one part of the picture."""
    return re.search(rf'<g id="{key}".*?(?=<g id="(?!tag)|</svg>)', page, re.DOTALL)[0]


def test_the_picture_stands_upright_and_its_live_numbers_are_left_to_the_page():
    x = Value(1.0, name="x")
    page = viz.step(sin(x).named("y")).html()
    middle = float(re.search(r'cy="([\d.]+)"', drawn(page, "node-0"))[1])
    tag = float(re.search(r'class="plate" x="[\d.]+" y="([\d.]+)"', drawn(page, "node-0"))[1])
    assert tag > middle, "the total stands below, and SVG counts downwards"
    assert '<g class="written"></g>' in drawn(page, "node-0")
    t = Tensor([1.0, 2.0], requires_grad=True, name="t")
    assert '<g class="written"><use' in drawn(viz.step((t * t).sum().named("y")).html(), "node-0")


def test_each_cut_has_a_circle_on_every_arrow_that_it_crosses():
    flow = FlowGraph(equations(example("three_step"))["yhat"])
    page = viz.step(flow).html()
    circles = [drawn(page, f"cut-{k}").count("<circle") for k in range(3)]
    assert circles == [len(cut.edges) for cut in reversed(flow.cuts())] == [2, 3, 2]


# --- what is asked for ---------------------------------------------------------------------------


def test_the_page_says_what_the_graph_is():
    flow = FlowGraph(equations(example("three_step"))["yhat"])
    data = data_of(viz.step(flow, wrt="h_0", hold=["h_1"]).html())
    assert [v["name"] for v in data["variables"]] == ["x", "h_0", "h_1", "ŷ"]
    assert [v["value"] for v in data["variables"]] == [v.data for v in flow.variables]
    assert [e["partial"] for e in data["edges"]] == [e.partial for e in flow.edges]
    ends = [(e["source"], e["target"]) for e in data["edges"]]
    assert ends == [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3)]
    assert [v["input"] for v in data["variables"]] == [True, False, False, False]
    assert (data["input"], data["hold"], data["output"]) == (1, [2], 3)
    assert data["lines"] == [1, 2, 3]


def test_a_node_or_a_cut_will_do():
    flow = FlowGraph(equations(example("three_step"))["yhat"])
    assert repr(viz.step(flow.output)) == repr(viz.step(flow.cuts()[0])) == repr(viz.step(flow))
    assert repr(viz.step(flow)) == "Stepper(ŷ, 4 variables, 10 steps)"


@pytest.mark.parametrize("bad", [None, 3.0, "x", [1]])
def test_anything_else_is_refused(bad):
    with pytest.raises(PictureError):
        viz.step(bad)


def test_a_name_that_is_none_is_refused():
    x = Value(1.0, name="x")
    with pytest.raises(NotAVariableError):
        viz.step(sin(x).named("y"), wrt="z")
    with pytest.raises(NotAVariableError):
        viz.step(sin(x).named("y"), hold=["z"])
    with pytest.raises(PictureError):
        viz.step(sin(x).named("y"), layout="spiral")


def test_tensors_do_not_move_and_the_page_says_so():
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    data = data_of(viz.step((x * x).sum().named("y")).html())
    assert data["tape"] is None
    assert "arrays" in data["still"]
    assert data["variables"][0]["total"] == "[2, 4]"
    h = (3.0 * x).named("h")
    edges = data_of(viz.step((h * h).sum().named("y")).html())["edges"]
    assert [e["product"] for e in edges] == ["[18, 36]", "[6, 12]"]  # dy/dx = 2·9x, dy/dh = 2h


def test_a_name_that_no_formula_can_have_is_told_with_its_symbol():
    data = data_of(viz.step((Value(2.0, name="q!") * 2).named("y")).html())
    assert [v["name"] for v in data["variables"]] == ["q! (v_1)", "y"]


def test_a_graph_too_large_to_show_is_folded_and_the_page_says_so():
    x = Value(1.0, name="x_0")
    for k in range(1, 1100):
        x = (0.5 * x + 0.1).named(f"x_{k}")
    stepper = viz.step(x)
    assert "1000 variables" in repr(stepper)
    (note,) = data_of(stepper.html())["notes"]
    assert note.startswith(
        "1000 of 1100 variables are shown; the others are folded into the arrows"
    )


def test_a_dense_graph_is_laid_in_a_row_whose_cuts_cross_each_arrow_once():
    nodes = tuple(Node(30.0, 20.0) for _ in range(9))
    label = Box(-10, -5, 10, 5)
    edges = tuple(Edge(a, b, label) for b in range(9) for a in range(b))
    cuts = tuple(frozenset(range(k)) for k in range(1, 9))
    graph = Graph(nodes, edges, cuts)
    placed = row(graph)
    for number, line in enumerate(placed.cuts):
        met = [len(crossings(curve, line)) for curve in placed.curves]
        assert met == [int(e in graph.crossing(number)) for e in range(len(edges))]
    assert not [problem for problem in map(str, problems(graph, placed)) if "cut" in problem]


# --- files and notebooks -------------------------------------------------------------------------


def test_it_is_saved_as_a_page_and_as_nothing_else(tmp_path):
    x = Value(1.0, name="x")
    stepper = viz.step(sin(x).named("y"))
    path = stepper.save(tmp_path / "step.html")
    assert path.read_text(encoding="utf-8") == stepper.html()
    with pytest.raises(PictureError, match=r"\.html"):
        stepper.save(tmp_path / "step.pdf")
    assert [file.name for file in tmp_path.iterdir()] == ["step.html"]


def test_an_interrupted_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "step.html"
    path.write_text("old")
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(PictureError, match="unchanged"):
        viz.step(Value(1.0, name="x")).save(path)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["step.html"]


def test_in_a_notebook_a_picture_lies_under_the_page():
    """Where the frame is stripped, the picture is left."""
    x = Value(1.0, name="x")
    stepper = viz.step(sin(x).named("y"))
    bundle = stepper._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    parts = Parts(bundle["text/html"])
    assert parts.tags == ["div", "img", "iframe"]
    attributes = dict(parts.attributes)
    assert attributes["sandbox"] == "allow-scripts"
    assert attributes["srcdoc"] == stepper.html()
    png = base64.b64decode(attributes["src"].removeprefix("data:image/png;base64,"))
    assert png.startswith(b"\x89PNG")


def test_the_command_writes_the_page(in_tmp_path):
    done = CliRunner().invoke(main, "step three_step --at x=2 --of h_1 --wrt x -o s.html".split())
    assert (done.exit_code, done.output) == (0, "")
    data = data_of((in_tmp_path / "s.html").read_text(encoding="utf-8"))
    assert [v["name"] for v in data["variables"]] == ["x", "h_0", "h_1"]
    assert data["variables"][0]["value"] == 2.0
    refused = CliRunner().invoke(main, "step three_step -o s.gif".split())
    assert refused.exit_code == 2
    assert ".html" in refused.stderr


# --- strangers' names ----------------------------------------------------------------------------


def test_a_hostile_name_leaves_the_page_as_it_is(hostile):
    """The same elements, attributes and code whatever the variables are called."""

    def page_of(name):
        x = Value(1.0, name="x")
        return viz.step(FlowGraph(sin(x).named(name), [x])).html()

    tame, odd = Parts(page_of("{y")), Parts(page_of(hostile))
    kept = [[t for t in parts.tags if t not in ("use", "g", "path")] for parts in (tame, odd)]
    assert kept[0] == kept[1]
    assert tame.texts["script"][1] == odd.texts["script"][1]
    assert {name for name, _ in odd.attributes} <= {name for name, _ in tame.attributes}


def test_data_cannot_end_the_script_it_stands_in():
    x = Value(1.0, name="</script><script>alert(1)</script>")
    page = viz.step(sin(x).named("<!--")).html()
    assert "<script>alert" not in page
    assert page.count("</script>") == 2
    assert data_of(page)["variables"][0]["name"].startswith("</script>")


def test_a_notebooks_markup_is_escaped(hostile):
    x = Value(1.0, name=hostile)
    markup = viz.step(sin(x).named(hostile))._repr_html_()
    parts = Parts(markup)
    assert parts.tags == ["div", "img", "iframe"]
    assert html.escape(dict(parts.attributes)["srcdoc"]) in markup
