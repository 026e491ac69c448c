"""A student's module, called from outside: values come back, failures have a status, nothing runs here."""

import sys

import pytest

from autograd_lite.errors import SubmissionError
from grading.platforms.pytest_student import LARGEST, Student, StudentError


def test_a_function_returns_its_value():
    student = Student("def f(x, rate=1): return [rate * v for v in x]")
    assert student.call("f", [1.0, 2.0], rate=3) == [3.0, 6.0]


def test_a_call_leaves_nothing_for_the_next_one():
    student = Student("seen = []\ndef f():\n    seen.append(1)\n    return len(seen)")
    assert [student.call("f"), student.call("f")] == [1, 1]
    assert student.calls([("f", (), {}), ("f", (), {})]) == [1, 2]


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("def f(): return 1 / 0", "crash"),
        ("def g(): return 1", "missing"),
        ("def f(:", "crash"),
        ("def f(): return object()", "refused"),
        ("import os\ndef f(): os._exit(0)", "crash"),
    ],
)
def test_a_failure_has_a_status_and_a_sentence(source, status):
    with pytest.raises(StudentError) as error:
        Student(source).call("f")
    assert error.value.status == status
    assert str(error.value)


def test_nothing_of_the_module_runs_here():
    Student("import sys\nsys.modules['planted'] = sys\ndef f(): return 1").call("f")
    assert "planted" not in sys.modules


def test_a_file_is_read_whole_or_refused(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("def f(): return 'ŷ'", "utf-8")
    assert Student.of_file(path).call("f") == "ŷ"
    with pytest.raises(SubmissionError, match=r"nothing\.py"):
        Student.of_file(tmp_path / "nothing.py")
    path.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(SubmissionError, match="more than"):
        Student.of_file(path)
