"""What students hand in is read in every usual form; what cannot be read gets a status and a sentence."""

import itertools
import json
import os
import re
import zipfile
from contextlib import suppress

import pytest

from autograd_lite.errors import SubmissionError
from grading.course.contents import contents
from grading.course.names import students_in
from grading.course.submission import READERS, read_submission, submission

SAME = {"q1": {"h_0": "0.4920", "h_1": "1/3"}}


def zipped(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "question,field,answer\nq1,h_0,0.4920\nq1,h_1,1/3\n"),
        ("a.csv", "q1,h_0,0.4920\nq1,h_1,1/3\n"),
        ("a.csv", "Question;Field;Answer\r\nq1; h_0 ; 0.4920\r\n\r\nq1;h_1;1/3"),
        ("a.tsv", "q1\th_0\t0.4920\nq1\th_1\t1/3\n"),
        ("a.CSV", "sep=;\nq1;h_0;0.4920\nq1;h_1;1/3\n"),
        ("a.csv", 'answer,question,field\n0.4920,q1,h_0\n"1/3",q1,h_1\n'),
        ("a.json", json.dumps({"assignment": "w", "student": "a", "answers": SAME})),
        ("a.json", json.dumps(SAME)),
        ("a.json", '{"q1": {"h_0": 0.4920, "h_1": "1/3"}}'),
    ],
)
def test_the_same_answers_in_every_form(name, text, tmp_path):
    (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    found = read_submission(tmp_path / name)
    assert found.answers == SAME
    assert (found.student, found.problem) == ("a", None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_letters_beyond_ascii_arrive_in_every_encoding(encoding, tmp_path):
    (tmp_path / "zoë.csv").write_text("field;answer\nhöhe;½", encoding=encoding)
    found = read_submission(tmp_path / "zoë.csv")
    assert found.answers == {"": {"höhe": "½"}}
    assert bool(found.warnings) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("field,answer\nh_0,0,492", "0,492"),
        ("h_0,0,492", "0,492"),
        ("h_0,-1,5e-3", "-1,5e-3"),
        ("h_0;0,492", "0,492"),
        ("h_0\t12,5 %", "12,5 %"),
        ('h_0,"0,492"', "0,492"),
        ("field,answer\nh_0,[1, 2, 3]", "[1,2,3]"),
    ],
)
def test_a_comma_may_be_decimal(text, answer, tmp_path):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert read_submission(tmp_path / "a.csv").answers == {"": {"h_0": answer}}


def test_numbers_in_lists_are_numbers_and_alone_keep_their_digits(tmp_path):
    (tmp_path / "a.json").write_text('{"q": {"W": [[1, 2.50], [3e2, -4]], "x": 2.50}}')
    assert read_submission(tmp_path / "a.json").answers == {
        "q": {"W": [[1.0, 2.5], [300.0, -4.0]], "x": "2.50"}
    }


def test_a_folder_may_hold_several_files_and_a_zip_of_it_is_the_same(tmp_path):
    files = {
        "answers.csv": "q1,h_0,0.4920",
        "more/x.json": '{"q1": {"h_1": "1/3"}}',
        "f.py": "x = 1",
    }
    for name, text in files.items():
        path = tmp_path / "ada" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    zipped(tmp_path / "ben.zip", files | {"__MACOSX/._f.py": "\0", ".DS_Store": "\0"})
    for name in ("ada", "ben.zip"):
        found = read_submission(tmp_path / name)
        assert (found.answers, found.source, found.problem) == (SAME, "x = 1", None)


def test_two_files_that_differ_are_told_and_the_first_counts(tmp_path):
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "a.csv").write_text("q1,x,1")
    (folder / "b.json").write_text('{"q1": {"x": 2, "y": 3}}')
    found = read_submission(folder)
    assert found.answers == {"q1": {"x": "1", "y": "3"}}
    assert "two files answer q1 x differently" in found.warnings[0]


def test_a_notebook_gives_its_code_and_nothing_else(tmp_path):
    cells = [
        {"cell_type": "markdown", "source": "x = 1"},
        {"cell_type": "code", "source": ["%load_ext evil\n", "h = 2\n", "!rm -rf /"],
         "outputs": [{"data": {"text/html": "<script>"}}], "metadata": {"name": "=cmd()"}},
        {"cell_type": "code", "source": "%%bash\nrm -rf /"},
        {"cell_type": "code", "source": 3}, "cell", None,
    ]  # fmt: skip
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells, "metadata": {"kernelspec": 7}}))
    found = read_submission(tmp_path / "a.ipynb")
    assert found.cells == ("%load_ext evil\nh = 2\n!rm -rf /", "%%bash\nrm -rf /")


def test_code_is_text_and_is_not_run(tmp_path):
    (tmp_path / "a.py").write_text("raise SystemExit(1)")
    assert read_submission(tmp_path / "a.py").source == "raise SystemExit(1)"


def test_a_form_made_for_another_student_is_told(tmp_path):
    (tmp_path / "ada.json").write_text('{"student": "ben", "answers": {}}')
    assert "made for 'ben'" in read_submission(tmp_path / "ada.json").warnings[0]


def test_a_form_for_the_same_address_in_capitals_is_theirs(tmp_path):
    text = json.dumps({"student": "Ada@Uni.edu", "answers": SAME})
    (tmp_path / "ada@uni.edu").mkdir()
    (tmp_path / "ada@uni.edu" / "answers.json").write_text(text)
    assert read_submission(tmp_path / "ada@uni.edu").warnings == ()


def nested(depth):
    return "[" * depth + "]" * depth


UNREADABLE = {
    "empty.csv": (b"", "is empty"),
    "blank.csv": (b" \n\n", "is empty"),
    "binary.csv": (bytes(range(256)) * 9, "is no text"),
    "nul.csv": (b"h_0,1\0", "is no text"),
    "image.csv": (b"\x89PNG\r\n\x1a\n\x81\x8d", "is no text"),
    "half.json": (b'{"answers": {"q1": {"h_0": "0.4', "is no JSON"),
    "list.json": (b"[1, 2]", "holds no answers"),
    "word.json": (b'"right"', "holds no answers"),
    "deep.json": (nested(200_000).encode(), "nested too deeply"),
    "deepish.json": (b'{"q": ' + nested(20).encode() + b"}", "nested more than 8"),
    "giant.json": (b'{"q": {"x": ["' + b"9" * 200_000 + b'"], "y": "' + b"9" * 200_000 + b'"}}', "too long"),
    "many.json": (json.dumps({"q": {str(k): 1 for k in range(3000)}}).encode(), "more than 2000"),
    "many.csv": (b"x,1\n" * 3000, "more than 2000"),
    "wide.csv": (b"x," + b"9" * 200_000, "field larger|too long"),
    "clash.csv": (b"q,x,1\nq,x,2\n", "two different answers"),
    "nameless.csv": (b"question,field,answer\nq,,1\n", "names no field"),
    "no.ipynb": (b'{"metadata": {}}', "no list of cells"),
    "list.ipynb": (b"[]", "no list of cells"),
    "many.ipynb": (json.dumps({"cells": [{}] * 5000}).encode(), "more than 1000 cells"),
    "long.ipynb": (b'{"cells": [{"cell_type": "code", "source": "' + b"x" * 2_000_000 + b'"}]}', "MB"),
    "long.py": (b"pass\n" * 2_000_000, "MB"),
    "text.zip": (b"PK\x03\x04 no archive", "cannot be unpacked"),
    "photo.pdf": (b"%PDF", "nothing here can be read"),
    "no suffix": (b"x", "nothing here can be read"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_has_a_status_and_a_sentence(name, tmp_path):
    content, says = UNREADABLE[name]
    (tmp_path / name).write_bytes(content)
    found = read_submission(tmp_path / name)
    assert found.problem.status in ("format", "refused")
    assert re.search(says, found.problem.says)
    assert found.problem.says in found.warnings
    assert not found.answers


def test_other_files_of_a_submission_survive_one_that_cannot_be_read(tmp_path):
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "a.csv").write_bytes(bytes(range(256)))
    (folder / "b.csv").write_text("x,1")
    found = read_submission(folder)
    assert found.answers == {"": {"x": "1"}}
    assert "a.csv is no text" in found.problem.says


def test_an_empty_folder_is_told(tmp_path):
    (tmp_path / "ada").mkdir()
    found = read_submission(tmp_path / "ada")
    assert (found.problem.status, "nothing here" in found.problem.says) == ("format", True)


def test_what_is_not_there_is_an_error(tmp_path):
    with pytest.raises(SubmissionError, match=r"no file or folder .*nobody.csv"):
        read_submission(tmp_path / "nobody.csv")


def test_every_reader_refuses_nonsense_in_words():
    """Kept from crashing: each reader alone, on text of every kind."""
    texts = [
        "",
        "\n",
        "\ufeff",
        "{",
        "[]",
        "null",
        ";;;",
        ",,,\n,,,",
        '"',
        "\ud800",
        "=cmd|' /C calc'!A0",
    ]
    for reader, text in itertools.product(READERS.values(), texts):
        with suppress(SubmissionError):
            assert isinstance(reader("a", text).answers, dict)


@pytest.mark.skipif(os.name != "posix", reason="links need no rights on POSIX alone")
def test_links_lead_nowhere(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("x,1")
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "a.csv").symlink_to(secret)
    (folder / "etc").symlink_to("/etc")
    (folder / "loop").symlink_to(folder)
    (folder / "mine.csv").write_text("y,2")
    found = read_submission(folder)
    assert found.answers == {"": {"y": "2"}}
    assert found.problem.status == "refused"
    assert sum("is a link" in said for said in found.warnings) == 3
    (tmp_path / "ben.csv").symlink_to(secret)
    assert not read_submission(tmp_path / "ben.csv").answers


@pytest.mark.skipif(os.name != "posix", reason="pipes are POSIX's")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "ada.csv")
    assert "no regular file" in read_submission(tmp_path / "ada.csv").problem.says


def test_the_digest_is_of_content_and_student(tmp_path):
    for name in ("ada.csv", "ben.csv"):
        (tmp_path / name).write_text("x,1")
    first = read_submission(tmp_path / "ada.csv").digest
    assert first == read_submission(tmp_path / "ada.csv").digest
    assert first != read_submission(tmp_path / "ben.csv").digest
    (tmp_path / "ada.csv").write_text("x,2")
    assert first != read_submission(tmp_path / "ada.csv").digest


def test_files_of_one_name_in_two_places_are_both_read(tmp_path):
    for folder, text in (("ada", "q1,h_0,1"), ("ada_1815_assignsubmission_file_", "q1,h_1,2")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.csv").write_text(text)
    ((ada, places),) = students_in(tmp_path).items()
    found = submission(contents(ada, *places))
    assert found.answers == {"q1": {"h_0": "1", "h_1": "2"}}


def test_two_students_of_one_name_in_moodle_are_two(tmp_path):
    names = ("Ada L_7_assignsubmission_file_", "Ada L_7_assignsubmission_onlinetext_",
             "Ada L_8_assignsubmission_file_.csv", "Bob_9_assignsubmission_file_")  # fmt: skip
    for name in names:
        (tmp_path / name).mkdir()
    assert {x: len(paths) for x, paths in students_in(tmp_path).items()} == {
        "Ada L_7": 2, "Ada L_8": 1, "Bob": 1,
    }  # fmt: skip
