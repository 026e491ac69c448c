"""The command `flowgraph`: what must work as written, and one clear message where it does not."""

import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.processes import PATIENCE
from viz.cli import main
from viz.demo import main as demo

MY_FLOW = """\
h_0 = cos(x)
h_1 = (h_0**3 + sin(x)) / sqrt(2)
yhat = sqrt(h_0**2 + h_1**2)
"""


def flowgraph(*args: str, stdin: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(main, args, input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def refusal(*args: str, stdin: str | bytes | None = None) -> str:
    """The message on standard error, when the command is refused."""
    result = flowgraph(*args, stdin=stdin)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr


@pytest.fixture
def my_flow(in_tmp_path: Path) -> Path:
    path = in_tmp_path / "my.flow"
    path.write_text(MY_FLOW, encoding="utf-8")
    return path


# --- what must work as written -------------------------------------------------------------------


def test_a_shipped_example_as_pdf(in_tmp_path):
    done = flowgraph(
        *"draw written_example --of z --wrt u,v --cut-after u,v -o written.pdf".split()
    )
    assert (done.exit_code, done.output) == (0, "")
    assert (in_tmp_path / "written.pdf").read_bytes().startswith(b"%PDF")


def test_a_file_as_svg(my_flow):
    done = flowgraph(*"draw my.flow --at x=1 --of yhat --wrt x --cut h_0,h_1 -o flow.svg".split())
    assert (done.exit_code, done.output) == (0, "")
    assert "<svg" in Path("flow.svg").read_text(encoding="utf-8")


def test_the_installed_command_is_this_one(my_flow):
    command = Path(sys.executable).with_name("flowgraph")
    asked = "table my.flow --at x=1 --cut h_0,h_1".split()
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [command, *asked],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env=environment,
        timeout=PATIENCE,
    )
    assert done.stdout == flowgraph(*asked).output
    assert done.stderr == ""


def test_without_output_the_table_is_printed(my_flow):
    drawn = flowgraph("draw", "my.flow", "--at", "x=1", "--cut", "h_0,h_1")
    assert drawn.output == flowgraph("table", "my.flow", "--at", "x=1", "--cut", "h_0,h_1").output
    assert "1.09937·(-0.841471) + 0.794354·0.382051 = -0.621607\n" in drawn.output


def test_equations_from_standard_input():
    done = flowgraph("table", "-", "--at", "x=1", stdin=MY_FLOW)
    assert "dŷ/dx = -0.621607" in done.output


@pytest.mark.parametrize("output", ["flow.dot", "flow.png", "flow.txt"])
def test_the_suffix_says_the_form(my_flow, output):
    assert flowgraph("draw", "my.flow", "--at", "x=1", "-o", output).exit_code == 0
    assert Path(output).stat().st_size > 100


def test_a_file_from_an_editor_that_marks_utf8(in_tmp_path):
    (in_tmp_path / "m.flow").write_bytes("\ufeffε = 2\r\ny = 3*ε\r\n".encode())
    assert "∂y/∂ε = 3" in flowgraph("table", "m.flow").output


@pytest.mark.parametrize(
    ("at", "x"), [("x=2", 2), ("x=-0.5", -0.5), ("x = 1/4", 0.25), ("x=pi", 3.14159)]
)
def test_at_takes_numbers(my_flow, at, x):
    assert re.search(rf"^  x +{x} ", flowgraph("table", "my.flow", "--at", at).output, re.MULTILINE)


def test_of_takes_any_variable_by_its_name_or_its_looks(my_flow):
    first = flowgraph("table", "my.flow", "--at", "x=1", "--of", "h_1").output
    assert first.startswith("flow graph of h_1: 3 variables")
    assert flowgraph("table", "my.flow", "--at", "x=1", "--of", "ŷ").exit_code == 0


def test_several_cuts(my_flow):
    done = flowgraph(*"table my.flow --at x=1 --cut h_0,h_1 --cut-after x,h_0".split())
    assert re.findall(r"cut at ([^(\n]*\w)", done.output) == ["h_0, h_1", "h_1, ŷ"]


def test_the_examples_are_listed():
    done = flowgraph("examples")
    assert re.findall(r"^\w+$", done.output, re.MULTILINE) == [
        "one_step", "three_step", "written_example",
    ]  # fmt: skip
    assert "    h = cos(x)\n" in done.output


def test_help_and_version():
    assert "draw" in flowgraph("-h").output
    assert "--cut-after" in flowgraph("draw", "--help").output
    assert metadata.version("autograd_lite") in flowgraph("--version").output


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("draw my.flow", "line 1, .*'x' has neither an equation above nor a value .*--at x=1.0"),
        ("draw my.flow --at x", "--at x: write --at name=value"),
        ("draw my.flow --at 2=3", "write --at name=value"),
        ("draw my.flow --at x=", "must be a finite number"),
        ("draw my.flow --at x=nan", "must be a finite number"),
        ("draw my.flow --at x=1e999", "must be a finite number"),
        ("draw my.flow --at x=a", "must be a finite number"),
        ("draw my.flow --at x=1;y=2", "must be a finite number"),
        ("draw my.flow --at x=1 --at h_0=2", "'h_0' is computed"),
        ("draw my.flow --at x=1 --at z=2", "'z', which no equation mentions"),
        ("draw my.flow --at x=1 --of yhta", "did you mean 'yhat'"),
        ("draw my.flow --at x=1 --wrt h_3", "did you mean 'h_"),
        ("draw my.flow --at x=1 --wrt ,", "holds no name"),
        ("draw my.flow --at x=1 --cut h_0", "leaks past it"),
        ("draw my.flow --at x=1 --cut h_9,h_1", "no variable is called 'h_9'"),
        ("draw my.flow --at x=1 --cut ,", "holds no name"),
        ("draw my.flow --at x=1 --cut-after yhat", "output"),
        ("draw my.flow --at x=1 -o flow.xyz", "one of .pdf, .svg"),
        ("draw my.flow --at x=1 -o flow", "one of .pdf, .svg"),
        ("draw my.flow --at x=1 -o no/such/place.svg", "cannot save"),
        ("table written_example --of epsilon_u", "is a constant"),
        ("table one_stp", "did you mean 'one_step'"),
        ("table nowhere.flow", "neither a file nor a shipped example"),
        ("table .", "cannot read equations from '.'"),
        ("table -", "no equation"),
    ],
)
def test_a_refusal_is_one_line_and_exit_code_2(my_flow, asked, said):
    message = refusal(*asked.split(), stdin="")
    assert re.search(said, message), message
    assert message.startswith("Error: ")
    assert message.count("\n") == 1


@pytest.mark.parametrize(
    "asked", ["", "draw", "no-such-command", "table one_step --no-such-option"]
)
def test_wrong_usage_is_explained_too(asked):
    assert "flowgraph" in refusal(*asked.split())


def test_what_is_no_text_is_refused(in_tmp_path):
    (in_tmp_path / "x.flow").write_bytes(b"\xff\xfe\x00y")
    assert "cannot read equations" in refusal("table", "x.flow")
    assert "more than" in refusal("table", "-", stdin=b"#" * 1_000_001)


def test_control_characters_do_not_reach_the_terminal(in_tmp_path):
    for message in (
        refusal("table", "-", stdin="y = \x1b[2J"),
        refusal("table", "\x1b[2J.flow"),
        refusal("table", "one_step", "--at", "\x1b[2J=1"),
        refusal("table", "one_step", "--of", "\x1b[2J"),
        refusal("table", "one_step", "--wrt", "\x1b[2J"),
        refusal("draw", "one_step", "-o", "\x1b[2J.xyz"),
    ):
        assert "\x1b" not in message


def test_a_failed_drawing_leaves_the_old_file(my_flow):
    Path("old.svg").write_text("old")
    refusal("draw", "my.flow", "--at", "x=1", "--cut", "h_0", "-o", "old.svg")
    refusal("draw", "my.flow", "-o", "old.svg")
    assert Path("old.svg").read_text() == "old"


def test_a_terminal_without_the_letters_shows_question_marks(my_flow):
    command = [sys.executable, "-m", "viz.cli", "table", "my.flow", "--at", "x=1"]
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONPATH": root}
    done = subprocess.run(
        command, capture_output=True, check=True, env=environment, timeout=PATIENCE
    )
    assert b"d?/dx = -0.621607" in done.stdout


# --- the demo ------------------------------------------------------------------------------------


def test_the_demo_draws_the_lectures_examples_and_prints_their_tables(tmp_path):
    done = CliRunner().invoke(demo, ["--out", str(tmp_path / "new" / "out")])
    assert done.exit_code == 0, done.output
    files = sorted(path.name for path in (tmp_path / "new" / "out").iterdir())
    names = ["one_step", "three_step", "written_example"]
    assert files == sorted(f"{name}.{suffix}" for name in names for suffix in ("pdf", "svg"))
    for said in ("h/ŷ     = 0.475355", "dŷ/dx = -0.621607", "dz/d[u, v] = [0.14641, 0.1331]"):
        assert said in done.output


def test_the_demo_says_why_it_cannot_write(tmp_path):
    (tmp_path / "out").write_text("a file")
    done = CliRunner().invoke(demo, ["--out", str(tmp_path / "out")])
    assert done.exit_code == 1
    assert "out" in done.stderr
    assert isinstance(done.exception, SystemExit)


# --- source ---------------------------------------------------------------------------------------


def test_source_is_a_program_that_runs_on_its_own(my_flow):
    done = flowgraph(*"source my.flow --at x=1".split())
    session = {}
    exec(done.stdout, session)  # noqa: S102 - what the command printed
    _, (slope,) = session["program"](1.0)
    step = 1e-6
    moved = [session["program"](1.0 + sign * step)[0] for sign in (1, -1)]
    assert slope == pytest.approx((moved[0] - moved[1]) / (2 * step), rel=1e-8)
    assert "yhat = np.sqrt" in done.stdout


@pytest.mark.parametrize(
    ("suffix", "begins"), [("py", "import numpy"), ("tex", r"\begin{aligned}"), ("js", "function")]
)
def test_a_source_files_suffix_says_the_language(in_tmp_path, suffix, begins):
    done = flowgraph("source", "three_step", "-o", f"three.{suffix}")
    assert (done.exit_code, done.output) == (0, "")
    assert Path(f"three.{suffix}").read_text(encoding="utf-8").startswith(begins)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ("three_step --language cobol", "python, latex, javascript"),
        ("three_step -o three.pdf", ".py, .tex or .js"),
        ("three_step -o three.py --language latex", "--language says latex"),
        ("three_step --wrt q", "'q' is no input; known: x"),
        ("no_such_file", "neither a file nor a shipped example"),
    ],
)
def test_source_refuses_in_a_sentence(in_tmp_path, args, says):
    assert says in refusal("source", *args.split()).replace(".tex, .js", ".tex or .js")
    assert not list(in_tmp_path.iterdir())
