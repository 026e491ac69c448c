"""PrairieLearn questions: files that stand alone, and a server.py that marks by the bank's table."""

import ast
import json
import subprocess
import sys
import uuid
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from grading.platforms.bank import matching
from grading.platforms.prairielearn_question import question_files
from tests.grading.platforms.banks import OTHERWISE, PICTURE, QUESTION
from tests.processes import PATIENCE

FILES = question_files("Homework 1", QUESTION)


def server(files=FILES):
    """The functions of server.py, run as PrairieLearn does: a file without a package around it."""
    names = {}
    exec(compile(files["server.py"], "server.py", "exec"), names)  # noqa: S102 - the file that we wrote
    return names


def data(seed, **typed):
    return {"variant_seed": seed, "params": {}, "correct_answers": {}, "submitted_answers": typed,
            "partial_scores": {}, "score": 0}  # fmt: skip


def test_the_files_of_a_question():
    assert {*FILES} == {"info.json", "question.html", "server.py", "clientFilesQuestion/graph.svg"}
    assert FILES["clientFilesQuestion/graph.svg"] == PICTURE
    info = json.loads(FILES["info.json"])
    assert uuid.UUID(info["uuid"])
    assert (info["title"], info["topic"], info["type"]) == (QUESTION.title, "Homework 1", "v3")
    assert question_files("Homework 1", QUESTION) == FILES


def test_the_server_needs_the_standard_library_alone(tmp_path):
    tree = ast.parse(FILES["server.py"])
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported | {"typing"} == {"__future__", "typing"}
    assert not any(isinstance(node, ast.Import) for node in ast.walk(tree))
    (tmp_path / "server.py").write_bytes(FILES["server.py"])
    done = subprocess.run([sys.executable, "-I", "-S", "-c", "import runpy; runpy.run_path('server.py')"],
                          cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE,
                          check=False)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_the_page_asks_for_every_number_and_keeps_braces_as_text():
    page = FILES["question.html"].decode()
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
    parser.feed(page)
    inputs = [a for tag, a in found if tag == "pl-number-input"]
    assert [(a["answers-name"], a["digits"]) for a in inputs] == [
        ("answer1", "4"),
        ("answer2", "4"),
    ]
    assert inputs[0]["label"] == "ŷ/∂h_0"
    assert {a["show-correct-answer"] for a in inputs} == {"false"}
    assert page.count("{{") == 1
    assert "{{params.givens}}" in page


@pytest.mark.parametrize("seed", [0, 1, 2, 12345])
def test_a_seed_chooses_a_variant_with_its_numbers(seed):
    asked = data(seed)
    server()["generate"](asked)
    variant = asked["params"]["variant"]
    numbers = [n for n in QUESTION.numbers if n.variant == QUESTION.variants[variant]]
    assert variant == seed % 2
    assert asked["params"]["givens"] == "x = 0.30, w_η = -1.20"
    assert [*asked["correct_answers"].values()] == [float(n.rows[0].text) for n in numbers]


@pytest.mark.parametrize("typed", [0.4919, 0.49195, 0.492, -0.1106, -0.4919, 0.7, 0.0, 1e300])
def test_marks_and_feedback_are_those_of_the_matching_rule(typed):
    asked = data(0, answer1=typed, answer2=0.4919)
    server()["generate"](asked)
    server()["grade"](asked)
    row = matching(QUESTION.numbers[0].rows, typed)
    fraction, feedback = (row.fraction, row.feedback) if row else (0.0, OTHERWISE)
    assert asked["partial_scores"]["answer1"]["score"] == fraction
    assert asked["partial_scores"]["answer1"]["feedback"] == feedback
    assert asked["score"] == (fraction + 1) / 2


@pytest.mark.parametrize("typed", [None, "", "x", {"_type": "complex"}, []])
def test_an_answer_that_is_no_number_earns_nothing_and_breaks_nothing(typed):
    asked = data(0, answer1=typed, answer2={"_type": "np_scalar", "_value": "0.4919"})
    server()["generate"](asked)
    server()["grade"](asked)
    assert asked["score"] == 0.5
    assert "answer1" not in asked["partial_scores"]


@pytest.mark.parametrize("visibility", ["hidden", "after_due_date"])
def test_where_feedback_is_not_to_be_seen_the_table_has_none(visibility):
    program = question_files("t", replace(QUESTION, visibility=visibility))["server.py"].decode()
    assert OTHERWISE not in program
    assert "Right." not in program
    assert "0.4919" in program
