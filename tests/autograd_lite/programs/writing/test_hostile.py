"""Names are strangers' text: in a program they are identifiers, none twice, and modules stay in comments."""

from __future__ import annotations

import ast
import builtins
import json
import keyword
import re
import shutil
import subprocess
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_lite import Tensor, Value, tanh
from autograd_lite.modes import scope
from autograd_lite.programs.graph import graph_of
from autograd_lite.programs.writing import source
from autograd_lite.programs.writing.names import Names, identifier
from tests.autograd_lite.programs.writing.hostile import NAMES, PLAIN
from tests.autograd_lite.programs.writing.running import same_numbers

NODE = shutil.which("node")


def named(name: str) -> Any:
    """A graph in which an input, a parameter, values and the result all have this name."""
    w = Value(0.5, name=name)

    def function(x: Any) -> Any:
        h = tanh(w * x).named(name)
        return (h * x + w).named(name)

    return graph_of(function, (Value(2.0, name=name),))


@pytest.mark.parametrize("name", [*NAMES, *PLAIN])
def test_any_name_gives_a_program_with_the_same_numbers(name: str) -> None:
    graph = named(name)
    same_numbers(graph, source(graph))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_a_name(name: str) -> None:
    graph = named(name)
    same_numbers(graph, source(graph))


@given(st.text(max_size=60))
def test_an_identifier_is_ascii_or_nothing(name: str) -> None:
    assert re.fullmatch(r"([A-Za-z]\w*)?", identifier(name), re.ASCII)


def test_no_name_is_a_word_of_the_language_or_given_twice() -> None:
    names = Names()
    given_out = [
        names.new(word)
        for word in [*keyword.kwlist, *dir(builtins), "np", "x", "x"]
        if word.isidentifier()
    ]
    assert len(set(given_out)) == len(given_out)
    assert not {*given_out} & {*keyword.kwlist, *dir(builtins), "np"}


@pytest.mark.parametrize("name", NAMES)
def test_a_modules_name_stays_in_its_comment(name: str) -> None:
    def function(x: Any) -> Any:
        with scope(name):
            return tanh(x)

    graph = graph_of(function, (2.0,))
    text = source(graph)
    same_numbers(graph, text)
    (body,) = [node for node in ast.parse(str(text)).body if isinstance(node, ast.FunctionDef)]
    assert [type(node) for node in body.body] == [ast.Assign, ast.Assign, ast.Return]


@pytest.mark.parametrize("name", [*NAMES, *PLAIN])
def test_javascript_takes_any_name_too(name: str) -> None:
    if NODE is None:
        pytest.skip("node is not installed")
    graph = named(name)
    text = source(graph, "javascript")
    call = (
        f"{text}\nconsole.log(JSON.stringify(program(...{json.dumps([*text.arguments.values()])})))"
    )
    done = subprocess.run(
        [NODE, "-e", call], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    value, _ = json.loads(done.stdout)
    assert value == pytest.approx(graph.result.value, rel=1e-14)


def test_a_notebook_shows_no_markup_of_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    x = Tensor(np.ones(2), requires_grad=True, name="<b>x</b>")
    with scope("<script>alert(1)</script>"):
        graph = graph_of(lambda w: (w * x).sum(), (np.ones(2),))
    with scope("<script>alert(1)</script>"):
        graph = graph_of(lambda w: tanh(w * x).sum(), (np.ones(2),))
    for missing in (False, True):
        if missing:
            monkeypatch.setitem(__import__("sys").modules, "pygments", None)
        shown = source(graph)._repr_html_()
        assert shown is not None
        assert "<script" not in shown
        assert "<b>" not in shown
