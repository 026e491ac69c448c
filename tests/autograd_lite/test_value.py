"""Value: a float on the graph, drop-in for micrograd's engine."""

import math
import operator
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor, Value, exp, sqrt, tanh
from autograd_lite.errors import AutogradError, OperandError
from tests.autograd_lite.dags import lecture_example


def kind(thing):
    return type(thing).__name__


NOT_NUMBERS = ["1", b"1", None, 1j, [1.0], np.ones(2), Value(1.0), Tensor(1.0), 10**400, object()]


# --- what micrograd's own tests ask of an engine --------------------------------------------------


def with_relu(x, relu):
    """Reused nodes, a product with itself, numbers on either side."""
    z = 2 * x + 2 + x
    q = relu(z) + z * x
    h = relu(z * z)
    return h + q + q * x


def with_more(a, b, relu):
    """Every operator of micrograd, in place as well, with numbers on either side."""
    c, d = a + b, a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + relu(b + a)
    d += 3 * d + relu(b - a)
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return 5 - g - (1 - a) + 2**b


@pytest.mark.parametrize("at", [-4.0, 0.7, 3.0])
def test_micrograds_first_test_agrees_with_torch(at):
    torch = pytest.importorskip("torch")
    x, theirs = Value(at), torch.tensor(at, dtype=torch.float64, requires_grad=True)
    y, expected = with_relu(x, Value.relu), with_relu(theirs, torch.relu)
    y.backward()
    expected.backward()
    assert y.data == expected.item()
    assert x.grad == theirs.grad.item()


@pytest.mark.parametrize(("at", "bt"), [(-4.0, 2.0), (1.5, 0.25)])
def test_micrograds_second_test_agrees_with_torch(at, bt):
    torch = pytest.importorskip("torch")
    a, b = Value(at), Value(bt)
    ta, tb = (torch.tensor(t, dtype=torch.float64, requires_grad=True) for t in (at, bt))
    y, expected = with_more(a, b, Value.relu), with_more(ta, tb, torch.relu)
    y.backward()
    expected.backward()
    assert y.data == pytest.approx(expected.item(), rel=1e-14)
    assert (a.grad, b.grad) == pytest.approx((ta.grad.item(), tb.grad.item()), rel=1e-13)


def test_a_neuron_as_in_micrograds_lecture_has_its_known_gradients():
    """tanh(x1·w1 + x2·w2 + b) at tanh' = ½, by hand: w1' = x1/2, x1' = w1/2, …; sum() starts at 0."""
    xs, ws = [Value(2.0), Value(0.0)], [Value(-3.0), Value(1.0)]
    b = Value(6.0 + math.atanh(math.sqrt(0.5)))
    o = sum((w * x for w, x in zip(ws, xs, strict=True)), b).tanh()
    o.backward()
    assert o.data == pytest.approx(math.sqrt(0.5))
    assert [x.grad for x in xs] == pytest.approx([-1.5, 0.5])
    assert [w.grad for w in ws] == pytest.approx([1.0, 0.0])
    assert sum([Value(1.0), Value(2.0)]).data == 3.0


# --- reuse ----------------------------------------------------------------------------------------


def test_x_times_x_has_two_parents_and_derivative_2x():
    x = Value(3.0)
    y = x * x
    y.backward()
    assert y.parents == (x, x)
    assert y.parents[0] is y.parents[1] is x
    assert x.grad == 6.0


def test_a_reused_inner_node_counts_every_use():
    """a = 1; b = a + a; c = b + b: dc/da = 4, which a sweep out of order gets wrong."""
    a = Value(1.0)
    b = a + a
    c = b + b
    c.backward()
    assert (a.grad, b.grad, c.grad) == (4.0, 2.0, 1.0)


def test_a_diamond_of_diamonds():
    """y ← y·½ + y·½ forty times: 2⁴⁰ paths, derivative 1."""
    y = x = Value(3.0)
    for _ in range(40):
        y = y * 0.5 + 0.5 * y
    y.backward()
    assert x.grad == 1.0


def test_a_long_and_a_short_way_meet():
    """y = x·tanh(tanh(x)) against the product rule by hand."""
    x = Value(0.8)
    y = x * tanh(tanh(x))
    y.backward()
    inner = math.tanh(0.8)
    by_hand = math.tanh(inner) + 0.8 * (1 - math.tanh(inner) ** 2) * (1 - inner**2)
    assert x.grad == pytest.approx(by_hand, rel=1e-15)


# --- .data, .grad, .name, .named, .parents, .partials ---------------------------------------------


def test_the_public_example_works_as_written():
    """design, 'Public names': values of the lecture's example to the digits a calculator gives."""
    x, h0, h1, yhat = lecture_example()
    assert yhat.data == pytest.approx(math.sqrt(h0.data**2 + h1.data**2), rel=1e-15)
    assert h1.data == pytest.approx((math.cos(1) ** 3 + math.sin(1)) / math.sqrt(2), rel=1e-15)
    yhat.backward()
    r, s = h0.data, h1.data
    by_h0 = (r + 3 / math.sqrt(2) * r * r * s) / yhat.data
    assert h0.grad == pytest.approx(by_h0, rel=1e-14)
    assert h1.grad == pytest.approx(s / yhat.data, rel=1e-15)
    assert x.grad == pytest.approx(s / yhat.data * math.cos(1) / math.sqrt(2) - by_h0 * math.sin(1))


def test_grad_is_none_before_and_after_zero_grad():
    x = Value(2.0)
    y = x * 3
    assert (x.grad, y.grad) == (None, None)
    y.backward()
    assert (x.grad, y.grad) == (3.0, 1.0)
    x.zero_grad()
    assert x.grad is None


def test_grad_accumulates_on_leaves_and_is_replaced_elsewhere():
    x = Value(2.0)
    h = x * x
    y = h * 3
    for k in (1, 2, 3):
        y.backward()
        assert (x.grad, h.grad, y.grad) == (12.0 * k, 3.0, 1.0)


def test_a_second_output_adds_to_leaves_only():
    x = Value(2.0)
    h = x * x
    (h * 3).backward()
    (h * 5).backward()
    assert (x.grad, h.grad) == (12.0 + 20.0, 5.0)


def test_backward_of_a_leaf_is_1():
    x = Value(2.0)
    x.backward()
    assert x.grad == 1.0


def test_partials_are_one_per_parent_with_the_others_held():
    a, b = Value(3.0), Value(2.0)
    assert (a * b).partials == (2.0, 3.0)
    assert (a / b).partials == (0.5, -0.75)
    assert (a * a).partials == (3.0, 3.0)
    assert (a**2).partials == (6.0,)
    assert (2 - a).partials == (-1.0,)
    assert a.partials == ()


def test_naming_returns_the_node_itself_and_none_takes_the_name_away():
    x = Value(1.0)
    assert x.named("h_0") is x
    assert x.name == "h_0"
    assert x.named(None).name is None
    with pytest.raises(OperandError, match=r"named\('3'\)"):
        x.named(3)


def test_data_of_a_leaf_can_be_set_and_that_of_a_result_cannot():
    x = Value(1.0)
    x.data = 4
    assert (x.data, type(x.data)) == (4.0, float)
    with pytest.raises(OperandError, match="is computed; set a leaf's data"):
        (x * 2).data = 1.0
    with pytest.raises(OperandError):
        x.data = "5"
    assert x.data == 4.0


@pytest.mark.parametrize("x", [Value(4), Value(2.0) * 2.0, Value(4.0, requires_grad=False)])
def test_value_is_the_float_and_is_only_read(x):
    assert (x.value, type(x.value)) == (4.0, float)
    with pytest.raises(OperandError, match="only read"):
        x.value = 5.0
    assert x.value == 4.0


def test_a_constant_gets_no_gradient_and_holds_its_number():
    c, x = Value(3.0, requires_grad=False), Value(2.0)
    (c * x).backward()
    assert (x.grad, c.grad, c.requires_grad, x.requires_grad) == (3.0, None, False, True)


# --- numbers on either side -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "other", [3, 3.0, np.float64(3), np.float32(3), np.int64(3), np.array(3.0), np.array(3)]
)
def test_numbers_of_any_kind_on_either_side_leave_python_floats(other):
    x = Value(2.0)
    for y, number in [
        (x + other, 5), (other + x, 5), (x - other, -1), (other - x, 1), (x * other, 6), (other * x, 6),
        (x / other, 2 / 3), (other / x, 1.5), (x**other, 8), (other**x, 9),
    ]:  # fmt: skip
        assert isinstance(y, Value)
        assert type(y.data) is float
        assert y.data == pytest.approx(number, rel=1e-15)
        y.backward()
    assert type(x.grad) is float


def test_true_counts_as_one():
    assert (Value(2.0) + True).data == 3.0
    assert (Value(2.0) * np.bool_(True)).data == 2.0


def test_floats_overflow_to_infinity_without_a_warning():
    assert (Value(1e308) * np.float64(10)).data == math.inf
    assert exp(Value(1e4)).data == math.inf
    assert (Value(1.0) / 0).data == math.inf
    assert math.isnan(sqrt(Value(-1.0)).data)
    assert math.isnan((Value(-1.0) ** 0.5).data)
    assert (Value(0.0) ** -1).data == math.inf


def test_a_pole_gives_an_infinite_derivative_and_a_masked_pole_none():
    x = Value(0.0)
    sqrt(x).backward()
    assert x.grad == math.inf
    masked = Value(0.0)
    ag.where(masked > 0, sqrt(masked), 0.0).backward()
    assert masked.grad == 0.0


@pytest.mark.parametrize("data", NOT_NUMBERS, ids=kind)
def test_only_one_real_number_is_held(data):
    with pytest.raises(OperandError, match="a Value holds one real number"):
        Value(data)


@pytest.mark.parametrize("other", [np.ones(2), [1.0], (1.0,), "1", Tensor(1.0)], ids=kind)
def test_mixing_with_arrays_is_refused_by_name(other):
    for operate in (lambda: Value(1.0) * other, lambda: other * Value(1.0)):
        with pytest.raises((OperandError, TypeError)):
            operate()
    with pytest.raises(OperandError, match=r"multiply: a Value is one number.*Tensor\("):
        Value(1.0) * other


def test_what_python_does_not_know_to_add_is_a_type_error():
    with pytest.raises(TypeError, match="unsupported operand"):
        Value(1.0) + object()
    with pytest.raises(AutogradError, match="too large"):
        Value(1.0) + 10**400


# --- how a Value behaves as a number --------------------------------------------------------------


def test_comparison_compares_numbers_and_gives_bools():
    a, b = Value(1.0), Value(1.0)
    assert a == b
    assert a == 1
    assert a != 2
    assert 0 < a <= b < 2.5
    assert np.float64(0.5) < a
    assert a > np.float64(0.5)
    assert type(a == b) is type(a < b) is type(a >= b) is bool
    assert a is not b
    assert a != None  # noqa: E711 - an ordinary False, no error
    assert a != "1"


def test_hashing_is_by_identity_so_equal_numbers_stay_apart():
    a, b = Value(1.0), Value(1.0)
    assert len({a, b}) == 2
    assert {a: "a", b: "b"}[b] == "b"


def test_conversions_give_the_number():
    x = Value(2.75)
    with ag.no_grad():
        assert (float(x), int(x), round(x, 1)) == (2.75, 2, 2.8)
    assert (x.item(), abs(-x).data) == (2.75, 2.75)
    assert (bool(x), bool(Value(0.0))) == (True, False)
    assert f"{x:.1f}|{x:8.2e}" == "2.8|2.75e+00"


def test_printing_shows_number_name_and_gradient():
    """issue: Value(0.889, name='ŷ', grad=1.0)."""
    *_, yhat = lecture_example()
    yhat.backward()
    assert repr(yhat) == "Value(0.889, name='ŷ', grad=1.0)"
    assert f"{yhat}" == str(yhat) == repr(yhat)
    assert repr(Value(2.0)) == "Value(2.0)"
    assert repr(Value(-0.5e-7)) == "Value(-5e-08)"
    assert repr(Value(math.inf)) == "Value(inf)"
    assert repr(Value(math.nan)) == "Value(nan)"


def test_detach_cuts_the_graph():
    x = Value(3.0)
    y = x * x.detach()
    y.backward()
    assert x.grad == 3.0
    assert x.detach().data == 3.0
    assert not x.detach().requires_grad


# --- NumPy's functions ----------------------------------------------------------------------------


def test_numpys_functions_record():
    x = Value(0.5)
    for function, by_hand in [
        (np.exp, math.exp(0.5)),
        (np.sin, math.cos(0.5)),
        (np.negative, -1.0),
    ]:
        x.zero_grad()
        y = function(x)
        assert isinstance(y, Value)
        y.backward()
        assert x.grad == pytest.approx(by_hand)
    x.zero_grad()
    np.where(True, x * x, 0.0).backward()
    assert x.grad == 1.0


def test_numpys_questions_are_answered():
    x = Value(0.5)
    assert np.shape(x) == ()
    assert np.isfinite(x)
    assert np.allclose(x, 0.5)
    assert not np.isnan(x)


@pytest.mark.parametrize(
    "call", [np.spacing, np.sum, np.mean, np.add.reduce, lambda x: np.add(x, 1.0, out=np.zeros(()))]
)
def test_a_function_that_would_cut_the_graph_is_refused(call):
    with pytest.raises(OperandError):
        call(Value(0.5))


STRANGE = [Fraction(1, 2), Decimal(1), None, 1j, "a", b"a", {}, 10**400]


@pytest.mark.parametrize("strange", STRANGE, ids=lambda x: type(x).__name__)
@pytest.mark.parametrize("node", [Value(2.0), Tensor([2.0])], ids=["Value", "Tensor"])
@pytest.mark.parametrize("operate", [operator.add, operator.mul, operator.sub, operator.truediv])
def test_what_is_no_number_is_refused_in_words_by_values_and_tensors(node, strange, operate):
    for a, b in ((node, strange), (strange, node)):
        with pytest.raises(OperandError, match=rf"{type(strange).__name__}|too large for a float"):
            operate(a, b)


def test_a_class_of_ones_own_may_know_how_to_meet_a_value():
    class Unit:
        def __rmul__(self, other):
            return other.item(), "m"

    assert Value(2.0) * Unit() == (2.0, "m")
