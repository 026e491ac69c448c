"""Notebooks run from top to bottom, assert their numbers, and are kept so that GitHub can show them."""

import ast
import copy
import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).parents[2]
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
GIVEN_UP = 500  # seconds: against a cell that hangs, no measure of anything
SMALL = {"01_partial_and_total": 2_000_000}
OTHERWISE = 1_000_000  # bytes: GitHub shows larger files late or not at all

OFFLINE = """
import socket

def refuse(*_):
    raise AssertionError("a notebook needs no network")

socket.socket.connect = socket.getaddrinfo = refuse
"""

# Right answers to the exercises, found by hand.
SOLUTIONS = {
    "01_partial_and_total": """
        assert exercise_1([4.0, 12.0]) == "Right."
        assert exercise_2(1.5707963) == exercise_2(-3.1415927) == "Right."
        assert exercise_3(["h_1", "yhat"]) == "Right."
        assert exercise_4([[0.11, 0.11], [0.121, 0.11]]) == "Right."
        assert exercise_5(-0.21) == exercise_5(-0.99) == "Right."
        assert "poles" in exercise_5(-0.19) and "poles" in exercise_5(-1.01)
        assert exercise_6(lambda error, d, h, w: error + w * d * (1 + h) * (1 - h)) == "Right."
        assert "error" in exercise_6(lambda error, d, h, w: w * d * (1 - h * h))
    """,
}


def read(path):
    return nbformat.read(path, as_version=4)


def name_of(path):
    return path.stem


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def printed(notebook):
    """What each cell prints."""
    streams = [
        [o.text for o in cell.outputs if o.output_type == "stream"] for cell in code_cells(notebook)
    ]
    return ["".join(texts) for texts in streams]


def run(notebook, folder):
    """The notebook, run in a fresh kernel without network, `dot`, or the user's settings."""
    found = copy.deepcopy(notebook)
    found.cells.insert(0, nbformat.v4.new_code_cell(OFFLINE))
    env = {k: v for k, v in os.environ.items() if k != "MPLBACKEND"}
    env |= {"PATH": str(folder), "IPYTHONDIR": str(folder), "PYTHONPATH": str(ROOT)}
    NotebookClient(
        found,
        timeout=GIVEN_UP,
        kernel_name="python3",
        resources={"metadata": {"path": str(ROOT / "notebooks")}},
    ).execute(env=env)
    found.cells.pop(0)
    return found


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_it_runs_from_top_to_bottom_and_prints_what_it_printed(path, tmp_path):
    """Its own asserts hold, the exercises know right answers, and the outputs kept are not stale."""
    notebook = read(path)
    solutions = re.sub("^ +", "", SOLUTIONS.get(path.stem, ""), flags=re.MULTILINE)
    with_answers = copy.deepcopy(notebook)
    with_answers.cells.append(nbformat.v4.new_code_cell(solutions))
    found = run(with_answers, tmp_path)
    assert printed(found)[:-1] == printed(notebook)


def test_a_notebook_whose_numbers_are_wrong_fails(tmp_path):
    notebook = read(ROOT / "notebooks" / "01_partial_and_total.ipynb")
    del notebook.cells[8:]
    first = next(cell for cell in code_cells(notebook) if "Value(3.0" in cell.source)
    first.source = first.source.replace("Value(3.0", "Value(4.0")
    with pytest.raises(CellExecutionError, match="AssertionError"):
        run(notebook, tmp_path)


def test_there_are_notebooks():
    assert PATHS


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_it_asserts_its_numbers(path):
    source = "\n".join(re.sub("^%.*", "", cell.source) for cell in code_cells(read(path)))
    asserts = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assert)]
    assert len(asserts) + source.count("np.testing.assert_") >= 20


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_it_is_kept_with_the_outputs_of_one_run(path):
    """GitHub shows what is in the file: every figure as PNG, in a file that it still opens."""
    notebook = read(path)
    nbformat.validate(notebook)
    cells = code_cells(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
    figures = [
        cell
        for cell in cells
        if re.search(r"^(viz\.draw|viz\.step|plt)", cell.source, re.MULTILINE)
    ]
    assert figures
    for cell in figures:
        data = [output.data for output in cell.outputs if "data" in output]
        assert any("image/png" in d or "data:image/png" in d.get("text/html", "") for d in data)
    assert path.stat().st_size < SMALL.get(path.stem, OTHERWISE), (
        "keep the PNG of each picture, and drop the SVG beside it"
    )


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_it_tells_nothing_of_the_machine_that_ran_it(path):
    notebook, text = read(path), path.read_text(encoding="utf-8")
    assert notebook.metadata.kernelspec.name == "python3"
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}
    assert not any("execution" in cell.metadata for cell in notebook.cells)
    without_images = re.sub(r'(base64,|"image/png": ")[A-Za-z0-9+/=\\n]+', "", text)
    assert not re.findall(
        r"(?:/(?:home|root|tmp|usr|Users|var)/|[A-Z]:\\\\Users)[\w./-]*", without_images
    )
