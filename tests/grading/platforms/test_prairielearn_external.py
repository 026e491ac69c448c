"""Questions for PrairieLearn's external grader: documented files, and the program tried in its folders."""

import json
import math
import os
import re
import shutil
import subprocess
import sys

import pytest

from grading.assignments import load
from grading.platforms.prairielearn_external import FOLDER, course_files, external_files
from grading.platforms.prairielearn_run import main
from tests.grading.platforms.documented import PRAIRIELEARN, PRAIRIELEARN_TEST, complaints
from tests.grading.platforms.running import ASSIGNMENT, HALF_PROGRAM, PROGRAM, RIGHT_PROGRAM
from tests.processes import PATIENCE

FORMULA = '\n[[question]]\nname = "arrow"\nask = "formula"\nof = "h"\nwrt = "x"\npoints = 2\n'
TEXT = ASSIGNMENT + PROGRAM + FORMULA
OPTIONS = {
    "enabled",
    "image",
    "entrypoint",
    "serverFilesCourse",
    "timeout",
    "enableNetworking",
    "environment",
}


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    path = tmp_path_factory.mktemp("course") / "homework.toml"
    path.write_text(TEXT, "utf-8")
    return load(path)


@pytest.fixture
def grade(assignment, tmp_path):
    """/grade as PrairieLearn makes it, for a question and a submission: the root, before it is graded."""

    def made(question, typed=None, files=None, variant=1):
        found = external_files(assignment, TEXT, assignment.question(question), variants=3)
        for name, data in found.items():
            if name.startswith("tests/"):
                (tmp_path / "tests").mkdir(exist_ok=True)
                (tmp_path / name).write_bytes(data)
        for folder in ("data", "student"):
            (tmp_path / folder).mkdir()
        data = {"params": {"variant": variant}, "submitted_answers": typed or {}}
        (tmp_path / "data" / "data.json").write_text(json.dumps(data))
        for name, text in (files or {}).items():
            (tmp_path / "student" / name).write_text(text, "utf-8")
        return tmp_path

    return made


def results(root):
    found = json.loads((root / "results" / "results.json").read_text("utf-8"))
    assert complaints(found, PRAIRIELEARN, PRAIRIELEARN_TEST) == []
    return found


@pytest.mark.parametrize("name", ["program", "arrow"])
def test_the_files_of_a_question(assignment, name):
    files = external_files(assignment, TEXT, assignment.question(name), variants=3)
    info = json.loads(files["info.json"])
    options = info["externalGradingOptions"]
    assert info["gradingMethod"] == "External"
    assert options.keys() <= OPTIONS
    assert options["entrypoint"] == f"/grade/serverFilesCourse/{FOLDER}/run.sh"
    assert options["enableNetworking"] is False
    assert 0 < options["timeout"] <= 600
    page = files["question.html"].decode()
    wanted = (
        '<pl-file-upload file-names="slopes.py">' if name == "program" else 'answers-name="answer1"'
    )
    assert wanted in page
    assert "<pl-external-grader-results>" in page
    assert re.findall(r"\{\{.*?\}\}", page) == ["{{params.givens}}"]
    assert TEXT.encode() not in b"".join(
        x for key, x in files.items() if not key.startswith("tests/")
    )


def test_the_shared_files_are_a_shell_script_its_image_and_this_project(tmp_path):
    files = dict(course_files())
    (tmp_path / "run.sh").write_bytes(files["run.sh"])
    subprocess.run([shutil.which("bash"), "-n", tmp_path / "run.sh"], check=True, timeout=PATIENCE)
    assert b"requirements.txt" in files["Dockerfile"]
    assert {
        "requirements.txt",
        "packages/grading/__init__.py",
        "packages/viz/__init__.py",
    } <= files.keys()


def test_the_entry_point_grades_a_program(grade):
    root = grade("program", files={"slopes.py": HALF_PROGRAM})
    for name, data in course_files():
        path = root / "serverFilesCourse" / FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    env = {"GRADE_ROOT": str(root), "GRADE_PYTHON": sys.executable, "PATH": os.environ["PATH"]}
    script = [shutil.which("bash"), root / "serverFilesCourse" / FOLDER / "run.sh"]
    done = subprocess.run(script, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = results(root)
    assert found["score"] == 0.5
    assert "partial derivative" in found["tests"][0]["message"]


@pytest.mark.parametrize(
    ("question", "typed", "files", "score"),
    [
        ("program", {}, {"slopes.py": RIGHT_PROGRAM}, 1),
        ("program", {}, {}, 0),
        ("program", {}, {"slopes.py": "import os; os._exit(0)"}, 0),
        ("arrow", {"answer1": "cos x"}, {}, 1),
        ("arrow", {"answer1": "-cos(x)"}, {}, 0),
        ("arrow", {"answer1": "9**9**9"}, {}, 0),
        ("arrow", {"answer1": {"_type": "odd"}}, {}, 0),
        ("arrow", {}, {}, 0),
    ],
)
def test_a_submission_gets_its_score_and_a_sentence(grade, question, typed, files, score):
    root = grade(question, typed, files)
    assert main(root) == 0
    found = results(root)
    assert (found["gradable"], found["score"]) == (True, score)
    assert found["tests"][0]["message"]


def test_the_numbers_are_those_that_the_question_shows(assignment, grade):
    """A number that goes to the grader is marked for the variant that server.py chose."""
    files = external_files(assignment, TEXT, assignment.question("moves"), variants=3)
    server = {}
    exec(files["server.py"], server)  # noqa: S102 - the file that we wrote
    data = {"variant_seed": 5, "params": {}, "correct_answers": {}}
    server["generate"](data)
    x = float(re.search(r"x = ([\d.]+)", data["params"]["givens"])[1])
    h = math.sin(x)
    typed = {"answer1": f"{2 * h * x:.4g}", "answer2": "0.1"}
    root = grade("moves", typed, variant=data["params"]["variant"])
    assert main(root) == 0
    assert [test["points"] for test in results(root)["tests"]] == [1, 0]


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"params": {"variant": "x"}}', '{"params": null}']
)
def test_where_the_grader_fails_no_attempt_is_lost(grade, text, capsys):
    root = grade("arrow", {"answer1": "cos x"})
    (root / "data" / "data.json").write_text(text)
    assert main(root) == 0
    assert results(root)["gradable"] is False
