"""The assignment beside a notebook has no secret of the author's, and the same numbers everywhere."""

import json
from math import cos, sin

import pytest
from click.testing import CliRunner

from autograd_lite.errors import AssignmentError
from grading import check
from grading.assignments import load
from grading.assignments.assignment import SECRET
from grading.cli import main
from grading.platforms.notebook_cells import CLASS
from grading.platforms.notebook_copy import notebook_copy
from tests.grading.platforms.running import ASSIGNMENT

MINE = "only for tests"


def numbers(assignment):
    return [given.value for given in assignment.paper(CLASS).questions[0].givens]


@pytest.mark.parametrize("kept", ["file", "line", "quoted key", "environment", "nowhere"])
def test_no_secret_of_the_author_is_in_the_copy(kept, in_tmp_path, monkeypatch):
    text = ASSIGNMENT
    if kept == "file":
        text = text.replace(f'secret = "{MINE}"', 'secret_file = "mine.txt"')
        (in_tmp_path / "mine.txt").write_text(MINE)
    elif kept == "quoted key":
        text = text.replace("secret =", '"secret"   =')
    elif kept != "line":
        text = text.replace(f'secret = "{MINE}"', "")
    if kept == "environment":
        monkeypatch.setenv(SECRET, MINE)
    (in_tmp_path / "hw.toml").write_text(text)
    copy = notebook_copy("hw.toml")
    assert MINE not in copy.text
    assert "secret_file" not in copy.text
    assert copy.assignment.secret not in ("", MINE)


def test_the_copys_secret_follows_from_the_authors(monkeypatch):
    found = []
    for secret in ("one", "another", "one"):
        monkeypatch.setenv(SECRET, secret)
        found.append(notebook_copy("three_step").assignment.secret)
    assert found[0] == found[2] != found[1]


@pytest.mark.parametrize("command", ["nbgrader", "otter"])
def test_the_grader_has_the_notebooks_numbers_without_the_authors_secret(
    command, in_tmp_path, monkeypatch
):
    """What is beside the notebook is enough, also where another secret is in the environment."""
    (in_tmp_path / "hw.toml").write_text(
        ASSIGNMENT.replace(f'secret = "{MINE}"', 'secret_file = "s.txt"')
    )
    (in_tmp_path / "s.txt").write_text(MINE)
    assert CliRunner().invoke(main, [command, "hw.toml", "-o", "out"]).exit_code == 0
    (in_tmp_path / "s.txt").unlink()
    monkeypatch.setenv(SECRET, "somebody else's")
    shown = json.loads((in_tmp_path / "out" / "hw.ipynb").read_text())
    beside = in_tmp_path / "out" / "assignment.toml"
    (x,) = numbers(load(beside, environment=False))
    assert any(f"x = {x:g}" in "".join(cell["source"]) for cell in shown["cells"])
    check.use(str(beside), student=CLASS)
    h, dx = _by_hand(x)
    assert check("moves", {"h": f"{h:.6g}", "x": f"{dx:.6g}"}) == 4.0


def _by_hand(x):
    """y = h²x with h = sin x: dy/dh and dy/dx."""
    return 2 * sin(x) * x, sin(x) ** 2 + 2 * sin(x) * x * cos(x)


def test_a_secret_that_cannot_be_taken_out_is_refused(in_tmp_path):
    text = ASSIGNMENT.replace(f'"{MINE}"', '"""only\nfor tests"""')
    (in_tmp_path / "hw.toml").write_text(text)
    with pytest.raises(AssignmentError, match="on one line"):
        notebook_copy("hw.toml")


@pytest.mark.parametrize("kept", ["file", "environment"])
def test_a_secret_in_a_comment_is_refused(kept, in_tmp_path, monkeypatch):
    """Comments travel with the file."""
    if kept == "environment":
        monkeypatch.setenv(SECRET, MINE)
        text = ASSIGNMENT.replace("secret =", "# secret =")
    else:
        text = f"{ASSIGNMENT}# {MINE}\n"
    (in_tmp_path / "hw.toml").write_text(text)
    with pytest.raises(AssignmentError, match="nowhere else"):
        notebook_copy("hw.toml")


def test_a_secret_of_any_bytes_makes_one(monkeypatch):
    """A variable of the environment need not be text."""
    monkeypatch.setenv(SECRET, "\udcff")
    assert len(notebook_copy("three_step").assignment.secret) == 64
