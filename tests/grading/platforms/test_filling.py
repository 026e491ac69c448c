"""Banks read back and matched by the platforms' published rules say what `diagnose` says."""

import re
from decimal import Decimal
from functools import cache
from html import unescape
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from autograd_lite import FlowGraph, equations
from autograd_lite.errors import AssignmentError
from grading._diagnose import diagnose, judge
from grading.answers import read
from grading.asking import prepare
from grading.assignments import load
from grading.platforms.bank import matching, rounded
from grading.platforms.filling import bank, why_not
from grading.platforms.moodle import moodle_xml
from grading.platforms.prairielearn_question import question_files
from tests.grading.platforms.running import ASSIGNMENT

EQUATIONS = """
h_0 = cos(x)
h_1 = (h_0**3 + sin(x)) / sqrt(2)
yhat = sqrt(h_0**2 + h_1**2)
"""
VARIANTS = 3
DIGITS = 4
HAND = True  # the shipped assignment says so
ASKED = {"held": [("h_0", ("h_1",))], "moves": [("h_0", None), ("x", None)]}


@cache
def held(credit=()):
    return bank(load("three_step"), variants=VARIANTS, only=tuple(ASKED), credit=dict(credit))


def flow(x):
    """The question's graph, made here from its equations."""
    return FlowGraph(equations(EQUATIONS, x=x)["yhat"])


def planted(x, wrt, hold):
    """What students may type: the right answer and every mistake's, to the asked digits."""
    question = asked(x, wrt, hold)
    values = [question.right[0], *(float(c.value[0]) for c in question.candidates)]
    return list(dict.fromkeys(rounded(x, DIGITS) for x in values if abs(x) > 1e-12))


@cache
def asked(x, wrt, hold):
    return prepare(flow(x), wrt, hold=hold)


def said(x, wrt, hold, text):
    """(right?, what the student reads) without any bank."""
    d = judge(asked(x, wrt, hold), 0, read(text), hand=HAND, digits=DIGITS)
    return d.is_right, str(d)


# --- Moodle --------------------------------------------------------------------------------------


@cache
def moodle():
    """{(question, field): its questions} of the file, read as Moodle reads it."""
    root = ET.fromstring(moodle_xml(held().title, held().questions))  # noqa: S314 - the file that we wrote
    found = {}
    for question in root.findall("question[@type='numerical']"):
        name, field, _ = question.findtext("name/text").split()
        found.setdefault((name, field), []).append(question)
    return found


def moodle_says(question, typed):
    """(fraction, feedback) of the first answer whose interval holds the number: qtype_numerical."""
    for answer in question.findall("answer"):
        text, tolerance = answer.findtext("text"), float(answer.findtext("tolerance"))
        feedback = re.fullmatch("<p>(.*)</p>", unescape(answer.findtext("feedback/text")))[1]
        if text == "*":
            return float(answer.get("fraction")) / 100, feedback
        width = tolerance + 1e-14 * max(1, abs(float(text)))
        if float(text) - width <= typed <= float(text) + width:
            return float(answer.get("fraction")) / 100, feedback
    raise AssertionError("there is no answer that catches all others")


def given(question):
    return float(re.search(r"x = (-?[\d.]+)", question.findtext("questiontext/text"))[1])


CASES = [(name, wrt, hold) for name, parts in ASKED.items() for wrt, hold in parts]


@pytest.mark.parametrize(("name", "wrt", "hold"), CASES)
def test_moodle_says_what_diagnose_says(name, wrt, hold):
    questions = moodle()[name, wrt]
    assert len(questions) == VARIANTS
    for question in questions:
        x = given(question)
        texts = planted(x, wrt, hold)
        assert len(texts) > 30
        for text in texts:
            right, feedback = said(x, wrt, hold, text)
            assert moodle_says(question, float(text)) == (float(right), feedback), text


@pytest.mark.parametrize(("name", "wrt", "hold"), CASES)
def test_and_so_does_diagnose_by_itself(name, wrt, hold):
    x = given(moodle()[name, wrt][0])
    for text in planted(x, wrt, hold)[::9]:
        d = diagnose(flow(x), wrt, text, hold=hold, digits=DIGITS, hand=HAND)
        assert moodle_says(moodle()[name, wrt][0], float(text)) == (float(d.is_right), str(d))


@pytest.mark.parametrize(("name", "wrt", "hold"), CASES)
def test_the_right_answer_is_right_with_more_digits_too(name, wrt, hold):
    for question in moodle()[name, wrt]:
        graph = flow(given(question))
        right = float(graph.partial("yhat", wrt, hold=hold) if hold else graph.total(wrt))
        for digits in range(DIGITS, 16):
            assert moodle_says(question, float(rounded(right, digits)))[0] == 1


def test_variants_have_numbers_of_their_own():
    assert len({given(question) for question in moodle()["moves", "x"]}) == VARIANTS


def test_no_row_shadows_another_one():
    """Intervals have no more than an end in common, and the right answer comes first."""
    for question in held().questions:
        for number in question.numbers:
            assert number.rows[0].fraction == 1
            ends = sorted(
                (row.value - row.tolerance, row.value + row.tolerance) for row in number.rows
            )
            assert all(a[1] <= b[0] for a, b in pairwise(ends))
            assert all(row.tolerance > 0 for row in number.rows)


def test_no_sentence_holds_the_right_number():
    for question in held().questions:
        for number in question.numbers:
            right = Decimal(number.rows[0].text)
            texts = [row.feedback for row in number.rows] + [
                number.otherwise,
                question.text,
                question.says,
            ]
            numbers = {Decimal(x) for text in texts for x in re.findall(r"-?\d+\.\d+", text)}
            assert not {right, -right} & numbers


# --- PrairieLearn --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ASKED)
def test_prairielearn_says_what_diagnose_says(name):
    (question,) = (q for q in held().questions if q.name == name)
    server = {}
    exec(question_files("t", question)["server.py"], server)  # noqa: S102 - the file that we wrote
    for seed in range(VARIANTS):
        for i, (wrt, hold) in enumerate(ASKED[name], 1):
            data = {"variant_seed": seed, "params": {}, "correct_answers": {}, "partial_scores": {}}
            server["generate"](data)
            x = float(data["params"]["givens"].partition("x = ")[2])
            for text in planted(x, wrt, hold):
                data |= {"submitted_answers": {f"answer{i}": float(text)}, "partial_scores": {}}
                server["grade"](data)
                found = data["partial_scores"][f"answer{i}"]
                right, feedback = said(x, wrt, hold, text)
                assert (found["score"], found["feedback"]) == (float(right), feedback), text


# --- tables, and work by hand --------------------------------------------------------------------

TABLE = """
title = "By hand"
feedback = "path"

[graph]
equations = "h = sin(x)\\ny = h**2 * x"
design = { x = { from = 0.4, to = 1.3, decimals = 3 } }

[[question]]
name = "lines"
ask = "table"
hand = HAND
"""


@pytest.fixture(params=["false", "true"])
def table(request, tmp_path):
    (tmp_path / "table.toml").write_text(TABLE.replace("HAND", request.param), "utf-8")
    return bank(load(tmp_path / "table.toml"), variants=2).questions[0], request.param == "true"


def test_a_table_becomes_a_question_a_line_and_hand_work_may_be_off_as_diagnose_has_it(table):
    question, hand = table
    assert question.fields == ("h", "x")
    for number in question.numbers:
        graph = FlowGraph(
            equations("h = sin(x)\ny = h**2 * x", x=float(dict(number.givens)["x"]))["y"]
        )
        wanted = prepare(graph, number.field)
        right = float(rounded(wanted.right[0], DIGITS))
        unit = float(2 * number.rows[0].tolerance)
        for steps in (-2, -1, 0, 1, 2):
            text = rounded(right + steps * unit, DIGITS)
            row = matching(number.rows, float(text))
            d = judge(wanted, 0, read(text), hand=hand, digits=DIGITS)
            assert d.is_right == (row is not None and row.fraction == 1), (text, str(d))
            assert str(d) == (row.feedback if row else number.otherwise)


def test_a_tolerance_of_the_assignment_widens_the_right_answer(tmp_path):
    path = tmp_path / "wide.toml"
    path.write_text(TABLE.replace("HAND", "false\ntolerance = 0.01"), "utf-8")
    for number in bank(load(path), variants=2).questions[0].numbers:
        right = float(number.rows[0].text)
        assert len(number.rows[0].text) < 20
        for off, wanted in [(0, 1), (0.009, 1), (-0.0099, 1), (0.0102, 0), (-0.011, 0)]:
            row = matching(number.rows, right * (1 + off))
            assert (row.fraction if row else 0) == wanted


# --- what the instructor sets, and what no bank can hold -----------------------------------------


def test_partial_credit_goes_to_its_mistake():
    (question,) = (q for q in held(credit=(("A18", 0.5),)).questions if q.name == "held")
    some = [row for row in question.numbers[0].rows if 0 < row.fraction < 1]
    assert {(row.fraction, row.ids[0].partition(":")[0]) for row in some} == {(0.5, "A18")}
    texts = [row.text for row in some]
    assert f"-{question.numbers[0].rows[0].text}" in texts
    assert len(texts) == 3  # work by hand may be off by one in the last place


def test_what_a_bank_cannot_hold_is_left_out_with_a_sentence():
    whole = load("three_step")
    assert [bool(why_not(q)) for q in whole.questions] == [False] * 4 + [True]
    assert "formula" in why_not(whole.question("formula"))


@pytest.mark.parametrize(
    ("name", "word"), [("bptt", "array"), ("convolution", "array"), ("engine", "code")]
)
def test_an_assignment_without_numbers_is_refused_with_a_sentence(name, word):
    with pytest.raises(AssignmentError, match=word):
        bank(load(name))


def test_a_question_that_was_named_is_not_left_out_silently():
    with pytest.raises(AssignmentError, match="formula"):
        bank(load("three_step"), only=["held", "formula"])
    with pytest.raises(AssignmentError, match="did you mean 'held'"):
        bank(load("three_step"), only=["hold"])


def test_a_question_says_when_it_may_be_seen(in_tmp_path):
    (in_tmp_path / "hw.toml").write_text(f'visibility = "hidden"{ASSIGNMENT}', "utf-8")
    (question,) = bank(load("hw.toml"), variants=1).questions
    assert question.visibility == "hidden"
