"""The page of one student: what was right, what went wrong, and where to look; no reference number."""

from __future__ import annotations

import base64
from collections.abc import Container, Iterable, Iterator

from grading.reports.html import Content, Html, element, page
from grading.reports.names import shown
from grading.reports.sheet import Sheet
from grading.reports.words import NOT_GRADED, PLAIN, badge, cautions, number, points
from grading.results import Item, Report


def student_page(report: Report, sheet: Sheet) -> str:
    """One offline page of HTML: each question with answers, statuses, feedback, picture and points.

    Of items that are hidden as yet, it says only how many there are.

    >>> report = Report("ada", "week 3", (Item("q1", "x", "wrong", 0.0, 1.0, "Look at <h>."),))
    >>> "Look at &lt;h&gt;." in student_page(report, Sheet("Week 3"))
    True
    """
    items = sheet.seen(report.items)
    hidden = len(report.items) - len(items)
    later = f"{hidden} more of your answers are judged, and shown later."
    said = {f"{warning}." for warning in report.warnings}
    parts = [_question(sheet, name, some, said) for name, some in sheet.grouped(items).items()]
    return page(
        f"{sheet.title}: {shown(report.student)}",
        _head(report, sheet, items),
        cautions(report),
        parts,
        element("p", later, class_="note") if hidden else "",
    )


def _head(report: Report, sheet: Sheet, items: tuple[Item, ...]) -> Html:
    graded = [item for item in items if item.points is not None]
    earned = number(sum(item.points or 0.0 for item in graded))
    possible = number(sum(item.out_of for item in graded))
    score = element("p", element("strong", earned), f" of {possible} points", class_="score")
    who = element("p", element("bdi", shown(report.student)), class_="who")
    return element("header", element("div", element("h1", sheet.title), who), score)


def _question(sheet: Sheet, name: str, items: list[Item], said: Container[str]) -> Html:
    heading = sheet.heading(name)
    text = [element("p", line) for line in heading.text.strip().split("\n\n") if line]
    figures = _figures(sheet, name, items)
    return element(
        "section",
        element("h2", heading.title),
        element("div", text, class_="asked"),
        [
            element("div", _line(heading.label(x.part), x), _feedback(x, said), figure, class_="item")
            for x, figure in zip(items, figures, strict=True)
        ],
        class_="question",
    )  # fmt: skip


def _line(label: str, item: Item) -> Html:
    """What was asked and answered, and what that earned."""
    silent = "no answer" if item.status in ("missing", "format") else "as handed in"
    return element(
        "div",
        element("span", label, class_="part"),
        element("code", item.answer or silent, class_="answer" if item.answer else "answer none"),
        badge(item.status),
        element("span", points(item), class_="points"),
        class_="line",
    )


def _feedback(item: Item, said: Container[str]) -> Content:
    """What is to be said beside the status, if that does not stand above already."""
    told = item.feedback or (NOT_GRADED if item.status == "grader_error" else "")
    return (
        element("p", told, class_="feedback")
        if told not in ("", *PLAIN) and told not in said
        else ""
    )


def _figures(sheet: Sheet, question: str, items: Iterable[Item]) -> Iterator[Content]:
    """Below each item the path that is to be looked at, unless it is drawn already."""
    drawn = set()
    for item in items:
        svg = sheet.pictures(question, item.path) if item.path and item.path not in drawn else ""
        drawn.add(item.path)
        yield _figure(svg, item.path) if svg else ""


def _figure(svg: str, path: tuple[str, ...]) -> Html:
    """An SVG as an image: whatever stands in it, it is only looked at."""
    names = ", ".join(name for name in dict.fromkeys(path) if "(node " not in name)
    data = base64.b64encode(svg.encode("utf-8", "replace")).decode("ascii")
    image = element("img", src=f"data:image/svg+xml;base64,{data}", alt=f"Flow graph: {names}")
    return element("figure", image, element("figcaption", f"Look at: {names}"))
