"""Gradescope's zip: whole, executable, always the same; its program grades in Gradescope's folders."""

import io
import json
import math
import os
import shutil
import stat
import subprocess
import sys
import zipfile

import pytest

from autograd_lite.errors import SubmissionError
from grading.assignments import load
from grading.platforms.assignment_file import assignment_in
from grading.platforms.gradescope_archive import gradescope_archive
from grading.platforms.gradescope_run import main, report_of, student_of
from grading.platforms.shipping import requirements
from tests.grading.platforms.documented import GRADESCOPE, GRADESCOPE_TEST, complaints
from tests.grading.platforms.running import ASSIGNMENT, HALF_PROGRAM, PROGRAM, right_answers
from tests.processes import PATIENCE

SECRET = "what the numbers are drawn by"  # noqa: S105


@pytest.fixture(scope="module")
def archive():
    return zipfile.ZipFile(io.BytesIO(gradescope_archive(ASSIGNMENT + PROGRAM, SECRET)))


@pytest.fixture(scope="module")
def unpacked(archive, tmp_path_factory):
    """The folders that Gradescope makes, without a submission."""
    root = tmp_path_factory.mktemp("autograder")
    archive.extractall(root / "source")
    return root


@pytest.fixture
def root(unpacked, tmp_path):
    """A machine of its own for one submission."""
    (tmp_path / "source").symlink_to(unpacked / "source")
    (tmp_path / "submission").mkdir()
    users = [
        {"email": "Zoe@x.edu", "id": 2, "name": "Zoë"},
        {"email": "ada@x.edu", "id": 1, "name": "Ada"},
    ]
    (tmp_path / "submission_metadata.json").write_text(
        json.dumps({"id": 7, "users": users}), "utf-8"
    )
    return tmp_path


def results(root):
    return json.loads((root / "results" / "results.json").read_text("utf-8"))


def test_the_archive_is_whole(archive):
    names = set(archive.namelist())
    assert {
        "setup.sh",
        "run_autograder",
        "requirements.txt",
        "assignment.toml",
        "secret.txt",
    } <= names
    assert {f"packages/{x}/__init__.py" for x in ("autograd_lite", "nn", "viz", "grading")} <= names
    assert any(name.startswith("packages/grading/assignments/shipped/") for name in names)
    assert not any("__pycache__" in name for name in names)
    assert archive.read("assignment.toml").decode() == ASSIGNMENT + PROGRAM
    assert archive.testzip() is None


def test_the_scripts_can_be_run_and_are_shell(archive, tmp_path):
    for name in ("setup.sh", "run_autograder"):
        assert (archive.getinfo(name).external_attr >> 16) & stat.S_IXUSR
        path = tmp_path / name
        path.write_bytes(archive.read(name))
        subprocess.run([shutil.which("bash"), "-n", path], check=True, timeout=PATIENCE)
        assert archive.read(name).startswith(b"#!/usr/bin/env bash\n")


def test_the_requirements_are_the_projects_own_without_its_extras(archive):
    lines = archive.read("requirements.txt").decode().splitlines()
    assert lines == requirements()
    assert {line.partition(">")[0] for line in lines} >= {"numpy", "click", "matplotlib", "sympy"}
    assert not any("otter" in line or "torch" in line for line in lines)


def test_the_same_assignment_gives_the_same_archive(archive):
    again = zipfile.ZipFile(io.BytesIO(gradescope_archive(ASSIGNMENT + PROGRAM, SECRET)))
    assert [(x.filename, x.CRC, x.date_time) for x in again.infolist()] == [
        (x.filename, x.CRC, x.date_time) for x in archive.infolist()
    ]


def test_run_autograder_grades_a_submission(root):
    """The script itself, on the packages in the archive."""
    right = right_answers(assignment_in(root / "source"), "moves", "ada@x.edu")
    (root / "submission" / "answers.csv").write_text(
        f"h; {right['h']}\nx; {right['x']}1\n", "utf-8"
    )
    (root / "submission" / "mine.py").write_text(HALF_PROGRAM, "utf-8")
    env = {
        "AUTOGRADER_ROOT": str(root),
        "AUTOGRADER_PYTHON": sys.executable,
        "PATH": os.environ["PATH"],
    }
    script = [shutil.which("bash"), root / "source" / "run_autograder"]
    done = subprocess.run(script, cwd=root, env=env, timeout=120,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = results(root)
    assert complaints(found, GRADESCOPE, GRADESCOPE_TEST) == []
    assert [(test["score"], test["max_score"]) for test in found["tests"]] == [
        (1, 1), (0, 3), (1, 2)
    ]  # fmt: skip
    assert found["score"] == 2
    assert found["output"].startswith("Tier ")
    assert found["extra_data"]["student"] == "ada@x.edu"
    assert SECRET not in json.dumps(found)


def test_the_numbers_are_those_of_the_secret_in_the_archive(root, tmp_path):
    def x(assignment):
        return assignment.paper("ada@x.edu").questions[0].givens[0].value

    (tmp_path / "other.toml").write_text(ASSIGNMENT.replace("only for tests", SECRET), "utf-8")
    (tmp_path / "own.toml").write_text(ASSIGNMENT, "utf-8")
    assert x(assignment_in(root / "source")) == x(load(tmp_path / "other.toml"))
    assert not math.isclose(x(load(tmp_path / "own.toml")), x(load(tmp_path / "other.toml")))
    assert "FLOWGRADE_SECRET" not in os.environ


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("answers.csv", b""), ("answers.csv", b"h; \xff\xfe\x00"), ("answers.json", b'{"moves": [[[['),
        ("notes.pdf", b"%PDF"), ("answers.zip", b"PK\x03\x04nothing"),
    ],
)  # fmt: skip
def test_a_submission_that_cannot_be_read_gets_a_mark_and_a_sentence(root, name, content):
    (root / "submission" / name).write_bytes(content)
    assert main(root) == 0
    found = results(root)
    assert complaints(found, GRADESCOPE, GRADESCOPE_TEST) == []
    assert found["score"] == 0
    assert all(test["output"] for test in found["tests"])


def test_an_empty_submission_is_missing(root):
    assert main(root) == 0
    assert {test["extra_data"]["status"] for test in results(root)["tests"]} <= {
        "missing",
        "format",
    }


def test_where_the_grader_fails_there_is_no_mark(root, monkeypatch, capsys):
    def fail(*_):
        raise RuntimeError("the grader's own")

    monkeypatch.setattr("grading.platforms.gradescope_run.graded", fail)
    assert {item.status for item in report_of(root).items} == {"grader_error"}
    assert main(root) == 1
    assert not (root / "results" / "results.json").exists()
    assert "the grader's own" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"users": []}', '{"users": [{}]}', "[" * 10_000])
def test_metadata_that_name_nobody_are_refused(text, tmp_path):
    (tmp_path / "submission_metadata.json").write_text(text)
    with pytest.raises(SubmissionError, match="names no student"):
        student_of(tmp_path / "submission_metadata.json")
