"""A table: the first wrong line is found, and lines after it that follow from it earn their points."""

import math

import numpy as np
import pytest

from autograd_lite import FlowGraph, Tensor, Value, sin, tanh
from autograd_lite.errors import AnswerError
from grading import diagnose
from grading.recognizers.follow_through import Table, judge_lines
from tests.grading.graphs import by_hand, three_step
from tests.grading.leaks import leaks

D0, D1, E, A, B = by_hand()
G1, G0 = D1, D0 + D1 * E
GX = A * G0 + B * G1


def statuses(d):
    return {name: line.status for name, line in d.nodes.items()}


def test_the_example_of_the_front_page():
    d = diagnose(three_step(), table={"h_1": 0.794, "h_0": 0.492, "x": -0.11})
    assert statuses(d) == {"h_1": "right", "h_0": "wrong", "x": "right_given_your_earlier_answer"}
    assert (d.status, d.variable) == ("wrong", "h_0")
    assert "A4:h_0>h_1>ŷ" in d.nodes["h_0"].ids
    assert not leaks(str(d), [G0, G1, GX], own=["0.794", "0.492", "-0.11"])


def test_a_right_table_is_right():
    d = diagnose(three_step(), table={"h_1": f"{G1:.4f}", "h_0": f"{G0:.4f}", "x": f"{GX:.4f}"})
    assert d.status == "right"
    assert str(d) == "Right."


@pytest.mark.parametrize("wrong", [D0, D1 * E, D0 - D1 * E, 0.7777])
def test_later_lines_are_kept_whatever_the_first_wrong_one_is(wrong):
    x = A * wrong + B * G1
    d = diagnose(three_step(), table={"h_1": f"{G1:.5g}", "h_0": f"{wrong:.5g}", "x": f"{x:.5g}"})
    assert statuses(d) == {"h_1": "right", "h_0": "wrong", "x": "right_given_your_earlier_answer"}
    assert "Right, given that answer: x." in str(d)


def test_the_mistake_is_looked_for_in_the_one_step_with_the_students_own_numbers():
    own = 0.9  # at h_1, which is wrong
    h0 = D0 + own  # ∂h_1/∂h_0 left out, from there on
    d = diagnose(
        three_step(), table={"h_1": own, "h_0": f"{h0:.5f}", "x": f"{A * h0 + B * own:.5f}"}
    )
    assert statuses(d)["h_1"] == "wrong"
    assert statuses(d)["h_0"] == "wrong"
    assert statuses(d)["x"] == "right_given_your_earlier_answer"
    assert any(i.startswith("A10") for i in d.nodes["h_0"].synonyms)


def test_lines_that_are_missing_say_so_and_pass_on_what_would_follow():
    d = diagnose(three_step(), table={"h_1": f"{G1:.4f}", "x": f"{GX:.4f}"})
    assert statuses(d) == {"h_1": "right", "h_0": "missing", "x": "right"}
    assert d.status == "wrong"
    d = diagnose(
        three_step(), table={"h_1": 0.5, "h_0": "", "x": f"{A * (D0 + 0.5 * E) + B * 0.5:.5f}"}
    )
    assert statuses(d) == {"h_1": "wrong", "h_0": "missing", "x": "right_given_your_earlier_answer"}


def test_only_the_lines_asked_for_count():
    d = diagnose(three_step(), ["h_1", "x"], table={"h_1": f"{G1:.4f}", "x": f"{GX:.4f}"})
    assert d.status == "right"


def test_two_lines_that_were_swapped():
    d = diagnose(three_step(), table={"h_1": f"{G0:.4f}", "h_0": f"{G1:.4f}", "x": f"{GX:.4f}"})
    assert d.nodes["h_1"].ids == d.nodes["h_0"].ids == ("J8:h_1>h_0",)
    assert statuses(d)["x"] == "right"


@pytest.mark.parametrize("name", ["h_0", "h0", "H0", "dŷ/dh_0", "dy/dh_0"])
def test_lines_are_found_by_names_as_they_are_typed(name):
    d = diagnose(three_step(), table={name: f"{G0:.4f}"})
    assert d.nodes["h_0"].status == "right"
    assert d.nodes["h0"].status == "right"


def test_the_output_has_names_of_many_kinds():
    for name in ("yhat", "ŷ", r"\hat{y}"):
        d = diagnose(three_step(), table={name: 1})
        assert d.nodes["ŷ"].status == d.nodes["yhat"].status == "right"


def test_a_line_of_nobody_is_refused():
    with pytest.raises(AnswerError, match="did you mean 'h_0'"):
        diagnose(three_step(), table={"h_00": 1.0})


@pytest.mark.parametrize("answer", ["nan", "abc", [1, 2], None, "", float("inf"), "1.0.0"])
def test_lines_that_cannot_be_read_leave_the_others_alone(answer):
    d = diagnose(three_step(), table={"h_1": answer, "h_0": f"{G0:.4f}", "x": f"{GX:.4f}"})
    assert d.nodes["h_1"].status in ("format", "missing", "wrong")
    assert statuses(d)["h_0"] == statuses(d)["x"] == "right"


def test_one_table_for_many_students():
    table = Table(three_step(), values={"x": [0.6, 1.0, 1.3]})
    for k, x in enumerate((0.6, 1.0, 1.3)):
        _, d1, e, a, b = by_hand(x)
        wrong = d1 * e
        lines = {"h_1": f"{d1:.5f}", "h_0": f"{wrong:.5f}", "x": f"{a * wrong + b * d1:.5f}"}
        d = judge_lines(table, k, lines)
        assert statuses(d)["x"] == "right_given_your_earlier_answer"
        assert d.nodes["h_0"].ids[0] == "A4:h_0>h_1>ŷ"


def test_a_long_chain_has_its_first_wrong_line_found():
    v = x = Value(0.8, name="x")
    values = [0.8]
    for i in range(12):
        v = sin(v * 1.1).named(f"a_{i}")
        values.append(math.sin(values[-1] * 1.1))
    flow = FlowGraph((v * v).named("y"))
    g, lines = 2 * values[-1], {}
    for i in reversed(range(12)):
        lines[f"a_{i}"] = f"{g:.6g}"
        g *= 1.1 * math.cos(values[i] * 1.1) * (1 if i != 6 else -1)  # the sign is lost once
    lines["x"] = f"{g:.6g}"
    d = diagnose(flow, table=lines)
    assert d.variable == "a_5"
    assert [n for n, s in statuses(d).items() if s == "wrong"] == ["a_5"]
    assert x.name in d.nodes


def test_tables_of_arrays():
    w = Tensor([[0.3, -0.2], [0.5, 0.4]], requires_grad=True, name="W")
    x = Tensor([0.7, -1.1], requires_grad=True, name="x")
    h = tanh(w @ x).named("h")
    flow = FlowGraph((h * h).sum().named("L"))
    hh = np.tanh(w.value @ x.value)
    g, dh = 2 * hh, 1 - hh**2
    right = {"h": g, "W": np.outer(g * dh, x.value), "x": w.value.T @ (g * dh)}
    assert diagnose(flow, table=right).status == "right"
    half = {"h": hh, "W": np.outer(hh * dh, x.value), "x": w.value.T @ (hh * dh)}
    assert statuses(diagnose(flow, table=half)) == {
        "h": "wrong", "x": "right_given_your_earlier_answer", "W": "right_given_your_earlier_answer",
    }  # fmt: skip


@pytest.mark.parametrize(
    "same", ["0", "0.000", 0.0, "1e-320", "5e-324", "1e308", "-1.7e308", 1e300]
)
def test_one_number_in_every_line_earns_nothing(same):
    d = diagnose(three_step(), table=dict.fromkeys(("h_1", "h_0", "x"), same))
    assert set(statuses(d).values()) <= {"wrong", "format"}


def test_out_of_zeros_nothing_follows_that_shows_a_step():
    x = Value(0.7, name="x")
    a = (3.0 * x).named("a")
    b = (a * a).named("b")
    flow = FlowGraph((b * 2.0).named("y"))
    d = diagnose(flow, table={"b": 2, "a": 0, "x": 0})
    assert statuses(d) == {"b": "right", "a": "wrong", "x": "wrong"}
    assert "nothing can be seen" in str(d.nodes["x"])
    d = diagnose(flow, table={"b": 2, "a": 0.5, "x": 1.5})
    assert statuses(d) == {"b": "right", "a": "wrong", "x": "right_given_your_earlier_answer"}


def test_a_right_zero_stays_right_and_passes_on():
    x = Value(0.0, name="x")
    a = (3.0 * x).named("a")
    flow = FlowGraph((a * a).named("y"))
    assert diagnose(flow, table={"a": 0, "x": "0.000"}).status == "right"


def test_two_lines_about_one_variable_are_refused():
    with pytest.raises(AnswerError, match="two lines of the table are about h_1"):
        diagnose(three_step(), table={"h_1": 0.794, "h1": 0.5})


@pytest.mark.parametrize(
    ("off", "digits"), [(f"{G0 + 2e-5:.6f}", 4), (f"{G0 * (1 + 1e-6):.10f}", None)]
)
def test_what_is_right_alone_is_right_in_a_table(off, digits):
    """Rounded too early, or a numerical derivative: right with a remark, and the line below as well."""
    below = A * G0 + B * G1
    d = diagnose(
        three_step(), table={"h_1": f"{G1:.12f}", "h_0": off, "x": f"{below:.12f}"}, digits=digits
    )
    assert diagnose(three_step(), "h_0", off, digits=digits).status == "right"
    assert set(statuses(d).values()) == {"right"}
    assert d.nodes["h_0"].remarks


def test_a_line_a_little_off_follows_from_a_wrong_one():
    wrong = D1 * E
    below = (A * wrong + B * G1) * (1 + 1e-6)
    d = diagnose(
        three_step(), table={"h_1": f"{G1:.10f}", "h_0": f"{wrong:.10f}", "x": f"{below:.10f}"}
    )
    assert statuses(d) == {
        "h_1": "right",
        "h_0": "wrong",
        "x": "right_given_your_earlier_answer",
    }


def test_numbers_of_few_digits_are_not_called_swapped():
    """0.7 is no 0.6755: of fewer than three digits nothing is said."""
    x = Value(1.2, name="x")
    flow = FlowGraph((sin(x).named("h") ** 2).named("y"))
    for h, x_line in (("0.7", "1.9"), ("1", "2")):
        d = diagnose(flow, table={"h": h, "x": x_line})
        assert not any(i.startswith("J8") for i in (*d.ids, *d.nodes["h"].ids))


@pytest.mark.parametrize("wrong", [0, -1, 0.4, 1.6])
@pytest.mark.parametrize(("a", "b"), [("1.00e3", "-402"), ("1000", "-402.0")])
def test_rounding_above_covers_no_zero_and_no_other_sign(a, b, wrong):
    """1000·cos(1.2) - 402·0.9: of three digits each, the difference may be off by four times itself."""
    x = Value(1.2, name="x")
    s, t = sin(x).named("a"), (x * 0.9).named("b")
    flow = FlowGraph((s * 1000.0 - t * 402.0).named("y"))
    right = 1000 * math.cos(1.2) - 402 * 0.9
    lines = {"a": a, "b": b}
    assert diagnose(flow, table={**lines, "x": f"{right:.4f}"}).status == "right"
    d = diagnose(flow, table={**lines, "x": f"{wrong * right:.4f}"})
    assert statuses(d) == {"a": "right", "b": "right", "x": "wrong"}


def test_a_difference_of_rounded_lines_follows_from_them():
    """Right lines of three digits: their difference, of one digit, is right as it follows."""
    x = Value(1.2, name="x")
    s, t = sin(x).named("a"), (x * 0.9).named("b")
    flow = FlowGraph((s * 3.3314 - t * 1.3383).named("y"))
    follows = 3.33 * math.cos(1.2) - 1.34 * 0.9
    d = diagnose(flow, table={"a": "3.33", "b": "-1.34", "x": f"{follows:.4g}"})
    assert d.status == "right"


def test_a_transposed_line_is_right_and_passes_on_what_it_means():
    w = Tensor(np.array([[1.2, 0.7, -0.4], [0.3, 2.1, 0.9]]), name="w", requires_grad=True)
    y = (w * w).named("y")
    flow = FlowGraph((y * y).sum().named("L"))
    ybar = 2 * np.asarray(y.data)
    garbled = 2 * np.asarray(w.data) * ybar.T.reshape(2, 3)
    d = diagnose(flow, table={"y": ybar.T, "w": 2 * np.asarray(w.data) * ybar})
    assert d.status == "right"
    assert "transposed" in str(d.nodes["y"])
    assert statuses(diagnose(flow, table={"y": ybar.T, "w": garbled}))["w"] == "wrong"
