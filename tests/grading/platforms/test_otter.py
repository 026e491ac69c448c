"""The real `otter run` grades a shipped notebook: a case for each part, whose failure says why."""

import io
import json
import zipfile

import nbformat
import pytest
from nbformat.validator import validate

from grading.assignments import load
from grading.platforms.otter import otter_autograder, otter_notebook
from tests.grading.platforms.running import ASSIGNMENT, hand_in, right_answers, run


@pytest.fixture(scope="module")
def homework(tmp_path_factory):
    folder = tmp_path_factory.mktemp("otter")
    (folder / "assignment.toml").write_text(ASSIGNMENT, "utf-8")
    assignment = load(folder / "assignment.toml")
    (folder / "homework.ipynb").write_text(json.dumps(otter_notebook(assignment)), "utf-8")
    (folder / "autograder.zip").write_bytes(otter_autograder(assignment, ASSIGNMENT))
    return folder, assignment


def test_the_notebook_is_one(homework):
    validate(nbformat.read(homework[0] / "homework.ipynb", as_version=4))


def test_the_same_assignment_gives_the_same_file(homework):
    folder, assignment = homework
    assert otter_autograder(assignment, ASSIGNMENT) == (folder / "autograder.zip").read_bytes()


def test_no_test_holds_an_answer(homework):
    folder, assignment = homework
    with zipfile.ZipFile(io.BytesIO((folder / "autograder.zip").read_bytes())) as archive:
        text = archive.read("tests/moves.py").decode()
    assert not any(answer in text for answer in right_answers(assignment, "moves").values())


def test_cases_of_a_hidden_question_are_hidden(tmp_path):
    (tmp_path / "a.toml").write_text(f'visibility = "hidden"{ASSIGNMENT}', "utf-8")
    assignment = load(tmp_path / "a.toml")
    packed = io.BytesIO(otter_autograder(assignment, ASSIGNMENT))
    text = zipfile.ZipFile(packed).read("tests/moves.py").decode()
    assert text.count("hidden=True") == text.count("@test_case") == 2


def test_otter_run_marks_each_part_and_shows_its_feedback(homework):
    folder, assignment = homework
    right = right_answers(assignment, "moves")
    typed = f'moves = {{"h": "{right["h"]}", "x": "-{right["x"]}"}}'  # the sign of x is wrong
    hand_in(folder / "homework.ipynb", folder / "handed_in" / "homework.ipynb", {"moves": typed})
    run(
        "otter",
        "run",
        "-a",
        "autograder.zip",
        "-o",
        ".",
        "--no-logo",
        "handed_in/homework.ipynb",
        cwd=folder,
    )
    results = json.loads((folder / "results.json").read_text("utf-8"))
    (found,) = (test for test in results["tests"] if test["name"] == "moves")
    assert (found["score"], found["max_score"]) == (1, 4)
    assert "sign" in found["output"]
    assert right["x"] not in found["output"].replace(f"-{right['x']}", "")
