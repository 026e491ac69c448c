"""Equations: what a text means, and what is refused of an untrusted text."""

import gc
import math
import re
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_lite import FlowGraph, Value, equations, example, examples
from autograd_lite.errors import EquationError
from autograd_lite.expressions import functions
from tests.processes import PATIENCE


def refusal(text: str, **values: float) -> str:
    """What is said when the text is refused."""
    with pytest.raises(EquationError) as caught:
        equations(text, **values)
    return str(caught.value)


# --- what a text means ---------------------------------------------------------------------------


def test_each_line_is_a_named_value_in_order():
    graph = equations("x = 1.0\nh = cos(x)\nyhat = sqrt(1 + h**2)")
    assert [(name, node.name) for name, node in graph.items()] == [(n, n) for n in graph]
    assert list(graph) == ["x", "h", "yhat"]
    assert graph["yhat"].data == pytest.approx(math.sqrt(1 + math.cos(1) ** 2), abs=1e-15)


@given(x=st.floats(-3, 3), y=st.floats(0.1, 3), n=st.integers(-4, 4))
def test_operators_bind_as_in_python(x, y, n):
    """Against Python itself, which reads the same line."""
    text = f"-x**2 + 2*x*y - x/y/2 - (y - x - 1)*-3 + y**{n} - y**-x**2 + sqrt(2)*pi - e"
    names = {"x": x, "y": y, "sqrt": math.sqrt, "pi": math.pi, "e": math.e}
    expected = eval(text, {"__builtins__": {}}, names)  # noqa: S307  (the test's own text)
    assert equations(f"z = {text}", x=x, y=y)["z"].data == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", sorted(functions()))
def test_every_elementwise_rule_can_be_called(name):
    rule = functions()[name]
    at = [1.3 if rule.name == "arccosh" else 0.3, 0.7, 0.9][: rule.arity]
    operands = ", ".join(map(str, at))
    assert equations(f"y = {name}({operands})")["y"].data == pytest.approx(float(rule(*at)))


def test_comments_blank_lines_and_lines_inside_parentheses():
    graph = equations("# first\n\n  x = 2  # an input\r\ny = (x +\n   # inside\n  1)\n")
    assert graph["y"].data == 3.0


def test_names_are_python_identifiers_greek_ones_too():
    graph = equations("ε_u = 1\nŷ = 2*ε_u\nω = ŷ", ε_u=3)
    assert [node.data for node in graph.values()] == [3.0, 6.0, 6.0]


def test_one_spelling_of_a_name_is_as_good_as_another():
    """Python reads identifiers in normal form NFKC: y and a combining hat are ŷ."""
    composed, apart = "y\u0302", "\u0177"
    assert list(equations(f"{composed} = 1\nz = 2*{apart}", **{composed: 2.0})) == [apart, "z"]


def test_a_name_without_equation_is_an_input_and_needs_a_value():
    graph = equations("y = b*a", a=2, b=3)
    assert list(graph) == ["b", "a", "y"]
    assert FlowGraph(graph["y"]).gradient(["a", "b"]) == pytest.approx([3, 2])


def test_a_given_value_replaces_the_number_of_a_line():
    text = "x = 1.0\nc: constant = 2*pi\ny = c*x"
    assert equations(text, x=3, c=0.5)["y"].data == 1.5
    assert equations(text, x=np.float64(3))["y"].data == pytest.approx(6 * math.pi)


def test_a_constant_is_no_variable():
    graph = equations("x = 2\nc: constant = 3\ny = c*x")
    assert not graph["c"].requires_grad
    assert [v.name for v in FlowGraph(graph["y"]).variables] == ["x", "y"]


def test_an_equation_between_two_names_makes_a_variable_of_its_own():
    graph = equations("x = 2\ny = x\nz = x*y")
    flow = FlowGraph(graph["z"])
    assert graph["y"] is not graph["x"]
    assert (flow.partial("y", "x"), flow.partial("z", "x"), flow.total("x")) == (1, 2, 4)


def test_pi_and_e_are_known_unless_a_line_defines_them():
    assert equations("y = pi*e")["y"].data == math.pi * math.e
    assert equations("e = 2\ny = e")["y"].data == 2
    assert equations("y = e", e=5)["y"].data == 5


def test_the_text_may_be_called_anything():
    assert equations("y = 2*text", text=2)["y"].data == 4


# --- the shipped examples ------------------------------------------------------------------------


def test_the_lectures_three_examples_are_shipped():
    assert examples() == ["one_step", "three_step", "written_example"]


def test_one_step_is_the_lectures():
    """dŷ/dx = (h/√(1+h²))·(−sin x)."""
    yhat = equations(example("one_step"), x=0.8)["yhat"]
    h = math.cos(0.8)
    assert FlowGraph(yhat).total("x") == pytest.approx(h / math.hypot(1, h) * -math.sin(0.8))


def test_three_step_is_the_lectures():
    """dŷ/dx = (h₁/ŷ)·cos x/√2 − (h₀ + 3/√2·h₀²h₁)/ŷ·sin x (with the 1/√2 of h₁ in place)."""
    graph = equations(example("three_step"))
    h0, h1, y = (graph[name].data for name in ("h_0", "h_1", "yhat"))
    assert (h0, h1) == pytest.approx((math.cos(1), (h0**3 + math.sin(1)) / math.sqrt(2)))
    by_h0 = (h0 + 3 / math.sqrt(2) * h0**2 * h1) / y
    expected = h1 / y * math.cos(1) / math.sqrt(2) - by_h0 * math.sin(1)
    assert FlowGraph(graph["yhat"]).total("x") == pytest.approx(expected)


def test_written_example_is_the_lectures():
    """z's gradient by [u, v] is [0.14641, 0.1331], and [0.1331, 0.1331] with the other one held."""
    graph = equations(example("written_example"))
    shown = [round(graph[name].data, 3) for name in "uvwxyz"]
    assert shown == [1, -0.4, 0.36, 0.296, -0.274, 0.698]
    flow = FlowGraph(graph["z"])
    assert [v.name for v in flow.variables] == list("uvwxyz")
    assert flow.gradient(["u", "v"]) == pytest.approx([0.14641, 0.1331])
    assert flow.gradient(["u", "v"], hold=True) == pytest.approx([0.1331, 0.1331])


@pytest.mark.parametrize("name", ["one_stp", "../examples/one_step", "one_step.flow", ""])
def test_an_unknown_example_is_refused_with_the_known_ones(name):
    with pytest.raises(EquationError, match="one_step"):
        example(name)


# --- what is refused -----------------------------------------------------------------------------

REFUSED = {
    "h_0 = 1\ny = h0 + 1": "line 2, .*: 'h0' has neither .* did you mean 'h_0'",
    "y = x + 1": "--at x=1.0",
    "y = 2*h\nh = 1": "line 1, .*'h' is used before its equation in line 2; move that line up",
    "x = 1\n\nx = 2": "line 3, `x = 2`: 'x' has an equation already, in line 1",
    "a = 2*c\nb = a\nc = b": "in a circle, .* → ",
    "x = x + 1": "in a circle, x → x",
    "x = 0\ny = 2 + 1/x": r"line 2, .*: its value is inf, because 1 / 0 is inf",
    "x = -1\ny = log(x)": r"its value is nan, because log\(-1\) is nan",
    "y = (-8)**(1/3)": r"its value is nan, because \(-8\) \*\* 0.333333 is nan",
    "y = exp(x)": "'x' has neither",
    "y = x^2": r"\^ has no place here: .* two stars",
    "y = x²": "two stars",
    "y = 2·x": "a star",
    "y = a − b": "minus sign of the keyboard",
    "y = foo(2)": "'foo' is no function",
    "y = sine(2)": "did you mean 'sin'",
    "y = matmul(2, 3)": "'matmul' is no function",
    "y = x.real": "no attributes",
    "y = (1).real": "no attributes",
    "y = math.sin(1)": "write sin",
    "y = 9**9**9": "giant power",
    "y = 10**5000": "giant power",
    "y = 1e999": "too large",
    "y = " + "9" * 400: "too large",
    "y = " + "9" * 5000: "longer than",
    "y = " + "(" * 51 + "1" + ")" * 51: "parentheses are open",
    "y = " + "-" * 2000 + "1": "more than 1000",
    "y = " + "2**" * 600 + "1": "more than 1000",
    "y = (1 + 2": "never closed",
    "y = 1 + 2)": "this is no equation",
    "y = 1 +": "this is no equation",
    "y = sin(x=1)": "in order, without names",
    "y = sin(*x)": "without names or stars",
    "y = sin(1, 2)": "sin takes 1 operand, not 2",
    "y = sin()": "sin takes 1 operand, not 0",
    "y = sin": "'sin' is a function; write sin",
    "y = 2x": r"a product needs a star, 2\*x",
    "y = 2(3)": "only a function's name can be called",
    "y = sin(1)(2)": "only a function's name can be called",
    "y = 1 < 2": "no comparisons",
    "y = 1 == 2": "no comparisons",
    "y = 1 if 2 else 3": "no if",
    "y = 1 and 2": "no and, or, not",
    "y = not 1": "no and, or, not",
    "y = 7 // 2": "write /",
    "y = 7 % 2": "no place here",
    "y = 'text'": "no text in quotes",
    'y = "text"': "no text in quotes",
    "y = [1]": "no indexing",
    "y = 1j": "product needs a star",
    "y = True": "no numbers",
    "y = None": "no numbers",
    "y = 1, 2": "one line for each",
    "y = (z := 1)": "a line of its own",
    "y = lambda: 1": "choose another name, say λ",
    "lambda = 1": "choose another name, say λ",
    "y = await 1": "a word of Python's own",
    "import os": "a word of Python's own",
    "a = b = 1": "one name on the left",
    "a, b = 1": "one name on the left",
    "sin(x) = 1": "this is no equation",
    "1 + 1": "one name on the left",
    "y": "one name on the left",
    "y == 2": "one name on the left",
    "y = 1; z = 2": "one equation a line",
    "y = 1 + \\\n 2": "only inside parentheses",
    "y: float = 1": "name: constant = 0.3",
    "y: constant": "name: constant = 0.3",
    "x = 1\ny: constant = 2*x": "a constant is a number, but y needs 'x'",
    "a" * 41 + " = 1": "longer than 40",
    "y = 1\0": "has no place here",
    "": "no equation",
    "# only a comment\n": "no equation",
    "y = 1\n" * 50_000: "longer than",
}


@pytest.mark.parametrize(("text", "said"), REFUSED.items(), ids=range(len(REFUSED)))
def test_a_refused_text_says_what_where_why_and_what_instead(text, said):
    message = refusal(text)
    assert re.search(said, message), message
    assert message.startswith("line ") or "\n" not in text or len(text) > 1000 or "#" in text
    assert len(message) < 500


@pytest.mark.parametrize(
    "x", [math.nan, math.inf, -math.inf, "1", None, 1j, [1.0], 10**400, Value(1)], ids=str
)
def test_a_given_value_must_be_a_finite_number(x):
    assert "must be a finite real number" in refusal("y = x", x=x)


def test_a_value_for_a_name_nobody_mentions_is_refused():
    assert "did you mean 'h_0'" in refusal("h_0 = 1\ny = h_0", h0=2)


def test_a_value_for_a_computed_name_is_refused():
    assert "'y' is computed" in refusal("x = 1\ny = 2*x", y=2)
    assert "'u' is computed" in refusal("e_u: constant = 1\nu = e_u", u=2)


def test_no_text_is_evaluated_as_python(tmp_path):
    """Each of these would leave a trace if any of it ran."""
    trace = tmp_path / "trace"
    for text in (
        f"y = open({str(trace)!r}, 'w')",
        "y = __import__(os)",
        "y = exec(1)",
        "y = (lambda: 0)()",
        "__class__ = __class__.__bases__",
        "y = ().__class__",
        "x: (y := 1) = 2",
    ):
        refusal(text)
    assert not trace.exists()


def test_control_characters_of_a_text_do_not_reach_the_terminal():
    assert "\x1b" not in refusal("y = \x1b[2J")
    assert "\x1b" not in refusal("y = 1", **{"\x1b[2J": 1.0})


@given(st.text(alphabet="xyhe01.*/+-()=,: \n#^", max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        graph = equations(text)
    except EquationError:
        return
    assert all(math.isfinite(node.data) for node in graph.values())


@given(st.text(max_size=30))
def test_any_text_of_any_alphabet_is_read_or_refused(text):
    try:
        said = repr(list(equations(text)))
    except EquationError as error:
        said = str(error)
    assert said.isprintable()


def test_a_failing_text_leaves_no_node_behind():
    gc.collect()
    before = sum(type(x) is Value for x in gc.get_objects())
    refusal("x = 1\ny = exp(x)\nz = 1/(y - y)")
    gc.collect()
    assert sum(type(x) is Value for x in gc.get_objects()) == before


def test_a_text_of_2000_lines_makes_a_chain():
    lines = ["h_0 = 0.5", *(f"h_{t} = tanh(1.01*h_{t - 1})" for t in range(1, 2000))]
    assert 0 < equations("\n".join(lines))["h_1999"].data < 0.5


def test_a_long_sum_is_read_without_recursion():
    text = "y = " + " + ".join(["x"] * 450)
    assert equations(text, x=1)["y"].data == 450


def test_texts_can_be_read_in_small_threads():
    """Where the stack is small, the deepest permitted text is still read or refused."""
    said = []
    text = "y = " + "-" * 900 + "(" * 49 + "x" + ")" * 49

    def work():
        try:
            said.append(equations(text, x=1.0)["y"].data)
        except EquationError as error:
            said.append(str(error))

    before = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(PATIENCE)
        assert not thread.is_alive()
    finally:
        threading.stack_size(before)
    assert said
