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


def title_of(ask: str) -> str:
    """The headline of a kind of question."""
    return _TITLES[ask]


def wording(ask: str, parts: Sequence[Part], settings: Mapping[str, Any]) -> str:
    """What is asked, as a sentence."""
    bare = [part.field.label.partition(" (")[0] for part in parts]
    labels = _listed([part.field.label for part in parts])
    wrt = [pretty(x) for x in settings.get("wrt", ())]
    of = pretty(parts[0].of) if parts else ""
    name = settings.get("function") or settings.get("class", "")
    return {
        "value": f"Compute {labels}.",
        "partial": f"Compute the partial derivative{_s(parts)} {_listed(bare)}, with {_held(parts)} held constant.",
        "total": f"Compute the total derivative{_s(parts)} {labels}: everything that depends on the variable moves with it.",
        "cut": f"{_listed([pretty(p.wrt or '') for p in parts])} lie on a cut. Compute the gradient of {of} at this cut: {labels}.",
        "table": f"Fill in the total derivative of {of} by every variable, from the output back. Each line is "
        f"judged by what you wrote in the lines before it.",
        "formula": f"Give {labels} as a formula. You may use every variable of the graph: x^2, sin(x), sqrt(x), 2x.",
        "array": f"Compute {labels}.",
        "function": f"Write a function {name} that returns the total derivatives of {of} by {_listed(wrt)}, in this order.",
        "module": f"Write a class {name} with forward and backward; backward returns the gradients by {_listed(wrt)}, in this order.",
        "operation": f"Write {name}(G, {', '.join(wrt)}), which returns the gradients by {_listed(wrt)}, in this order; G is the gradient that arrives at {of}.",
        "engine": f"Write a class {name} of numbers that record what is computed from them, with a method backward() and an attribute grad.",
    }[ask]  # fmt: skip


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _held(parts: Sequence[Part]) -> str:
    """What stays constant, where each part is by another variable."""
    if "all other" in parts[0].field.label:
        return "all other variables"
    return _listed([pretty(name) for name in parts[0].hold or ()])


def _s(parts: Sequence[Part]) -> str:
    return "" if len(parts) == 1 else "s"
