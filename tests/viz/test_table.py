"""The table of a flow graph: every number, six digits, aligned, the same each time."""

import re

import numpy as np
import pytest

import autograd_lite
from autograd_lite import FlowGraph, Tensor, Value, equations, example
from autograd_lite.errors import CutError, NotAVariableError, PictureError
from viz import table

THREE_STEP = """\
flow graph of ŷ: 4 variables, 5 edges

  variable  value     total derivative    equation
  x         1         dŷ/dx = -0.621607
  h_0       0.540302  dŷ/dh_0 = 1.09937   h_0 = cos x
  h_1       0.706541  dŷ/dh_1 = 0.794354  h_1 = (h_0³ + sin x)/√2
  ŷ         0.889453  dŷ/dŷ = 1           ŷ = √(h_0² + h_1²)

  edge       partial derivative
  x → h_0    ∂h_0/∂x = -sin x       = -0.841471
  x → h_1    ∂h_1/∂x = (cos x)/√2   = 0.382051
  h_0 → h_1  ∂h_1/∂h_0 = 3·h_0²/√2  = 0.61927
  h_0 → ŷ    ∂ŷ/∂h_0 = h_0/ŷ        = 0.607455
  h_1 → ŷ    ∂ŷ/∂h_1 = h_1/ŷ        = 0.794354

  cut at h_0, h_1 (each ∂ holds the other members)
    dŷ/dx = dŷ/dh_0·∂h_0/∂x + dŷ/dh_1·∂h_1/∂x = 1.09937·(-0.841471) + 0.794354·0.382051 = -0.621607
"""


def flow_of(name: str) -> FlowGraph:
    return FlowGraph(list(equations(example(name)).values())[-1])


def test_three_step_as_golden_text():
    assert table(flow_of("three_step"), cut=["h_0", "h_1"], wrt="x") == THREE_STEP


def test_the_same_graph_gives_the_same_table():
    assert table(flow_of("written_example")) == table(flow_of("written_example"))


def test_the_written_example_has_both_readings_of_its_gradient():
    """Third lecture: [0.14641, 0.1331] with v following u, [0.1331, 0.1331] with it held."""
    flow = flow_of("written_example")
    text = table(flow, cut=flow.cut(after=["u", "v"]), wrt=["u", "v"])
    assert "cut at w, x, y, z (" in text
    assert "= 0.121·0.1 + 0.11·0.1 + 0.1·0.1 + 1·0.1 = 0.1331\n" in text
    assert "dz/d[u, v] = [0.14641, 0.1331]\n" in text
    assert "∂z/∂[u, v] = [0.1331, 0.1331], each with the others held\n" in text


@pytest.mark.parametrize("name", ["one_step", "three_step", "written_example"])
def test_every_sum_at_every_cut_is_the_total_derivative(name):
    """The products printed are added up again, and give what is printed as the total."""
    text = table(flow_of(name))
    sums = re.findall(r"^    d\S+/d\S+ = .* = (.*) = (\S+)$", text, re.MULTILINE)
    assert len(sums) >= 2
    for products, total in sums:
        terms = [re.fullmatch(r"\(?([^()]+)\)?·\(?([^()]+)\)?", t) for t in products.split(" + ")]
        added = sum(float(t[1]) * float(t[2]) for t in terms)
        assert added == pytest.approx(float(total), abs=3e-6)


def test_without_a_cut_there_is_one_sum_for_the_cut_before_each_variable():
    text = table(flow_of("three_step"))
    assert re.findall(r"cut at ([^(\n]*\w)", text) == ["ŷ", "h_1, ŷ", "h_0, h_1"]


def test_by_default_the_sums_are_by_the_inputs_in_front_of_the_first_cut():
    x, z = Value(2.0, name="x"), Value(3.0, name="z")
    h = (x * x).named("h")
    flow = FlowGraph(((h * z).named("g") * h).named("y"))
    text = table(flow, cut=[flow.cut(after=["x"]), flow.cut(after=["x", "z", "h"])])
    assert re.findall(r"^    (dy/d\w)", text, re.MULTILINE) == ["dy/dx", "dy/dx"]


def test_a_derivative_that_is_a_number_is_written_once_and_a_long_equation_not_at_all():
    x = Value(2.0, name="x")
    names = [f"variable_{k}" for k in range(12)]
    y = (2 * x).named(names[0])
    for name in names[1:]:
        y = y + (3 * x).named(name)
    text = table(y.named("y"))
    assert re.search(r"^  x → variable_0 +∂variable_0/∂x = 2$", text, re.MULTILINE)
    assert re.search(r"^  y +70 +dy/dy = 1$", text, re.MULTILINE)
    assert re.search(r"^  variable_0 +4 +dy/dvariable_0 = 1 +variable_0 = 2·x$", text, re.MULTILINE)


def test_many_cuts_are_counted_rather_than_listed():
    lines = ["h_0 = 0.5", *(f"h_{t} = tanh(h_{t - 1})" for t in range(1, 31))]
    text = table(list(equations("\n".join(lines)).values())[-1])
    assert text.count("cut at") == 12
    assert "18 more cuts" in text


def test_columns_are_aligned_under_accents_too():
    x = Value(1.0, name="x")
    lines = table((x * 2).named(r"\tilde{h}")).splitlines()
    head, by_x, by_h = (line.replace("\u0303", "") for line in lines[2:5])
    assert head.index("value") == by_x.index("1 ") == by_h.index("2 ")


def test_a_name_of_a_stranger_moves_no_cursor_and_breaks_no_line():
    x = Value(1.0, name="a\nb\x1b[2J\u202e")
    text = table((x * 2).named("y\r\t"))
    assert all(line.isprintable() for line in text.split("\n"))
    assert len(text.splitlines()) == len(
        table((Value(1.0, name="a?b") * 2).named("y?")).splitlines()
    )


def test_a_single_variable_has_a_table():
    assert "1 variable, 0 edges" in table(Value(2.0, name="x"))
    assert "v_1" in table(Value(2.0) * 3)


def test_tensors_are_shown_by_numbers_shapes_and_norms():
    W = Tensor(np.eye(2), name="W", requires_grad=True)
    x = Tensor([1.0, 2.0], name="x", requires_grad=True)
    h = autograd_lite.tanh(W @ x).named("h")
    text = table(autograd_lite.sum(h).named("L"), cut=["h"], wrt="x")
    assert "[1, 2]" in text
    assert "2×2, norm 1.41421" in text
    assert "dL/dx = dL/dh·∂h/∂x = [0.419974, 0.0706508]" in text


def test_what_cannot_be_asked_is_refused():
    flow = flow_of("three_step")
    with pytest.raises(NotAVariableError, match="did you mean"):
        table(flow, wrt=["h_2"])
    with pytest.raises(CutError, match="leaks"):
        table(flow, cut=["h_0"])
    with pytest.raises(PictureError):
        table("yhat")


def test_a_sum_by_what_lies_beyond_the_cut_is_said_to_be_none():
    text = table(flow_of("three_step"), cut=["h_0", "h_1"], wrt="h_1")
    assert "no variable of the sum lies before it" in text


def test_equations_call_a_variable_as_its_row_does():
    """Names that no formula can have, and names that others have when marked: (1) of x_(1)."""
    for names in ("é日🙂", ("x_(1)", "x", "x"), ("-x", "3", " "), ("v_1", "v_{1}", "q!")):
        a, b = (Value(2.0, name=name) for name in names[:2])
        y = ((a * b).named(names[2]) * a).named("x_{(1)}")
        heads = {line.split()[0]: line for line in table(y).splitlines()[3:7]}
        assert len(heads) == 4
        for name, line in list(heads.items())[2:]:
            left, right = line.split("  ")[-1].split(" = ")
            assert left == name
            assert set(right.split("·")) <= heads.keys()


def test_a_name_that_no_formula_can_have_is_said_below():
    text = table((Value(2.0, name="日本") * 2).named("y"))
    assert text.endswith("\n\n  the variable called v_1 is 日本\n")


def test_a_constant_has_a_table_without_derivatives_by_it():
    text = table((Tensor([1.0, 2.0]).named("c") * 2).named("d"))
    assert "  d         [2, 4]" in text
    assert "dd/d" not in text


def test_arrays_without_entries_have_a_table():
    x = Tensor(np.zeros((0, 3)), requires_grad=True, name="x")
    text = table((x * 2).named("h").sum().named("L"))
    assert "dL/dx = dL/dh·∂h/∂x = 0×3, norm 0" in text
