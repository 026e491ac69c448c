"""The questions of a file, checked one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from autograd_lite.errors import brief, did_you_mean
from grading.assignments import keys
from grading.assignments.file_keys import ASKED, CODE, EVERY
from grading.assignments.graphs import Graph
from grading.assignments.keys import Key
from grading.assignments.questions import Part, Question
from grading.assignments.read_parts import Reader
from grading.assignments.readable import identifier
from grading.assignments.toml_file import Place, TomlFile
from grading.assignments.wording import title_of, wording

_ASK: Final = Key("ask", keys.one_of(ASKED), "what is asked")
_OWN: Final = {key.name for own in ASKED.values() for key in own} - {key.name for key in EVERY}
_PROGRAMS: Final = ("function", "class", "cases", "behaviours", "wrt")
_POINTS: Final = keys.number(high=1e6, above=0.0)


def read_questions(
    file: TomlFile, said: Mapping[str, Any], graphs: Mapping[str, Graph]
) -> tuple[Question, ...]:
    """The file's questions.

    Raises AssignmentError for the first thing that is wrong.
    """
    found: dict[str, Question] = {}
    for i, table in enumerate(said["question"]):
        place: Place = ("question", i)
        question = _question(file, place, table, said, graphs)
        if question.name in found:
            raise file.error(
                (*place, "name"), f"a question before it is called {question.name!r} too"
            )
        found[question.name] = question
    _refuse_unused(file, graphs, found.values())
    return tuple(found.values())


def _question(
    file: TomlFile, place: Place, table: Any, around: Mapping[str, Any], graphs: Mapping[str, Graph]
) -> Question:
    if not isinstance(table, Mapping):
        raise file.error(
            place, f"a table is expected here, written [[question]], not {brief(table)}"
        )
    if "ask" not in table:
        raise file.error(place, f"the key 'ask' is missing: {_ASK.kind.expected}")
    ask = keys.as_expected(file, (*place, "ask"), table["ask"], _ASK.kind)
    _refuse_others(file, place, table, ask)
    said = keys.read_keys(file, place, table, (*EVERY, _ASK, *ASKED[ask]))
    graph = None if ask == "engine" else _graph(file, place, said, graphs)
    parts = _worth(file, place, said["points"], Reader(file, place, said, graph).parts())
    extra: dict[str, Any] = {key: said[key] for key in _PROGRAMS if key in said}
    extra["arguments"] = arguments(ask, graph, said)
    return Question(
        name=said["name"], ask=ask, title=said["title"] or title_of(ask),
        text=said["text"].strip() or wording(ask, parts, extra),
        graph=graph, parts=parts,
        feedback=said["feedback"] or around["feedback"],
        visibility=said["visibility"] or around["visibility"],
        tolerance=said.get("tolerance"), hand=_by_hand(ask, said, around), settings=extra,
    )  # fmt: skip


def _by_hand(ask: str, said: Mapping[str, Any], around: Mapping[str, Any]) -> bool:
    """Whether it is worked by hand; arrays are so only where the question itself says it."""
    own = said.get("hand")
    return bool(around["hand"] and ask != "array") if own is None else own


def arguments(ask: str, graph: Graph | None, said: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of what a student's program is called with, in order; a module is made with them."""
    if graph is None or ask not in CODE:
        return ()
    if ask == "operation":
        names = ("G", *said["wrt"])
    else:
        names = graph.parameters if ask == "module" else tuple(graph.draw(np.random.default_rng(0)))
    return tuple(map(identifier, names))


def _refuse_others(file: TomlFile, place: Place, table: Mapping[str, Any], ask: str) -> None:
    """A key that another kind of question has is told apart from one that none has."""
    allowed = {key.name for key in (*EVERY, _ASK, *ASKED[ask])}
    for name in table:
        if name in _OWN - allowed:
            kinds = ", ".join(
                f"'{kind}'" for kind, own in ASKED.items() if name in {k.name for k in own}
            )
            raise file.error(
                (*place, name), f"a question {ask!r} has no such key: it belongs to {kinds}"
            )


def _graph(
    file: TomlFile, place: Place, said: Mapping[str, Any], graphs: Mapping[str, Graph]
) -> Graph:
    if not graphs:
        raise file.error(
            place, "there is no graph to ask about; write [graph] with equations or a model"
        )
    name = said["graph"]
    if not name and len(graphs) == 1:
        return next(iter(graphs.values()))
    if not name:
        raise file.error(
            place, f"the key 'graph' is missing, as there are several; {did_you_mean('', graphs)}"
        )
    if name not in graphs:
        raise file.error(
            (*place, "graph"), f"no graph is called {name!r}; {did_you_mean(name, graphs)}"
        )
    return graphs[name]


def _worth(file: TomlFile, place: Place, points: Any, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts with their points: the same for each, or those of a table."""
    names = [part.field.name for part in parts]
    if not isinstance(points, Mapping):
        worth = dict.fromkeys(names, points / len(names))
    else:
        keys.refuse_unknown(file, (*place, "points"), points, names)
        if missing := [name for name in names if name not in points]:
            raise file.error((*place, "points"), f"the points of {missing[0]!r} are missing")
        worth = {
            name: keys.as_expected(file, (*place, "points", name), points[name], _POINTS)
            for name in names
        }
    return tuple(
        replace(part, field=replace(part.field, points=worth[part.field.name])) for part in parts
    )


def _refuse_unused(file: TomlFile, graphs: Mapping[str, Graph], questions: Any) -> None:
    used = {q.graph.name for q in questions if q.graph is not None}
    for name in graphs:
        if name not in used:
            place = ("graph",) if name == "graph" else ("graphs", name)
            raise file.error(place, "no question is about this graph; leave it out or ask about it")
