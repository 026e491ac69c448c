"""A paper: right answers in any legal form earn their points, mistakes are named, and no reference leaks."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from grading.assignments import load
from grading.assignments.written import asked, assignment, between
from grading.results import Item

SECRET = {"secret": "between us"}

EQUATIONS = """
h_0 = cos(x)
h_1 = (h_0**3 + sin(x)) / sqrt(2)
yhat = sqrt(h_0**2 + h_1**2)
"""


def homework(*questions, **said):
    said = {"graph": {"equations": EQUATIONS, "design": {"x": between(0.3, 1.3, 3)}}} | said
    return assignment("Two ways", *questions, **SECRET, **said)


def the_x(paper):
    (given,) = paper.questions[0].givens
    assert given.name == "x"
    return given.value


def truth(x):
    """By hand: ŷ, ∂ŷ/∂h_0, dŷ/dh_1, dŷ/dh_0 and dŷ/dx."""
    h0, s = math.cos(x), math.sin(x)
    h1 = (h0**3 + s) / math.sqrt(2)
    y = math.hypot(h0, h1)
    direct, by_h1 = h0 / y, h1 / y
    total_h0 = direct + by_h1 * 3 * h0**2 / math.sqrt(2)
    total_x = total_h0 * -s + by_h1 * h0 / math.sqrt(2)
    return {"y": y, "direct": direct, "h_1": by_h1, "h_0": total_h0, "x": total_x}


@pytest.fixture(scope="module")
def paper():
    return homework(
        asked("value", "value", of="yhat"),
        asked("partial", "partial", wrt="h_0", hold="h_1", points=2),
        asked("total", "total", wrt=["h_0", "x"], points=4),
        asked("cut", "cut", at=["h_0", "h_1"]),
        asked("table", "table", points=3),
        asked("formula", "formula", of="h_1", wrt="h_0", points=2),
        feedback="path",
    ).paper("ada")


def test_right_answers_earn_everything(paper):
    right = truth(the_x(paper))
    four = {name: f"{x:.4g}" for name, x in right.items()}
    items = paper.grade({
        "value": {"yhat": right["y"]},
        "partial": {"h_0": four["direct"].replace(".", ",")},
        "total": {"h_0": f"{100 * right['h_0']:.2f} %", "x": f" {four['x']} "},
        "cut": {"h_0": np.float64(right["h_0"]), "h_1": f"{right['h_1']:.4e}"},
        "table": {"h_1": four["h_1"], "h_0": four["h_0"], "x": four["x"]},
        "formula": {"h_0": "3/sqrt(2)*h_0^2"},
    })  # fmt: skip
    assert [(i.question, i.part, i.status) for i in items if i.status != "right"] == []
    assert sum(i.points for i in items) == sum(i.out_of for i in items) == 13


def test_a_named_mistake_is_named_and_earns_nothing(paper):
    right = truth(the_x(paper))
    (item, _) = paper.grade({"total": {"h_0": f"{right['direct']:.5g}"}})[2:4]
    assert (item.status, item.points) == ("wrong", 0.0)
    assert any(name.startswith(("A1:", "A2", "A4")) or name == "A1" for name in item.ids), item.ids
    assert "h_1" in item.feedback


def test_a_slip_in_a_table_costs_one_line(paper):
    right = truth(the_x(paper))
    x = the_x(paper)
    slip = right["direct"]  # the path through h_1 forgotten
    follows = slip * -math.sin(x) + right["h_1"] * math.cos(x) / math.sqrt(2)
    items = paper.grade({"table": {"h_1": right["h_1"], "h_0": slip, "x": follows}})
    table = {i.part: i for i in items if i.question == "table"}
    assert table["h_1"].status == "right"
    assert table["h_0"].status == "wrong"
    assert table["x"].status == "right_given_your_earlier_answer"
    assert [table[p].points for p in ("h_1", "h_0", "x")] == [1.0, 0.0, 1.0]


NOTHING = [
    {}, {"value": {}}, {"value": {"yhat": ""}}, {"value": {"yhat": "  "}}, {"value": {"yhat": None}},
    {"value": None}, {"value": "0.5"}, None, [],
]  # fmt: skip


@pytest.mark.parametrize("empty", NOTHING)
def test_what_is_not_answered_is_missing(paper, empty):
    assert {i.status for i in paper.grade(empty)} == {"missing"}
    assert {i.points for i in paper.grade(empty)} == {0.0}


HOSTILE = [
    "abc", "1/0", "nan", "inf", "9**9**9", "__import__('os')", "1" * 10**6, "(" * 10_000, "0x10", "1e999",
    "١٢٣", "\0", "\ud800", "[[1,2],[3]]", "[" * 5000, b"1", object(), [1, "a"], {"a": 1}, True, 1j,
    float("nan"), 10**400, np.array(["a"]), np.zeros((0,)), np.array(object()), ["x"] * 10**5,
]  # fmt: skip


@pytest.mark.parametrize("answer", HOSTILE, ids=lambda x: ascii(x)[:20])
def test_no_answer_hurts_the_grader(paper, answer):
    names = {q.name: {f.name: answer for f in q.fields} for q in paper.questions}
    for item in paper.grade(names):
        assert item.status in ("format", "wrong", "missing"), (item.question, item)
        assert item.points == 0.0
        assert len(item.answer) <= 200
        assert item.feedback


def test_an_object_that_lies_about_itself_is_no_answer(paper):
    class Liar(float):
        def __eq__(self, other):
            return True

        def __hash__(self):
            return 0

        def __repr__(self):
            raise RuntimeError

        def __float__(self):
            raise RuntimeError

    (item, *_) = paper.grade({"value": {"yhat": Liar(0.1)}})
    assert item.status != "right"
    assert item.points in (0.0, None)


def test_too_few_digits_are_asked_for_again(paper):
    right = truth(the_x(paper))["y"]
    (item, *_) = paper.grade({"value": {"yhat": f"{right:.3g}"}})
    assert item.status in ("format", "right")
    if f"{right:.3g}" not in (f"{right:.4g}", f"{right:.4g}".rstrip("0")):
        assert (item.status, item.points) == ("format", 0.0)
        assert "4 significant digits" in item.feedback


def numbers_in(text):
    return [float(x) for x in re.findall(r"\d+\.\d+(?:[eE][+-]?\d+)?|\.\d+", text)]


@pytest.mark.parametrize("feedback", ["variable", "kind", "path"])
def test_the_right_number_is_in_no_feedback(feedback):
    paper = homework(
        asked("v", "value", of=["h_1", "yhat"]), asked("t", "total", wrt=["h_0", "x"]),
        asked("p", "partial", wrt="h_0", hold="h_1"), asked("tab", "table"), asked("f", "formula", wrt="x"),
        feedback=feedback,
    ).paper("eve")  # fmt: skip
    right = truth(the_x(paper))
    secret = [
        *right.values(),
        (math.cos(the_x(paper)) ** 3 + math.sin(the_x(paper))) / math.sqrt(2),
    ]
    for factor in (-1, 2, 0.5, 0, 1.01, 1 / right["h_0"], right["direct"], right["h_1"]):
        fields = {
            "h_1": 0.9 * factor,
            "yhat": factor,
            "h_0": right["h_0"] * factor,
            "x": right["x"] * factor,
        }
        typed = {name: f"{x:.5g}" for name, x in fields.items()}
        items = paper.grade(
            {"v": typed, "t": typed, "p": typed, "tab": typed, "f": {"x": "sin(x)"}}
        )
        for item in items:
            if item.status == "right":
                continue
            mine = [abs(float(x)) for x in typed.values()]
            for found in numbers_in(item.feedback):
                if any(math.isclose(found, x, rel_tol=1e-9) for x in mine):
                    continue
                assert not any(math.isclose(found, abs(s), rel_tol=5e-3) for s in secret), (
                    item.feedback
                )
            assert item.path == () or feedback == "path"


def test_the_reference_is_told_where_the_instructor_says_so(paper):
    right = truth(the_x(paper))
    told = homework(asked("t", "total", wrt="x"), feedback="reference").paper("ada")
    (item,) = told.grade({"t": {"x": "77.77"}})
    assert any(
        math.isclose(x, abs(truth(the_x(told))["x"]), rel_tol=1e-5)
        for x in numbers_in(item.feedback)
    )
    (item, *_) = paper.grade({"value": {"yhat": "77.77"}})
    assert str(right["y"])[:7] in item.note
    assert str(right["y"])[:5] not in item.feedback


def test_another_students_answer_is_told_to_the_instructor_alone():
    work = homework(asked("t", "total", wrt="x"))
    papers = sorted(work.papers("abcdefgh").values(), key=the_x)
    mine, other = papers[0], papers[-1]
    assert the_x(mine) != the_x(other)
    (item,) = mine.grade({"t": {"x": f"{truth(the_x(other))['x']:.5f}"}})
    assert item.status == "wrong"
    assert "right for another set of numbers" in item.note
    assert "another" not in item.feedback
    (item,) = mine.grade({"t": {"x": f"{truth(the_x(mine))['x']:.5f}"}})
    assert (item.status, "another" in item.note) == ("right", False)


def test_a_tolerance_of_the_author_counts_and_no_nan_is_within_it():
    paper = homework(asked("t", "total", wrt="x", tolerance=0.02)).paper("ada")
    right = truth(the_x(paper))["x"]
    statuses = [
        paper.grade({"t": {"x": x}})[0].status for x in (right * 1.019, right * 1.03, "nan")
    ]
    assert statuses == ["right", "wrong", "format"]


def test_hand_work_may_be_off_by_one_and_a_half_in_the_last_place():
    by_hand, exact = (
        homework(asked("t", "total", wrt="x", hand=h)).paper("ada") for h in (True, False)
    )
    right = truth(the_x(by_hand))["x"]
    decimals = 3 - math.floor(math.log10(abs(right)))
    # away from zero: digits that are cut off, not rounded, are right too
    off = f"{round(right, decimals) + math.copysign(10.0**-decimals, right):.{decimals}f}"
    assert by_hand.grade({"t": {"x": off}})[0].status == "right"
    assert exact.grade({"t": {"x": off}})[0].status == "wrong"


def test_where_the_grader_fails_nobody_loses_points(paper, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("the grader's own")

    monkeypatch.setattr("grading.assignments.grade.judge", broken)
    monkeypatch.setattr("grading.assignments.grade.judge_lines", broken)
    typed = {"value": {"yhat": 1.25}, "table": {"x": 1.25}}
    failed = [i for i in paper.grade(typed) if i.status == "grader_error"]
    assert {i.question for i in failed} == {"value", "table"}
    assert all(
        i.points is None and "ZeroDivisionError" in i.note and "Zero" not in i.feedback
        for i in failed
    )


def test_a_program_is_judged_by_what_runs_it():
    paper = homework(asked("q", "function", wrt="x", function="grad_x", points=3)).paper("ada")
    assert [i.status for i in paper.grade({})] == ["missing"]
    seen = []

    def run(question, seed):
        seen.append((question.settings["function"], question.settings["arguments"], seed))
        return [Item("q", "grad_x", "right", 3.0, 3.0)]

    assert [i.points for i in paper.grade({}, code=run)] == [3.0]
    assert seen == [("grad_x", ("x",), paper.case_seed)]

    def fails(question, seed):
        raise OSError("disk")

    (item,) = paper.grade({}, code=fails)
    assert (item.status, item.points, item.out_of) == ("grader_error", None, 3.0)


@pytest.mark.parametrize("graded", [[Item("q", "f", "right", 1.0, 1.0)], OSError("disk"), None])
def test_a_hidden_program_stays_hidden_whatever_comes_of_it(graded):
    def run(question, seed):
        if isinstance(graded, Exception):
            raise graded
        return graded

    work = homework(asked("q", "function", wrt="x", function="f", visibility="hidden"))
    (item,) = work.paper("ada").grade({}, code=run if graded else None)
    assert item.visibility == "hidden"


def test_students_have_their_own_numbers_and_practice_has_others():
    work = homework(asked("t", "total", wrt="x"))
    papers = work.papers([f"s{i}" for i in range(60)])
    xs = [the_x(p) for p in papers.values()]
    assert len(set(xs)) > 30
    assert all(0.3 <= x <= 1.3 and round(x, 3) == x for x in xs)
    practice = {the_x(work.paper(f"s{i}", purpose="practice")) for i in range(200)}
    graded = {point["x"] for point in work.pools("graded")["graph"].points}
    assert not practice & graded
    again = replace(work, _pools={}).paper("s7")
    assert the_x(again) == the_x(papers["s7"])


def test_one_set_of_numbers_for_a_class():
    work = homework(asked("t", "total", wrt="x"), numbers="class")
    assert len({the_x(p) for p in work.papers("abcdefgh").values()}) == 1


def test_a_hidden_question_stays_hidden():
    paper = homework(
        asked("t", "total", wrt="x", visibility="hidden"), asked("u", "total", wrt="x")
    ).paper("a")
    assert [i.visibility for i in paper.grade({})] == ["hidden", "visible"]


def test_arrays_are_judged_entry_by_entry():
    paper = load("convolution").paper("ada")
    asked_of = paper.questions[0]
    given = {g.name: g.value for g in asked_of.givens}
    x, G = given["x"], given["G"]
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1)))
    dW = np.zeros_like(given["W"])
    for j in range(G.shape[2]):
        dW += np.einsum("no,nck->ock", G[:, :, j], padded[:, :, 2 * j : 2 * j + 3])
    right = {"W": dW.round(4).tolist(), "b": G.sum(axis=(0, 2))}
    items = paper.grade({"weights": right})
    assert [i.status for i in items if i.question == "weights"] == ["right", "right"]
    flipped = paper.grade({"weights": {"W": dW[..., ::-1], "b": G.mean(axis=(0, 2))}})
    found = {i.part: i for i in flipped if i.question == "weights"}
    assert {i.status for i in found.values()} == {"wrong"}
    assert any(name.startswith(("G1", "J")) for name in found["W"].ids), found["W"]


@pytest.mark.parametrize("typed", ["1,234", "12,345", "1;2", "[1,2]", "1 234", "1,234,567"])
def test_what_can_be_a_number_and_a_list_is_judged_and_fails_no_grader(typed):
    paper = homework(asked("t", "total", wrt=["x", "h_0"]), asked("v", "value", of="yhat")).paper(
        "ada"
    )
    items = paper.grade({"t": {"x": typed, "h_0": typed}, "v": {"yhat": typed}})
    assert {item.status for item in items} <= {"wrong", "format"}
    assert sum(item.points for item in items) == 0


def test_two_digits_are_too_few_in_a_table_as_they_are_elsewhere():
    paper = homework(asked("t", "table", nodes=["h_1", "h_0", "x"])).paper("ada")
    right = truth(the_x(paper))
    lines = {name: right[name] for name in ("h_1", "h_0", "x")}
    few = paper.grade({"t": {name: f"{x:.2g}" for name, x in lines.items()}})
    assert all(
        item.status != "right" or abs(float(item.answer) / lines[item.part] - 1) < 5e-3
        for item in few
    )
    assert any(item.status == "format" and "at least 4" in item.feedback for item in few)
    full = paper.grade({"t": {name: f"{x:.4g}" for name, x in lines.items()}})
    assert {item.status for item in full} == {"right"}
