"""The answers to a question among a notebook's variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from keyword import iskeyword

from autograd_lite.errors import brief, did_you_mean
from grading.assignments.questions import Question


def variable_of(name: str) -> str:
    """The name of a question or a field as a variable.

    >>> variable_of("q-1"), variable_of("class")
    ('q_1', 'class_')
    """
    plain = name.replace("-", "_")
    return f"{plain}_" if iskeyword(plain) else plain


@dataclass(frozen=True)
class Answers:
    """What was answered to a question.

    fields   {field: answer}
    remarks  a sentence for each answer that belongs nowhere
    """

    fields: Mapping[str, object]
    remarks: tuple[str, ...] = ()


def answers_of(question: Question, answer: object, names: Mapping[str, object]) -> Answers:
    """The answers to a question: what was given, or else a notebook's variables.

    answer  {field: answer}, or the answer itself where there is one field; None looks among the variables
    names   the variables: q1_h_0, or q1 = {"h_0": …}, or without a q1 those of the fields' names, h_0
    """
    if answer is not None:
        return _sorted(question, answer)
    whole = names.get(variable_of(question.name))
    plain = whole is None or callable(whole)  # a function may be called as its question is
    found = Answers(_named(question, names, "")) if plain else _sorted(question, whole)
    own = _named(question, names, f"{question.name}_")
    return replace(found, fields={**found.fields, **own})


def _named(question: Question, names: Mapping[str, object], before: str) -> dict[str, object]:
    """The variables that have the fields' names, with something before them."""
    variables = {field.name: variable_of(f"{before}{field.name}") for field in question.fields}
    return {field: names[name] for field, name in variables.items() if name in names}


def _sorted(question: Question, whole: object) -> Answers:
    """What was given as one, by its fields."""
    fields = [field.name for field in question.fields]
    if not isinstance(whole, Mapping):
        if len(fields) == 1:
            return Answers({fields[0]: whole})
        asked = ", ".join(f'"{name}": …' for name in fields)
        return Answers({}, (f"{question.name} asks for several answers: {{{asked}}}",))
    unknown = (name for name in whole if name not in fields)
    remarks = (
        f"{question.name} has no {brief(x)}; {did_you_mean(str(x), fields)}" for x in unknown
    )
    return Answers({x: whole[x] for x in fields if x in whole}, tuple(remarks))
