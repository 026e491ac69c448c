"""Moodle XML, read back: well-formed, complete, in the order of the bank, with every name and text intact."""

import base64
import re
from dataclasses import replace
from decimal import Decimal
from html import unescape
from xml.etree import ElementTree as ET

import pytest

from grading.platforms.bank import Row
from grading.platforms.moodle import GRADES, moodle_xml, nearest_grade
from tests.grading.platforms.banks import OTHERWISE, PICTURE, QUESTION, number

BANK = moodle_xml("Homework 1 / ü", [QUESTION])
ROOT = ET.fromstring(BANK)  # noqa: S314 - the file that we wrote
NUMERICAL = ROOT.findall("question[@type='numerical']")


def answers(question):
    """(text, fraction, tolerance, feedback) in the order of the file."""
    return [
        (a.findtext("text"), float(a.get("fraction")), Decimal(a.findtext("tolerance")),
         unescape(a.findtext("feedback/text")))
        for a in question.findall("answer")
    ]  # fmt: skip


def test_a_category_stands_before_the_variants_of_each_number():
    kinds = [q.get("type") for q in ROOT]
    assert kinds == ["category", "numerical", "numerical"] * 2
    paths = [q.findtext("category/text") for q in ROOT.findall("question[@type='category']")]
    assert paths[0] == '$course$/top/Homework 1 // ü/Paths // "sums" <1> – ŷ//∂h_0'


def test_every_variant_has_a_name_of_its_own():
    names = [q.findtext("name/text") for q in NUMERICAL]
    assert len(set(names)) == len(names) == 4


def test_answers_stand_in_the_order_of_the_bank_and_a_catch_all_is_last():
    for question, asked in zip(NUMERICAL[:2], QUESTION.numbers[::2], strict=True):
        *rows, last = answers(question)
        wanted = [
            (r.text, 100 * r.fraction, r.tolerance, f"<p>{r.feedback}</p>") for r in asked.rows
        ]
        assert rows == wanted
        assert last == ("*", 0, 0, f"<p>{OTHERWISE}</p>")


def test_the_picture_is_embedded_and_has_words():
    for question in NUMERICAL:
        file = question.find("questiontext/file")
        assert base64.b64decode(file.text) == PICTURE
        text = question.findtext("questiontext/text")
        image = re.search(r'<img src="@@PLUGINFILE@@/([^"]+)" alt="([^"]+)">', text)
        assert image[1] == file.get("name")
        assert unescape(image[2]) == QUESTION.says


def test_there_is_neither_a_doctype_nor_a_character_that_xml_cannot_hold():
    assert b"<!DOCTYPE" not in BANK
    assert b"\x00" not in BANK
    assert BANK.startswith(b"<?xml version='1.0' encoding='utf-8'?>")


def test_the_same_bank_gives_the_same_file():
    assert moodle_xml("Homework 1 / ü", [QUESTION]) == BANK


@pytest.mark.parametrize("grade", GRADES)
def test_a_part_of_the_points_is_one_that_moodle_knows(grade):
    assert nearest_grade(grade) == grade
    assert nearest_grade(min(round(grade, 3), 1)) == grade


@pytest.mark.parametrize("fraction", [0.55, 0.01, 1.1, -0.5, float("nan")])
def test_another_part_is_refused_with_those_that_are_known(fraction):
    with pytest.raises(ValueError, match=r"0\.33333"):
        nearest_grade(fraction)
    odd = number(rows=(Row("1", Decimal("0.1"), fraction, ""),))
    with pytest.raises(ValueError, match="Moodle"):
        moodle_xml("x", [replace(QUESTION, numbers=(odd,))])


@pytest.mark.parametrize(("visibility", "says"), [("hidden", False), ("after_due_date", True)])
def test_of_a_hidden_question_nothing_is_said(visibility, says):
    bank = moodle_xml("t", [replace(QUESTION, visibility=visibility)])
    quiz = ET.fromstring(bank)  # noqa: S314 - the file that we wrote
    texts = [x.findtext("text") for x in quiz.iter("feedback")]
    assert any(x != "<p></p>" for x in texts) == says
    assert [x.attrib for x in quiz.iter("answer")] == [x.attrib for x in ROOT.iter("answer")]
