"""The forms there are, and which one a graph has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from autograd_lite.errors import PictureError, did_you_mean
from viz.forms.bipartite import BIPARTITE
from viz.forms.cell_form import CELL
from viz.forms.chain import CHAIN
from viz.forms.form import Asked, Form
from viz.forms.latent_form import LATENT
from viz.forms.unrolled import UNROLLED
from viz.forms.volumes import VOLUMES
from viz.scene.scene import Scene

FORMS: Final[tuple[Form[Any], ...]] = (BIPARTITE, LATENT, UNROLLED, CELL, VOLUMES, CHAIN)
"""From the most special on: the first that suits is drawn."""

GRAPH: Final = "graph"
"""The name of the picture with a bubble for each variable, which every graph has."""


def pages_of(asked: Asked, name: str | None) -> Sequence[Scene] | None:
    """The pages of the form of this name, or of the first that suits; None for the plain graph.

    Raises PictureError for a name that no form has, or a form that the graph has not.
    """
    if name == GRAPH:
        return None
    if name is None:
        tried = ((form, form.find(asked)) for form in FORMS)
        return next((form.draw(asked, found) for form, found in tried if found is not None), None)
    names = [GRAPH, *(form.name for form in FORMS)]
    form = next((form for form in FORMS if form.name == name), None)
    if form is None:
        raise PictureError(f"no form is called {name!r:.60}: {did_you_mean(str(name), names)}")
    found = form.find(asked)
    if found is None:
        suits = [form.name for form in FORMS if form.find(asked) is not None]
        raise PictureError(
            f"{asked.flow!r:.80} has not the form {name!r}; it has: {', '.join([*suits, GRAPH])}"
        )
    return form.draw(asked, found)
