"""Programs written by hand: right ones earn everything, and no planted mistake looks right."""

from dataclasses import replace

import numpy as np
import pytest

from grading.code import cases, grade_code
from tests.grading.code.questions import BATCH_NORM, CONVOLUTION, LINEAR, RNN, SCALAR, Model

RIGHT = {
    "scalar": (
        SCALAR,
        """
import math
def f(x):
    h_0 = x * x
    dh = math.sin(h_0) + x + h_0 * math.cos(h_0)
    return h_0 + dh * 2 * x, dh
""",
    ),
    "convolution": (
        CONVOLUTION,
        """
import numpy as np
def f(G, x, W, b):
    xp = np.pad(x, ((0, 0), (0, 0), (1, 1)))
    dx, dW, k = np.zeros_like(xp), np.zeros_like(W), W.shape[2]
    for j in range(G.shape[2]):
        dW += np.einsum("no,nck->ock", G[:, :, j], xp[:, :, 2*j:2*j+k])
        dx[:, :, 2*j:2*j+k] += np.einsum("no,ock->nck", G[:, :, j], W)
    return dx[:, :, 1:1+x.shape[2]], dW, G.sum((0, 2))
""",
    ),
    "batch norm": (
        BATCH_NORM,
        """
import numpy as np
def f(G, x, gamma, beta):
    s = 1 / np.sqrt(x.var(0) + 1e-5)
    xh = (x - x.mean(0)) * s
    d = G * gamma
    return s * (d - d.mean(0) - xh * (d * xh).mean(0)), (G * xh).sum(0), G.sum(0)
""",
    ),
    "module": (
        LINEAR,
        """
import numpy as np
class Layer:
    def forward(self, x, W, b):
        self.x, self.W, self.a = x, W, np.tanh(x @ W.T + b)
        return self.a
    def backward(self, G):
        dz = G * (1 - self.a**2)
        return dz @ self.W, dz.T @ self.x, dz.sum(0)
""",
    ),
    "bptt": (
        RNN,
        """
import numpy as np
def f(x, W_xh, W_hh, b_h, t):
    h = [np.zeros((x.shape[1], len(b_h)))]
    for s in range(len(x)):
        h.append(np.tanh(x[s] @ W_xh.T + h[-1] @ W_hh.T + b_h))
    dx, dh, db = np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros_like(b_h)
    carry = 0 * h[0]
    for s in range(len(x), 0, -1):
        total = (h[s] - t[s-1]) + carry
        dz = total * (1 - h[s]**2)
        dx += dz.T @ x[s-1]
        dh += dz.T @ h[s-1]
        db += dz.sum(0)
        carry = dz @ W_hh
    return dx, dh, db
""",
    ),
}
"""by what is asked: the question, and a program that is right"""

WRONG = [
    ("scalar", "h_0 + dh * 2 * x", "dh * 2 * x", ("A2", "A3", "A4")),
    ("scalar", "+ h_0 * math.cos(h_0)", "", ()),
    ("scalar", "* 2 * x, dh", "* x, dh", ()),
    ("scalar", "return h_0 + dh * 2 * x, dh", "return dh, h_0 + dh * 2 * x", ("I8",)),
    ("convolution", "dW += np", "dW = np", ()),
    ("convolution", "+= np.einsum(\"no,ock", "= np.einsum(\"no,ock", ()),
    ("convolution", "G[:, :, j], xp", "np.ones_like(G[:, :, j]), xp", ()),
    ("convolution", "dx[:, :, 1:1+x.shape[2]]", "dx", ()),
    ("convolution", "dx[:, :, 1:1+x.shape[2]]", "dx[:, :, :x.shape[2]]", ()),
    ("convolution", ", dW, G", ", dW[:, :, ::-1], G", ()),
    ("convolution", "j], W)", "j], W[:, :, ::-1])", ()),
    ("convolution", "G.sum((0, 2))", "G.mean((0, 2))", ()),
    ("convolution", "G.sum((0, 2))", "G.sum(0)", ()),
    ("convolution", "xp[:, :, 2*j:2*j+k]", "xp[:, :, j:j+k]", ()),
    ("batch norm", " - d.mean(0) - xh * (d * xh).mean(0)", "", ()),
    ("batch norm", " - xh * (d * xh).mean(0)", "", ()),
    ("batch norm", "d = G * gamma", "d = G", ()),
    ("batch norm", "(G * xh).sum(0)", "(G * x).sum(0)", ()),
    ("batch norm", "d.mean(0) -", "d.sum(0) -", ()),
    ("batch norm", "x.var(0)", "x.var(0, ddof=1)", ()),
    ("batch norm", "G.sum(0)", "0 * G.sum(0)", ()),
    ("module", " * (1 - self.a**2)", "", ()),
    ("module", "dz.sum(0)", "dz.mean(0)", ()),
    ("module", "dz.T @ self.x", "self.x.T @ dz", ()),
    ("module", "G * (1", "1.0 * (1", ()),
    ("module", "return self.a", "return 2 * self.a", ("I15",)),
    ("bptt", " + carry", "", ("F1",)),
    ("bptt", " * (1 - h[s]**2)", "", ("F6",)),
    ("bptt", "(1 - h[s]**2)", "(1 - h[s-1]**2)", ("F7",)),
    ("bptt", "dz @ W_hh", "dz @ W_hh.T", ("F8",)),
    ("bptt", "dz.T @ h[s-1]", "dz.T @ h[s]", ("F9",)),
    ("bptt", "carry = dz", "carry = 2 * dz", ("F10",)),
    ("bptt", "range(len(x), 0, -1)", "range(len(x), 1, -1)", ()),
    ("bptt", "return dx, dh, db", "return dx / len(x), dh / len(x), db / len(x)", ("F5",)),
    ("bptt", "return dx, dh, db", "return -dx, -dh, -db", ("A18",)),
    ("bptt", "return dx, dh, db", "return dh, dx, db", ("I8",)),
    ("bptt", "return dx", "x[...] = 0\n    return dx", ("I6",)),
    ("bptt", "return dx", "dx[0, 0] = np.nan\n    return dx", ()),
    ("bptt", "return dx, dh, db", "return dx[:0], dh, db", ()),
    ("bptt", "return dx, dh, db", "return dx, dh", ()),
    ("bptt", "return dx, dh, db", "return dx, dh, str(db)", ()),
    ("bptt", "return dx, dh, db", "return dx, dh, db > 0", ()),
    ("bptt", "return dx, dh, db", "return dx, dh, [None] * len(db)", ()),
    ("bptt", "return dx, dh, db", "return None", ()),
    ("bptt", "return dx, dh, db", "return dx, dh, db + 1e-5 * abs(db).max()", ()),
]  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_program_earns_everything(name):
    question, source = RIGHT[name]
    (item,) = grade_code(question, source, seed=5)
    assert (item.status, item.points, item.feedback) == ("right", 6.0, "Right.")


@pytest.mark.parametrize(("name", "old", "new", "rows"), WRONG)
def test_no_planted_mistake_looks_right_and_known_ones_are_named(name, old, new, rows):
    question, source = RIGHT[name]
    assert old in source
    (item,) = grade_code(question, source.replace(old, new), seed=5)
    assert item.status == "wrong"
    assert item.points < 6.0
    assert item.feedback.endswith((".", "?", ")"))
    assert not rows or {x.partition(":")[0].rstrip("abc") for x in item.ids} & set(rows), item


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("scalar", "def f(x)", "def f(x, /)"),
        ("scalar", "return h_0 + dh * 2 * x, dh", "return {'dx': h_0 + dh * 2 * x, 'h_0': dh}"),
        ("scalar", "return h_0 + dh * 2 * x, dh", "return [h_0 + dh * 2 * x, dh]"),
        ("convolution", "def f(G, x, W, b):", "def f(dout, x, W, b, extra=None):\n    G = dout"),
        ("module", "def forward(self, x, W, b)", "def forward(self, *, b, W, x)"),
        ("bptt", "def f(x,", "def f(*, x,"),
        ("bptt", "return dx, dh, db", "return dx.tolist(), dh, [float(v) for v in db]"),
    ],
)
def test_a_right_program_may_be_written_otherwise(name, old, new):
    question, source = RIGHT[name]
    assert old in source
    (item,) = grade_code(question, source.replace(old, new), seed=5)
    assert (item.status, item.points) == ("right", 6.0)


MADE_WITH_WEIGHTS = """
import numpy as np
class Layer:
    def __init__(self, W, b):
        self.W, self.b = W, b
    def forward(self, inputs):
        self.x, self.a = inputs, np.tanh(inputs @ self.W.T + self.b)
        return self.a
    def backward(self, upstream):
        dz = upstream * (1 - self.a**2)
        return dz @ self.W, dz.T @ self.x, dz.sum(0)
"""


@pytest.mark.parametrize("made_with", ["self, W, b", "self, weights, bias"])
def test_a_module_may_be_made_with_its_weights(made_with):
    _, weights, bias = made_with.split(", ")
    source = MADE_WITH_WEIGHTS.replace("self, W, b", made_with).replace(
        "= W, b", f"= {weights}, {bias}"
    )
    question = replace(LINEAR, settings={**LINEAR.settings, "arguments": ("W", "b")})
    (item,) = grade_code(question, source, seed=5)
    assert (item.status, item.points) == ("right", 6.0), item.feedback


def test_where_the_upstream_is_part_of_the_graph_forward_returns_what_it_meets():
    """L = Σ G ⊙ y is differentiated, and forward returns y."""
    inner = LINEAR.graph

    def compute(g):
        y = inner.compute(g).named("y")
        return {"y": y, "L": (g["G"] * y).sum().named("L")}

    graph = Model(
        inner.sizes, lambda s: {**inner.shapes(s), "G": (s["N"], s["out_features"])}, compute
    )
    question = replace(LINEAR, graph=graph, of="L")
    (item,) = grade_code(question, RIGHT["module"][1], seed=5)
    assert (item.status, item.points) == ("right", 6.0), item.feedback


@pytest.mark.parametrize(
    "name", ["b_hat", "bhat", "b\u0302", "\N{LATIN SMALL LETTER Y WITH CIRCUMFLEX}"]
)
def test_a_parameter_is_known_by_every_spelling_of_its_name(name):
    of = "\\hat{b}" if name[0] == "b" else "\\hat{y}"
    graph = Model(
        {"n": 3}, lambda s: {"x": (s["n"],), of: (s["n"],)}, lambda g: (g["x"] ** 2 * g[of]).sum()
    )
    question = replace(SCALAR, graph=graph, settings={"wrt": ("x",)})
    (item,) = grade_code(question, f"def f({name}, x): return 2 * x * {name}", seed=5)
    assert item.status == "right", item.feedback


def test_each_gradient_earns_its_share():
    question, source = RIGHT["bptt"]
    (item,) = grade_code(question, source.replace("db += dz.sum(0)", "db += 1"), seed=5)
    assert (item.points, item.out_of) == (4.0, 6.0)


def test_a_numerical_derivative_is_reported_and_costs_nothing():
    source = """
import math
def y(x): return (math.sin(x*x) + x) * x*x
def z(x, h): return (math.sin(h) + x) * h
def f(x):
    e, h = 1e-5, x * x
    return (y(x+e) - y(x-e)) / (2*e), (z(x, h+e) - z(x, h-e)) / (2*e)
"""
    (item,) = grade_code(SCALAR, source, seed=5)
    assert (item.status, item.points) == ("right", 6.0)
    assert "numerical derivative" in item.feedback


def test_single_precision_is_right_and_said():
    question, source = RIGHT["bptt"]
    single = source.replace(
        "return dx, dh, db", "return [v.astype('float32') for v in (dx, dh, db)]"
    )
    (item,) = grade_code(question, single, seed=5)
    assert (item.status, "single precision" in item.feedback) == ("right", True)


@pytest.mark.parametrize(
    ("source", "status", "says"),
    [
        ("", "missing", "Hand in a file with f."),
        ("   \n", "missing", "Hand in a file with f."),
        ("g = 1", "missing", "There is no f in your file."),
        ("def f(", "crash", "Your file does not run."),
        ("import os; os._exit(0)", "crash", "Your file does not run."),
        ("f = 3", "wrong", "failed"),
        ("def f(a): return a", "wrong", "it has to take (x, W_xh, W_hh, b_h, t)"),
        ("def f(x, t): return x[99]", "wrong", "IndexError"),
        ("def f(**k): return object()", "wrong", "object"),
        ("def f(x):\n    while True: pass", "timeout", "too long"),
    ],
)
def test_what_does_not_run_gets_a_status_and_a_sentence(source, status, says):
    (item,) = grade_code(RNN, source, seed=5)
    assert item.status == status
    assert item.points == 0.0
    assert says in item.feedback


@pytest.mark.parametrize(
    "source",
    [
        "class Lie:\n    def __eq__(self, o): return True\ndef f(*a): return Lie(), Lie(), Lie()",
        "import numpy as np\nnp.max = lambda *a, **k: 0.0\ndef f(W_xh, W_hh, b_h): return W_xh, W_hh, b_h",
        "def f(x, W_xh, W_hh, b_h, t): return W_xh * float('nan'), W_hh * float('nan'), b_h * float('nan')",
        "import numpy as np\ndef f(*a): return np.array([]), np.array([]), np.array([])",
        "import sys\nsys.modules['driver'] = None\ndef f(*a): return {'value': 1, 'missing': None}",
        "def f(*a): return [[[[]]]], 10**300, 'x'",
    ],
)
def test_a_program_that_lies_earns_nothing(source):
    (item,) = grade_code(RNN, source, seed=5)
    assert (item.status, item.points) == ("wrong", 0.0)


def test_feedback_keeps_to_its_level_and_never_holds_a_right_number():
    question, source = RIGHT["bptt"]
    wrong = source.replace(" + carry", "")
    said = {}
    for level in ("variable", "kind", "path"):
        (item,) = grade_code(replace(question, feedback=level), wrong, seed=5)
        said[level] = item.feedback
        assert not any(c.isdigit() and f"0.{c}" in item.feedback for c in "123456789")
    assert len(set(said.values())) == 3


def test_inputs_depend_on_what_was_handed_in():
    first, again, other = (cases(RNN, 5, source)[0].inputs["x"] for source in ("a", "a", "b"))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first, cases(RNN, 6, "a")[0].inputs["x"])
