"""The graphs of a file, checked: equations that have a value at every point, models that exist."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from autograd_lite.errors import AutogradError, EquationError, brief, did_you_mean
from grading.assignments import keys
from grading.assignments.design_keys import Input, read_design
from grading.assignments.file_keys import EQUATIONS, MODEL
from grading.assignments.graphs import EquationGraph, Graph, ModelGraph
from grading.assignments.losses import losses_of
from grading.assignments.models import MODELS
from grading.assignments.toml_file import Place, TomlFile

_TRIED: Final = 30
_LINE: Final = re.compile(r"^line (\d+), ")
_LARGEST_ARRAYS: Final = 20_000
_WORD: Final = keys.word()


def read_graphs(file: TomlFile, said: Mapping[str, Any]) -> dict[str, Graph]:
    """The file's graphs by name: those of [graphs.NAME], and the one of [graph].

    Raises AssignmentError for the first thing that is wrong.
    """
    found: dict[str, Graph] = {}
    for name, table in (said["graphs"] or {}).items():
        place = ("graphs", name)
        keys.as_expected(file, place, name, _WORD)
        found[name] = _graph(file, place, name, table)
    if said["graph"] is not None:
        if "graph" in found:
            raise file.error(
                ("graph",), "[graphs.graph] has this name already; write one of the two"
            )
        found["graph"] = _graph(file, ("graph",), "graph", said["graph"])
    return found


def _graph(file: TomlFile, place: Place, name: str, table: Any) -> Graph:
    if not isinstance(table, Mapping):
        raise file.error(place, f"a table is expected here, not {brief(table)}")
    if ("equations" in table) == ("model" in table):
        raise file.error(place, "a graph has either the key 'equations' or the key 'model'")
    return (_equations if "equations" in table else _model)(file, place, name, table)


# --- equations -----------------------------------------------------------------------------------


def _equations(file: TomlFile, place: Place, name: str, table: Mapping[str, Any]) -> EquationGraph:
    said = keys.read_keys(file, place, table, EQUATIONS)
    inputs = read_design(file, (*place, "design"), said["design"])
    found = EquationGraph(name, said["equations"], inputs, said["variants"])
    rng = np.random.default_rng(0)
    for _ in range(_TRIED if not all(x.is_fixed for x in inputs) else 1):
        _try(file, place, found, found.draw(rng))
    return found


def _try(file: TomlFile, place: Place, graph: EquationGraph, point: Mapping[str, float]) -> None:
    """Compute the equations at one point, and say in the file's terms what fails."""
    try:
        graph.nodes(point)
    except EquationError as error:
        message = str(error)
        at = f" (at {_numbers(point)})" if point and "because" in message else ""
        if line := _LINE.match(message):
            where, offset = (*place, "equations"), _offset(file, place, int(line[1]))
            message = message[line.end() :]
        else:
            where, offset = (*place, _blamed(graph.inputs, message)), 0
        raise file.error(where, f"{_for_files(message)}{at}", offset=offset) from None


def _offset(file: TomlFile, place: Place, line: int) -> int:
    """How far below the key a line of its text stands: one further where the text begins below it."""
    row = file.row((*place, "equations"))
    return line if row.rstrip().endswith(('"""', "'''")) else line - 1


def _blamed(inputs: tuple[Input, ...], message: str) -> str:
    """The key that an error without a line is about: a number given for what is no input."""
    return "design" if any(f"'{x.name}'" in message for x in inputs) else "equations"


def _for_files(message: str) -> str:
    """What a Python user would be told, as the author of a file is."""
    said = "(an input gets one by a line "
    head, found, tail = message.partition(said)
    if not found:
        return message
    name = tail.partition(" =")[0]
    rest = tail.partition("--at ")[2].partition(")")[2]
    return f"{head}(an input gets one by design = {{ {name} = 1.0 }}){rest}"


def _numbers(point: Mapping[str, float]) -> str:
    return ", ".join(f"{name} = {x:g}" for name, x in list(point.items())[:6])


# --- models --------------------------------------------------------------------------------------


def _model(file: TomlFile, place: Place, name: str, table: Mapping[str, Any]) -> ModelGraph:
    kind = keys.as_expected(file, (*place, "model"), table["model"], MODEL[0].kind)
    own = MODELS[kind].keys
    said = keys.read_keys(file, place, table, (*MODEL, *own))
    if said["loss"] not in losses_of(kind):
        hint = did_you_mean(said["loss"], losses_of(kind))
        raise file.error((*place, "loss"), f"{said['loss']!r} does not fit {kind}: {hint}")
    sizes = {key.name: said[key.name] for key in own}
    found = ModelGraph(
        name, kind, sizes, said["loss"], said["decimals"], said["scale"], said["variants"]
    )
    try:
        total = sum(np.size(x) for x in found.draw(np.random.default_rng(0)).values())
        _ = found.example
    except AutogradError as error:
        raise file.error(place, f"the model cannot be made: {error}") from None
    if total > _LARGEST_ARRAYS:
        raise file.error(
            place, f"it has {total} numbers, more than anybody types; take smaller sizes"
        )
    return found
