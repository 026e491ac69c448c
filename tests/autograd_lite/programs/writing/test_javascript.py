"""JavaScript, run by node, gives the numbers of the same program in Python."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest

from autograd_lite import elementwise
from autograd_lite.errors import SourceError
from autograd_lite.programs.graph import graph_of
from autograd_lite.programs.writing import source
from autograd_lite.rules import RULES
from autograd_lite.trees import tree_leaves
from tests.autograd_lite.programs.writing.examples import ARRAYS, NUMBERS
from tests.autograd_lite.programs.writing.running import close, run

NODE = shutil.which("node")


def in_node(text: Any) -> tuple[Any, Any]:
    if NODE is None:
        pytest.skip("node is not installed")
    given = json.dumps([*text.arguments.values()])
    call = f"{text}\nconsole.log(JSON.stringify(program(...{given})))"
    done = subprocess.run(
        [NODE, "-e", call], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return tuple(json.loads(done.stdout))


@pytest.mark.parametrize("name", NUMBERS)
def test_it_gives_pythons_numbers(name: str) -> None:
    graph = graph_of(*NUMBERS[name]())
    value, gradients = in_node(source(graph, "javascript"))
    expected, slopes = run(source(graph))
    close(value, expected)
    for got, want in zip(tree_leaves(gradients), tree_leaves(slopes), strict=True):
        close(got, want)


SCALAR = [rule for rule in RULES.values() if rule.is_elementwise and not rule.static_names]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_elementwise_rules_give_pythons_numbers() -> None:
    """Those that it has a function for; the others are refused by name."""
    refused = set()
    texts, expected = [], []
    for rule in SCALAR:
        graph = graph_of(lambda *xs, rule=rule: rule(*xs), tuple([0.6, 0.3, 0.8][: rule.arity]))
        if not graph.operations:
            continue
        try:
            text = source(graph, "javascript")
            expected.append(run(source(graph)))
        except SourceError:
            refused.add(rule.name)
            continue
        given = json.dumps([*text.arguments.values()])
        texts.append(f"(() => {{ {text}\nreturn program(...{given}); }})()")
    assert len(refused) < 12, refused
    if NODE is None:
        pytest.skip("node is not installed")
    call = f"console.log(JSON.stringify([{', '.join(texts)}].map(x => x.map(y => [y].flat()))))"
    done = subprocess.run(
        [NODE, "-e", call], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-500:]
    for (value, slopes), (want, by) in zip(json.loads(done.stdout), expected, strict=True):
        close(numbers(value), [float(want)])
        close(numbers(slopes), [float(x) for x in by])


def numbers(found: list[float | None]) -> list[float]:
    """JSON has null for nan."""
    return [float("nan") if x is None else x for x in found]


def test_arrays_are_refused_by_name() -> None:
    with pytest.raises(SourceError, match="single numbers"):
        source(graph_of(*ARRAYS["mlp"]()), "javascript")


@elementwise(lambda xp, y, x: xp.cos(x))
def own_sine(xp: Any, x: Any) -> Any:
    """An operation of one's own."""
    return xp.sin(x)


def test_an_operation_of_ones_own_needs_nothing_more() -> None:
    text = source(graph_of(own_sine, (0.5,)), "javascript")
    assert "Math.sin(x)" in text
    assert "Math.cos(x)" in text
