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


def rounded(x, digits=5):
    return float(f"{x:.{digits - 1}e}")


def three_step(x):
    """As a careful student works: every number on the way rounded to five digits."""
    r = rounded
    c, s, root = r(np.cos(x)), r(np.sin(x)), r(np.sqrt(2))
    h_1 = r(r(r(c**3) + s) / root)
    y = r(np.sqrt(r(r(c**2) + r(h_1**2))))
    by_0, by_1 = r(c / y), r(h_1 / y)
    d_0 = r(by_0 + r(by_1 * r(r(3 * r(c**2)) / root)))
    d_x = r(r(d_0 * -s) + r(by_1 * r(c / root)))
    return {
        "forward": {"h_0": c, "h_1": h_1, "yhat": y},
        "held": {"h_0": by_0},
        "moves": {"h_0": d_0, "x": d_x},
        "cut": {"h_0": d_0, "h_1": by_1},
    }


def vae(mu, s, epsilon, x, d):
    """The same."""
    r = rounded
    sigma = r(np.exp(s / 2))
    z = r(mu + r(sigma * epsilon))
    d_z = r(-r(d * r(x - r(d * z))))
    d_s = r(r(r(d_z * epsilon) * r(sigma / 2)) + r(r(r(np.exp(s)) - 1) / 2))
    return {"sample": {"z": z}, "terms": {"z": d_z, "mu": r(d_z + mu), "s": d_s}}


@pytest.mark.parametrize(("name", "work"), [("three_step", three_step), ("vae", vae)])
def test_a_careful_student_who_carries_five_digits_and_gives_four_is_right(name, work):
    """Of three_step every seventh value of h_1 is then off by one in the last place."""
    papers = load(name).papers([f"s{i}" for i in range(60)])
    for paper in papers.values():
        numbers = {given.name: float(given.value) for given in paper.questions[0].givens}
        answers = {
            q: {field: f"{x:#.4g}" for field, x in fields.items()}
            for q, fields in work(**numbers).items()
        }
        asked = [item for item in paper.grade(answers) if item.status != "missing"]
        assert {item.status for item in asked} == {"right"}, [x.note for x in asked]
        assert len(asked) == sum(map(len, answers.values()))
