"""The form works from a disk: no network, labels for everybody, and what it saves is what was typed."""

import html
import json
import re
from html.parser import HTMLParser

import pytest

from grading.assignments import load, shipped
from grading.assignments.form import form_html
from grading.assignments.written import asked, assignment, between
from tests.viz.conftest import HOSTILE, browser  # noqa: F401 - a fixture

SECRET = {"secret": "between us"}

GRAPH = {"equations": "h_0 = cos(x)\ny = h_0**2 + x", "design": {"x": between(0.3, 1.3, 3)}}


@pytest.fixture(scope="module")
def paper():
    return assignment(
        "Ones & <b>twos</b>",
        asked("q1", "total", wrt=["h_0", "x"]),
        asked("q2", "formula", wrt="x"),
        graph=GRAPH,
        **SECRET,
    ).paper("Zoé <script>")


class Reader(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, tag):
        return [attrs for t, attrs in self.tags if t == tag]


@pytest.mark.parametrize("name", shipped())
def test_nothing_is_asked_of_a_network(name):
    page = form_html(load(name).paper("ada"))
    reader = Reader(page)
    assert not reader.all("link")
    assert [a.get("src") for a in reader.all("script")] == [None, None]
    assert all(a["src"].startswith("data:") for a in reader.all("img"))
    assert not re.search(r"https?://|url\(|@import", page)


@pytest.mark.parametrize("name", shipped())
def test_every_field_has_a_label_a_hint_and_a_place_for_what_is_said(name):
    paper = load(name).paper("ada")
    reader = Reader(form_html(paper))
    ids = [a["id"] for _, a in reader.tags if "id" in a]
    assert len(ids) == len(set(ids))
    fields = [a for _, a in reader.tags if "data-field" in a]
    typed = [(q.name, f.name) for q in paper.questions for f in q.fields if not q.question.is_code]
    assert [(a["data-question"], a["data-field"]) for a in fields] == typed
    labels = {a["for"] for a in reader.all("label")}
    for field in fields:
        assert field["id"] in labels
        assert set(field["aria-describedby"].split()) <= set(ids)
    assert all(a["alt"] for a in reader.all("img"))


def test_the_students_numbers_are_there_and_no_answer_is(paper):
    page = form_html(paper)
    (x,) = [g.value for g in paper.questions[0].givens]
    assert f">{x:.12g}</dd>" in page
    h_0 = next(
        v for k, v in paper.questions[0].pool.graph.nodes({"x": x}).items() if k == "h_0"
    ).value
    text = re.sub(r"<[^>]*>|data:[^\"]*", " ", page)
    assert f"{h_0:.4g}" not in text


@pytest.mark.parametrize("name", ["rbm", "bptt", "vae"])
def test_equations_are_shown_as_they_read(name):
    paper = load(name).paper("ada")
    shown = html.unescape(re.sub(r"</?su[bp]>", "", form_html(paper)))
    for q in paper.showing:
        for line in q.says:
            plain = re.sub(
                r"_\(([^)]*)\)|_(?=\w)|[²]", lambda m: m[1] or ("2" if m[0] == "²" else ""), line
            )
            assert plain in shown
    words = {"rbm": "w are states drawn by the machine", "bptt": "W_hh·h_(t−1)", "vae": "μ + σ·ε"}
    assert any(words[name] in line for q in paper.showing for line in q.says)


def test_what_strangers_wrote_stays_text(paper):
    page = form_html(paper)
    assert "<b>twos" not in page
    assert "Zoé &lt;script&gt;" in page
    assert Reader(page).all("b") == []
    facts = json.loads(re.search(r'id="facts">(.*?)</script>', page)[1])
    assert facts["student"] == "Zoé <script>"


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: ascii(name)[:24])
def test_a_hostile_student_has_a_form(name):
    work = assignment("T", asked("q1", "total", wrt="x"), graph=GRAPH, **SECRET)
    page = form_html(work.paper(name))
    assert len(Reader(page).all("section")) == 1
    assert html.escape(name) in page


def test_an_authors_text_is_paragraphs_and_no_markup():
    work = assignment(
        "T",
        asked("q1", "total", wrt="x", text="One\nline.\n\nTwo <i> `a<b`"),
        graph=GRAPH,
        **SECRET,
    )
    page = form_html(work.paper("a"))
    assert "<p>One line.</p><p>Two &lt;i&gt; <code>a&lt;b</code></p>" in page


@pytest.mark.usefixtures("chromium")
def test_what_is_typed_is_what_is_saved(paper, browser, tmp_path):  # noqa: F811
    path = tmp_path / "form.html"
    path.write_text(form_html(paper), encoding="utf-8")
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page, heard, asked_for = context.new_page(), [], []
    page.on("console", lambda m: heard.append(m.text))
    page.on("pageerror", lambda e: heard.append(str(e)))
    page.on("request", lambda r: asked_for.append(r.url))
    page.goto(path.as_uri())
    page.get_by_label("dy/dh0").fill(" 0,4919 ")
    page.get_by_label("dy/dx").nth(0).fill("half")
    page.keyboard.press("Tab")
    assert "does not read as a number" in page.inner_text("[id='q1.x-said']")
    page.locator("[id='q2.x']").fill('2x "sin" <x>')
    page.locator("[id='q2.x']").press("Tab")
    assert "characters" in page.inner_text("[id='q2.x-said']")
    page.locator("[id='q1.h_0']").fill("0.49")
    page.locator("[id='q1.h_0']").press("Tab")
    assert "2 significant digits; 4" in page.inner_text("[id='q1.h_0-said']")
    with page.expect_download() as download:
        page.get_by_role("button").click()
    saved = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert saved["answers"] == {"q1": {"h_0": "0.49", "x": "half"}, "q2": {"x": '2x "sin" <x>'}}
    assert (saved["assignment"], saved["student"]) == (paper.assignment, "Zoé <script>")
    assert "2 cannot be read" in page.inner_text("#saved")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert heard == []
    assert {u for u in asked_for if not u.startswith(("data:", "blob:"))} == {path.as_uri()}
    page.reload()
    assert page.locator("[id='q1.h_0']").input_value() == "0.49"
    context.close()


@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize("name", ["convolution", "written_example", "lstm"])
@pytest.mark.parametrize("width", [360, 1100])
def test_no_page_scrolls_sideways(name, width, browser, tmp_path):  # noqa: F811
    path = tmp_path / "form.html"
    path.write_text(form_html(load(name).paper("ada")), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_a_program_alone_is_asked_with_the_equations_that_it_is_about():
    work = assignment(
        "Code", asked("q", "function", wrt=["W", "b"], function="grad"),
        graph={"model": "Linear", "in_features": 2, "out_features": 2, "loss": "half_squared_error"},
    )  # fmt: skip
    page = form_html(work.paper("ada"))
    assert "y = x·Wᵀ + b" in page
    assert "All arrays" not in page


def test_numbers_of_an_array_have_their_points_below_each_other():
    page = form_html(load("bptt").paper("ada"))
    for table in re.findall("<table>.*?</table>", page, re.DOTALL):
        cells = re.findall(r"<td>(.*?)</td>", table)
        assert len({len(cell.partition(".")[2]) for cell in cells}) == 1


def test_a_transposed_weight_of_a_layer_is_no_index():
    graph = {"model": "MLP", "sizes": [2, 3, 2], "loss": "mse_loss"}
    work = assignment("Layers", asked("q", "array", wrt=["W_1"]), graph=graph)
    assert "W<sub>l</sub>ᵀ" in form_html(work.paper("ada"))
