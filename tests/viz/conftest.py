"""The lectures' examples as graphs, and names as strangers write them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from autograd_lite import FlowGraph, Value, cos, sin, sqrt


@pytest.fixture
def example() -> SimpleNamespace:
    """Third lecture: h_0 = cos x, h_1 = (h_0³ + sin x)/√2, ŷ = √(h_0² + h_1²) at x = 1."""
    x = Value(1.0, name="x")
    h0 = cos(x).named("h_0")
    h1 = ((h0**3 + sin(x)) / sqrt(2)).named("h_1")
    yhat = sqrt(h0**2 + h1**2).named("\\hat{y}")
    return SimpleNamespace(x=x, h0=h0, h1=h1, yhat=yhat, flow=FlowGraph(yhat))


@pytest.fixture
def written() -> SimpleNamespace:
    """Third lecture, written example: each of u … z is 0.1 times every earlier one, plus ε."""
    eps = {"v": -0.5, "w": 0.3, "x": 0.2, "y": -0.4, "z": 0.6}
    nodes = {"u": Value(1.0, name="u")}
    for name, e in eps.items():
        nodes[name] = sum((0.1 * node for node in nodes.values()), Value(0.0) + e).named(name)
    return SimpleNamespace(**nodes, flow=FlowGraph(nodes["z"]))


HOSTILE = [
    "$x$",
    "$",
    "}{",
    "{",
    "\\",
    "\\frac",
    "\\hat{}",
    "\\input{/etc/passwd}",
    "\\write18{rm}",
    "x_",
    "_",
    "^",
    "x^{y^{z}}",
    "x_{",
    'a"];evil[label="',
    "<script>alert(1)</script>",
    "</svg><script>",
    "]]>",
    "&lt;",
    "a&b",
    "\\N\\G",
    "x\ny",
    "x\x00y",
    "\x1b[31m",
    "\u202egnp.exe",
    "中文字",
    "🙂",
    "é",
    "e" * 500,
    "{" * 200,
    "x" + "_{x" * 12 + "}" * 12,
    "%s",
    "#",
    "~",
    " ",
    "a b",
    "-->",
    "\ud800",
]


@pytest.fixture(params=HOSTILE, ids=lambda name: ascii(name)[:24])
def hostile(request: pytest.FixtureRequest) -> str:
    """One name that tries to break out of wherever it is written."""
    return str(request.param)


# --- the stepper's page in a browser -------------------------------------------------------------

FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run
--disable-background-networking --disable-component-update --disable-sync""".split()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """One Chromium for a file of tests, with a profile of its own."""
    tools = pytest.importorskip(
        "playwright.sync_api", reason="no browser tests: pip install playwright"
    )
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if found is None:
        pytest.skip("no browser tests: install chromium (apt install chromium)")
    with tools.sync_playwright() as running:
        started = running.chromium.launch(executable_path=found, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def visit(browser, tmp_path) -> Iterator[object]:
    """Open steppers; at the end nobody has complained and nothing was asked of a network."""
    from tests.viz.stepping import Visit

    context = browser.new_context(viewport={"width": 1280, "height": 900})
    visits = []

    def opened(stepper: object) -> Visit:
        path = stepper.save(tmp_path / f"step-{len(visits)}.html")
        visits.append(Visit(context.new_page(), path))
        return visits[-1]

    yield opened
    for one in visits:
        assert one.heard == []
        assert {url for url in one.asked if not url.startswith("data:")} == {one.path.as_uri()}
    context.close()
