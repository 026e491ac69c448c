"""The instructor's page: what needs a look first, then marks, and which mistakes how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import mean, median

from grading.clusters import clusters, unexplained
from grading.reports.histogram import histogram
from grading.reports.html import Content, Html, element, page, table
from grading.reports.names import shown
from grading.reports.questions import questions
from grading.reports.sheet import Sheet
from grading.reports.words import badge, listed, number, share
from grading.results import TIERS, Report

MANY = 12


def instructor_page(reports: Sequence[Report], sheet: Sheet, links: Mapping[str, str]) -> str:
    """One offline page of HTML for whoever teaches the class.

    links  student -> where that student's page is

    >>> "No submission needs a look." in instructor_page([], Sheet("Week 3"), {})
    True
    """
    return page(
        f"{sheet.title}: the class",
        element(
            "header", element("h1", sheet.title), element("p", "for the instructor", class_="who")
        ),
        _tiles(reports),
        _failures(reports, links),
        _tiers(reports),
        _distribution(reports),
        questions(reports, sheet),
        _unexplained(reports, sheet, links),
        _warnings(reports, links),
        _marks(reports, sheet, links),
    )


def link(student: str, links: Mapping[str, str]) -> Html:
    """A student's name, leading to the student's page."""
    name = element("bdi", shown(student))
    return element("a", name, href=links[student]) if student in links else name


def _tiles(reports: Sequence[Report]) -> Html:
    shares = [report.score / report.out_of for report in reports if report.out_of]
    told = {
        "submissions": str(len(reports)),
        "mean": share(mean(shares), 1) if shares else "–",
        "median": share(median(shares), 1) if shares else "–",
        "all points": str(sum(x >= 1 - 1e-9 for x in shares)),
        "need a look": str(sum(map(_failed, reports))),
    }
    return element(
        "dl",
        [element("div", element("dt", k), element("dd", v)) for k, v in told.items()],
        class_="tiles",
    )


def _failed(report: Report) -> bool:
    return any(item.status == "grader_error" for item in report.items)


def _failures(reports: Sequence[Report], links: Mapping[str, str]) -> Html:
    failed: dict[tuple[str, str], list[str]] = {}
    for report in reports:
        for item in report.items:
            if item.status == "grader_error":
                place = failed.setdefault((report.student, item.note or item.feedback), [])
                place.append(f"{item.question} {item.part}")
    rows = [(link(who, links), ", ".join(items), why) for (who, why), items in failed.items()]
    if not rows:
        return element("p", "No submission needs a look.", class_="caution quiet")
    return element(
        "section",
        element("h2", "The grader failed"),
        element(
            "p", "These items cost nobody points; grade them by hand, or again.", class_="note"
        ),
        table(("student", "items", "what happened"), rows, "plain"),
        class_="alarm",
    )


def _tiers(reports: Sequence[Report]) -> list[Html]:
    """How strangers' code was run, loud where that was not safe."""
    counts = {tier: sum(report.tier == tier for report in reports) for tier in TIERS}
    return [
        element(
            "p",
            f"Tier {tier}, {count} submission{'' if count == 1 else 's'}: {TIERS[tier]}.",
            class_="caution loud" if tier in "CD" else "caution quiet",
        )
        for tier, count in counts.items()
        if count
    ]


def _distribution(reports: Sequence[Report]) -> Content:
    shares = [report.score / report.out_of for report in reports if report.out_of]
    if not shares:
        return ""
    legend = element("figcaption", "percent of the points, and how many students")
    return element("section", element("h2", "Marks"), element("figure", histogram(shares), legend))


def _unexplained(reports: Sequence[Report], sheet: Sheet, links: Mapping[str, str]) -> Content:
    found = clusters(unexplained(reports))
    if not found:
        return ""
    rows = [
        (
            f"{sheet.heading(c.question).title}, {sheet.heading(c.question).label(c.part)}",
            element("code", c.answer),
            f"{len(c.students)} students gave it",
            _people(c.students, links),
        )
        for c in found
    ]
    note = "Several students gave these answers, and no mistake in the catalogue yields them."
    return element(
        "section",
        element("h2", "Unexplained"),
        element("p", note, class_="note"),
        table(("question", "answer", "how often", "who"), rows, "plain"),
    )


def _people(students: Sequence[str], links: Mapping[str, str]) -> Content:
    names = listed(link(student, links) for student in students)
    if len(students) <= MANY:
        return names
    return element("details", element("summary", f"{len(students)} names"), names)


def _warnings(reports: Sequence[Report], links: Mapping[str, str]) -> Content:
    rows = [(link(report.student, links), said) for report in reports for said in report.warnings]
    if not rows:
        return ""
    whole = table(("student", "what was said"), rows, "plain")
    return element("section", element("h2", "Warnings"), whole)


def _marks(reports: Sequence[Report], sheet: Sheet, links: Mapping[str, str]) -> Html:
    names = list(sheet.grouped(tuple(item for report in reports for item in report.items)))
    rows = [_row(report, names, sheet, links) for report in reports]
    head = ["student", *(sheet.heading(name).title for name in names), "points", "percent"]
    return element("section", element("h2", "Students"), table(head, rows, "marks"))


def _row(
    report: Report, names: Sequence[str], sheet: Sheet, links: Mapping[str, str]
) -> list[Content]:
    items = sheet.grouped(report.items)
    points = [
        badge("grader_error")
        if any(item.points is None for item in items.get(name, []))
        else number(sum(item.points or 0.0 for item in items.get(name, [])))
        for name in names
    ]
    total = f"{number(report.score)} / {number(report.out_of)}"
    return [link(report.student, links), *points, total, share(report.score, report.out_of)]
