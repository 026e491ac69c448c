"""docs/grading.md names every key and every kind of question, and its examples are assignments."""

import re
from pathlib import Path

import pytest

from grading.assignments import file_keys, load, shipped
from grading.assignments.losses import LOSSES
from grading.assignments.models import MODELS

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "grading.md").read_text(encoding="utf-8")
WORDS = {word for code in re.findall(r"`([^`\n]+)`", TEXT) for word in re.findall(r"\w+", code)}


def test_every_key_is_in_the_docs():
    tables = [
        file_keys.ASSIGNMENT,
        file_keys.EQUATIONS,
        file_keys.MODEL,
        file_keys.EVERY,
        *file_keys.ASKED.values(),
    ]
    missing = {key.name for table in tables for key in table} - WORDS
    assert not missing


@pytest.mark.parametrize(
    "known", [file_keys.ASKED, MODELS, LOSSES, file_keys.FEEDBACK, file_keys.VISIBILITY, shipped()]
)
def test_every_word_that_a_key_takes_is_in_the_docs(known):
    assert not set(known) - WORDS


def test_what_the_docs_call_a_default_is_the_default():
    tables = (file_keys.ASSIGNMENT, file_keys.EVERY, file_keys.ASKED["total"])
    defaults = [(key.name, key.default) for table in tables for key in table]
    for said in [("feedback", "kind"), ("numbers", "student"), ("digits", 4), ("points", 1.0)]:
        assert said in defaults
    assert [key.default for key in file_keys.EQUATIONS if key.name == "variants"] == [200]
    assert {key.name: key.default for key in file_keys.MODEL if not key.is_required} == {
        "decimals": 2, "scale": 0.7, "variants": 20
    }  # fmt: skip


def test_the_first_example_is_an_assignment(tmp_path):
    path = tmp_path / "homework.toml"
    path.write_text(re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)[1], encoding="utf-8")
    assert load(path).points == 5


def test_the_python_example_runs():
    names = {}
    exec(re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)[1], names)  # noqa: S102 - our own
    assert [item.question for item in names["items"]] == ["q1"]
