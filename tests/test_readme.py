"""README and docs are true: their Python runs and prints the numbers shown, their commands succeed.

The python blocks of a page run in order, as one session. Where a line is an expression with a number or a
list of numbers as its comment, it evaluates to that, to the digits shown: `x.grad  # 0.14`.
"""

import ast
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

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
    if line.startswith("flowgraph ")
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
    from viz.cli import main

    result = CliRunner().invoke(main, shlex.split(command)[1:], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    target = re.search(r"-o (\S+)", command)
    assert target is None or Path(target[1]).stat().st_size > 0


def test_the_pictures_it_shows_exist():
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (Path(__file__).parents[1] / path).is_file(), path
