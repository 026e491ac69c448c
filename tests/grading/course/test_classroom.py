"""A class: everybody graded and journalled once, whatever is handed in and whenever a run is ended."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from autograd_lite.errors import AssignmentError, GradingError, SandboxError, SubmissionError
from grading.assignments import load
from grading.assignments.written import asked, assignment
from grading.course import classroom
from grading.course.classroom import Options, grade_class
from grading.course.executors import Processes
from grading.course.lock import locked
from grading.sandbox import best_tier
from tests.grading.course import tasks
from tests.grading.course.conftest import EQUATIONS, RIGHT
from tests.processes import PATIENCE

ROOT = Path(__file__).parents[3]


def journalled(out):
    lines = (out / "journal.jsonl").read_bytes().split(b"\n")
    assert lines.pop() == b""
    return [json.loads(line)["report"] for line in lines]


def scores(reports):
    return {report.student: report.score for report in reports}


def test_everybody_is_graded_and_has_a_page(homework, handed_in, tmp_path):
    folder = handed_in(
        {"ada.csv": RIGHT, "ben.csv": "all,x,3\none,x,3", "Zoë.json": '{"one": {"x": 3}}'}
    )
    reports = grade_class(homework, folder, tmp_path / "out")
    assert scores(reports) == {"ada": 4.0, "ben": 1.0, "Zoë": 1.0}
    (wrong,) = (x for x in reports[1].items if x.status == "wrong")
    assert wrong.ids[0].startswith("A1")
    pages = sorted((tmp_path / "out" / "students").iterdir())
    assert len(pages) == 3
    assert "partial derivative where the total was asked" in pages[1].read_text(encoding="utf-8")
    assert (tmp_path / "out" / "marks.csv").read_text(encoding="utf-8").count("\n") == 4
    assert Counter(x["student"] for x in journalled(tmp_path / "out")) == Counter(
        list(scores(reports))
    )


HOSTILE = {
    "=cmd('calc')!A0.csv": RIGHT, "<script>alert(1)<": "", "\u202excod.csv": RIGHT, "-rf.csv": RIGHT,
    "a" * 200 + ".csv": RIGHT, "CON.csv": RIGHT, "con.csv": RIGHT, "new\nline.csv": RIGHT,
    "%2e%2e%2f.csv": RIGHT, "index.csv": RIGHT, "{0}%s.csv": RIGHT, "ada.csv": RIGHT, "Ada.csv": RIGHT,
    "ada .csv": "one,x,1",
    "zip.zip": b"PK\x03\x04", "deep.json": b"[" * 100_000, "bytes.csv": bytes(range(256)), "l.pdf": b"%PDF",
    "nan.csv": "all,x,nan\none,x,inf\nforward,h,1e999", "big.csv": "all,x," + "9" * 50_000,
    "bomb.csv": "all,x,9**9**9**9\none,x,__import__('os')",
    "none.json": '{"all": null, "one": [], "forward": {}}',
    "odd.json": '{"all": {"x": {"x": {}}}, "one": {"x": [[[]]]}, "forward": {"h": true}}',
}  # fmt: skip


def test_no_submission_is_lost_beside_hostile_ones(homework, handed_in, tmp_path):
    folder = handed_in(HOSTILE)
    (folder / "link.csv").symlink_to("/etc/passwd")
    (folder / "empty").mkdir()
    os.mkfifo(folder / "pipe.csv")
    (folder / os.fsdecode(b"\xff\xfe.csv")).write_text(RIGHT)
    reports = grade_class(homework, folder, tmp_path / "out")
    known = [report for report in reports if report.student not in ("ada", "ada ")]
    assert len(reports) == len(HOSTILE) + 4 - 1  # "ada " is ada
    assert not any(x.status == "grader_error" for report in known for x in report.items)
    assert sum(report.score == 4.0 for report in reports) == 12
    assert sum("the same student?" in " ".join(report.warnings) for report in reports) == 4
    for report in reports:
        if report.score < 4.0:
            assert all(x.feedback or x.status == "right" for x in report.items), report
    assert len(list((tmp_path / "out" / "students").iterdir())) == len(reports)
    marks = (tmp_path / "out" / "marks.csv").read_text(encoding="utf-8")
    assert "\n'=cmd" in marks
    for page in (tmp_path / "out").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "\u202e" not in text


def test_a_second_run_grades_what_is_new_and_nothing_twice(homework, handed_in, tmp_path):
    folder = handed_in({"ada.csv": RIGHT, "ben.csv": "one,x,3"})
    grade_class(homework, folder, tmp_path / "out")
    first = (tmp_path / "out" / "journal.jsonl").read_bytes()
    handed_in({"ben.csv": RIGHT, "cem.csv": RIGHT})
    reports = grade_class(homework, folder, tmp_path / "out")
    assert scores(reports) == {"ada": 4.0, "ben": 4.0, "cem": 4.0}
    whole = (tmp_path / "out" / "journal.jsonl").read_bytes()
    assert whole.startswith(first)
    assert {x["student"] for x in journalled(tmp_path / "out")[2:]} == {"ben", "cem"}
    grade_class(homework, folder, tmp_path / "out")
    assert (tmp_path / "out" / "journal.jsonl").read_bytes() == whole


def test_another_level_of_feedback_is_another_grading(homework, handed_in, tmp_path):
    folder = handed_in({"ben.csv": "all,x,3\none,x,3"})
    told = [
        grade_class(homework, folder, tmp_path / "out", Options(feedback=level))[0]
        .items[0]
        .feedback
        for level in ("variable", "kind", "path", "reference")
    ]
    assert len(set(told)) == 4
    assert [("7" in text) for text in told] == [False, False, False, True]
    with pytest.raises(AssignmentError, match="variable"):
        grade_class(homework, folder, tmp_path / "out", Options(feedback="all"))


KILLED = """
import sys
from pathlib import Path
from grading.course.classroom import Options, grade_class
from tests.grading.course.tasks import Slow
from grading.assignments import load
grade_class(load(Path(sys.argv[1])), sys.argv[2], sys.argv[3], Options(executor=Slow()))
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
@pytest.mark.parametrize("after", [1, 12])
def test_a_killed_run_goes_on_with_nothing_lost_or_twice(after, handed_in, tmp_path):
    toml = (
        'title = "Killed"\nnumbers = "student"\nsecret = "s"\n'
        f'[graph]\nequations = """\n{EQUATIONS}\n"""\n'
        "variants = 9\ndesign = { x = { from = 1, to = 9 } }\n"
        '[[question]]\nname = "q"\nask = "total"\nwrt = "x"\n'
    )
    (tmp_path / "week.toml").write_text(toml)
    folder = handed_in({f"s{k:02}.csv": f"q,x,{k}\n" for k in range(30)})
    out = tmp_path / "out"
    command = [sys.executable, "-c", KILLED, str(tmp_path / "week.toml"), str(folder), str(out)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
    path = out / "journal.jsonl"
    while process.poll() is None:
        if path.exists() and path.read_bytes().count(b"\n") >= after:
            break
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    before = path.read_bytes()
    assert 0 < before.count(b"\n") < 30
    half = before[: -(len(before.splitlines()[-1]) // 2)]  # as if killed while it wrote
    path.write_bytes(half)

    from grading.assignments import load

    reports = grade_class(load(tmp_path / "week.toml"), folder, out)
    assert path.read_bytes().startswith(half[: half.rfind(b"\n") + 1])
    found = journalled(out)
    assert Counter(x["student"] for x in found) == Counter(f"s{k:02}" for k in range(30))
    alone = grade_class(load(tmp_path / "week.toml"), folder, tmp_path / "at once")
    assert [report.items for report in reports] == [report.items for report in alone]


def test_where_the_grader_fails_nobody_loses_points(programs, handed_in, tmp_path):
    folder = handed_in(
        {"ada.py": "fine", "ben.py": "failing", "cem.py": "fine", "dan.csv": "f,x,1"}
    )
    options = Options(coder=tasks.coder)
    reports = grade_class(programs, folder, tmp_path / "out", options)
    assert {r.student: (r.score, r.out_of) for r in reports} == {
        "ada": (3.0, 3.0), "ben": (0, 0), "cem": (3.0, 3.0), "dan": (0.0, 3.0),
    }  # fmt: skip
    assert "the grader fails" in reports[1].items[0].note
    grade_class(programs, folder, tmp_path / "out", options)
    assert len(journalled(tmp_path / "out")) == 4
    handed = Options(coder=lambda *asked: tasks.coder(asked[0], "fine", *asked[2:]), again=True)
    assert scores(grade_class(programs, folder, tmp_path / "out", handed))["ben"] == 3.0
    assert len(journalled(tmp_path / "out")) == 5


def test_a_poison_submission_kills_workers_and_not_the_run(programs, handed_in, tmp_path):
    folder = handed_in({f"s{k}.py": "deadly" if k == 3 else "fine" for k in range(8)})
    options = Options(jobs=3, executor=lambda: Processes(2), coder=tasks.coder)
    reports = grade_class(programs, folder, tmp_path / "out", options)
    assert [r.score for r in reports] == [3.0, 3.0, 3.0, 0, 3.0, 3.0, 3.0, 3.0]
    assert reports[3].out_of == 0
    assert reports[3].items[0].status == "grader_error"
    assert "tried 3 times" in reports[3].items[0].note
    assert Counter(x["student"] for x in journalled(tmp_path / "out")) == Counter(
        list(scores(reports))
    )


def test_code_is_graded_with_the_same_inputs_again(programs, handed_in, tmp_path):
    folder = handed_in({"ada.py": "fine", "ben.py": "fine"})
    seeds = [
        [
            r.items[0].note
            for r in grade_class(programs, folder, tmp_path / out, Options(coder=tasks.coder))
        ]
        for out in ("a", "b")
    ]
    assert seeds[0] == seeds[1]
    assert len(set(seeds[0])) == 2


def test_a_notebooks_variables_are_taken_out_in_the_sandbox(homework, handed_in, tmp_path):
    cells = [
        "import os\nx = 2",
        "1/0",
        "all_x = 7.0\none = {'x': 3.0}\nh = x**2",
        "print('=' * 99)",
    ]
    made = {"cells": [{"cell_type": "code", "source": cell} for cell in cells]}
    hang = {"cells": [{"cell_type": "code", "source": "while True: pass"}]}
    folder = handed_in(
        {"ada.ipynb": json.dumps(made), "ben.ipynb": json.dumps(hang), "cem.csv": RIGHT}
    )
    ada, ben, cem = grade_class(homework, folder, tmp_path / "out")
    assert (ada.score, ada.tier, cem.score, cem.tier) == (4.0, best_tier(), 4.0, None)
    assert "division by zero" in " ".join(ada.warnings)
    assert {x.status for x in ben.items} == {"timeout"}


def test_what_cannot_begin_is_refused_before_anything_is_written(homework, handed_in, tmp_path):
    with pytest.raises(SubmissionError, match="cannot list submissions"):
        grade_class(homework, tmp_path / "nowhere", tmp_path / "out")
    with pytest.raises(SubmissionError, match="holds no submissions"):
        grade_class(homework, handed_in({".DS_Store": ""}), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_refused(homework, handed_in, tmp_path):
    folder = handed_in({"ada.csv": RIGHT})
    (tmp_path / "out").mkdir()
    with locked(tmp_path / "out"), pytest.raises(GradingError, match="another run"):
        grade_class(homework, folder, tmp_path / "out")
    assert not (tmp_path / "out" / "journal.jsonl").exists()


def test_tables_are_graded_where_no_sandbox_works(
    homework, programs, handed_in, tmp_path, monkeypatch
):
    def none():
        raise SandboxError("strangers' code cannot be run here")

    monkeypatch.setattr(classroom, "best_tier", none)
    folder = handed_in({"ada.csv": RIGHT})
    assert grade_class(homework, folder, tmp_path / "out")[0].score == 4.0
    with pytest.raises(SandboxError, match="cannot be run here"):
        grade_class(programs, folder, tmp_path / "out")


def test_a_tier_that_is_not_safe_enough_is_refused(handed_in, tmp_path):
    strict = assignment(
        "Strict", asked("q", "total", wrt="x"), graph={"equations": EQUATIONS, "design": {"x": 2.0}},
        secret="s", tier="A", name="strict",  # noqa: S106 - of a test
    )  # fmt: skip
    with pytest.raises(SandboxError, match="wants tier A"):
        grade_class(strict, handed_in({"ada.csv": "q,x,7"}), tmp_path / "out", Options(tier="C"))


def test_a_sheet_that_answers_nothing_is_told_so(tmp_path):
    """It was read, so nothing is wrong with the file: what is missing is the form of answers."""
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "Łucja.csv").write_text("question,field,answer\n", encoding="utf-8")
    (tmp_path / "class" / "nina.py").write_text("moves = {'h_0': 1.2}\n", encoding="utf-8")
    reports = grade_class(load("three_step"), tmp_path / "class", tmp_path / "out", Options(jobs=1))
    for report in reports:
        assert "nothing in what was handed in answers a question" in report.warnings[0]


def test_progress_is_never_ahead_of_the_journal(homework, handed_in, tmp_path):
    folder = handed_in({f"s{k}.csv": RIGHT for k in range(6)})
    path = tmp_path / "out" / "journal.jsonl"
    seen = []

    def progress(done, of):
        seen.append(done - path.read_bytes().count(b"\n"))

    grade_class(homework, folder, tmp_path / "out", Options(jobs=4), progress=progress)
    assert set(seen) == {0}
    (folder / "s0.csv").write_text("all,x,8")
    ends = []
    grade_class(homework, folder, tmp_path / "out", progress=lambda *told: ends.append(told))
    assert ends[-1] == (6, 6)  # five are known already
