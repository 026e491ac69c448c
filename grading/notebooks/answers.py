"""The answers to a question among a notebook's variables."""

from __future__ import annotations

from collections.abc import Mapping
from keyword import iskeyword

from autograd_lite.errors import AnswerError, did_you_mean
from grading.assignments.questions import Question


def variable_of(name: str) -> str:
    """The name of a question or a field as a variable.

    >>> variable_of("q-1"), variable_of("class")
    ('q_1', 'class_')
    """
    plain = name.replace("-", "_")
    return f"{plain}_" if iskeyword(plain) else plain


def answers_of(
    question: Question, answer: object, names: Mapping[str, object]
) -> Mapping[str, object]:
    """{field: answer}, from what was given, or else from a notebook's variables.

    names  the variables: one of the question's name, or some of the fields' names

    Raises AnswerError for a field that the question does not have, and for one answer to several fields.
    """
    fields = [field.name for field in question.fields]
    whole = names.get(variable_of(question.name)) if answer is None else answer
    if whole is None or (answer is None and callable(whole)):
        return {x: names[variable_of(x)] for x in fields if variable_of(x) in names}
    if not isinstance(whole, Mapping):
        if len(fields) == 1:
            return {fields[0]: whole}
        asked = ", ".join(f'"{name}": …' for name in fields)
        raise AnswerError(f"{question.name} asks for several answers: {{{asked}}}")
    for name in whole:
        if name not in fields:
            hint = did_you_mean(str(name), fields)
            raise AnswerError(f"{question.name} does not ask for {name!r}; {hint}")
    return {str(name): value for name, value in whole.items()}
