"""A rule's docstring is its public documentation: each has an example, and it is true."""

import doctest
import importlib

import pytest

from autograd_lite.rules import RULES

INNER = {
    "variable",
    "constant",
    "concatenate",
    "stack",
    "einsum",
}  # reached otherwise than by calling


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_the_examples_of_a_rule_run(rule):
    module = importlib.import_module(rule.__module__)
    examples = doctest.DocTestParser().get_doctest(rule.__doc__, vars(module), rule.name, None, 0)
    assert examples.examples or rule.name in INNER, "no runnable example"
    said: list[str] = []
    failed = doctest.DocTestRunner().run(examples, out=said.append).failed
    assert not failed, "".join(said)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_begins_with_one_sentence_and_can_be_written(rule):
    assert rule.__doc__.strip().splitlines()[0].rstrip()
    if rule.latex is not None:
        assert "{0}" in rule.latex
        rule.latex.format(*(f"x_{i}" for i in range(max(rule.arity, 1))))
