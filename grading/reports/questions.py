"""Of each question: how it went, and which mistakes were made how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from grading.reports.html import Content, Html, element, table
from grading.reports.sheet import Heading, Sheet
from grading.reports.words import STATUSES, share
from grading.results import Item, Report

TONES = ("good", "bad", "odd", "none")
MOST = 12


def questions(reports: Sequence[Report], sheet: Sheet) -> list[Html]:
    """A section for each question."""
    every = sheet.grouped(tuple(item for report in reports for item in report.items))
    return [_question(sheet, name, items) for name, items in every.items()]


def _question(sheet: Sheet, name: str, items: list[Item]) -> Html:
    parts: dict[str, list[Item]] = {}
    for item in items:
        parts.setdefault(item.part, []).append(item)
    heading = sheet.heading(name)
    rows = [(heading.label(part), *_went(some)) for part, some in parts.items()]
    return element(
        "section",
        element("h2", heading.title),
        table(("asked", "how it went", "right", "mean points"), rows, "plain"),
        _mistakes(items, heading),
    )


def _went(items: list[Item]) -> tuple[Content, ...]:
    """A bar of statuses, and how many were right and what they earned."""
    tones = Counter(STATUSES[item.status].tone for item in items)
    told = ", ".join(f"{n} {word}" for word, n in _statuses(items).items())
    pieces = [
        element("i", class_=tone, style=f"width: {100 * tones[tone] / len(items):.2f}%")
        for tone in TONES
        if tones[tone]
    ]
    graded = [item for item in items if item.points is not None]
    earned = sum(item.points or 0.0 for item in graded)
    bar = element("div", element("div", pieces, class_="bar", title=told), element("small", told))
    possible = sum(item.out_of for item in graded)
    return bar, share(tones["good"], len(items)), share(earned, possible)


def _statuses(items: Iterable[Item]) -> Counter[str]:
    return Counter(STATUSES[item.status].word for item in items)


def _mistakes(items: list[Item], heading: Heading) -> Content:
    """The mistakes named, the commonest first, each with one of its sentences."""
    counts = Counter((item.part, item.ids) for item in items if item.ids)
    says = {(item.part, item.ids): item.feedback for item in items if item.ids}
    rows: list[tuple[Content, ...]] = [
        (str(n), heading.label(part), _identifiers(ids), says[part, ids])
        for (part, ids), n in counts.most_common(MOST)
    ]
    unnamed = Counter(item.part for item in items if item.status == "wrong" and not item.ids)
    rows += [
        (str(n), heading.label(part), "", "wrong, and no mistake in the catalogue gives it")
        for part, n in unnamed.items()
    ]
    if not rows:
        return ""
    return table(("students", "asked", "mistake", "what they read"), rows, "plain mistakes")


def _identifiers(ids: tuple[str, ...]) -> list[Html]:
    """Row and place; how many more where an answer fits many."""
    more = [element("span", f"+ {len(ids) - 3} more")] if len(ids) > 3 else []
    return [*(element("code", identifier) for identifier in ids[:3]), *more]
