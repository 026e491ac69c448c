"""`flowgrade check` and `flowgrade form`: what they show, write and refuse."""

import pytest
from click.testing import CliRunner

from grading.assignments.commands import check, file_name, form, save

GOOD = """title = "A square"
secret = "between us"
[graph]
equations = "y = x**2"
design = { x = { from = 1, to = 3, decimals = 2 } }
[[question]]
name = "q1"
ask = "total"
wrt = "x"
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "hw.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def run(command, *args):
    return CliRunner().invoke(command, [str(x) for x in args])


def test_check_shows_the_paper_and_what_answers_can_tell(file):
    result = run(check, file, "--student", "ada")
    assert result.exit_code == 0
    for words in (
        "A square · ada",
        "y = x²",
        "dy/dx = ______",
        "told apart",
        "an unrelated number is diagnosed in",
    ):
        assert words in result.output
    assert "there is no secret" not in result.output


def test_check_warns_where_there_is_no_secret(file):
    file.write_text(GOOD.replace('secret = "between us"\n', ""), encoding="utf-8")
    assert "there is no secret" in run(check, file).output


def test_a_secret_of_the_environment_goes_before_the_files(file, monkeypatch):
    mine = run(check, file).output
    monkeypatch.setenv("FLOWGRADE_SECRET", "another")
    assert run(check, file).output != mine


def test_a_secret_may_lie_in_a_file_beside(file):
    file.write_text(
        GOOD.replace('secret = "between us"', 'secret_file = "s.txt"'), encoding="utf-8"
    )
    (file.parent / "s.txt").write_text("between us\n", encoding="utf-8")
    assert run(check, file).output.splitlines()[:6] == run(check, file).output.splitlines()[:6]
    assert "there is no secret" not in run(check, file).output


@pytest.mark.parametrize("content", ["", " \n\n"])
def test_an_empty_file_is_no_secret(file, content):
    """Everybody's numbers would follow from the assignment alone, and nobody would be told."""
    file.write_text(
        GOOD.replace('secret = "between us"', 'secret_file = "s.txt"'), encoding="utf-8"
    )
    (file.parent / "s.txt").write_text(content, encoding="utf-8")
    result = run(check, file)
    assert result.exit_code == 2
    assert "secret_file: there is nothing in it" in result.output


@pytest.mark.parametrize("command", [check, form])
def test_a_broken_file_is_refused_with_one_sentence(file, command):
    file.write_text(GOOD.replace("total", "totally"), encoding="utf-8")
    result = run(command, file, *([] if command is check else ["-o", file.parent / "x.html"]))
    assert result.exit_code == 2
    assert result.output == (
        'Error: hw.toml, line 8, question 1, ask: expected one of "value", "partial", "total", "cut", '
        '"table", "formula", "array", "function", "module", "operation", "engine", got \'totally\' '
        "(did you mean 'total'?)\n"
    )


def test_check_writes_the_form(file):
    page = file.parent / "form.html"
    assert run(check, file, "--html", page).exit_code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_one_form_is_a_file_and_several_a_folder(file, tmp_path):
    assert run(form, file, "--student", "ada", "-o", tmp_path / "ada.html").exit_code == 0
    assert "ada" in (tmp_path / "ada.html").read_text(encoding="utf-8")
    roster = tmp_path / "class.txt"
    roster.write_text("ada\nbob\n\n../../evil\nada\n", encoding="utf-8")
    assert run(form, file, "--students", roster, "-o", tmp_path / "forms").exit_code == 0
    assert sorted(p.name for p in (tmp_path / "forms").iterdir()) == [
        "3-evil.html",
        "ada.html",
        "bob.html",
    ]


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\xff\xfe\x00"])
def test_a_roster_that_is_none_is_refused(file, tmp_path, raw):
    roster = tmp_path / "class.txt"
    roster.write_bytes(raw)
    assert run(form, file, "--students", roster, "-o", tmp_path / "forms").exit_code == 2


def test_names_become_names_of_files():
    names = ["ada", "../ada", "a/b", "", "é", "x" * 500, "a\0b", ".hidden", "con", "-rf"]
    files = [file_name(name, i) for i, name in enumerate(names)]
    assert all(
        "/" not in f and "\0" not in f and not f.startswith(".") and len(f) < 100 for f in files
    )
    assert len(set(files)) == len(files)


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "form.html"
    path.write_text("old", encoding="utf-8")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fdopen", full)
    with pytest.raises(OSError, match="space"):
        save(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["form.html"]


def test_what_is_shipped_is_found_by_its_name():
    assert run(check, "three_step").exit_code == 0
    assert run(check, "three-step").exit_code == 2
    assert "did you mean 'three_step'" in run(check, "three-step").output
