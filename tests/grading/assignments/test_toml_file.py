"""A stranger's file: small, UTF-8, TOML; and every key's line is known, whatever strings and comments say."""

import pytest

from autograd_lite.errors import AssignmentError
from grading.assignments.toml_file import LARGEST, TomlFile, read_toml

TEXT = '''title = "a # [x]"   # [graph]
"odd # key" = [
  1, [2,
  3]]
[graph]
equations = """
[question]
y = x
"""
design = { x = 1.0 }
[graph.more."a.b"]
z = \'\'\'
x = 1\'\'\'
[[question]]
name = "a"
[[question]]
name = 'b'
[question.points]
h = 1
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("title",), 1),
        (("odd # key",), 2),
        (("graph",), 5),
        (("graph", "equations"), 6),
        (("graph", "design"), 10),
        (("graph", "design", "x"), 10),
        (("graph", "more", "a.b", "z"), 12),
        (("question", 0, "name"), 15),
        (("question", 1, "name"), 17),
        (("question", 1, "points", "h"), 19),
        (("question", 1, "text"), 16),
    ],
)
def test_every_key_has_its_line(place, line):
    assert TomlFile("a.toml", TEXT).line(place) == line


def test_strings_and_comments_hold_no_keys():
    places = TomlFile("a.toml", TEXT).lines
    assert ("y",) not in places
    assert ("graph", "y") not in places
    assert places["question",] == 14


def test_a_message_says_file_line_and_key():
    error = TomlFile("a.toml", TEXT).error(("question", 1, "points", "h"), "no")
    assert str(error) == "a.toml, line 19, question 2, points, h: no"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"title = 1\nx = ", "line 2"),
        (b"title = 1\ntitle = 2", "line 2"),
        (b"[a]\n[a]\n", "line 2"),
        ("title = 1\nname = 'é'".encode("latin-1"), "line 2: byte 19 is not UTF-8"),
        ("title = 1".encode("utf-16"), "is not UTF-8"),
        (b"x = 1\0", "line 1"),
        (b"#" * (LARGEST + 1), "bytes"),
        (b"x = " + b"[" * 100_000, "nested too deeply"),
        (b"x = " + b"9" * 10_000, "no TOML"),
        (b"just words", "line 1"),
    ],
)
def test_what_is_no_file_of_ours_is_refused_in_words(tmp_path, raw, said):
    path = tmp_path / "homework.toml"
    path.write_bytes(raw)
    with pytest.raises(AssignmentError, match="homework.toml") as caught:
        _ = read_toml(path).content
    assert said in str(caught.value)


def test_a_byte_order_mark_and_windows_lines_are_taken(tmp_path):
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbftitle = 'x'\r\n[graph]\r\n")
    file = read_toml(path)
    assert file.content == {"title": "x", "graph": {}}
    assert file.line(("graph",)) == 2


@pytest.mark.parametrize("name", ["none.toml", "null\0.toml", "."])
def test_a_file_that_cannot_be_opened_is_refused_in_words(tmp_path, name):
    with pytest.raises(AssignmentError, match="cannot be read"):
        read_toml(tmp_path / name)
