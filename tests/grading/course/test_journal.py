"""The journal: whole lines only, each on the disk before it counts; a half one at the end is dropped."""

import json
import os

import pytest

from autograd_lite.errors import GradingError
from grading.course import journal as journal_file
from grading.course.journal import NAME, Journal
from grading.course.lock import locked
from grading.course.records import Key, line, read_line
from grading.results import Item, Report


def report(student, points=1.0):
    items = (
        Item("q1", "ŷ", "right", points, 1.0, "Right.", ("A4:h_0>ŷ",), "½", "note", ("h_0", "ŷ")),
        Item("q1", "x", "grader_error", None, 2.0),
    )
    return Report(student, "w", items, "A", ("said \u202e\ud800",), 0.5, {"k": "v"})


def key(k):
    return Key(f"{k:064}", "spec", "0.1")


def test_a_line_gives_back_what_was_written():
    text = line(key(1), report("ada\n=cmd()"))
    assert read_line(text) == (key(1), report("ada\n=cmd()"))
    assert "\n" not in text


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"null",
        b"[1]",
        b'{"report": 1}',
        b'{"report": {"items": [3]}}',
        b"\xff",
        b"[" * 99999,
    ],
)
def test_another_line_is_no_line(text):
    with pytest.raises(ValueError):
        read_line(text)


def test_what_was_appended_is_there_for_the_next_run(tmp_path):
    with Journal(tmp_path) as journal:
        journal.append((key(k), report(f"s{k}")) for k in range(3))
        journal.append([(key(3), report("s3"))])
    with Journal(tmp_path) as journal:
        assert [x.student for x in journal.reports.values()] == ["s0", "s1", "s2", "s3"]
        journal.append([(key(4), report("s4"))])
    assert len(Journal(tmp_path).reports) == 5


@pytest.mark.parametrize("cut", [1, 2, 10, 100, -1])
def test_a_half_last_line_is_dropped_and_the_next_line_is_whole(tmp_path, cut):
    with Journal(tmp_path) as journal:
        journal.append([(key(0), report("s0")), (key(1), report("s1"))])
    path = tmp_path / NAME
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + (second[:cut] if cut > 0 else second[:-1]))
    with Journal(tmp_path) as journal:
        assert list(journal.reports) == [key(0)]
        journal.append([(key(1), report("s1"))])
    assert path.read_bytes() == first + second


def test_a_damaged_line_in_the_middle_is_kept_and_counted(tmp_path):
    with Journal(tmp_path) as journal:
        journal.append([(key(k), report(f"s{k}")) for k in range(3)])
    path = tmp_path / NAME
    lines = path.read_bytes().splitlines(keepends=True)
    damaged = lines[0] + b"?" + lines[1] + lines[2]
    path.write_bytes(damaged)
    with Journal(tmp_path) as journal:
        assert (list(journal.reports), journal.unreadable) == ([key(0), key(2)], 1)
    assert path.read_bytes() == damaged


def test_lines_are_synced_before_append_returns(tmp_path, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(journal_file.os, "fsync", lambda fd: synced.append(fd) or real(fd))
    with Journal(tmp_path) as journal:
        synced.clear()
        journal.append([(key(0), report("s0"))])
        assert synced


def test_a_full_disk_leaves_whole_lines_only(tmp_path, monkeypatch):
    with Journal(tmp_path) as journal:
        journal.append([(key(0), report("s0"))])
        before = (tmp_path / NAME).read_bytes()
        real = os.write

        def full(fd, data):
            if len(data) > 9:
                return real(fd, data[:9])
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(journal_file.os, "write", full)
        with pytest.raises(OSError, match="No space"):
            journal.append([(key(1), report("s1234567"))])
        assert (tmp_path / NAME).read_bytes() == before
        assert list(journal.reports) == [key(0)]


def test_points_are_numbers(tmp_path):
    """A nan in the journal would be no JSON."""
    with Journal(tmp_path) as journal, pytest.raises(ValueError):
        journal.append([(key(0), report("s0", float("nan")))])
    assert not (tmp_path / NAME).read_bytes()


def test_every_line_is_json_on_its_own(tmp_path):
    with Journal(tmp_path) as journal:
        journal.append([(key(0), report("s0"))])
    (only,) = (tmp_path / NAME).read_text(encoding="ascii").splitlines()
    assert json.loads(only)["report"]["items"][1]["points"] is None


def test_two_runs_do_not_share_a_folder(tmp_path):
    with (
        locked(tmp_path),
        pytest.raises(GradingError, match="another run writes to"),
        locked(tmp_path),
    ):
        pass
    with locked(tmp_path):
        pass  # free again


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_the_journals_place_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / NAME)
    with pytest.raises(GradingError, match="is no file"):
        Journal(tmp_path)


def test_a_folder_in_the_journals_place_is_refused(tmp_path):
    (tmp_path / NAME).mkdir()
    with pytest.raises(GradingError, match="is no file"):
        Journal(tmp_path)
