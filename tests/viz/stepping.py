"""What the browser tests of the stepper share: an open page, and the engine asked the same questions."""

from dataclasses import dataclass

import pytest

from autograd_lite import FlowGraph, Value, equations, example, partial
from viz.formulas.numbers import number

EXAMPLES = {"one_step": "yhat", "three_step": "yhat", "written_example": "z"}
NEAR = {"rel": 1e-12, "abs": 1e-12}


class Visit:
    """A page of a stepper that is open in the browser, and everything it said or asked for."""

    def __init__(self, page, path):
        self.page, self.path, self.heard, self.asked = page, path, [], []
        page.on("console", lambda message: self.heard.append(message.text))
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(path.as_uri())

    def go(self, step):
        self.page.locator("#steps").fill(str(step))

    @property
    def count(self):
        return int(self.page.locator("#steps").get_attribute("max"))

    @property
    def said(self):
        return self.page.locator("#said").text_content()

    def end(self):
        self.page.keyboard.press("End")

    def calls_of(self, action):
        """How many calls of the page's functions an action takes: work that no busy machine changes."""
        counter = self.page.context.new_cdp_session(self.page)
        counter.send("Profiler.enable")
        counter.send("Profiler.startPreciseCoverage", {"callCount": True, "detailed": False})
        action()
        scripts = counter.send("Profiler.takePreciseCoverage")["result"]
        counter.send("Profiler.disable")
        counter.detach()
        return sum(f["ranges"][0]["count"] for script in scripts for f in script["functions"])

    def numbers(self):
        """Every number shown: what it is of, all its digits, and its text."""
        found = self.page.eval_on_selector_all(
            "[data-of]", "all => all.map(e => [e.dataset.of, e.dataset.value, e.textContent])"
        )
        return [(what, float(value.replace("Infinity", "inf")) if value else None, text)
                for what, value, text in found]  # fmt: skip

    def number(self, what):
        return next(value for name, value, _ in self.numbers() if name == what)

    def set(self, v, x):
        self.page.locator(f"#box-{v}").fill(repr(x))


@dataclass
class Engine:
    """What every number of the page has to be, from the engine alone."""

    flow: FlowGraph
    output: Value
    by: Value
    held: tuple[Value, ...] = ()

    def expected(self, what):
        kind, _, place = what.partition("-")
        return getattr(self, kind)(int(place)) if place else self.total_by(self.by)

    def across(self, v, members):
        """∂h/∂x with the other members of the cut held."""
        h = self.flow.variables[v]
        if any(h is other for other in self.held):
            return 0.0
        others = {*self.held, *(self.flow.variables[m] for m in members)} - {h}
        return self.flow.partial(h, self.by, hold=others)

    def value(self, v):
        return self.flow.variables[v].data

    def partial(self, e):
        return self.flow.edges[e].partial

    def total(self, v):
        return self.total_by(self.flow.variables[v])

    def product(self, e):
        target = self.flow.edges[e].target
        stopped = any(target is h for h in self.held) and target is not self.output
        return 0.0 if stopped else self.total_by(target) * self.partial(e)

    def total_by(self, x):
        if x is self.output:
            return 1.0
        return partial(self.output, x, hold=[h for h in self.held if h is not x])

    def sums(self):
        """For each backward step: the variable, the edge, the running sum, and whether it is all."""
        leading = {v for v in self.flow.variables if self.flow.depends(v, of=self.output)}
        edges = self.flow.edges
        for v in sorted(leading - {self.output}, key=lambda v: -v.number):
            running, out = 0.0, [e for e, edge in enumerate(edges) if edge.source is v]
            out = [e for e in out if edges[e].target in leading | {self.output}]
            for e in reversed(out):
                running += self.product(e)
                yield v, e, running, e == out[0]


def as_shown(x):
    """The text of a number, from what viz writes into pictures."""
    text = number(x).replace("-", "−").replace(r"\times 10^{", "×10^").rstrip("}")
    raised = str.maketrans("−0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    head, mark, tail = text.partition("^")
    return head + tail.translate(raised) if mark else text.replace(r"\infty", "∞")


def check(visit, engine):
    """Every number on the page that is there is the engine's, in all digits and in those shown."""
    found = visit.numbers()
    members = [int(what.split("-")[1]) for what, _, _ in found if what.startswith("across")]
    assert found
    for what, value, text in found:
        if value is None:
            assert text == "—"
            continue
        if what.startswith("across"):
            place = int(what.split("-")[1])
            assert value == pytest.approx(engine.across(place, members), **NEAR), what
        elif not what.startswith("sum-"):
            assert value == pytest.approx(engine.expected(what), **NEAR), what
        assert text.strip("()") == as_shown(value), what


def flow_of(name, **values):
    return FlowGraph(equations(example(name), **values)[EXAMPLES[name]])


def engine_of(flow, **other):
    return Engine(flow, **{"output": flow.output, "by": flow.inputs[0], **other})
