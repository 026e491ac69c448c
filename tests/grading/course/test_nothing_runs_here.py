"""Whatever is handed in, the grading process compiles, imports, executes and unpickles nothing of it."""

import json
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MARK = "mark_of_a_stranger"
WATCHED = f"""
import sys
from grading.assignments.written import asked, assignment
from grading.course.classroom import Options, grade_class

seen = []

def watch(event, args):
    if event == "compile" and {MARK!r} in str(args[0]):
        seen.append("compiled")
    if event == "import" and {MARK!r} in str(args[0]):
        seen.append("imported")
    if event == "exec" and {MARK!r} in f"{{args[0].co_names}} {{args[0].co_consts}} {{args[0].co_filename}}":
        seen.append("executed")
    if event == "open" and str(args[0]).startswith("/etc/passwd"):
        seen.append("followed a link")
    if event in ("pickle.find_class", "os.system", "socket.connect"):
        seen.append(event)

questions = (
    asked("all", "total", wrt="x"), asked("f", "formula", wrt="x"),
    asked("program", "function", wrt="x", function="slope"),
)
graph = {{"equations": "h = x**2\\ny = h + 3*x", "design": {{"x": 2.0}}}}
homework = assignment("Watched", *questions, graph=graph, numbers="class", secret="of a test", name="w")
homework.paper("warm").grade({{"all": {{"x": "1"}}, "f": {{"x": "x"}}}})
sys.addaudithook(watch)
reports = grade_class(homework, sys.argv[1], sys.argv[2], Options(jobs=1))
sys.stdout.write(repr((sorted(set(seen)), len(reports), sum(r.score for r in reports))))
"""


def hostile(folder):
    """Code, notebooks, archives, pickles, links and answers that all want to be run."""
    code = f"import {MARK}\n{MARK} = 1\ndef slope(x):\n    import {MARK}\n    return {MARK}\n"
    cells = [{"cell_type": "code", "source": code, "outputs": [{"data": {"text/html": MARK}}]}]
    texts = {
        "code.py": code,
        "coding.py": f"# -*- coding: unicode_escape -*-\n{code}",
        "notebook.ipynb": json.dumps({"cells": cells, "metadata": {"kernelspec": {"name": MARK}}}),
        "formula.json": json.dumps({"f": {"x": f"{MARK}.__class__()"}, "all": {"x": f"{MARK}()"}}),
        "dunder.json": json.dumps({"f": {"x": f"__import__('{MARK}')"}, "all": {"x": f"[{MARK}]"}}),
        "table.csv": f"all,x,eval('{MARK}')\nf,x,lambda: {MARK}\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("sitecustomize.py", "conftest.py", "numpy.py", "__init__.py", "setup.py"):
        (folder / "shadows").mkdir(exist_ok=True)
        (folder / "shadows" / name).write_text(code, encoding="utf-8")
    (folder / "pickled.json").write_bytes(pickle.dumps({"x": Path(MARK)}))
    with zipfile.ZipFile(folder / "archive.zip", "w") as archive:
        archive.writestr("answers.json", texts["formula.json"])
        archive.writestr("code.py", code)
    (folder / "link.csv").symlink_to("/etc/passwd")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_nothing_that_is_handed_in_runs_in_the_grading_process(tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    hostile(folder)
    command = [sys.executable, "-c", WATCHED, folder, tmp_path / "out"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout == repr(([], len(list(folder.iterdir())), 0.0))


def test_the_watch_sees_what_it_watches_for():
    watched = WATCHED.partition("questions =")[0]
    planted = f'sys.addaudithook(watch)\nexec(compile("{MARK} = 1", "x", "exec"))\nprint(*seen)'
    done = subprocess.run(
        [sys.executable, "-c", f"{watched}\n{planted}"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["compiled", "executed"]
