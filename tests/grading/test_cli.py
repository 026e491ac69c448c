"""`flowgrade`: what it writes, how it ends, and that the demonstration's class is judged as it says."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from grading import demo
from grading.assignments import load
from grading.cli import COMMANDS, main
from grading.course.lock import locked
from grading.course.names import student_of
from grading.reports.names import page_of

ROOT = Path(__file__).parents[2]
WEEK = ROOT / "grading" / "demo_class" / "week3.toml"
CLASS = ROOT / "grading" / "demo_class" / "submissions"
COMMAND = [sys.executable, "-c", "from flowgraph import grade; grade()"]


def flowgrade(*words):
    return CliRunner().invoke(main, list(map(str, words)))


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The demonstration's results."""
    out = tmp_path_factory.mktemp("demo") / "grading"
    result = CliRunner().invoke(demo.main, ["--out", str(out)], catch_exceptions=False)
    assert result.exit_code == 0
    return out


def marks(out):
    text = (out / "marks.csv").read_text(encoding="utf-8")
    return {row["student"]: row for row in csv.DictReader(io.StringIO(text))}


def test_the_demonstration_leaves_a_page_for_everybody(graded):
    assert (graded / "index.html").is_file()
    students = {student_of(path) for path in CLASS.iterdir()}
    assert len(list((graded / "students").glob("*.html"))) == len(students) == 11
    found = marks(graded)
    assert {name for name, row in found.items() if row["percent"] == "100.0"} >= {"ada", "fatima"}
    assert found["goran"]["points"] == "0"
    assert not any(int(row["grader_errors"]) for row in found.values())


@pytest.mark.parametrize(
    ("student", "says"),
    [
        ("ben", "You gave the partial derivative where the total was asked"),
        ("cem", "the path x → h_1 → ŷ is not in your sum"),
        ("dora", "You gave only the path through h_1"),
        ("goran", "goran.csv is no text"),
        ("hana", "No known mistake gives this answer"),
        ("zoe-muller", "You gave the total derivative where the partial was asked"),
    ],
)
def test_the_demonstration_tells_each_what_went_wrong(student, says, graded):
    (page,) = (graded / "students").glob(f"{student}*.html")
    assert says in page.read_text(encoding="utf-8")


def test_the_demonstrations_cluster_is_shown_to_the_instructor(graded):
    page = (graded / "index.html").read_text(encoding="utf-8")
    assert "3 students gave it" in page
    assert "0.8127" in page


def right_numbers(homework):
    """Every right answer, shown with 3 to 7 significant digits, without its sign."""
    for asked in homework.paper("ada").questions:
        for part in asked.question.parts:
            if part.field.kind == "number":
                flow = asked.pool.flow(part.of, asked.k)
                right = (
                    flow.total(part.wrt) if part.hold is None else flow.partial(part.of, part.wrt)
                )
                yield from (f"{abs(right):.{digits}g}" for digits in range(3, 8))


def test_no_reference_number_is_on_a_students_page(graded):
    """Unless it stands in what the student handed in."""
    numbers = set(right_numbers(load(WEEK)))
    assert "0.6075" in numbers
    lines = (graded / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    for report in (json.loads(line)["report"] for line in lines):
        own = " ".join(item["answer"].replace(",", ".") for item in report["items"])
        page = (graded / "students" / f"{page_of(report['student'])}.html").read_text(
            encoding="utf-8"
        )
        shown = re.sub("<img[^>]*>|<style>.*?</style>", "", page, flags=re.DOTALL).replace(",", ".")
        assert not [x for x in numbers if x in shown and x not in own], report["student"]


def test_reports_are_written_again_from_the_journal(graded, tmp_path):
    before = (graded / "index.html").read_bytes()
    (graded / "index.html").unlink()
    result = flowgrade("report", WEEK, "--out", graded)
    assert result.exit_code == 0
    assert (graded / "index.html").read_bytes() == before
    result = flowgrade("report", WEEK, "--out", graded, "--feedback", "kind")
    assert (result.exit_code, "no results of this assignment" in result.stderr) == (2, True)


def test_run_grades_and_says_where_things_are(tmp_path):
    result = flowgrade(
        "run", WEEK, CLASS, "--out", tmp_path / "out", "--jobs", 1, "--feedback", "kind"
    )
    assert result.exit_code == 0
    assert result.stdout.startswith("11 submissions")
    assert "grading" not in result.stderr  # no bar where nobody watches


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["run", "nothing.toml", CLASS, "--out", "o"], "no file 'nothing.toml'"),
        (["run", WEEK, "nowhere", "--out", "o"], "cannot list submissions in 'nowhere'"),
        (["run", WEEK, CLASS, "--out", "o", "--tier", "Z"], "'Z' is not one of"),
        (["run", WEEK, CLASS, "--out", "o", "--executor", "magic"], "'magic' is not one of"),
        (["run", WEEK, CLASS, "--out", "o", "--jobs", "0"], "not in the range"),
        (["run", WEEK, CLASS, "--out", "o", "--feedback", "all"], "'all' is not one of"),
        (["run", WEEK, CLASS], "Missing option '--out'"),
        (["run", WEEK, ".", "--out", "o"], "holds no submissions"),
        (["run", WEEK, CLASS, "--out", CLASS / "o"], "is among the submissions"),
        (["report", WEEK, "--out", "o"], "no results of this assignment"),
        (["grade"], "No such command"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(words, says, in_tmp_path):
    result = flowgrade(*words)
    assert (result.exit_code, says in result.stderr) == (2, True), result.stderr
    assert not list(in_tmp_path.iterdir())


def test_a_file_in_place_of_the_folder_is_told(in_tmp_path):
    (in_tmp_path / "o").write_text("mine")
    result = flowgrade("run", WEEK, CLASS, "--out", "o")
    assert (result.exit_code, (in_tmp_path / "o").read_text()) == (1, "mine")
    assert "File exists" in result.stderr


def test_a_folder_in_use_is_refused(graded):
    with locked(graded):
        result = flowgrade("run", WEEK, CLASS, "--out", graded)
    assert (result.exit_code, "another run writes" in result.stderr) == (2, True)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize("after", [0.2, 2.5])
def test_ctrl_c_ends_it_without_a_word(after, tmp_path):
    """While modules load, and while it works; what was graded is in the journal."""
    folder = tmp_path / "class"
    folder.mkdir()
    cell = '{"cells": [{"cell_type": "code", "source": "while True: pass"}]}'
    for k in range(40):
        (folder / f"s{k}.ipynb").write_text(cell)
    command = [*COMMAND, "run", str(WEEK), str(folder), "--out", str(tmp_path / "out")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=60)
    assert (process.returncode, out, said.strip()) == (130, b"", b"")


def test_every_command_says_what_it_is_for():
    for command in COMMANDS:
        result = flowgrade(command.name, "--help")
        assert result.exit_code == 0
        assert command.help
