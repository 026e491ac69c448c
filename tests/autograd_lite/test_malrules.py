"""Malrules beside the records: what each makes of a derivative, and that nothing else sees them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Malrule, Tape, Tensor, Value, elementwise, operation, with_malrule
from autograd_lite.errors import DerivativeError, OperandError, ShapeError
from autograd_lite.rules import RULES
from autograd_lite.tape import Propagation
from tests.autograd_lite.rules.cases import numbers

DEGREE = math.pi / 180
S = 1 / (1 + math.exp(-0.8))

SCALAR = {
    ("sin", "B1"): (0.8, lambda x: -math.cos(x)),
    ("sin", "B2a"): (0.8, lambda x: math.cos(x * DEGREE)),
    ("sin", "B2b"): (0.8, lambda x: DEGREE * math.cos(x * DEGREE)),
    ("cos", "B1"): (0.8, math.sin),
    ("cos", "B2a"): (0.8, lambda x: -math.sin(x * DEGREE)),
    ("cos", "B2b"): (0.8, lambda x: -DEGREE * math.sin(x * DEGREE)),
    ("exp", "B3"): (0.8, lambda x: x * math.exp(x - 1)),
    ("log", "B4a"): (0.8, lambda x: 1 / (x * math.log(10))),
    ("log", "B4b"): (0.8, lambda x: 1 / math.log(x)),
    ("sqrt", "B5a"): (0.8, lambda x: 1 / math.sqrt(x)),
    ("sqrt", "B5b"): (0.8, lambda x: 2 * math.sqrt(x)),
    ("sqrt", "B5c"): (0.8, lambda x: math.sqrt(x) / 2),
    ("square", "B6a"): (0.8, lambda x: 2 * x**2),
    ("square", "B6b"): (0.8, lambda x: x),
    ("reciprocal", "B9a"): (0.8, lambda x: 1 / x**2),
    ("reciprocal", "B9b"): (0.8, math.log),
    ("tanh", "B10a"): (0.8, lambda x: 1 - math.tanh(x)),
    ("tanh", "B10b"): (0.8, lambda x: 1 - x**2),
    ("tanh", "B10c"): (0.8, lambda x: 1 - math.tanh(math.tanh(x)) ** 2),
    ("tanh", "B10d"): (0.8, lambda x: 1 / math.cosh(x)),
    ("tanh", "B10e"): (0.8, lambda x: 1),
    ("tanh", "B10f"): (0.8, math.tanh),
    ("sigmoid", "B11a"): (0.8, lambda x: 1 - S),
    ("sigmoid", "B11b"): (0.8, lambda x: S),
    ("sigmoid", "B11c"): (0.8, lambda x: x * (1 - x)),
    ("sigmoid", "B11d"): (0.8, lambda x: math.exp(-S) / (1 + math.exp(-S)) ** 2),
    ("sigmoid", "B11e"): (0.8, lambda x: S * (1 + S)),
    ("relu", "B12a"): (-0.8, lambda x: 1),
    ("relu", "B12b"): (0.8, lambda x: x),
    ("relu", "B12e"): (-0.8, lambda x: 1),
    ("silu", "B17"): (0.8, lambda x: S),
    ("softplus", "B17a"): (0.8, lambda u: S * (1 - S)),
    ("softplus", "B17b"): (0.6, np.exp),
    ("softplus", "B17c"): (0.6, lambda u: np.log1p(np.exp(u))),
    ("gelu", "B17"): (0.8, lambda x: 0.5 * (1 + math.erf(x / math.sqrt(2)))),
}
"""Of one operand: a point, and the value of the catalogue there, written out by hand."""
BINARY = {
    ("power", "B6a", 0): lambda a, b: b * a**b,
    ("power", "B6b", 0): lambda a, b: a ** (b - 1),
    ("power", "B6c", 1): lambda a, b: b * a ** (b - 1),
    ("multiply", "B7b", 0): lambda a, b: a,
    ("multiply", "B7b", 1): lambda a, b: b,
    ("divide", "B8a", 1): lambda a, b: a / b**2,
    ("divide", "B8b", 1): lambda a, b: -a / b,
    ("divide", "B8d", 0): lambda a, b: b,
    ("divide", "B8d", 1): lambda a, b: a,
    ("maximum", "B13a", 1): lambda a, b: 1,
    ("minimum", "B13a", 0): lambda a, b: 1,
}
"""Of two operands, at (1.7, 0.6); the third part says by which."""


def rows(y, x, edit):
    """dy/dx by each sweep: reverse, forward, on the graph, step by step."""
    one = y.data * 0.0 + 1.0
    steps = [
        s for s in Tape(y).steps(one, edit=edit) if isinstance(s, Propagation) and s.parent is x
    ]
    seed = type(y)(one, requires_grad=False)
    yield Tape(y).adjoints(one, edit=edit)[x]
    yield Tape(y).tangents({x: x.data * 0.0 + 1.0}, edit=edit)[y]
    yield Tape(y).adjoints(seed, graph=True, edit=edit)[x].data
    yield Tape(y).tangents({x: x * 0.0 + 1.0}, graph=True, edit=edit)[y].data
    yield steps[-1].total


@pytest.mark.parametrize(
    "kind", [Value, lambda x: Tensor([x, x], requires_grad=True)], ids=["Value", "Tensor"]
)
@pytest.mark.parametrize(("name", "identifier"), SCALAR, ids=" ".join)
def test_the_wrong_factor_stands_in_the_chain_in_every_sweep(name, identifier, kind):
    """y = exp(h/2)/3 with h = f(2x): the wrong chain rule, multiplied out by hand."""
    at, wrong = SCALAR[name, identifier]
    x = kind(at / 2)
    h = RULES[name](2.0 * x)
    y = ag.exp(0.5 * h) * (1 / 3)
    by_hand = np.exp(0.5 * h.data) * 0.5 / 3 * wrong(at) * 2
    for found in rows(y, x, with_malrule(identifier, h)):
        np.testing.assert_allclose(found, by_hand, rtol=1e-12)
    [right, *_] = rows(y, x, None)
    assert not np.allclose(right, by_hand, rtol=1e-3)


@pytest.mark.parametrize(("name", "identifier", "i"), BINARY, ids=str)
def test_the_wrong_factor_of_one_operand(name, identifier, i):
    a, b = Value(1.7), Value(0.6)
    y = RULES[name](a, b)
    by_hand = BINARY[name, identifier, i](1.7, 0.6)
    x = (a, b)[i]
    for found in rows(y, x, with_malrule(identifier, y, operand=i)):
        assert found == pytest.approx(by_hand)
    assert Tape(y).adjoints()[x] != pytest.approx(by_hand, rel=1e-3)
    other = (b, a)[i]
    assert (
        Tape(y).adjoints(edit=with_malrule(identifier, y, operand=i))[other]
        == Tape(y).adjoints()[other]
    )


def test_a_mistake_with_several_operands_is_made_at_each_unless_one_is_named():
    """The product rule for a quotient: (a/b)' as if a·b."""
    x = Value(1.5)
    y = ag.divide(x * 2.0, x + 1.0)
    assert Tape(y).adjoints(edit=with_malrule("B8d", y))[x] == pytest.approx(2.0 * 2.5 + 3.0)
    only = Tape(y).adjoints(edit=with_malrule("B8d", y, operand=1))[x]
    assert only == pytest.approx(2.0 / 2.5 + 3.0)


def test_at_one_node_or_at_every_node():
    x = Value(0.4)
    h = ag.tanh(x)
    y = ag.tanh(3.0 * h)
    inner, outer = 1 - math.tanh(0.4), 1 - math.tanh(3 * math.tanh(0.4)) ** 2
    assert Tape(y).adjoints(edit=with_malrule("B10a", h))[x] == pytest.approx(outer * 3 * inner)
    everywhere = with_malrule("B10a", *(n for n in Tape(y).operations if n.rule.name == "tanh"))
    both = (1 - math.tanh(3 * math.tanh(0.4))) * 3 * inner
    assert Tape(y).adjoints(edit=everywhere)[x] == pytest.approx(both)


def test_broadcasting_is_undone_as_for_the_right_partial():
    """A column times a row, the own factor in place of the other: W̄ sums over what was repeated."""
    a, b = Tensor(numbers(3, 1), requires_grad=True), Tensor(numbers(4, seed=1), requires_grad=True)
    y = a * b
    g = numbers(3, 4, seed=2)
    edit = with_malrule("B7b", y)
    found = Tape(y).adjoints(g, edit=edit)
    np.testing.assert_allclose(found[a], (g * a.data).sum(axis=1, keepdims=True))
    np.testing.assert_allclose(found[b], (g * b.data).sum(axis=0))
    np.testing.assert_allclose(
        Tape(y).tangents({b: b.data}, edit=edit)[y], np.broadcast_to(b.data**2, (3, 4))
    )
    assert Tape(y).adjoints(g.astype("float32"), edit=edit)[a].dtype == np.float64


def test_float32_stays_float32():
    x = Tensor(np.float32([0.3, 0.4]), requires_grad=True)
    for name, identifier in SCALAR:
        y = RULES[name](x)
        edit = with_malrule(identifier, y)
        assert Tape(y).adjoints(np.float32([1, 1]), edit=edit)[x].dtype == np.float32, (
            name,
            identifier,
        )


# --- operations of arrays ------------------------------------------------------------------------

N, K = 4, 4
X, W, G = numbers(N, K), numbers(K, K, seed=1), numbers(N, K, seed=2)
P = np.exp(X) / np.exp(X).sum(axis=-1, keepdims=True)
DOWN = np.exp(X) / np.exp(X).sum(0)
IMAGE, KERNEL = numbers(1, 1, 6), numbers(1, 1, 3, seed=3)
ROW, TIMES = G[:1, None, :2], np.array([1, 1, 3])


def corr(x, w):
    return np.array(
        [
            [
                [
                    (x[0, 0, j : j + w.shape[-1]] * w[0, 0]).sum()
                    for j in range(x.shape[-1] - w.shape[-1] + 1)
                ]
            ]
        ]
    )


ARRAYS = {
    "matmul C1": (lambda x: ag.matmul(Tensor(X), x), W, G, lambda g: g.T @ X),
    "matmul C2": (lambda x: ag.matmul(x, Tensor(W)), X, G, lambda g: g @ W),
    "matmul C1 of the left": (lambda x: ag.matmul(x, Tensor(X)), W, G, lambda g: (g @ X.T).T),
    "matmul C2 of the right": (lambda x: ag.matmul(Tensor(W), x), X, G, lambda g: W @ g),
    "affine C1": (lambda w: ag.affine(X, w, np.zeros(K)), W, G, lambda g: X.T @ g),
    "affine C2": (lambda x: ag.affine(x, W, np.zeros(K)), X, G, lambda g: g @ W.T),
    "affine C4": (lambda w: ag.affine(X, w, np.zeros(K)), W, G, lambda g: g.T @ X / N),
    "affine C4 of the bias": (lambda b: ag.affine(X, W, b), W[0], G, lambda g: g.mean(axis=0)),
    "affine C5": (lambda w: ag.affine(X, w, np.zeros(K)), W, G, lambda g: np.outer(g[-1], X[-1])),
    "affine C5 of the bias": (lambda b: ag.affine(X, W, b), W[0], G, lambda g: g[-1]),
    "excitation C2": (lambda h: ag.excitation(X, W, h, W, np.zeros(K)), X, G, lambda g: g @ W.T),
    "excitation C1": (lambda u: ag.excitation(X, W, X, u, np.zeros(K)), W, G, lambda g: X.T @ g),
    "softmax D6": (ag.softmax, X, G, lambda g: g * P * (1 - P)),
    "softmax D7": (ag.softmax, X, G, lambda g: g * P),
    "softmax D8": (ag.softmax, X, G, lambda g: g),
    "softmax D11": (ag.softmax, X, G, lambda g: DOWN * (g - (g * DOWN).sum(0))),
    "softmax D17": (ag.softmax, X, G, lambda g: P * (g - (g * P).sum(0))),
    "log_softmax D17": (ag.log_softmax, X, G, lambda g: g - DOWN * g.sum(1, keepdims=True)),
    "log_softmax D6": (ag.log_softmax, X, G, lambda g: g * (1 - P)),
    "log_softmax D7": (ag.log_softmax, X, G, lambda g: g),
    "sum B14b": (lambda x: ag.sum(x, axis=1), X, G[0], lambda g: np.repeat(g[:, None], K, 1) / K),
    "mean B14a": (lambda x: ag.mean(x, axis=1), X, G[0], lambda g: np.repeat(g[:, None], K, 1)),
    "norm B16a": (lambda x: RULES["norm"](x, axis=1), X, G[0], lambda g: 2 * X * g[:, None]),
    "norm B16b": (lambda x: RULES["norm"](x, axis=1), X, G[0], lambda g: X * g[:, None]),
    "max_pool1d E11a": (lambda x: ag.max_pool1d(x, 3), IMAGE, ROW, lambda g: np.repeat(g, 3, -1)),
    "max_pool1d E11b": (lambda x: ag.max_pool1d(x, 3), IMAGE, ROW, lambda g: np.repeat(g, 3, -1) / 3),
    "avg_pool1d E12": (lambda x: ag.avg_pool1d(x, 3), IMAGE, ROW, lambda g: np.repeat(g, 3, -1)),
    "getitem E13a": (lambda x: x[TIMES], X[0], G[0, :3], lambda g: np.array([0, g[1], 0, g[2]])),
    "conv1d G1": (lambda w: ag.conv1d(IMAGE, w), KERNEL, G[:1, None], lambda g: corr(IMAGE, g)[..., ::-1]),
    "conv1d G2": (
        lambda x: ag.conv1d(x, KERNEL), IMAGE, G[:1, None],
        lambda g: corr(np.pad(g, ((0, 0), (0, 0), (2, 2))), KERNEL),
    ),
}  # fmt: skip
"""A function of one array, where, the adjoint, and the wrong contribution, written out with NumPy."""


@pytest.mark.parametrize("name", ARRAYS)
def test_the_wrong_linear_map_backward_and_its_transpose_forward(name):
    f, at, g, wrong = ARRAYS[name]
    x = Tensor(at, requires_grad=True)
    y = f(x)
    edit, t = with_malrule(name.split()[1], y), numbers(*at.shape, seed=7)
    np.testing.assert_allclose(found := Tape(y).adjoints(g, edit=edit)[x], wrong(g), rtol=1e-12)
    assert not np.allclose(found, Tape(y).adjoints(g)[x], rtol=1e-3)
    recorded = Tape(y).adjoints(Tensor(g), graph=True, edit=edit)[x]
    np.testing.assert_allclose(recorded.data, wrong(g), rtol=1e-12)
    forward = Tape(y).tangents({x: t}, edit=edit)[y]
    assert np.vdot(forward, g) == pytest.approx(np.vdot(t, wrong(g)), rel=1e-9)


def test_a_wrong_product_of_matrices_that_does_not_exist_is_refused_with_the_reason():
    x, w = Tensor(numbers(2, 3), requires_grad=True), Tensor(numbers(3, 5), requires_grad=True)
    y = (x @ w).named("y")
    with pytest.raises(
        ShapeError, match=r"malrule C2 of y .*, operand 0, does not fit its shapes: "
    ):
        Tape(y).adjoints(np.ones((2, 5)), edit=with_malrule("C2", y, operand=0))
    with pytest.raises(ShapeError, match=r"gave shape \(5, 3\), and .* has \(3, 5\)"):
        Tape(y).adjoints(np.ones((2, 5)), edit=with_malrule("C1", y, operand=1))


# --- every record --------------------------------------------------------------------------------

EVERY = [(rule.name, m) for rule in RULES.values() for m in rule.malrules]


def test_every_malrule_of_the_engine_is_compared_with_its_value_by_hand():
    by_hand = {
        *SCALAR,
        *((name, i) for name, i, _ in BINARY),
        *(tuple(n.split()[:2]) for n in ARRAYS),
    }
    others = {("max_pool2d", "E11a"), ("max_pool2d", "E11b"), ("avg_pool2d", "E12"), ("clip", "B18a"),
              ("conv2d", "G1"), ("conv2d", "G2"), ("excitation", "C4"), ("excitation", "C5")}  # fmt: skip
    assert {(name, m.identifier) for name, m in EVERY} == by_hand | others


def test_beyond_its_bounds_a_clipped_number_moves_on():
    x = Value(3.0)
    y = ag.clip(x * 2.0, -1.0, 1.0)
    assert Tape(y).adjoints()[x] == 0.0
    assert Tape(y).adjoints(edit=with_malrule("B18a", y))[x] == 2.0


@pytest.mark.parametrize("rule", [r for r in RULES.values() if r.malrules], ids=lambda r: r.name)
def test_the_engine_computes_without_them(rule):
    """The same record without malrules gives the same derivatives, bit for bit."""
    if not rule.is_elementwise:
        return
    without = replace(rule, malrules=())
    for kind in (Value, lambda x: Tensor([x, 0.9], requires_grad=True)):
        both = []
        for r in (rule, without):
            xs = [kind(0.3 + 0.4 * i) for i in range(rule.arity)]
            y = r(*xs)
            adjoints = Tape(y).adjoints(y.data * 0.0 + 1.0)
            both.append([y.data, *map(adjoints.get, xs)])
        np.testing.assert_array_equal(*both)


def test_a_pole_is_answered_with_infinity():
    x = Value(0.0)
    y = ag.sqrt(x)
    assert Tape(y).adjoints(edit=with_malrule("B5a", y))[x] == math.inf


# --- one's own -----------------------------------------------------------------------------------


@elementwise(
    lambda xp, y, x, *, factor=2.0: factor * xp.exp(x),
    malrules=[
        Malrule("factor lost", 0, lambda xp, y, x, **_: xp.exp(x)),
        Malrule("factor squared", 0, lambda xp, y, x, *, factor: factor**2 * xp.exp(x)),
    ],
)
def grown(xp, x, *, factor=2.0):
    """y = factor·eˣ."""
    return factor * xp.exp(x)


@operation(
    [lambda xp, g, y, x, *, axis=0: xp.flip(g, axis)],
    malrules=[Malrule("not flipped", 0, vjp=lambda xp, g, y, x, *, axis=0: g)],
)
def mirrored(xp, x, *, axis=0):
    """y[i] = x[n-1-i]."""
    return xp.flip(x, axis)


def test_records_of_ones_own_carry_them_too():
    x = Value(0.5)
    for y, factor in (
        (grown(x), 2.0),
        (grown(x, factor=3.0), 3.0),
        (grown.fixed(factor=3.0)(x), 3.0),
    ):
        assert Tape(y).adjoints(edit=with_malrule("factor lost", y))[x] == pytest.approx(
            math.exp(0.5)
        )
        squared = Tape(y).adjoints(edit=with_malrule("factor squared", y))[x]
        assert squared == pytest.approx(factor**2 * math.exp(0.5))
    t = Tensor([1.0, 2.0], requires_grad=True)
    y = mirrored(t)
    np.testing.assert_array_equal(
        Tape(y).adjoints([3.0, 4.0], edit=with_malrule("not flipped", y))[t], [3.0, 4.0]
    )
    np.testing.assert_array_equal(
        Tape(y).tangents({t: [3.0, 4.0]}, edit=with_malrule("not flipped", y))[y], [3.0, 4.0]
    )


def test_an_edit_may_answer_with_a_malrule_that_no_record_has():
    x = Value(0.7)
    y = ag.sin(x)
    twice = Malrule("twice", 0, lambda xp, y, x: 2.0 * xp.cos(x))
    assert Tape(y).adjoints(edit=lambda node, i, g: twice)[x] == pytest.approx(2 * math.cos(0.7))


def test_a_wrong_gradient_can_be_differentiated_in_turn():
    """Of tanh with 1 - y for the derivative, the next derivative by the right rules is y² - 1."""
    x = Value(0.3)
    y = ag.tanh(x)
    wrong = Tape(y).adjoints(graph=True, edit=with_malrule("B10a", y))[x]
    assert Tape(wrong).adjoints()[x] == pytest.approx(math.tanh(0.3) ** 2 - 1)


# --- what is refused -----------------------------------------------------------------------------


def right(xp, y, x):
    return 1.0


def pulled(xp, g, y, x):
    return g


@pytest.mark.parametrize(
    ("malrules", "message"),
    [
        ([right], r"its malrules are a list of Malrule\(…\), not <function"),
        (Malrule("m", 0, right), "its malrules are a list"),
        ("B1", "its malrules are a list"),
        ([Malrule("", 0, right)], "its identifier is a word"),
        ([Malrule(" ", 0, right)], "its identifier is a word"),
        ([Malrule(3, 0, right)], "its identifier is a word"),
        ([Malrule("m", 1, right)], "malrule 'm': its operands are 0 to 0, not 1"),
        ([Malrule("m", -1, right)], "its operands are 0 to 0, not -1"),
        ([Malrule("m", True, right)], "its operands are 0 to 0, not True"),
        ([Malrule("m", [0], right)], r"its operands are 0 to 0, not \[0\]"),
        ([Malrule("m", 0)], "of a partial and nothing else, as the record has partials"),
        ([Malrule("m", 0, vjp=pulled)], "of a partial and nothing else"),
        ([Malrule("m", 0, right, pulled)], "of a partial and nothing else"),
        ([Malrule("m", 0, 1.0)], "of a partial and nothing else"),
        ([Malrule("m", 0, pulled)], "its malrule 'm' takes"),
        (
            [Malrule("m", 0, right), Malrule("m", 0, right)],
            "two of its malrules are called 'm' for operand 0",
        ),
    ],
    ids=lambda x: x if isinstance(x, str) else "",  # a function's place in memory is none
)
def test_a_malrule_that_does_not_fit_is_refused_where_the_record_is_made(malrules, message):
    with pytest.raises(OperandError, match=f"doubled.*{message}"):

        @elementwise(lambda xp, y, x: 2.0, malrules=malrules)
        def doubled(xp, x):
            """y = 2x."""
            return 2.0 * x


def test_a_record_of_vjps_takes_a_vjp():
    with pytest.raises(OperandError, match="of a vjp and nothing else, as the record has vjps"):

        @operation([pulled], malrules=[Malrule("m", 0, right)])
        def same(xp, x):
            """y = x."""
            return x


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda y: with_malrule("B1", y), "no malrule 'B1'"),
        (lambda y: with_malrule("B10a"), "takes the nodes at which it is applied"),
        (
            lambda y: with_malrule("B1Oa", y),
            r"no malrule 'B1Oa': did you mean 'B10a'\?",
        ),
        (
            lambda y: with_malrule("B10a", y.operands[0]),
            "made by variable, .* no malrule .*known: none",
        ),
        (lambda y: with_malrule("B10a", 1.0), "applied at a Value or Tensor, not at 1.0"),
        (lambda y: with_malrule("B10a", y, operand=1), "B10a of tanh is for operand 0, not 1"),
    ],
)
def test_a_malrule_that_is_not_there_is_refused(ask, message):
    with pytest.raises(OperandError, match=message):
        ask(ag.tanh(Value(1.0)))


def test_a_vjp_that_records_nothing_has_no_forward_derivative():
    @operation([pulled], malrules=[Malrule("m", 0, vjp=lambda xp, g, y, x: np.array([1.0, 2.0]))])
    def same(xp, x):
        """y = x."""
        return x

    x = Tensor([1.0, 2.0], requires_grad=True)
    y = same(x)
    np.testing.assert_array_equal(
        Tape(y).adjoints([1.0, 1.0], edit=with_malrule("m", y))[x], [1.0, 2.0]
    )
    with pytest.raises(DerivativeError, match="do not tell the forward derivative"):
        Tape(y).tangents({x: [1.0, 1.0]}, edit=with_malrule("m", y))


@pytest.mark.parametrize("leaf", [Value, lambda x: Tensor(x, requires_grad=True)])
def test_an_exact_zero_masks_the_pole_of_a_malrule_in_both_directions(leaf):
    """As it masks that of the derivative: 0·log x is 0 wherever x moves to."""
    x = leaf(0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        h = ag.log(x)
        y = h * 0.0
    edit = with_malrule("B4a", h)
    assert float(Tape(y).adjoints(edit=edit).get(x) or 0.0) == 0.0
    assert float(Tape(y).tangents({x: x.data * 0.0 + 1.0}, edit=edit).get(y) or 0.0) == 0.0


def test_a_malrule_of_another_kind_than_the_operation_is_refused():
    x = Value(2.0)
    A = Tensor(np.eye(2), requires_grad=True)
    wrong = Malrule("m", 0, partial=lambda xp, y, *xs: y)
    for y, m, kind in ((x * x, Malrule("m", 0), "partial"), (ag.sum(A @ A), wrong, "vjp")):
        with pytest.raises(OperandError, match=f"the malrule m has no {kind}"):
            Tape(y).adjoints(edit=lambda n, i, g, m=m: m)
