"""A zip file is read under caps, and nothing of it is written anywhere."""

import io
import stat
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from autograd_lite.errors import SubmissionError
from grading.course.archives import unzipped
from grading.course.contents import LARGEST, LARGEST_FILE, MOST_FILES


def archive(*members, compression=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as writer:
        for name, data in members:
            writer.writestr(name, data)
    return made.getvalue()


def test_files_come_by_their_paths():
    data = archive(("a/x.csv", b"1"), ("y.csv", b"2"), ("a/", b""), ("__MACOSX/y.csv", b"3"))
    assert unzipped("s.zip", data) == {"a/x.csv": b"1", "y.csv": b"2"}


@pytest.mark.parametrize(
    "name",
    [
        "../x.csv",
        "/etc/passwd",
        "a/../../x.csv",
        "..\\x.csv",
        "C:\\x.csv",
        "C:x.csv",
        "\\\\host\\x",
    ],
)
def test_paths_that_lead_out_are_refused(name, in_tmp_path):
    with pytest.raises(SubmissionError, match="leads out of its folder"):
        unzipped("s.zip", archive((name, b"1")))
    assert not list(in_tmp_path.iterdir())


def test_links_are_refused():
    link = zipfile.ZipInfo("x.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(SubmissionError, match="a link"):
        unzipped("s.zip", archive((link, b"/etc/passwd")))


def test_a_bomb_is_stopped_where_it_is_too_large():
    data = archive(*((f"{k}.csv", b"0" * 9_000_000) for k in range(LARGEST // 9_000_000 + 2)))
    assert len(data) < 100_000
    with pytest.raises(SubmissionError, match="unpacks to more than"):
        unzipped("s.zip", data)


def test_a_bomb_that_lies_about_its_size_is_stopped():
    data = bytearray(archive(("x.csv", b"0" * (LARGEST + 10))))
    place = data.rfind(b"PK\x01\x02") + 24  # the uncompressed size in the list at the end
    data[place : place + 4] = (5).to_bytes(4, "little")
    with pytest.raises(SubmissionError):
        unzipped("s.zip", bytes(data))


def test_many_members_are_refused_before_they_are_listed():
    with pytest.raises(SubmissionError, match=f"more than {MOST_FILES} files"):
        unzipped("s.zip", archive(*((f"{k}.csv", b"") for k in range(MOST_FILES + 1))))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_comes_twice_is_refused():
    with pytest.raises(SubmissionError, match="twice"):
        unzipped("s.zip", archive(("x.csv", b"1"), ("x.csv", b"2")))


def test_a_password_is_told():
    data = bytearray(archive(("x.csv", b"1")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1  # "encrypted"
    with pytest.raises(SubmissionError, match="password"):
        unzipped("s.zip", bytes(data))


def test_no_damage_ends_in_another_error():
    """Every byte of a small archive, changed one at a time."""
    data = archive(("x.csv", b"h_0,0.49\n" * 20), ("y.csv", b"1"))
    for place in range(len(data)):
        for value in (0, 0xFF, data[place] ^ 1):
            changed = bytes([*data[:place], value, *data[place + 1 :]])
            with suppress(SubmissionError):
                unzipped("s.zip", changed)


def test_nothing_is_unpacked(in_tmp_path):
    unzipped("s.zip", archive(("a/x.csv", b"1")))
    assert not list(Path().iterdir())


def test_a_file_inside_is_no_larger_than_one_outside():
    with pytest.raises(SubmissionError, match="larger than 10 MB"):
        unzipped("s.zip", archive(("a.json", b"[" * (LARGEST_FILE + 1))))


def test_what_is_left_for_an_archive_is_all_it_may_unpack_to():
    data = archive(("a.csv", b"0" * 1000), ("b.csv", b"0" * 1000))
    assert len(unzipped("s.zip", data, 2000)) == 2
    with pytest.raises(SubmissionError, match="unpacks to more"):
        unzipped("s.zip", data, 1999)
