"""HTML, written so that a stranger's text cannot become markup: text is escaped unless it is `Html`."""

from __future__ import annotations

import html
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Final, TypeAlias

_UNSEEN: Final = dict.fromkeys(
    (0, *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)), "\ufffd"
)
"""What cannot be written, or turns the direction of the text behind it."""
_WITHOUT_END: Final = ("img", "meta", "col")


class Html(str):
    """Text that is markup already.

    >>> element("p", "a < b", Html("<br>"))
    '<p>a &lt; b<br></p>'
    """

    __slots__ = ()


Content: TypeAlias = "str | Iterable[Content]"


def markup(content: Content) -> Html:
    """Content as markup: text is escaped, the rest is joined.

    >>> markup(["1 < 2", [Html("<b>"), "&"]])
    '1 &lt; 2<b>&amp;'
    """
    if isinstance(content, Html):
        return content
    if isinstance(content, str):
        return Html(html.escape(content.translate(_UNSEEN)))
    return Html("".join(map(markup, content)))


def element(tag: str, *content: Content, **attributes: str | None) -> Html:
    """An element; an attribute that is None is left out, and `class_` is class.

    >>> element("a", "x", href='"', class_=None)
    '<a href="&quot;">x</a>'
    """
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    told = "".join(
        f' {name}="{markup(value)}"' for name, value in named.items() if value is not None
    )
    end = "" if tag in _WITHOUT_END else f"</{tag}>"
    return Html(f"<{tag}{told}>{markup(content)}{end}")


def table(head: Iterable[Content], rows: Iterable[Iterable[Content]], class_: str) -> Html:
    """A table that scrolls by itself where a page is too narrow for it."""
    cells = [element("tr", [element("td", cell) for cell in row]) for row in rows]
    titles = element("thead", element("tr", [element("th", cell, scope="col") for cell in head]))
    inner = element("table", titles, element("tbody", cells), class_=class_)
    return element("div", inner, class_="wide")


def page(title: str, *content: Content) -> str:
    """A whole page that asks for nothing from anywhere: its policy forbids it, scripts included."""
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", Html(_style())),
    )
    body = element("body", element("main", *content))
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


@cache
def _style() -> str:
    return resources.files(__package__).joinpath("page.css").read_text(encoding="utf-8")
