r"""How the variables of one flow graph are called: each by a name of its own.

Users name variables freely: two may have the same name, others none. Two of one name become
x_(1) and x_(2), those without v_1, v_2, …, counted in this graph alone, so that the same graph is
written the same way in every run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import Final
from weakref import WeakKeyDictionary

from autograd_lite.flow import FlowGraph
from autograd_lite.names import pretty
from autograd_lite.node import Node
from viz.formulas import labels, mathtext
from viz.formulas.escaping import one_line
from viz.formulas.layer_names import layer_symbols

_SUBSCRIPTED: Final = re.compile(r"([^{}]+|[^_^]*)_\{((?:[^{}]|\{[^{}]*\})*)\}")
_COMMAND: Final = re.compile(r"\\math[a-z]+\{[^{}]*\}|\\[A-Za-z]+")
_OTHERS: Final = "ijklmnpqrstuvwabcfghoxyz"  # no d and no e, which formulas have themselves


class Names:
    r"""What each of some variables is called: in formulas, in formulas of plain text, in titles and lists.

    short  what formulas call some of them in place of their names

    >>> from autograd_lite import Value
    >>> a, b, c = Value(2.0, name="x"), Value(3.0, name="x"), Value(4.0)
    >>> names = Names([a, b, c])
    >>> [names.latex(v) for v in (a, b, c)], [names.text(v) for v in (a, b, c)]
    (['x_{(1)}', 'x_{(2)}', 'v_{1}'], ['x_(1)', 'x_(2)', 'v_1'])
    """

    def __init__(self, nodes: Iterable[Node], short: Mapping[Node, str] | None = None) -> None:
        self.nodes = order = list(nodes)
        name = {v: (short or {}).get(v, v.name) for v in order}
        number = _numbers(order)
        latex = {v: labels.symbol(name[v], number.get(v, 0)) for v in order}
        text = {v: f"v_{number[v]}" if v in number else pretty(name[v] or "") for v in order}
        given = {v: labels.as_given(v.name, number.get(v, 0)) for v in order}
        self._latex, self._text = _apart(latex, _latex_mark), _apart(text, _text_mark)
        self._given = _apart(given, _text_mark)

    def latex(self, v: Node) -> str:
        """In formulas."""
        return self._latex.get(v) or labels.symbol(v.name, v.number)

    def all_latex(self) -> Iterable[str]:
        """What formulas call any of them."""
        return self._latex.values()

    def free_letter(self, preferred: str) -> str:
        """A letter for an index, the first of those preferred that none of them has in its name."""
        plain = (_COMMAND.sub(" ", symbol) for symbol in self.all_latex())
        taken = {char for symbol in plain for char in symbol if char.isalpha()}
        free = (char for char in f"{preferred}{_OTHERS}" if char not in taken)
        return next(free, f"{preferred[0]}'")

    def text(self, v: Node) -> str:
        """In formulas of plain text; a name that no formula can have is a number there too."""
        shown = pretty(v.name or "") if has_symbol(v) else f"v_{v.number}"
        return self._text.get(v, shown)

    def given(self, v: Node) -> str:
        """In titles and lists: the name as it was given, on one line."""
        return one_line(self._given.get(v) or labels.as_given(v.name, v.number))


_KNOWN: Final[WeakKeyDictionary[FlowGraph, Names]] = WeakKeyDictionary()


def names_of(flow: FlowGraph) -> Names:
    """What the variables of a flow graph and its named constants are called."""
    if flow not in _KNOWN:
        known = set(flow.variables)  # first, so that they are numbered as the flow graph has them
        order = sorted(_named(flow), key=lambda v: (v not in known, v.number))
        _KNOWN[flow] = Names(order, layer_symbols(flow))
    return _KNOWN[flow]


def share_names(part: FlowGraph, whole: FlowGraph) -> FlowGraph:
    """The part of a flow graph, its variables called as in the whole."""
    _KNOWN[part] = names_of(whole)
    return part


def has_symbol(v: Node) -> bool:
    """Whether formulas call a variable by its own name."""
    return v.name is not None and labels.latex(v.name) is not None


def renamed(nodes: Iterable[Node]) -> list[Node]:
    """Those whose names no formula can have, and which formulas therefore call v_1, v_2, …"""
    return [v for v in nodes if v.name is not None and not has_symbol(v)]


def _named(flow: FlowGraph) -> Iterable[Node]:
    """The variables, and whatever else may stand in their equations by its name."""
    known = set(flow.variables)
    seen, walk = set(known), list(flow.variables)
    for node in walk:
        fresh = [x for x in dict.fromkeys(node.parents) if x not in seen]
        seen.update(fresh)
        walk.extend(fresh)
    others = (v for v in walk if v.name is not None and (v.is_leaf or not v.requires_grad))
    return {*known, *others}


def _numbers(order: Iterable[Node]) -> dict[Node, int]:
    """A number for each that no name can be typeset of, none that makes the name of another."""
    sources = {v: labels.latex(v.name) if v.name is not None else None for v in order}
    taken = set(sources.values())
    free = (k for k in count(1) if f"v_{{{k}}}" not in taken)
    return {v: next(free) for v, source in sources.items() if source is None}


def _apart(forms: dict[Node, str], mark: Callable[[str, int], str]) -> dict[Node, str]:
    """The same, but those that several nodes share marked by number."""
    shared = {form for form, times in Counter(forms.values()).items() if times > 1}
    taken, used = set(forms.values()), Counter[str]()
    found = dict(forms)
    for v, form in forms.items():
        while found[v] in taken and form in shared:
            used[form] += 1
            found[v] = mark(form, used[form])
        taken.add(found[v])
    return found


def _latex_mark(form: str, number: int) -> str:
    if subscripted := _SUBSCRIPTED.fullmatch(form):
        return f"{subscripted[1]}_{{{subscripted[2]},({number})}}"
    bare = f"{form}_{{({number})}}"
    takes_another = not re.search(r"[_^']", form) and mathtext.parses(bare)
    return bare if takes_another else f"{{({form})}}_{{({number})}}"


def _text_mark(form: str, number: int) -> str:
    return f"{form}_({number})"
