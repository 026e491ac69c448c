"""README and docs are true: their Python runs and prints the numbers shown, their commands succeed.

The python blocks of a page run in order, as one session. Where a line is an expression with a number or a
list of numbers as its comment, it evaluates to that, to the digits shown: `x.grad  # 0.14`.
"""

import ast
import doctest
import itertools
import re
import shlex
import warnings
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import nn
from viz.render.files import PICTURE

ROOT = Path(__file__).parents[1]


def blocks_of(page: str) -> list[tuple[str, str]]:
    """Language and text of each block of code."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.partition("  #")[0]
    for language, text in blocks_of("README.md")
    if language == "sh"
    for line in text.splitlines()
    if line.startswith(("flowgraph ", "flowgrade "))
]


def shown_result(line: str) -> list[str]:
    """The numbers a line's comment shows: one, or a list; none if the comment is prose."""
    comment = line.partition("  # ")[2].strip()
    number = r"(?:nan|-?\d+(?:\.\d+)?)"
    is_result = re.fullmatch(rf"\[?{number}(, {number})*\]?", comment)
    return re.findall(number, comment) if is_result else []


@pytest.mark.parametrize(("page", "results"), [("README.md", 5), ("docs/no_derivative.md", 4)])
def test_the_python_blocks_run_and_give_the_numbers_they_show(page, results, in_tmp_path):
    code = "\n".join(text for language, text in blocks_of(page) if language == "python")
    checked = 0
    lines = code.splitlines()
    session: dict[str, object] = {}
    for statement in ast.parse(code).body:
        source = ast.unparse(statement)
        if not isinstance(statement, ast.Expr):
            exec(source, session)  # noqa: S102 - the README is ours
            continue
        value = eval(source, session)  # noqa: S307 - as above
        if shown := shown_result(lines[statement.end_lineno - 1]):
            digits = [len(text.partition(".")[2]) for text in shown]
            got = [f"{x:.{n}f}" for x, n in zip(np.ravel(value), digits, strict=True)]
            assert got == shown, source
            checked += 1
    assert checked >= results


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_succeed(command, in_tmp_path):
    from grading.cli import main as flowgrade
    from viz.cli import main as flowgraph

    Path("submissions").mkdir()
    Path("submissions/ada.csv").write_text("held,h_0,0.6075\n", encoding="utf-8")
    program, *words = shlex.split(command)
    main = {"flowgraph": flowgraph, "flowgrade": flowgrade}[program]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    target = re.search(r"(?:-o|--out) (\S+)", command)
    assert target is None or Path(target[1]).stat().st_size > 0


def test_the_pictures_it_shows_exist():
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (Path(__file__).parents[1] / path).is_file(), path


EXTRAS = "casadi|distributed|networkx|onnx|onnxruntime|torch"
PAGES = [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_the_python_of_every_other_page_runs_by_itself(page, capsys, in_tmp_path):
    """Also its doctests, and `print` shows what its comment says."""
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for extra in re.findall(rf"^(?:import|from) ({EXTRAS})\b", block, re.MULTILINE):
            pytest.importorskip(extra, reason=f"no {extra}: pip install {extra}")
        session: dict[str, object] = {"__name__": page.stem}
        with warnings.catch_warnings():
            exec(block, session)  # noqa: S102 - the project's own pages
        shown = re.findall(r"^print\(.*\)  # (.*)$", block, re.MULTILINE)
        assert capsys.readouterr().out.splitlines() == shown
        own = [
            (name, x) for name, x in session.items() if getattr(x, "__module__", "") == page.stem
        ]
        for name, thing in own:
            examples = doctest.DocTestFinder(recurse=False).find(thing, name, False, globs=session)
            assert not sum(doctest.DocTestRunner().run(each).failed for each in examples)


@pytest.mark.parametrize(("page", "shown"), [("README.md", 1), ("docs/programs.md", 4)])
def test_a_source_that_is_shown_is_what_the_block_before_it_gives(page, shown):
    blocks, session, found = blocks_of(page), dict[str, object](), 0
    session.update(np=np, nn=nn)
    for (language, text), (_, following) in itertools.pairwise(blocks):
        if language == "python" and re.search("^source = ", text, re.MULTILINE):
            exec(text, session)  # noqa: S102 - the project's own pages
            assert following.rstrip() == str(session["source"]).rstrip()
            found += 1
    assert found == shown


def commands_of_grading() -> list[str]:
    """Every `flowgrade` line of the pages about grading, but those that need a cluster or a name."""
    found = []
    for page in PAGES:
        if page.name.startswith("grading"):
            text = page.read_text(encoding="utf-8")
            found += re.findall(r"^(flowgrade .*?)(?:  #.*)?$", text, re.MULTILINE)
            found += re.findall(r"`(flowgrade [^`\n]* [^`\n]*\.toml[^`\n]*)`", text)
    return [
        x.strip() for x in dict.fromkeys(found) if "--dask" not in x and "--student ADD" not in x
    ]


@pytest.mark.parametrize("command", commands_of_grading())
def test_the_commands_of_the_pages_about_grading_succeed(command, in_tmp_path):
    from grading.cli import main as flowgrade

    shipped = (ROOT / "grading/assignments/shipped/three_step.toml").read_text(encoding="utf-8")
    for name in ("homework.toml", "week3.toml", "assignment.toml"):
        Path(name).write_text(
            shipped.replace('[[question]]\nname = "moves"', '[[question]]\nname = "q1"')
        )
    Path("submissions").mkdir()
    Path("submissions/ada.csv").write_text("held,h_0,0.6075\n", encoding="utf-8")
    words = shlex.split(command)[1:]
    if words[0] == "report":
        CliRunner().invoke(flowgrade, ["run", words[1], "submissions", "--out", "results"])
    result = CliRunner().invoke(flowgrade, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output


def test_the_suffixes_it_names_are_those_that_an_error_names():
    sentence = re.search(r"The suffix decides the format:(.*?)\.\n", README, re.DOTALL)[1]
    named = re.findall(r"\b[a-z]{3}\b", re.sub(r"\([^)]*\)", "", sentence))
    assert sorted(named) == sorted(PICTURE)


def test_the_command_is_found_before_it_is_used():
    assert -1 < README.find(". .venv/bin/activate") < README.find("\nflowgraph ")


def test_contributing_installs_what_it_then_runs():
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert (
        -1 < contributing.find("pip install pre-commit") < contributing.find("pre-commit install ")
    )


def test_an_unknown_picture_of_the_gallery_is_refused_with_the_known_ones(in_tmp_path):
    """`make gallery NAMES="rnn"`; nothing is drawn before all names are known."""
    from examples.gallery import main
    from examples.pictures import PICTURES

    for names in (["rnn"], [next(iter(PICTURES)), "rnn"]):
        result = CliRunner().invoke(main, names)
        assert result.exit_code == 2
        assert "no picture 'rnn'; known: " in result.output
        assert next(iter(PICTURES)) in result.output
    assert not any(in_tmp_path.iterdir())
