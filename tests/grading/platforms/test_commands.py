"""The commands: files that are whole, one sentence and exit code 2 for what cannot be done."""

import json
import re
import shlex
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from grading.assignments import load
from grading.cli import main
from grading.platforms.assignment_file import assignment_in
from grading.platforms.commands import COMMANDS
from grading.platforms.notebook_copy import notebook_copy
from tests.grading.platforms.running import ASSIGNMENT

BY_NAME = {command.name: command for command in COMMANDS}
WITH_FORMULA = ASSIGNMENT + '\n[[question]]\nname = "arrow"\nask = "formula"\nof = "y"\nwrt = "h"\n'


@pytest.fixture
def flowgrade(in_tmp_path):
    """Run a command on an assignment in the current folder."""
    (in_tmp_path / "homework.toml").write_text(ASSIGNMENT, "utf-8")
    (in_tmp_path / "more.toml").write_text(WITH_FORMULA, "utf-8")

    def run(name, *arguments):
        return CliRunner().invoke(main, [name, *arguments], catch_exceptions=False)

    return run


def test_the_commands_that_are_promised():
    assert {"gradescope", "prairielearn", "moodle"} <= BY_NAME.keys() <= main.commands.keys()


def test_moodle(flowgrade, in_tmp_path):
    done = flowgrade(
        "moodle", "more.toml", "-o", "bank.xml", "--variants", "2", "--credit", "A18=0.5"
    )
    assert done.exit_code == 0
    assert "4 questions in 2 categories" in done.output
    assert "left out: arrow asks for a formula" in done.output
    root = ET.fromstring((in_tmp_path / "bank.xml").read_bytes())  # noqa: S314 - our own file
    assert len(root.findall("question[@type='numerical']")) == 4
    assert {a.get("fraction") for a in root.iter("answer")} == {"100", "50", "0"}


def test_prairielearn(flowgrade, in_tmp_path):
    done = flowgrade("prairielearn", "more.toml", "-o", ".", "--variants", "2")
    assert done.exit_code == 0
    assert "1 questions with their own diagnosis, 1 for the grader" in done.output
    assert (in_tmp_path / "questions" / "arrow" / "tests" / "assignment.toml").is_file()
    assert (in_tmp_path / "serverFilesCourse" / "flowgrade" / "run.sh").is_file()
    assert (
        json.loads((in_tmp_path / "questions" / "moves" / "info.json").read_text())["type"] == "v3"
    )
    assert (in_tmp_path / "questions" / "moves" / "clientFilesQuestion" / "graph.svg").is_file()


def test_gradescope(flowgrade, in_tmp_path):
    assert flowgrade("gradescope", "homework.toml", "-o", "autograder.zip").exit_code == 0
    with zipfile.ZipFile(in_tmp_path / "autograder.zip") as archive:
        assert archive.read("secret.txt") == b"only for tests"


@pytest.mark.parametrize("file", ["homework.toml", "named.toml", "three_step"])
def test_an_assignment_has_the_same_name_where_it_is_graded(flowgrade, in_tmp_path, file):
    """Forms say which homework they are of; a file travels as assignment.toml."""
    (in_tmp_path / "named.toml").write_text(f'name = "w-1"{ASSIGNMENT}', "utf-8")
    assert flowgrade("gradescope", file, "-o", "autograder.zip").exit_code == 0
    with zipfile.ZipFile(in_tmp_path / "autograder.zip") as archive:
        archive.extractall(in_tmp_path / "source")
    there, here = assignment_in(in_tmp_path / "source"), load(file)
    assert there.name == here.name
    assert [x.value for x in there.paper("ada").questions[0].givens] == [
        x.value for x in here.paper("ada").questions[0].givens
    ]


@pytest.mark.parametrize("name", ["nbgrader", "otter"])
def test_notebooks_stand_beside_their_assignment(flowgrade, in_tmp_path, name):
    assert flowgrade(name, "homework.toml", "-o", "out").exit_code == 0
    beside = (in_tmp_path / "out" / "assignment.toml").read_text("utf-8")
    assert beside == notebook_copy("homework.toml").text
    assert json.loads((in_tmp_path / "out" / "homework.ipynb").read_text("utf-8"))["nbformat"] == 4


PAGE = (Path(__file__).parents[3] / "docs" / "grading_platforms.md").read_text("utf-8")
ON_PAGE = re.findall(r"^flowgrade (.*?)(?:  #.*)?$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("line", ON_PAGE)
def test_the_commands_of_the_page_work(flowgrade, in_tmp_path, line):
    (in_tmp_path / "homework.toml").rename(in_tmp_path / "assignment.toml")
    done = flowgrade(*shlex.split(line.replace("--variants 50", "--variants 1")))
    assert done.exit_code == 0, done.output


def test_the_page_names_every_command():
    assert {line.split()[0] for line in ON_PAGE} == BY_NAME.keys()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("moodle", "nothing.toml"), "no file"),
        (("moodle", "more.toml", "--only", "arrow"), "formula"),
        (("moodle", "more.toml", "--only", "arow"), "did you mean 'arrow'"),
        (("moodle", "engine"), "code"),
        (("moodle", "homework.toml", "--credit", "A18"), "A18=0.5"),
        (("moodle", "homework.toml", "--credit", "A18=2"), "A18=0.5"),
        (("moodle", "homework.toml", "--credit", "A18=nan"), "A18=0.5"),
        (("moodle", "homework.toml", "--variants", "1", "--credit", "A18=0.55"), "Moodle knows"),
        (("moodle", "homework.toml", "--variants", "0"), "variants"),
        (("gradescope", "nothing.toml"), "no file"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(flowgrade, in_tmp_path, arguments, says):
    before = sorted(in_tmp_path.iterdir())
    done = flowgrade(*arguments, "-o", "out.xml")
    assert done.exit_code == 2
    assert says in done.output
    assert "Traceback" not in done.output
    assert sorted(in_tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", BY_NAME)
def test_a_place_that_cannot_be_written_to_is_refused(flowgrade, in_tmp_path, name):
    (in_tmp_path / "taken").write_text("a file")
    few = ["--variants", "1"] if name in ("moodle", "prairielearn") else []
    done = flowgrade(name, "homework.toml", "-o", "taken/out", *few)
    assert done.exit_code != 0
    assert (in_tmp_path / "taken").read_text() == "a file"
