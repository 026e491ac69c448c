"""An assignment, read from a file or from Python, and whose numbers are whose."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Final

from autograd_lite.errors import AssignmentError, did_you_mean
from grading.assignments import keys
from grading.assignments.asked_of import AskedOf
from grading.assignments.file_keys import ASSIGNMENT
from grading.assignments.graphs import Graph
from grading.assignments.paper import Paper
from grading.assignments.pools import LOCK, Pool, pool_of
from grading.assignments.questions import Feedback, Question
from grading.assignments.read_graph import read_graphs
from grading.assignments.read_question import read_questions
from grading.assignments.seeds import Purpose, pick, seed
from grading.assignments.toml_file import TomlFile, read_toml
from grading.results import Tier, Visibility

SECRET: Final = "FLOWGRADE_SECRET"  # noqa: S105 - the name of a variable
_LONGEST_SECRET: Final = 10_000


@dataclass(frozen=True, eq=False)
class Assignment:
    """Homework: its questions and how they are judged.

    name         for files
    tier_wanted  how safely strangers' code must run at least; None leaves it open
    hash         of everything that decides how a submission is judged
    warnings     what its author should know

    >>> homework = load("three_step")
    >>> homework.paper("ada").student
    'ada'
    """

    name: str
    title: str
    text: str
    questions: tuple[Question, ...]
    feedback: Feedback
    visibility: Visibility
    tier_wanted: Tier | None
    same_numbers: bool
    secret: str = field(repr=False)
    hash: str = field(repr=False)
    warnings: tuple[str, ...] = ()
    _pools: dict[tuple[Purpose, str], Pool] = field(default_factory=dict, repr=False)

    @property
    def points(self) -> float:
        """What all questions together are worth."""
        return sum(q.points for q in self.questions)

    def papers(self, students: Iterable[str], *, purpose: Purpose = "graded") -> dict[str, Paper]:
        """Each student's paper; the mistakes are worked out once for all of them.

        purpose  "practice" gives other numbers than "graded"
        """
        return {student: self.paper(student, purpose=purpose) for student in students}

    def paper(self, student: str, *, purpose: Purpose = "graded") -> Paper:
        """One student's paper: the questions with this student's numbers."""
        return Paper(
            self.name, self.title, self.text, student, purpose,
            tuple(self._asked_of(q, student, purpose) for q in self.questions),
            seed(self.secret, purpose, "cases", student),
        )  # fmt: skip

    def _asked_of(self, question: Question, student: str, purpose: Purpose) -> AskedOf:
        if question.graph is None:
            return AskedOf(question, None, 0)
        name, pool = question.graph.name, self.pools(purpose)[question.graph.name]
        return AskedOf(question, pool, pick(self.secret, purpose, student, name, pool.size))

    def pools(self, purpose: Purpose) -> dict[str, Pool]:
        """For each graph its sets of numbers, drawn once."""
        graphs = {q.graph.name: q.graph for q in self.questions if q.graph is not None}
        for name, graph in graphs.items():
            with LOCK:
                if (purpose, name) not in self._pools:
                    self._pools[purpose, name] = self._pool(graph, purpose)
        return {name: self._pools[purpose, name] for name in graphs}

    def _pool(self, graph: Graph, purpose: Purpose) -> Pool:
        about = tuple(q for q in self.questions if q.graph is graph)
        start = seed(self.secret, purpose, "numbers", graph.name)
        return pool_of(graph, about, start, 1 if self.same_numbers else graph.variants, purpose)

    def question(self, name: str) -> Question:
        """The question of this name.

        Raises AssignmentError when there is none.
        """
        found = {q.name: q for q in self.questions}
        if name not in found:
            raise AssignmentError(
                f"{self.name} has no question {name!r}; {did_you_mean(str(name), found)}"
            )
        return found[name]


def load(path: str | Path, *, environment: bool = True) -> Assignment:
    """The assignment in a TOML file, or a shipped one by its name.

    environment  whether a secret in the environment goes before the file's own

    >>> load("three_step").title
    'A variable that reaches the output in two ways'

    Raises AssignmentError: file, line, key and what was expected there.
    """
    if isinstance(path, str) and path in shipped():
        folder = resources.files("grading.assignments") / "shipped"
        text = (folder / f"{path}.toml").read_text(encoding="utf-8")
        return read_assignment(TomlFile(f"{path}.toml", text), Path(), environment)
    if not isinstance(path, (str, Path)) or not _is_file(Path(path)):
        hint = f"; {did_you_mean(path, shipped())}" if isinstance(path, str) else ""
        raise AssignmentError(
            f"there is no file {str(path)[:200]!r}, and no shipped assignment{hint}"
        )
    return read_assignment(read_toml(Path(path)), Path(path).parent, environment)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False  # a name that no system takes


def shipped() -> list[str]:
    """The names of the shipped assignments.

    >>> "three_step" in shipped()
    True
    """
    files = (resources.files("grading.assignments") / "shipped").iterdir()
    return sorted(x.name.removesuffix(".toml") for x in files if x.name.endswith(".toml"))


def read_assignment(file: TomlFile, folder: Path, environment: bool = True) -> Assignment:
    """The assignment that a file's content says.

    folder       where `secret_file` is looked for
    environment  whether a secret in the environment goes before the file's own

    Raises AssignmentError for the first thing that is wrong.
    """
    said = keys.read_keys(file, (), file.content, ASSIGNMENT)
    found = os.environ.get(SECRET, "") if environment else ""
    secret, warnings = (found, ()) if found else _secret(file, said, folder)
    questions = read_questions(file, said, read_graphs(file, said))
    return Assignment(
        name=said["name"] or name_of(file.name), title=said["title"], text=said["text"].strip(),
        questions=questions, feedback=said["feedback"], visibility=said["visibility"],
        tier_wanted=said["tier"] or None, same_numbers=said["numbers"] == "class",
        secret=secret, hash=_hash(file.text, secret), warnings=warnings,
    )  # fmt: skip


def name_of(file: str) -> str:
    """What an assignment is called that does not say it: its file's name as a word.

    >>> name_of("week 3.toml"), name_of("3.toml")
    ('week-3', 'a-3')
    """
    stem = "".join(
        c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in Path(file).stem
    )
    return stem[:40] if stem[:1].isalpha() else f"a-{stem}"[:40]


def _hash(text: str, secret: str) -> str:
    return hashlib.sha256(f"{text}\0{secret}".encode("utf-8", "surrogatepass")).hexdigest()


def _secret(file: TomlFile, said: dict[str, Any], folder: Path) -> tuple[str, tuple[str, ...]]:
    """The file's secret, and a warning where there is none that deserves the name."""
    if said["secret_file"]:
        try:
            with (folder / said["secret_file"]).open(encoding="utf-8") as opened:
                secret = opened.read(_LONGEST_SECRET).strip()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            raise file.error(("secret_file",), f"it cannot be read: {reason}") from None
        if not secret:
            raise file.error(("secret_file",), "there is nothing in it; write a long random line")
        return secret, ()
    if said["secret"]:
        return said["secret"], ()
    return "", (
        f"there is no secret: who has this file can tell everybody's numbers and draw the inputs of tests; "
        f"set {SECRET} in the environment, or write secret_file = \"secret.txt\"",
    )  # fmt: skip
