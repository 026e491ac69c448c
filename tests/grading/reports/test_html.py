"""Pages: a stranger's text is never markup, and nothing is asked for from anywhere."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from grading.reports.html import Html, element, markup, page, table
from grading.reports.instructor import instructor_page
from grading.reports.sheet import Heading, Sheet
from grading.reports.student import student_page
from grading.results import Item, Report

EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\ud800\0'&<!--]]>"
EVIL_SVG = f"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script>{EVIL}</svg>"


class Tags(HTMLParser):
    """Which tags and attributes a page has, and which were left open."""

    VOID = ("meta", "img", "col")

    def __init__(self, text):
        super().__init__()
        self.seen, self.open, self.links = set(), [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen |= {tag, *(f"@{name}" for name, _ in attrs)}
        self.links += [value for name, value in attrs if name in ("href", "src")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def evil_report(**changes):
    item = Item(EVIL, EVIL, "wrong", 0.0, 1.0, EVIL, (EVIL,), EVIL, EVIL, (EVIL,))
    failed = Item(EVIL, EVIL, "grader_error", None, 1.0, note=EVIL)
    return Report(EVIL, EVIL, (item, failed, item), "C", (EVIL,))


@pytest.mark.parametrize("kind", ["student", "instructor"])
def test_a_strangers_text_is_never_markup(kind):
    sheet = Sheet(EVIL, {EVIL: Heading(EVIL, EVIL, {EVIL: EVIL})}, lambda question, path: EVIL_SVG)
    reports = [evil_report(), evil_report()]
    text = (
        student_page(reports[0], sheet)
        if kind == "student"
        else instructor_page(reports, sheet, {EVIL: EVIL})
    )
    text.encode("utf-8")
    tags = Tags(text)
    assert not tags.open
    assert not {"script", "@onerror", "@onclick", "iframe", "link", "object"} & tags.seen
    assert "\u202e" not in text
    for link in tags.links:
        assert link.startswith(("data:image/svg+xml;base64,", '"><script>'))  # the latter as a path


def test_nothing_is_loaded_from_anywhere():
    text = page("t", "x")
    assert "default-src 'none'" in unescape(text)
    assert not re.search(r"https?:|//|@import|url\(", text.replace("<!DOCTYPE", ""))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a<b", "a&lt;b"),
        (Html("<b>"), "<b>"),
        (["a", [Html("<i>"), "&"]], "a<i>&amp;"),
        ([], ""),
        ("\ud800\u202e", "\ufffd\ufffd"),
    ],
)
def test_text_is_escaped_and_markup_is_not(content, text):
    assert markup(content) == text


def test_attributes_are_escaped():
    assert element("a", href='x" onclick="') == '<a href="x&quot; onclick=&quot;"></a>'


def test_a_table_has_its_cells():
    found = Tags(table(("a", "b"), [("1", "<")], "plain"))
    assert {"table", "thead", "tbody", "td", "th"} <= found.seen
    assert not found.open
