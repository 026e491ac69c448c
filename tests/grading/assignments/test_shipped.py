"""What is shipped: every kind of question, answers as difference quotients have them, mistakes told apart."""

import numpy as np
import pytest

from grading.assignments import load, shipped
from grading.assignments.file_keys import ASKED
from grading.assignments.identify import known

EPS = 1e-6


def test_the_nine_and_an_engine_are_there():
    assert shipped() == [
        "autoencoder", "bptt", "convolution", "engine", "lstm", "perceptron", "rbm", "three_step", "vae",
        "written_example",
    ]  # fmt: skip


def test_every_kind_of_question_is_among_them():
    assert {q.ask for name in shipped() for q in load(name).questions} == set(ASKED)


def quotient(graph, point, of, wrt):
    """The difference quotient of a leaf, entry by entry."""
    base = np.asarray(point[wrt], float)
    found = np.zeros(base.shape)
    for i in np.ndindex(base.shape):
        step = np.zeros(base.shape)
        step[i] = EPS
        up, down = (
            graph.nodes({**point, wrt: base + s if base.shape else float(base + s)})
            for s in (step, -step)
        )
        found[i] = (up[of].value - down[of].value) / (2 * EPS)
    return found


@pytest.mark.parametrize("name", shipped())
def test_right_answers_agree_with_difference_quotients(name):
    paper = load(name).paper("ada")
    count = 0
    for q in paper.questions:
        for part in q.question.parts:
            if q.question.is_code or part.hold or part.wrt is None or part.field.kind == "formula":
                continue
            point = q.pool.points[q.k]
            if part.wrt not in point:
                continue
            asked, k = q.pool.asked(part, q.k)
            np.testing.assert_allclose(
                asked.right[k],
                quotient(q.pool.graph, point, part.of, part.wrt),
                rtol=1e-5,
                atol=1e-7,
            )
            count += 1
    assert count or name in ("engine", "autoencoder", "three_step", "written_example")


@pytest.mark.parametrize("name", shipped())
def test_right_answers_of_the_grader_earn_everything(name):
    paper = load(name).paper("bob")
    answers = {}
    for q in paper.questions:
        for part in q.question.parts:
            if part.field.kind in ("number", "array"):
                asked, k = q.pool.asked(part, q.k)
                right = asked.right[k]
                text = np.array2string(
                    right, formatter={"float": lambda x: f"{x:.4e}"}, threshold=10**6, separator=","
                )
                answers.setdefault(q.name, {})[part.field.name] = text
    for item in paper.grade(answers):
        if item.part in answers.get(item.question, {}):
            assert item.status == "right", item


@pytest.mark.parametrize("name", [n for n in shipped() if n not in ("engine",)])
def test_their_numbers_tell_mistakes_apart(name):
    for q in load(name).paper("eve").questions:
        for part in q.question.parts:
            if q.question.is_code or part.field.kind == "formula":
                continue
            asked, k = q.pool.asked(part, q.k)
            found = known(asked, range(k, k + 1), 5)
            assert found.looking <= 0.02, (q.name, part.field.label, found)
            assert found.chance <= 0.011, (q.name, part.field.label, found)


def test_formulas_of_the_shipped_ones():
    def status(name, question, text):
        paper = load(name).paper("ada")
        (field,) = load(name).question(question).fields
        items = paper.grade({question: {field.name: text}})
        return next(i.status for i in items if i.question == question)

    assert status("three_step", "formula", "3h_0²/√2") == "right"
    assert status("vae", "kl", "(exp(s) - 1)/2") == "right"
    assert status("rbm", "formula", "-v1/(1+exp(-b - w1 v1 - w2*v_2))") == "right"
    assert status("rbm", "formula", "-1/(1+exp(-xi))") == "right"
    assert status("rbm", "formula", "1/(1+exp(-xi))") == "wrong"
