"""The fields that the platforms document for their results files, and what a file says that they do not know.

Gradescope: autograder specifications, "Output Format". PrairieLearn: "External grading", "Grading results".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Real


@dataclass(frozen=True)
class Field:
    kind: type | tuple[type, ...]
    values: tuple[str, ...] = ()


TEXT_FORMATS = ("text", "html", "simple_format", "md", "ansi")
VISIBILITY = ("visible", "hidden", "after_due_date", "after_published")

GRADESCOPE = {
    "score": Field(Real),
    "execution_time": Field(Real),
    "output": Field(str),
    "output_format": Field(str, TEXT_FORMATS),
    "test_output_format": Field(str, TEXT_FORMATS),
    "test_name_format": Field(str, TEXT_FORMATS),
    "visibility": Field(str, VISIBILITY),
    "stdout_visibility": Field(str, VISIBILITY),
    "extra_data": Field(dict),
    "tests": Field(list),
    "leaderboard": Field(list),
}
GRADESCOPE_TEST = {
    "score": Field(Real),
    "max_score": Field(Real),
    "status": Field(str, ("passed", "failed")),
    "name": Field(str),
    "name_format": Field(str, TEXT_FORMATS),
    "number": Field(str),
    "output": Field(str),
    "output_format": Field(str, TEXT_FORMATS),
    "tags": Field(list),
    "visibility": Field(str, VISIBILITY),
    "extra_data": Field(dict),
}
PRAIRIELEARN = {
    "gradable": Field(bool),
    "score": Field(Real),
    "message": Field(str),
    "output": Field(str),
    "images": Field(list),
    "tests": Field(list),
    "format_errors": Field((str, list)),
}
PRAIRIELEARN_TEST = {
    "name": Field(str),
    "description": Field(str),
    "points": Field(Real),
    "max_points": Field(Real),
    "message": Field(str),
    "output": Field(str),
    "images": Field(list),
}


def complaints(document, fields, fields_of_tests) -> list[str]:
    """What the platform would not understand."""
    found = list(_unknown(document, fields, "top"))
    for i, test in enumerate(document.get("tests", [])):
        found += _unknown(test, fields_of_tests, f"tests[{i}]")
    return found


def _unknown(document, fields, where) -> Iterator[str]:
    for name, value in document.items():
        field = fields.get(name)
        if field is None:
            yield f"{where}: no field is called {name}"
        elif not isinstance(value, field.kind) or (field.kind is Real and isinstance(value, bool)):
            yield f"{where}.{name}: {value!r} is of the wrong kind"
        elif field.values and value not in field.values:
            yield f"{where}.{name}: {value!r} is not one of {field.values}"
