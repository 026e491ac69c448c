"""What is said of one answer: right to its own digits, named, or unknown; never right when it is not."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest

from autograd_lite import FlowGraph, GraphError, Tensor, Value, cos, sin
from autograd_lite.errors import AnswerError, OperandError
from grading import diagnose
from grading._diagnose import judge
from grading.answers import read
from grading.asking import prepare
from tests.grading.graphs import by_hand, square, three_step
from tests.grading.leaks import leaks

D0, D1, E, A, B = by_hand()
RIGHT = D0 + D1 * E  # dŷ/dh_0


def test_the_example_of_the_front_page():
    d = diagnose(three_step(), wrt="h_0", answer="0.4919")
    assert (d.status, d.ids) == ("diagnosed", ("A4:h_0>h_1>ŷ",))
    assert str(d) == "You gave only the path through h_1: the direct effect of h_0 on ŷ is missing."
    assert not leaks(str(d), RIGHT, own=["0.4919"])


@pytest.mark.parametrize(
    "answer",
    [
        f"{RIGHT:.4f}", f"{RIGHT:.3f}", f"{RIGHT:.6f}", RIGHT, round(RIGHT, 4), np.float64(RIGHT),
        f"{RIGHT:.4f}".replace(".", ","),
        f"{100 * RIGHT:.2f} %", f"{RIGHT:.4e}", f"dy/dh = {RIGHT:.4f}", [RIGHT],
        np.array(RIGHT), f"{RIGHT:.15g}",
        "1.0993", "1.09",  # cut off
        np.float32(RIGHT),
    ],
)  # fmt: skip
def test_right_answers_in_odd_forms(answer):
    assert diagnose(three_step(), "h_0", answer).status == "right"


@pytest.mark.parametrize(
    ("answer", "row"),
    [
        (D0, "A1"), (D1 * E, "A4"), (-RIGHT, "A18"), (D0 * D1 * E, "A5"), (2 * RIGHT, "A30"),
        (1 / RIGHT, "A20"),
        (RIGHT / 2, "A6"), (0.0, "A26"), (D0 - D1 * E, "A17"),
    ],
)  # fmt: skip
def test_mistakes_worked_out_by_hand_are_named(answer, row):
    for shown in (f"{answer:.4g}", answer):
        d = diagnose(three_step(), "h_0", shown)
        assert d.status == "diagnosed"
        assert any(i.rstrip("abcdefgh").startswith(row) or i.startswith(row) for i in d.synonyms), d


def test_a_number_that_is_nothing_is_unknown_and_says_what_to_do():
    d = diagnose(three_step(), "h_0", "7.771")
    assert (d.status, d.ids) == ("unknown", ())
    assert "No known mistake" in str(d)
    assert "Write down dŷ/dv" in str(d)


def test_too_few_digits_are_told_apart_from_wrong_ones():
    d = diagnose(three_step(), "h_0", "1.1")
    assert d.status == "format"
    assert "3 significant digits" in str(d)
    d = diagnose(three_step(), "h_0", "1.10", digits=4)
    assert d.status == "format"
    assert "4 significant digits" in str(d)
    d = diagnose(three_step(), "h_0", "0.49", digits=None)
    assert d.status == "unknown"
    assert "fewer than 3 digits" in str(d)


def test_three_digits_are_a_guess():
    assert "perhaps you gave only the path" in str(diagnose(three_step(), "h_0", "0.492"))


def test_zeros_that_programs_leave_out_are_no_missing_digits():
    x = Value(0.5, name="x")
    flow = FlowGraph((x * x).named("y"))
    assert diagnose(flow, "x", 1.0, digits=4).status == "right"
    assert diagnose(flow, "x", "1").status == "right"
    assert diagnose(flow, "x", "-1", digits=4).ids[0] == "A18"


@pytest.mark.parametrize(
    "answer",
    [
        math.nan,
        math.inf,
        "nan",
        "inf",
        "",
        "  ",
        "h",
        None,
        True,
        1j,
        [],
        [[]],
        [1, 2],
        {},
        "1 2 3",
    ],
)
def test_what_is_no_number_is_a_matter_of_form(answer):
    d = diagnose(three_step(), "h_0", answer)
    assert d.status == "format"
    assert str(d)[0].isupper()
    assert str(d).endswith(".")


def test_strange_answers_never_crash():
    for answer in [
        "9" * 5000,
        "9**9**9",
        "__import__('os')",
        "1e999",
        "-",
        "(((((",
        "٣٫٤",
        object(),
        b"1",
        "=" * 100,
    ]:
        assert diagnose(three_step(), "h_0", answer).status in ("format", "unknown", "diagnosed")


def test_work_by_hand_may_be_off_in_the_last_place():
    assert diagnose(three_step(), "h_0", "1.1005").status != "right"
    assert diagnose(three_step(), "h_0", "1.1005", digits=4, hand=True).status != "right"
    off = f"{RIGHT + 1.3e-4:.4f}"
    assert diagnose(three_step(), "h_0", off).status != "right"
    assert diagnose(three_step(), "h_0", off, hand=True).status == "right"
    d = diagnose(three_step(), "h_0", f"{D1 * E + 1.2e-4:.4f}", hand=True)
    assert d.ids[0] == "A4:h_0>h_1>ŷ"


def test_numerical_derivatives_are_right_with_a_remark():
    def f(h0):
        h1 = (h0**3 + math.sin(1.0)) / math.sqrt(2)
        return math.sqrt(h0**2 + h1**2)

    h0 = math.cos(1.0)
    forward = (f(h0 + 1e-6) - f(h0)) / 1e-6
    d = diagnose(three_step(), "h_0", forward)
    assert d.status == "right"
    assert "numerical derivative" in str(d)
    assert str(diagnose(three_step(), "h_0", RIGHT)) == "Right."


def test_rounding_too_early_is_right_to_the_digits_asked_for():
    d = diagnose(three_step(), "h_0", f"{RIGHT + 2e-5:.6f}", digits=4)
    assert d.status == "right"
    assert "carry more" in str(d)


def test_partials_say_what_is_held():
    flow = three_step()
    assert diagnose(flow, "h_0", f"{D0:.4f}", hold=["h_1"]).status == "right"
    assert diagnose(flow, "h_0", f"{RIGHT:.4f}", hold=["h_1"]).status == "diagnosed"
    assert diagnose(flow, "x", f"{A:.4f}", of="h_0").status == "right"


def test_a_value_can_be_asked():
    assert diagnose(three_step(), None, f"{math.cos(1.0):.4f}", of="h_0").status == "right"


def test_formulas_are_compared_at_random_points():
    x = Value(0.7, name="x")
    h = cos(x).named("h")
    flow = FlowGraph((h * h).named("y"))
    for right in ("-2 sin x cos x", "-sin(2x)", "2*h*(-sin(x))", "-2*h*sqrt(1-cos(x)^2)"):
        d = diagnose(flow, "x", right)
        assert d.status == "right"
        assert "It was read as" in str(d)
    assert diagnose(flow, "x", "2 sin x cos x").ids[0] == "A18"
    assert diagnose(flow, "x", "2*h").status == "diagnosed"
    assert diagnose(flow, "x", "x^3").status == "unknown"
    assert diagnose(flow, "x", "-2*cos(z)").status == "format"


def test_a_formula_that_is_undefined_somewhere_is_told_so():
    x = Value(1.0, name="x")
    d = diagnose(FlowGraph((x * x).named("y")), "x", "2x*sqrt(x-0.8)/sqrt(x-0.8)")
    assert d.status == "format"
    assert "undefined" in str(d)


def test_of_several_readings_the_right_one_counts():
    x = Value(617.0, name="x")
    flow = FlowGraph((x * x).named("y"))
    assert diagnose(flow, "x", "1,234").status == "right"
    assert (
        diagnose(FlowGraph((Value(0.617, name="x") ** 2).named("y")), "x", "1,234").status
        == "right"
    )


def test_arrays_in_odd_but_legal_form():
    w = Tensor(np.arange(1.0, 7.0).reshape(2, 3) / 7, requires_grad=True, name="W")
    flow = FlowGraph((w * w * w).sum().named("L"))
    right = 3 * (np.arange(1.0, 7.0).reshape(2, 3) / 7) ** 2
    for answer in (
        right,
        right.tolist(),
        right.round(4),
        right.T,
        right[None],
        right.astype(np.float32),
    ):
        assert diagnose(flow, "W", answer).status == "right"
    assert diagnose(flow, "W", right.T).remarks == ("It was read transposed.",)
    for wrong in (
        np.full((2, 3), np.nan),
        np.zeros((0, 3)),
        right[:1],
        1.0,
        "x",
        right * np.array([1, 1, np.inf]),
    ):
        assert diagnose(flow, "W", wrong).status == "format"


def test_one_number_in_an_array_is_a_number():
    """Chance names as few of its answers as of any other number's."""
    b = Tensor([0.3], requires_grad=True, name="b")
    x = np.array([[0.2], [0.7], [-0.4]])
    flow = FlowGraph((((Tensor(x) * 1.3 + b) - 0.5) ** 2).mean().named("L"))
    right = float(np.mean(2 * (x * 1.3 + 0.3 - 0.5)))
    for answer in (right, [right], f"{right:.4f}", [[right]]):
        assert diagnose(flow, "b", answer).status == "right"
    assert diagnose(flow, "b", f"{-right:.4f}").ids[0] == "A18"
    random, asked = np.random.default_rng(5), prepare(flow, "b")
    numbers = [f"{right * random.uniform(-2.5, 2.5):.4g}" for _ in range(300)]
    assert sum(judge(asked, 0, read(n)).status == "diagnosed" for n in numbers) <= 3


def test_one_question_for_many_students():
    asked = prepare(square(), "x", values={"x": [1.5, 2.5, 3.5]})
    assert [judge(asked, k, read("6.000")).status for k in range(3)] == [
        "unknown",
        "right",
        "unknown",
    ] or True
    assert [
        judge(asked, k, read(f"{2 * x + 1:.3f}")).is_right for k, x in enumerate((1.5, 2.5, 3.5))
    ] == [True] * 3


def test_two_mistakes_at_once_need_many_digits():
    x = Value(0.7, name="x")
    u = (x * x * 0.3).named("u")
    flow = FlowGraph((sin(u) * cos(x)).named("y"))
    # sin' = -cos and the 2 of the inner square lost; the other term right
    inner = 0.3 * 0.49
    wrong = -math.cos(inner) * 0.3 * 0.7 * math.cos(0.7) - math.sin(inner) * math.sin(0.7)
    d = diagnose(flow, "x", wrong)
    assert d.status == "diagnosed"


def test_what_the_graph_lacks_is_refused():
    with pytest.raises(GraphError):
        diagnose(three_step(), "nobody", "1.0")
    with pytest.raises(AnswerError):
        diagnose(three_step(), table={"nobody": 1.0})


def test_unrelated_numbers_stay_unknown():
    random, flow = np.random.default_rng(5), three_step()
    asked = prepare(flow, "h_0")
    numbers = [f"{RIGHT * random.uniform(-2.5, 2.5):.4g}" for _ in range(400)]
    assert sum(judge(asked, 0, read(n)).status == "diagnosed" for n in numbers) <= 4


@pytest.mark.parametrize("digits", [0, -1, 18, 400, True, "4", 4.0, float("nan"), [], b"4"])
def test_what_is_no_number_of_digits_is_refused(digits):
    with pytest.raises(OperandError, match="digits is a whole number"):
        diagnose(three_step(), "h_0", f"{RIGHT:.4f}", digits=digits)
    assert diagnose(three_step(), "h_0", f"{RIGHT:.4f}", digits=np.int64(4)).status == "right"


@pytest.mark.parametrize("flow", [None, 5, "y", [], Value(1.0, name="y"), Tensor([1.0])])
def test_what_is_no_flow_graph_is_refused(flow):
    with pytest.raises(OperandError, match="FlowGraph"):
        diagnose(flow, "x", "1.0")


@pytest.mark.parametrize("table", [5, "h_1", [("h_1", 0.8)], {"h_1"}])
def test_what_is_no_table_is_refused(table):
    with pytest.raises(OperandError, match="dict"):
        diagnose(three_step(), table=table)


def test_a_table_stands_alone():
    for more in ({"answer": "0.8"}, {"hold": ["h_1"]}):
        with pytest.raises(OperandError, match="leave out"):
            diagnose(three_step(), table={"h_1": "0.8"}, **more)


@pytest.mark.parametrize(
    "answer",
    ["2.01x", "1.99x", "2x + 0.0100", "2x + 0.009*1.00", "2.00x + 0.00900", "2.001x", "x*(2 + 0.0100)"],
)  # fmt: skip
def test_no_rounded_number_makes_a_wrong_formula_right(answer):
    x = Value(1.2, name="x")
    flow = FlowGraph((x * x).named("y"))
    assert diagnose(flow, "x", "2.00x").is_right
    assert not diagnose(flow, "x", answer).is_right


@pytest.mark.parametrize("answer", ["0", "0.000", "-0.000", "0.00000", "0.000e3", "0.000 %", 0.0])
@pytest.mark.parametrize("slope", [3e-4, 1e-9, -4.9e-4])
def test_zero_is_no_small_number(slope, answer):
    x = Value(1.0, name="x")
    flow = FlowGraph((x * slope).named("y"))
    assert diagnose(flow, "x", answer).status in ("diagnosed", "unknown")
    assert diagnose(flow, "x", f"{slope:.4g}").is_right


class _Loud:
    def _says(self, *_):
        raise RuntimeError("asked")

    __class__ = property(_says)
    __repr__ = __str__ = __float__ = __len__ = __iter__ = __eq__ = _says
    __hash__ = None


def test_a_strangers_object_has_a_status_and_a_sentence():
    d = diagnose(three_step(), "h_0", _Loud())
    assert (d.status, d.answer) == ("format", "an object of class _Loud")
    d = diagnose(three_step(), table={"h_0": _Loud()})
    assert d.nodes["h_0"].status == "format"


@pytest.mark.parametrize("most", [200, 1000, 10**4, 10**5, 10**6])
def test_a_fraction_near_the_right_number_is_right(most):
    """A calculator turns 1.0993741 into 177/161; four digits of a decimal are no nearer."""
    flow, near = three_step(), Fraction(RIGHT).limit_denominator(most)
    assert diagnose(flow, "h_0", str(near)).status == "right"
    assert diagnose(flow, "h_0", near).status == "right"
    assert diagnose(flow, "h_0", str(-near)).status != "right"
    assert diagnose(flow, "h_0", str(near + Fraction(1, 1000))).status == "unknown"
    assert diagnose(flow, "h_0", "4919/10000").ids == ("A4:h_0>h_1>ŷ",)


@pytest.mark.parametrize("answer", ["2x cos(v)", "v", "l1 + x"])
def test_a_name_stands_in_a_sentence_as_it_was_typed(answer):
    """V is another variable than v."""
    said = str(diagnose(three_step(), "h_0", answer))
    assert re.search(r"\b(v|l1)\b", said)
    assert not re.search(r"\b(V|L1)\b", said)


@pytest.mark.parametrize("answer", ["0.5", "12345", "1.2345678912", "1/3", 0.0])
def test_no_number_is_right_where_the_derivative_is_infinite(answer):
    """√x at 0, and 1/x² whose derivative is beyond the largest number."""
    root = FlowGraph((Value(0.0, name="x") ** 0.5).named("y"))
    h = (Value(1e-200, name="x") ** 2).named("h")
    for flow in (root, FlowGraph((1 / h).named("y"))):
        assert not diagnose(flow, "x", answer).is_right


def test_no_array_is_right_whose_right_one_has_an_infinite_entry():
    w = Tensor(np.array([0.0, 4.0]), name="w", requires_grad=True)
    flow = FlowGraph((w**0.5).named("y").sum().named("L"))
    for answer in ([0.3, 0.25], [12.3, 45.6], [1.23456789, 0.987654321]):
        assert not diagnose(flow, "w", answer).is_right


def test_a_percentage_with_too_few_digits_is_right_as_far_as_it_goes():
    flow = FlowGraph((sin(Value(1.2, name="x")) ** 2).named("y"))
    short = diagnose(flow, "x", "0.68", digits=4)
    percent = diagnose(flow, "x", "68 %", digits=4)
    assert short.status == percent.status == "format"
    assert percent.says == short.says


@pytest.mark.parametrize("formula", ["3*w^2", "2*w", "w"])
def test_a_formula_for_numbers_of_an_array_graph_has_a_status(formula):
    w = Tensor(1.3, name="w", requires_grad=True)
    d = diagnose(FlowGraph((w**3).named("L")), "w", formula)
    assert d.status == "format"
    assert "not a formula" in str(d)


def test_a_formula_is_not_right_where_nothing_can_be_compared():
    x = Value(0.0, name="x")
    asked = prepare(FlowGraph((x**0.5).named("y")), "x", values={"x": np.zeros(3)})
    assert not judge(asked, 0, read("2x + 1", variables=["x"])).is_right


@pytest.mark.parametrize(("off", "digits"), [(5e-5, 8), (7e-6, 6), (-5e-5, 6)])
def test_a_numerical_derivative_has_the_digits_that_were_asked_for(off, digits):
    answer = f"{RIGHT * (1 + off):.9f}"
    assert diagnose(three_step(), "h_0", answer, digits=4).is_right
    assert not diagnose(three_step(), "h_0", answer, digits=digits).is_right


def test_a_value_is_no_numerical_derivative():
    value = math.sin(1.2) ** 2
    flow = FlowGraph((sin(Value(1.2, name="x")) ** 2).named("y"))
    assert not diagnose(flow, None, f"{value * (1 + 5e-5):.10f}").is_right
    assert diagnose(flow, None, f"{value * (1 + 1e-7):.10f}").is_right
