"""The forms there are, and which one a graph has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograd_lite.errors import PictureError, did_you_mean
from viz.forms.bipartite import BIPARTITE
from viz.forms.cell_form import CELL
from viz.forms.chain import CHAIN
from viz.forms.filters_drawing import FILTER
from viz.forms.form import Asked, Form
from viz.forms.latent_form import LATENT
from viz.forms.unrolled import UNROLLED
from viz.forms.volumes import VOLUMES
from viz.scene.scene import Scene

FORMS: Final[tuple[Form[Any], ...]] = (BIPARTITE, LATENT, FILTER, UNROLLED, CELL, VOLUMES, CHAIN)
"""From the most special on: the first that suits is drawn."""

GRAPH: Final = "graph"
"""The name of the picture with a bubble for each variable, which every graph has."""


def pages_of(asked: Asked, name: str | None) -> Sequence[Scene] | None:
    """The pages of the form of this name, or of the first that suits; None for the plain graph.

    Raises PictureError for a name that no form has, or a form that the graph has not.
    """
    if name == GRAPH:
        return None
    is_single = np.size(asked.flow.output.value) == 1
    is_empty = any(np.size(v.value) == 0 for v in asked.flow.variables)
    if name is None:
        tried = ((form, form.find(asked)) for form in FORMS if is_single and not is_empty)
        return next((form.draw(asked, found) for form, found in tried if found is not None), None)
    names = [GRAPH, *(form.name for form in FORMS)]
    form = next((form for form in FORMS if form.name == name), None)
    if form is None:
        raise PictureError(f"no form is called {name!r:.60}: {did_you_mean(str(name), names)}")
    if not is_single:
        raise PictureError(
            f"the picture of a model shows derivatives of one number, and {asked.output} has "
            f"{np.size(asked.flow.output.value)}: end the graph in a loss, or write viz.flow(model, x)"
        )
    found = None if is_empty else form.find(asked)
    if found is None:
        suits = [form.name for form in FORMS if not is_empty and form.find(asked) is not None]
        raise PictureError(
            f"{asked.flow!r:.80} has not the form {name!r}; it has: {', '.join([*suits, GRAPH])}"
        )
    return form.draw(asked, found)
