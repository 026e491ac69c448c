"""What a question says where its author wrote no text of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from autograd_lite.names import pretty
from grading.assignments.questions import Part

_TITLES: Final = {
    "value": "Values",
    "partial": "Partial derivatives",
    "total": "Total derivatives",
    "cut": "The gradient at a cut",
    "table": "A table of total derivatives",
    "formula": "Derivatives as formulas",
    "array": "Gradients of arrays",
    "function": "A function that differentiates",
    "module": "A module with its own backward pass",
    "operation": "The backward pass of an operation",
    "engine": "An engine of your own",
}

_SENTENCES: Final = {
    "value": "Compute {labels}.",
    "partial": "Compute the partial derivative{s} {bare}, with {held} held constant.",
    "total": "Compute the total derivative{s} {labels}: everything that depends on the variable moves "
    "with it.",
    "cut": "{members} {lie} on a cut. Compute the gradient of {of} at this cut, the total "
    "derivative{s} {labels}.",
    "table": "Fill in the total derivative of {of} by every variable, from the output back. Each line is "
    "judged by what you wrote in the lines before it.",
    "formula": "Give {labels} as a formula. You may use every variable of the graph; write 2x, x^2, sin(x), "
    "sqrt(x).",
    "array": "Compute {labels}.",
    "function": "Write `{name}({given})`, which returns the total derivatives of {of} by {by}, in this "
    "order.",
    "module": "Write a class `{name}({given})` with `forward(x)` and `backward(G)`, which takes the gradient "
    "that arrives and returns those by {by}, in this order.",
    "operation": "Write `{name}({given})`, which returns the gradients by {by}, in this order; G is the "
    "gradient that arrives from behind.",
    "engine": "Write a class `{name}` of numbers that record what is computed from them, with a method "
    "`backward()` and an attribute `grad`.",
}


def title_of(ask: str) -> str:
    """The headline of a kind of question."""
    return _TITLES[ask]


def wording(ask: str, parts: Sequence[Part], settings: Mapping[str, Any]) -> str:
    """What is asked, as a sentence."""
    names = {
        "labels": _listed([part.field.label for part in parts]),
        "bare": _listed([part.field.label.partition(" (")[0] for part in parts]),
        "held": _held(parts),
        "of": pretty(parts[0].of),
        "members": _listed([pretty(part.wrt or "") for part in parts]),
        "s": "" if len(parts) == 1 else "s",
        "lie": "lies" if len(parts) == 1 else "lie",
        "name": settings.get("function") or settings.get("class", ""),
        "given": ", ".join(settings.get("arguments", ())),
        "by": _listed([pretty(x) for x in settings.get("wrt", ())]),
    }
    return _SENTENCES[ask].format(**names)


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _held(parts: Sequence[Part]) -> str:
    """What stays constant, where each part is by another variable."""
    if "all other" in parts[0].field.label:
        return "all other variables"
    return _listed([pretty(name) for name in parts[0].hold or ()])
