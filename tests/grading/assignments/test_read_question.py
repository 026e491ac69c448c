"""A broken assignment is refused with file, line and key, what was expected, and the nearest right word."""

import re

import pytest

from autograd_lite.errors import AssignmentError
from grading.assignments import load
from grading.assignments.written import asked, assignment, between

GOOD = '''title = "Two ways"
feedback = "path"

[graph]
equations = """
h_0 = cos(x)
h_1 = (h_0**3 + sin(x)) / sqrt(2)
yhat = sqrt(h_0**2 + h_1**2)
"""
design = { x = { from = 0.2, to = 1.4, decimals = 3 } }

[[question]]
name = "q1"
ask = "value"
of = ["h_0", "yhat"]
points = 3

[[question]]
name = "q2"
ask = "partial"
wrt = "h_0"
hold = ["h_1"]

[[question]]
name = "q3"
ask = "total"
wrt = ["h_0", "x"]
points = { h_0 = 2, x = 3 }

[[question]]
name = "q4"
ask = "cut"
at = ["h_0", "h_1"]
'''
MODEL = """title = "Model"
[graph]
model = "RNN"
input_size = 2
hidden_size = 3
output_size = 2
loss = "half_squared_error"
[[question]]
name = "q1"
ask = "array"
wrt = "W_hh"
"""


@pytest.fixture
def loaded(tmp_path):
    def load_text(text):
        path = tmp_path / "hw.toml"
        path.write_text(text, encoding="utf-8")
        return load(path)

    return load_text


def test_what_is_not_broken_is_read(loaded):
    q1, q2, q3, q4 = loaded(GOOD).questions
    assert [x.name for x in q1.fields] == ["h_0", "yhat"]
    assert [x.points for x in q1.fields] == [1.5, 1.5]
    assert (q2.parts[0].of, q2.parts[0].wrt, q2.parts[0].hold) == ("yhat", "h_0", ("h_1",))
    assert {x.name: x.points for x in q3.fields} == {"h_0": 2, "x": 3}
    assert [x.label for x in q4.fields] == ["dŷ/dh_0", "dŷ/dh_1"]


BROKEN = [
    # the file
    ('title = "Two', 'titel = "Two', 1, "titel", "did you mean 'title'"),
    ('title = "Two ways"', "title = 3", 1, "title", "expected text in quotes"),
    ('title = "Two ways"', 'title = ""', 1, "title", "expected text in quotes"),
    ('title = "Two ways"\n', "", 1, "", "'title' is missing"),
    ('feedback = "path"', 'feedback = "paths"', 2, "feedback", "did you mean 'path'"),
    ('feedback = "path"', "feedback = 1", 2, "feedback", "expected one of"),
    ('feedback = "path"', 'visibility = "never"', 2, "visibility", "expected one of"),
    ('feedback = "path"', 'secret_file = "none.txt"', 2, "secret_file", "cannot be read"),
    # the graph
    ("cos(x)", "coss(x)", 6, "graph, equations", "did you mean 'cos'"),
    ("cos(x)", "cos(x", 6, "graph, equations", "never closed"),
    ("cos(x)", "__import__('os')", 6, "graph, equations", "no text in quotes"),
    ("sqrt(2)", "sqrt(z)", 7, "graph, equations", "design = { z = 1.0 }"),
    ("sqrt(h_0**2 + h_1**2)", "sqrt(h_0 - 0.6)", 8, "graph, equations", "is nan (at x = "),
    ("yhat = ", "h_1 = ", 8, "graph, equations", "has an equation already"),
    ("h_0 = cos(x)", "h_0 = cos(yhat)", 6, "graph, equations", "in a circle"),
    ("design = { x = {", "design = { q = {", 10, "graph, design", "which no equation mentions"),
    ("from = 0.2", "from = 2", 10, "graph, design, x", "'from' is below 'to'"),
    ("from = 0.2", 'from = "a"', 10, "graph, design, x, from", "expected a number"),
    ("design = {", "variants = 0\ndesign = {", 10, "graph, variants", "expected a whole number"),
    ("design = {", "desing = {", 10, "graph, desing", "did you mean 'design'"),
    ("design = {", "model = 'RNN'\ndesign = {", 4, "graph", "either the key"),
    ("[graph]", "[grpah]", 4, "grpah", "did you mean 'graph'"),
    ("[graph]", "[graphs]", 5, "graphs, equations", "a table is expected"),
    ("[graph]", "[[graph]]", 4, "graph", "expected a table"),
    # questions
    ('name = "q1"', 'name = "q 1"', 13, "question 1, name", "expected a word"),
    ('name = "q1"', 'name = "../../etc"', 13, "question 1, name", "expected a word"),
    ('name = "q1"\n', "", 12, "question 1", "'name' is missing"),
    ('name = "q2"', 'name = "q1"', 19, "question 2, name", "called 'q1' too"),
    ('ask = "value"', 'ask = "values"', 14, "question 1, ask", "did you mean 'value'"),
    ('ask = "value"', 'ask = ["value"]', 14, "question 1, ask", "expected one of"),
    ('ask = "value"\n', "", 12, "question 1", "'ask' is missing"),
    ('ask = "total"', 'ask = "array"', 26, "question 3, ask", "is asked of a model"),
    ('"h_0", "yhat"', '"h_0", "yhatt"', 15, "question 1, of", "did you mean 'yhat'"),
    ('"h_0", "yhat"', '"h_0", "h_0"', 15, "question 1, of", "there twice"),
    ('"h_0", "yhat"', '"yhat", "ŷ"', 15, "question 1, of", "there twice"),
    ('["h_0", "yhat"]', "[]", 15, "question 1, of", "expected a variable's name"),
    ("points = 3", "points = 0", 16, "question 1, points", "above 0"),
    ("points = 3", "points = -1", 16, "question 1, points", "above 0"),
    ("points = 3", "points = nan", 16, "question 1, points", "above 0"),
    ("points = 3", 'points = "3"', 16, "question 1, points", "above 0"),
    ("points = 3", "points = true", 16, "question 1, points", "above 0"),
    ("points = 3", "digits = 2", 16, "question 1, digits", "from 3 to 12"),
    ("points = 3", "tolerance = 0", 16, "question 1, tolerance", "above 0"),
    ("points = 3", "hand = 1", 16, "question 1, hand", "true or false"),
    ("points = 3", 'wrt = "x"', 16, "question 1, wrt", "belongs to 'partial', 'total'"),
    ("points = 3", "pionts = 3", 16, "question 1, pionts", "did you mean 'points'"),
    ("points = 3", 'graph = "other"', 16, "question 1, graph", "no graph is called 'other'"),
    ('wrt = "h_0"', 'wrt = "yhat"', 21, "question 2, wrt", "is what is differentiated"),
    ('wrt = "h_0"', 'wrt = "h0"', 21, "question 2, wrt", "did you mean 'h_0'"),
    ('wrt = "h_0"', 'of = "h_0"\nwrt = "h_1"', 22, "question 2, wrt", "does not depend on 'h_1'"),
    ('hold = ["h_1"]', 'hold = ["h_2"]', 22, "question 2, hold", "no variable 'h_2'"),
    ('hold = ["h_1"]', 'hold = ["h_0"]', 22, "question 2, hold", "held and moved at once"),
    ('hold = ["h_1"]', "hold = 1", 22, "question 2, hold", "expected one of"),
    ("h_0 = 2, x = 3", "h_0 = 2", 28, "question 3, points", "points of 'x' are missing"),
    ("h_0 = 2, x = 3", "h_0 = 2, y = 3", 28, "question 3, points, y", "no such key"),
    ("h_0 = 2, x = 3", "h_0 = 2, x = 0", 28, "question 3, points, x", "above 0"),
    ('at = ["h_0", "h_1"]', 'at = ["h_1"]', 33, "question 4, at", "leaks past it"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "key", "said"), BROKEN, ids=lambda x: str(x)[:24])
def test_a_broken_file_is_refused_with_line_key_and_reason(loaded, old, new, line, key, said):
    assert GOOD.count(old) >= 1
    with pytest.raises(AssignmentError) as caught:
        loaded(GOOD.replace(old, new, 1))
    message = str(caught.value)
    where = f"hw.toml, line {line}" + (f", {key}" if key else "")
    assert message.startswith(f"{where}: "), message
    assert said in message


MODELS_BROKEN = [
    ('model = "RNN"', 'model = "RNNN"', 3, "graph, model", "did you mean 'RNN'"),
    ('model = "RNN"', 'model = "__import__"', 3, "graph, model", "expected one of"),
    ("input_size = 2", "input_size = 0", 4, "graph, input_size", "from 1 to 64"),
    ("input_size = 2", "input_size = 10000000", 4, "graph, input_size", "from 1 to 64"),
    ("input_size = 2\n", "", 2, "graph", "'input_size' is missing"),
    ("input_size = 2", "input_size = 2\nfeatures = 2", 5, "graph, features", "no such key"),
    ('loss = "half_squared_error"', 'loss = "negative_elbo"', 7, "graph, loss", "does not fit RNN"),
    ('wrt = "W_hh"', 'wrt = "W"', 11, "question 1, wrt", "no variable 'W'"),
    ('ask = "array"', 'ask = "table"', 10, "question 1, wrt", ""),
    ('ask = "array"', 'ask = "total"', 10, "question 1, ask", "is asked of equations"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "said"), MODELS_BROKEN, ids=lambda x: str(x)[:24]
)
def test_a_broken_model_is_refused_with_line_key_and_reason(loaded, old, new, line, key, said):
    with pytest.raises(AssignmentError) as caught:
        loaded(MODEL.replace(old, new, 1))
    assert f", {key}" in str(caught.value)
    assert said in str(caught.value)
    if said:
        assert f"line {line}, " in str(caught.value)


def test_a_constant_is_nothing_to_differentiate_by(loaded):
    text = GOOD.replace("h_0 = cos(x)", "c: constant = 2.0\nh_0 = cos(c*x)")
    with pytest.raises(AssignmentError, match="'c' is a constant"):
        loaded(text.replace('wrt = ["h_0", "x"]', 'wrt = ["c"]'))


def test_several_graphs_have_to_be_named(loaded):
    more = GOOD.replace(
        "[graph]", "[graphs.b]\nequations = 'y = x**2'\ndesign = { x = 2.0 }\n[graphs.a]"
    )
    with pytest.raises(AssignmentError, match="question 1: the key 'graph' is missing"):
        loaded(more)
    named = re.sub(r"(ask = .*)", r'\1\ngraph = "a"', more)
    with pytest.raises(AssignmentError, match="graphs, b: no question is about this graph"):
        loaded(named)


def test_a_question_has_a_graph_to_ask_about(loaded):
    text = 'title = "x"\n[[question]]\nname = "q"\nask = "total"\nwrt = "x"\n'
    with pytest.raises(AssignmentError, match="line 2, question 1: there is no graph"):
        loaded(text)


@pytest.mark.parametrize(
    "tail", ["", "question = []", "question = 1", "question = [1]", "[question]"]
)
def test_an_assignment_has_questions(loaded, tail):
    with pytest.raises(AssignmentError, match="question"):
        loaded(f'title = "x"\n{tail}\n')


def test_an_equations_line_is_counted_in_the_file_however_the_text_begins(loaded):
    text = GOOD.replace('"""\nh_0', '"""h_0').replace("sqrt(2)", "sqrt(qq)")
    with pytest.raises(AssignmentError, match="line 6, graph, equations"):
        loaded(text)


@pytest.mark.parametrize("path", ["nowhere.toml", "three-step", "", "a\0b", None, 3, ["x"]])
def test_what_is_no_file_and_no_shipped_name_is_refused(path):
    with pytest.raises(AssignmentError, match="there is no file"):
        load(path)


def test_work_by_hand_is_said_once_for_all_but_arrays():
    work = assignment(
        "By hand", asked("a", "total", wrt="x"), asked("b", "total", wrt="x", hand=False), hand=True,
        graph={"equations": "y = x**2", "design": {"x": between(1, 3)}},
    )  # fmt: skip
    assert [q.hand for q in work.questions] == [True, False]
    arrays = assignment(
        "By hand", asked("a", "array", wrt="W"), hand=True,
        graph={"model": "Linear", "in_features": 2, "out_features": 2, "loss": "mse_loss"},
    )  # fmt: skip
    assert not arrays.questions[0].hand
