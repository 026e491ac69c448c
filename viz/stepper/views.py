"""The pictures of one page: a model's modules all closed, and one picture for each module opened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from autograd_lite.errors import PictureError, did_you_mean
from autograd_lite.node import Node
from autograd_lite.tape import Tape
from autograd_lite.value import Value
from autograd_lite.variables import label
from viz.choose import levels
from viz.choose.arguments import folded_to_fit
from viz.choose.folding import closed
from viz.choose.sheet import Level, everything
from viz.formulas.naming import share_names
from viz.look import limits
from viz.stepper.page_data import PageData

MOST_BUBBLES: Final = 600
"""On all pictures of a page together, since each is drawn before it is opened."""


def has_modules(output: Node) -> bool:
    """Whether modules made some of the graph's nodes, and whether a page can go by them."""
    if not any(node.scope for node in Tape(output).operations):
        return False
    return not isinstance(output, Value) or not _several(levels.modules(output))


def _several(level: Level) -> bool:
    """Whether several variables leave one module: the page computes with one number for a bubble."""
    return len(set(level.modules.values())) < len(level.modules)


def views(output: Node, wrt: Node | None, notes: Sequence[str]) -> tuple[PageData, ...]:
    """All closed first, then each module opened, outer ones before those inside, as far as there is room."""
    nodes = Tape(output).nodes
    found: list[PageData] = []
    waiting, seen, count = [""], {""}, 0
    for module in waiting:
        view = _view(output, nodes, module, wrt)
        count += len(view.sheet.bubbles)
        if found and (count > MOST_BUBBLES or (view.is_scalar and _several(view.level))):
            continue
        found.append(view)
        fresh = [name for name in dict.fromkeys(view.opens.values()) if name not in seen]
        seen.update(fresh)
        waiting += fresh
    drawn = {view.module for view in found}
    return tuple(_finished(view, drawn, notes) for view in found)


def _finished(view: PageData, drawn: Collection[str], notes: Sequence[str]) -> PageData:
    opens = {k: module for k, module in view.opens.items() if module in drawn}
    lost = len(view.opens) - len(opens)
    more = (
        [f"{lost} modules cannot be opened on this page, which would grow too large; "
         'viz.step(part_of_it) makes a page of a part.'] if lost else []
    )  # fmt: skip
    return replace(view, opens=opens, notes=[*notes, *more])


def _view(output: Node, nodes: Collection[Node], module: str, wrt: Node | None) -> PageData:
    asked = {module} if module else set()
    level = levels.modules(output, asked)
    flow = folded_to_fit(level, (), [wrt] if wrt in level.flow.variables else [], limits.VARIABLES_ON_A_PAGE)  # type: ignore[list-item]  # fmt: skip
    shown = Level(share_names(flow, level.flow), level.modules, everything)
    first = wrt if wrt is not None and wrt in flow.variables else flow.inputs[0]
    page = PageData(shown, first, module=module)
    name = closed(levels.opened_of(nodes, asked))
    opens = {
        k: inside
        for k, bubble in enumerate(page.sheet.bubbles)
        if bubble.module and (inside := name(bubble.node))
    }
    return replace(page, opens=opens)


def start(pages: Sequence[PageData], opened: str | None, wanted: Iterable[Node]) -> int:
    """Which picture comes first: the one asked for, or that shows what was asked for, or all closed.

    A model of a single module is opened, if it then fits a sheet: one bubble says nothing.
    """
    if opened is not None:
        names = [page.module for page in pages]
        if opened in names:
            return names.index(opened)
        ends = [k for k, name in enumerate(names) if name.rpartition(".")[2] == opened]
        if len(ends) == 1:
            return ends[0]
        raise PictureError(f"no module is called {opened!r}: {did_you_mean(opened, names[1:])}")
    sought = set(wanted)
    for k, page in enumerate(pages):
        if sought and sought <= set(page.flow.variables):
            return k
    if sought:
        names_ = ", ".join(map(label, sought))
        raise PictureError(f'no picture by modules shows {names_} at once: write level="variables"')
    (only, *others) = pages[0].opens.values() or [""]
    single = (
        only and not others and any(page.module == only and not page.is_large for page in pages)
    )
    return [page.module for page in pages].index(only) if single else 0
