"""Engines written by hand: micrograd's own passes every behaviour, and each planted bug fails one."""

import numpy as np
import pytest

from autograd_lite.errors import AssignmentError
from grading.catalogue.engines import ENGINES, FORWARD, RETURN_ORDER, UPSTREAM
from grading.code import BEHAVIOURS, grade_code
from tests.grading.code.questions import ENGINE, Question

RIGHT = """
import math
class Value:
    def __init__(self, data, children=()):
        self.data, self.grad, self.children, self.push = data, 0.0, children, lambda: None
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))
        def push():
            self.grad += out.grad
            other.grad += out.grad
        out.push = push
        return out
    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))
        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out.push = push
        return out
    def __pow__(self, n):
        out = Value(self.data**n, (self,))
        def push():
            self.grad += n * self.data**(n - 1) * out.grad
        out.push = push
        return out
    def exp(self):
        out = Value(math.exp(self.data), (self,))
        def push():
            self.grad += out.data * out.grad
        out.push = push
        return out
    def tanh(self):
        out = Value(math.tanh(self.data), (self,))
        def push():
            self.grad += (1 - out.data**2) * out.grad
        out.push = push
        return out
    def backward(self):
        order, seen = [], set()
        def visit(v):
            if v not in seen:
                seen.add(v)
                for child in v.children:
                    visit(child)
                order.append(v)
        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            v.push()
    def __neg__(self): return self * -1
    def __radd__(self, other): return self + other
    def __sub__(self, other): return self + (-other)
    def __rsub__(self, other): return (-self) + other
    def __rmul__(self, other): return self * other
    def __truediv__(self, other): return self * other**-1
    def __rtruediv__(self, other): return self**-1 * other
"""

WRONG = [
    ("self.grad += out.grad\n            other.grad += out.grad",
     "self.grad = out.grad\n            other.grad = out.grad", "I2"),
    ("self.grad += other.data * out.grad", "self.grad += other.data", "I1"),
    ("(1 - out.data**2) * out.grad", "(1 - out.data**2)", "I1"),
    ("(1 - out.data**2)", "(1 - self.data**2)", "I16"),
    ("n * self.data**(n - 1)", "self.data**(n - 1)", "I16"),
    ("self.grad += other.data * out.grad\n            other.grad += self.data * out.grad",
     "self.grad += self.data * out.grad\n            other.grad += other.data * out.grad", "I8"),
    ("for v in reversed(order):", "for v in [self] + order[:-1]:", "I3"),
    ("for v in reversed(order):", "for v in order:", "I3"),
    ("        visit(self)\n        self.grad = 1.0",
     "        visit(self)\n        for v in order: v.grad = 0.0\n        self.grad = 1.0", "I4"),
    ("        self.grad = 1.0", "        self.grad += 1.0", "I4"),
    ("            v.push()", "            v.push()\n            v.data = v.data + v.grad", "I6"),
    ("__rsub__(self, other): return (-self)", "__rsub__(self, other): return self", "I12"),
    ("    def __rmul__(self, other): return self * other\n", "", "I12"),
    ("math.tanh(self.data)", "math.tan(self.data)", "I15"),
    ("    def exp(self)", "    def expo(self)", "I16"),
    ("if v not in seen", "if len(seen) < 90 and v not in seen", "I11"),
]  # fmt: skip


def test_a_right_engine_earns_everything():
    (item,) = grade_code(ENGINE, RIGHT, seed=1)
    assert (item.status, item.points) == ("right", 6.0), item.feedback


@pytest.mark.parametrize(("old", "new", "row"), WRONG)
def test_each_planted_bug_fails_its_behaviour(old, new, row):
    assert old in RIGHT
    (item,) = grade_code(ENGINE, RIGHT.replace(old, new), seed=1)
    assert item.status == "wrong"
    assert 0.0 <= item.points < 6.0
    assert row in {x.partition(":")[0] for x in item.ids}, item


ARRAYS = """
import numpy as np
class Array:
    def __init__(self, data, children=(), push=None):
        self.data, self.children, self.push = np.asarray(data, float), children, push
        self.grad = np.zeros_like(self.data)
    def _of(self, data, *pairs):
        return Array(data, [p for p, _ in pairs], lambda g: [p._add(f(g)) for p, f in pairs])
    def _add(self, g):
        while g.ndim > self.data.ndim: g = g.sum(0)
        for axis, n in enumerate(self.data.shape):
            if n == 1: g = g.sum(axis, keepdims=True)
        self.grad = self.grad + g
    def __add__(self, o): return self._of(self.data + o.data, (self, lambda g: g), (o, lambda g: g))
    def __mul__(self, o):
        a, b = self.data, o.data
        return self._of(a * b, (self, lambda g: g * b), (o, lambda g: g * a))
    def __truediv__(self, o):
        a, b = self.data, o.data
        return self._of(a / b, (self, lambda g: g / b), (o, lambda g: -g * a / b**2))
    def sum(self): return self._of(self.data.sum(), (self, lambda g: g * np.ones_like(self.data)))
    def detach(self): return Array(self.data)
    def backward(self):
        if self.data.ndim: raise ValueError("give the gradient")
        order, seen = [], set()
        def visit(v):
            if id(v) not in seen:
                seen.add(id(v))
                [visit(c) for c in v.children]
                order.append(v)
        visit(self)
        self.grad = np.ones(())
        for v in reversed(order):
            if v.push: v.push(v.grad)
"""
ON_ARRAYS = Question(
    "engine", None, function="Array",
    settings={"behaviours": ("broadcast", "alias", "dtype", "non_scalar", "detach", "reuse")},
)  # fmt: skip


def test_an_engine_on_arrays_is_tested_for_what_is_asked():
    (item,) = grade_code(ON_ARRAYS, ARRAYS, seed=1)
    assert (item.status, item.points) == ("right", 6.0), item.feedback


@pytest.mark.parametrize(
    ("old", "new", "row"),
    [
        ("if n == 1: g", "if n == 99: g", "I5"),
        (
            "self.grad = self.grad + g",
            "self.grad = g if not self.grad.any() else self.grad + g",
            "I9",
        ),
        ("np.asarray(data, float)", "np.asarray(data)", ""),
        ('if self.data.ndim: raise ValueError("give the gradient")', "", "I13"),
        ("return Array(self.data)", "return self", "I14"),
    ],
)
def test_each_bug_of_an_engine_on_arrays_fails_its_behaviour(old, new, row):
    assert old in ARRAYS
    (item,) = grade_code(ON_ARRAYS, ARRAYS.replace(old, new), seed=1)
    assert not row or row in {x.partition(":")[0] for x in item.ids}, item


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("", "missing"),
        ("x = 1", "missing"),
        ("Value = 3", "wrong"),
        ("class Value: pass", "wrong"),
        ("class Value:\n    def __getattr__(self, n): return 1.0", "wrong"),
        ("class Value(float):\n    grad = property(lambda s: float('nan'))", "wrong"),
        ("def Value(x):\n    while True: pass", "timeout"),
    ],
)
def test_what_is_no_engine_earns_nothing(source, status):
    (item,) = grade_code(ENGINE, source, seed=1)
    assert (item.status, item.points) == (status, 0.0), item.feedback


def test_an_unknown_behaviour_is_refused_with_a_hint():
    question = Question("engine", None, function="Value", settings={"behaviours": ("dimond",)})
    with pytest.raises(AssignmentError, match="no behaviour is called 'dimond'"):
        grade_code(question, RIGHT, seed=1)


def test_a_long_chain_is_only_asked_for_by_name():
    assert not BEHAVIOURS["chain"].default
    question = Question("engine", None, function="Value", settings={"behaviours": ("chain",)})
    (item,) = grade_code(question, RIGHT, seed=1)
    assert item.ids == ("I11:chain",)


def test_each_row_says_what_to_look_at_and_no_number():
    assert len({row.identifier for row in ENGINES}) == len(ENGINES) == 16
    for row in ENGINES:
        assert not any(c.isdigit() for c in row.says)
        assert row.says.endswith(".")
        assert list(row.generate(None)) == []


def test_what_is_tested_by_default_is_what_micrograd_has():
    default = {name for name, behaviour in BEHAVIOURS.items() if behaviour.default}
    assert {"add", "multiply", "reuse", "order", "accumulate", "loop", "unmodified"} <= default
    assert {b.mistake for b in BEHAVIOURS.values()} | {UPSTREAM, RETURN_ORDER, FORWARD} == set(
        ENGINES
    )


@pytest.mark.parametrize(
    "source",
    [
        "class Value:\n def __init__(self, data): self.data, self.grad = data, 201\n"
        " def backward(self): pass\n def __add__(self, other): return Value(7.5)\n"
        " __mul__ = __truediv__ = __add__",
        "import sys\nclass Value:\n pass\nfor m in list(sys.modules.values()):\n"
        "  if hasattr(m, 'non_scalar'):\n   m.deep = lambda name, a, n: [n + 1]\n"
        "   m.non_scalar = lambda name, a: [1.0]\n"
        "   m.unmodified = lambda name, a, b: [a, b, a * b, a * b + a]",
    ],
)
def test_numbers_that_need_no_engine_earn_nothing(source):
    (item,) = grade_code(ENGINE, source, seed=1)
    assert (item.status, item.points) == ("wrong", 0.0)


def test_what_an_engine_is_tried_with_is_not_known_beforehand():
    for name in BEHAVIOURS.keys() - {"alias"}:
        drawn = {str(BEHAVIOURS[name].draw(np.random.default_rng(seed))) for seed in range(6)}
        assert len(drawn) > 1, name
