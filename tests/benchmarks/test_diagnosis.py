"""What the benchmark of diagnoses calls right, worked out by hand, is what the engine computes."""

import numpy as np
import pytest

from autograd_lite import FlowGraph, equations
from benchmarks.diagnosis import arrays, formulas, tables
from benchmarks.diagnosis.by_hand.carried import ON_PAPER
from benchmarks.diagnosis.by_hand.tables import TABLES
from benchmarks.diagnosis.question import QUESTIONS, array_questions
from benchmarks.diagnosis.scalars import graph_at
from benchmarks.diagnosis.score import (
    LOOKS_RIGHT,
    NAMED,
    UNKNOWN,
    WRONG_CLASS,
    rounded,
    typed,
    verdict,
)
from grading import Diagnosis
from grading._diagnose import judge
from grading.answers import read
from grading.asking import prepare

MODELS = list(array_questions())


def inside(inputs):
    """A number inside each range, another one for each input."""
    shares = [(0.31 + 0.17 * i) % 1 for i in range(len(inputs))]
    return {
        name: round(low + share * (high - low), 3)
        for (name, (low, high)), share in zip(inputs.items(), shares, strict=True)
    }


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_the_right_number_is_the_derivative(question):
    values = inside(question.inputs)
    flow = graph_at(question, values)
    by_hand = next(x for rows, x in question.answers(**values) if rows == "right")
    if question.hold is None:
        expected = flow.total(question.wrt, of=question.of)
    else:
        expected = flow.partial(question.of, question.wrt, hold=list(question.hold))
    assert by_hand == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("question", MODELS, ids=lambda q: q.name)
def test_the_right_array_is_the_gradient(question):
    gradient = np.asarray(question.flow.total(question.wrt))
    assert gradient.shape == question.right.shape
    assert np.allclose(gradient, question.right, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("question", MODELS, ids=lambda q: q.name)
def test_no_wrong_array_is_the_right_one(question):
    for rows, value in question.answers:
        wrong = np.asarray(value, float)
        if rows != "right" and wrong.shape == question.right.shape:
            assert not np.allclose(wrong, question.right, rtol=1e-3), rows


@pytest.mark.parametrize("question", MODELS, ids=lambda q: q.name)
def test_each_wrong_array_is_named(question):
    prepared = prepare(question.flow, question.wrt)
    for rows, value in question.answers:
        if rows != "right":
            d = judge(prepared, 0, read(np.asarray(value, float)))
            assert verdict(d, rows) == NAMED, (rows, d.status, d.ids)


NOT_NAMED = {
    ("product of three", "B7"), ("softmax in numbers", "D5"), ("squares of waves", "K3"),
}  # fmt: skip
"""What a student did in several places, and no row says"""


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_each_wrong_number_is_named(question):
    values = inside(question.inputs)
    prepared = prepare(graph_at(question, values), question.wrt, of=question.of, hold=question.hold)
    for rows, value in question.answers(**values):
        if rows != "right" and (question.name, rows) not in NOT_NAMED:
            d = judge(prepared, 0, read(f"{value:.12g}"))
            assert verdict(d, rows) == NAMED, (rows, value, d.status, d.ids)


@pytest.mark.parametrize("question", ON_PAPER, ids=lambda q: f"d{q.of}/d{q.wrt}")
def test_what_is_right_on_paper_is_the_derivative(question):
    values = inside(question.inputs)
    by_hand = dict(question.work(lambda x: x, **values))["right"]
    flow = FlowGraph(equations(question.equations, **values)[question.of])
    assert by_hand == pytest.approx(flow.total(question.wrt), rel=1e-9)


@pytest.mark.parametrize("question", TABLES, ids=lambda q: q.of)
def test_the_lines_called_right_are_the_derivatives(question):
    flow = FlowGraph(equations(question.equations)[question.of])
    for table in question.tables():
        for variable, (number, deserved) in table.lines.items():
            if deserved == "r":
                assert number == pytest.approx(flow.total(variable), rel=1e-9)
            elif number is not None:
                assert number != pytest.approx(flow.total(variable), rel=1e-3)


def test_the_tables_and_formulas_are_judged_as_they_deserve():
    for score in (tables.judged_tables(), formulas.accepted()):
        assert score.counts.total() >= 17
        assert not score.cases


def test_a_score_counts_and_keeps_what_went_wrong():
    question = next(q for q in MODELS if q.name == "linear layer by its weight")
    score = arrays.judged_question(question, 4)
    assert (
        score.counts[NAMED] + len(score.cases) == score.counts.total() == len(question.answers) - 1
    )


def test_verdicts():
    said = Diagnosis("diagnosed", ("B1:h",), synonyms=("B10a:h", "A17"))
    assert verdict(said, "B10") == verdict(said, "C3 A17") == NAMED
    assert verdict(said, "A1") == verdict(said, "B2") == WRONG_CLASS
    assert verdict(Diagnosis("unknown"), "A1") == UNKNOWN
    assert verdict(Diagnosis("right"), "A1") == LOOKS_RIGHT


def test_numbers_are_typed_with_so_many_digits():
    assert typed(0.5, 4) == "0.5000"
    assert typed(-123.456, 4) == "-123.5"
    assert rounded([[1234.5, 0.00098765]], 3).tolist() == [[1230.0, 0.000988]]
