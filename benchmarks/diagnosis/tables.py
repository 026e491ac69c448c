"""Tables: is the first wrong line found, and what follows from it kept?"""

from __future__ import annotations

from autograd_lite import FlowGraph, equations
from benchmarks.diagnosis.by_hand.tables import TABLES, Table
from benchmarks.diagnosis.score import Score, rows, typed
from grading import Diagnosis, diagnose

STATUS = {
    "r": ("right",), "e": ("right_given_your_earlier_answer", "right"), "m": ("missing",),
    "w": ("wrong", "diagnosed", "unknown"),
}  # fmt: skip


def judged_tables(digits: int = 5, reverse: bool = False) -> Score:
    """Every line of every table, rounded to so many digits; reverse hands the last line in first."""
    score = Score()
    for question in TABLES:
        flow = FlowGraph(equations(question.equations)[question.of])
        for table in question.tables():
            order = reversed(table.lines.items()) if reverse else table.lines.items()
            given = {v: "" if x is None else typed(x, digits) for v, (x, _) in order}
            problems = _problems(table, diagnose(flow, table=given))
            score.add(
                "as deserved" if not problems else "not so",
                f"{table.what}: {problems}" if problems else "",
            )
    return score


def _problems(table: Table, d: Diagnosis) -> str:
    found = [
        f"{v} {d.nodes[v].status}"
        for v, (_, deserved) in table.lines.items()
        if d.nodes[v].status not in STATUS[deserved]
    ]
    first = next((v for v, (_, deserved) in table.lines.items() if deserved == "w"), None)
    if first and table.rows and not rows(d.nodes[first]) & set(table.rows.split()):
        found.append(f"{first} named {' '.join(d.nodes[first].ids)}")
    return ", ".join(found)
