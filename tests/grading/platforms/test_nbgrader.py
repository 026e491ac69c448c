"""The real nbgrader makes the students' notebook, grades it, and has the marks in its gradebook."""

import json
import sys

import nbformat
import pytest
from nbformat.validator import validate

from grading.assignments import load
from grading.platforms.nbgrader import nbgrader_notebook
from tests.grading.platforms.running import ASSIGNMENT, hand_in, right_answers, run

STUDENTS = {  # what they write below the empty answers, by what they earn
    "right": (4, 'moves = {"h": "%(h)s", "x": %(x)s}'),
    "one": (1, 'moves = {"h": "%(h)s", "x": "0.1234", "y": 1}'),
    "broken": (0, 'moves = {"h": np.nan, "x": object()}\nmoves = {'),
}
MARKS = """
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    found = {s.student.id: (s.score, s.max_score) for s in book.assignment_submissions("homework")}
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with an assignment that is generated, handed in and graded."""
    folder = tmp_path_factory.mktemp("course")
    source = folder / "source" / "homework"
    source.mkdir(parents=True)
    (source / "assignment.toml").write_text(ASSIGNMENT, "utf-8")
    homework = load(source / "assignment.toml")
    (source / "homework.ipynb").write_text(json.dumps(nbgrader_notebook(homework)), "utf-8")
    (folder / "alembic").write_text(
        f"#!{sys.executable}\nfrom alembic.config import main\nmain()\n"
    )
    (folder / "alembic").chmod(0o755)  # nbgrader starts it by its name
    path = f"{folder}:/usr/bin:/bin"
    run("nbgrader", "generate_assignment", "homework", "--create", cwd=folder, PATH=path)
    answers = right_answers(homework, "moves")
    for student, (_, text) in STUDENTS.items():
        target = folder / "submitted" / student / "homework" / "homework.ipynb"
        hand_in(
            folder / "release" / "homework" / "homework.ipynb", target, {"moves": text % answers}
        )
    run("nbgrader", "autograde", "homework", "--create", cwd=folder, PATH=path)
    return folder


def test_the_notebook_is_one(tmp_path):
    (tmp_path / "a.toml").write_text(ASSIGNMENT, "utf-8")
    validate(nbformat.from_dict(nbgrader_notebook(load(tmp_path / "a.toml"))))


def test_students_get_neither_the_graded_check_nor_an_answer(course):
    text = (course / "release" / "homework" / "homework.ipynb").read_text("utf-8")
    assert "student=" not in text
    answers = right_answers(load(course / "source" / "homework" / "assignment.toml"), "moves")
    assert not any(answer in text for answer in answers.values())


def test_the_gradebook_has_the_marks(course):
    (course / "marks.py").write_text(MARKS)
    found = json.loads(run("marks", cwd=course, PYTHONPATH=str(course)))
    assert found == {student: [points, 4] for student, (points, _) in STUDENTS.items()}


def test_feedback_stands_in_the_graded_notebook_and_says_how_far_it_can_be_trusted(course):
    graded = nbformat.read(
        course / "autograded" / "one" / "homework" / "homework.ipynb", as_version=4
    )
    printed = "".join(
        o.text for c in graded.cells for o in c.get("outputs", []) if o.get("name") == "stdout"
    )
    assert "moves: 1 of 4 points" in printed
    assert "Tier D, trusted" in printed
    assert "practice" not in printed
