"""Other people's graders, started as users start them, with this interpreter and its kernels."""

import math
import os
import subprocess
import sys
from pathlib import Path

import nbformat

from grading.platforms.notebook_cells import CLASS

ROOT = Path(__file__).parents[3]
ASSIGNMENT = """
title = "Homework in a notebook"
secret = "only for tests"
feedback = "path"

[graph]
equations = "h = sin(x)\\ny = h**2 * x"
design = { x = { from = 0.4, to = 1.3, decimals = 3 } }

[[question]]
name = "moves"
ask = "total"
wrt = ["h", "x"]
points = { h = 1, x = 3 }
"""
PROGRAM = """
[[question]]
name = "program"
ask = "function"
function = "slopes"
wrt = ["h", "x"]
points = 2
"""
RIGHT_PROGRAM = """
from math import cos, sin
def slopes(x):
    h = sin(x)
    return 2 * h * x, h * h + 2 * h * x * cos(x)
"""
HALF_PROGRAM = RIGHT_PROGRAM.replace(" + 2 * h * x * cos(x)", "")


def run(*arguments, cwd, **environment):
    """`python -m …`; an error shows what it said."""
    env = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
        "PYTHONWARNINGS": "default",
        "JUPYTER_CONFIG_DIR": str(cwd / ".jupyter"),
        "IPYTHONDIR": str(cwd / ".ipython"),
        **environment,
    }
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=cwd, env=env, timeout=300,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
    return done.stdout


def hand_in(notebook: Path, path: Path, answers: dict[str, str]) -> None:
    """A student's copy of a notebook: below each answer cell one more with what they typed."""
    read = nbformat.read(notebook, as_version=4)
    for cell in read.cells:
        for variable, code in answers.items():
            if cell.cell_type == "code" and cell.source.startswith(f"{variable} = {{"):
                cell.source = cell.source.replace("raise NotImplementedError()", "") + f"\n{code}"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(read, path)


def right_answers(assignment, question, student=CLASS) -> dict[str, str]:
    """To four digits, from closed forms: dy/dh and dy/dx of y = h² x with h = sin x."""
    (asked,) = (q for q in assignment.paper(student).questions if q.name == question)
    x = next(given.value for given in asked.givens if given.name == "x")
    h = math.sin(x)
    return {"h": f"{2 * h * x:.4g}", "x": f"{h * h + 2 * h * x * math.cos(x):.4g}"}
