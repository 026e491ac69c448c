"""What a student reads, at each level, and the picture beside it: never a number that was asked for."""

import math

import pytest

from autograd_lite.errors import PictureError
from grading import diagnose
from grading.diagnosis import Diagnosis, highlighted
from tests.grading.graphs import by_hand, three_step
from tests.grading.leaks import leaks

D0, D1, E, A, B = by_hand()
RIGHT = D0 + D1 * E


def test_each_level_says_a_little_more():
    d = diagnose(three_step(), "h_0", "0.4919")
    assert d.hint("variable") == "Look again at h_0."
    assert d.hint("kind") == "The kind of mistake: one path only."
    assert d.hint("path") == str(d)
    with pytest.raises(ValueError, match="did you mean 'kind'"):
        d.hint("kin")


def test_a_right_answer_is_right_at_every_level():
    assert {Diagnosis("right").hint(level) for level in ("variable", "kind", "path")} == {"Right."}


def test_several_sentences_become_one():
    d = Diagnosis("diagnosed", ("A", "B"), ("You did this.", "A sign is wrong."))
    assert str(d) == "Either you did this, or a sign is wrong."
    assert str(Diagnosis("diagnosed", ("A",), ("You did this.",), unsure=True)).endswith(
        "perhaps you did this."
    )


def test_the_picture_highlights_the_missing_path_and_shows_no_number():
    d = diagnose(three_step(), "h_0", "0.4919")
    assert d.path == ("h_0", "ŷ")
    picture = d.picture()
    strong = {
        (a.source, a.target)
        for a in picture.scene.arrows
        if a.width == max(b.width for b in picture.scene.arrows)
    }
    assert strong == {("node-1", "node-3")}
    assert sum(b.accent for b in picture.scene.bubbles) == 2
    values = [RIGHT, D0, D1, E, A, B, math.cos(1.0)]
    assert not leaks(picture.svg() + picture.text() + picture.tex(), values)
    assert not any(t.source.strip("$").replace(".", "").isdigit() for _, t in picture.scene.texts())


@pytest.mark.parametrize("given", ["partial", "one path"])
def test_what_is_highlighted_is_missing_from_the_answer(given):
    """The partial derivative is the path h_0 → ŷ: what lacks is that through h_1, and the other way round."""
    flow = three_step()
    direct = flow.partial("yhat", "h_0")
    answer = direct if given == "partial" else flow.total("h_0") - direct
    d = diagnose(flow, "h_0", f"{answer:.5g}")
    assert d.path == (("h_0", "h_1", "ŷ") if given == "partial" else ("h_0", "ŷ"))


def test_a_path_of_names_that_are_not_there_highlights_nothing():
    picture = highlighted(three_step(), ("sum in ŷ", "nobody"))
    assert not any(b.accent for b in picture.scene.bubbles)


def test_without_a_graph_there_is_no_picture():
    with pytest.raises(PictureError, match="without a graph"):
        Diagnosis("unknown").picture()


def test_no_output_gives_the_answer_away():
    """Every kind of diagnosis of a question, at every level, and of a table."""
    flow = three_step()
    for answer in (
        "0.4919",
        "0.6075",
        "7.77",
        "1.1",
        "-1.099",
        "109.94",
        "abc",
        "0.55",
        "0.116",
        RIGHT + 1e-7,
    ):
        d = diagnose(flow, "h_0", answer)
        for text in (str(d), *map(d.hint, ("variable", "kind", "path")), " ".join(d.remarks)):
            assert not leaks(text, [RIGHT], own=[answer]), text
    d = diagnose(flow, table={"h_1": "0.7", "h_0": "0.5", "x": "0.2"})
    text = " ".join([str(d), *map(str, d.nodes.values())])
    assert not leaks(text, [RIGHT, D1, A * RIGHT + B * D1], own=["0.7", "0.5", "0.2"])


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (lambda flow, parts: parts["x>h_0>ŷ"], [("x", "h_1", "ŷ"), ("x", "h_0", "h_1", "ŷ")]),
        (lambda flow, parts: flow.total("x") - flow.total("h_0") * flow.total("x", of="h_0"), None),
    ],
)
def test_several_missing_paths_are_all_highlighted(given, missing):
    """One of three paths was given, or those of a variable left out: the others stand out, whole."""
    flow = three_step()
    d0, d1 = flow.partial("yhat", "h_0"), flow.partial("yhat", "h_1")
    parts = {"x>h_0>ŷ": d0 * flow.total("x", of="h_0")}
    d = diagnose(flow, "x", f"{given(flow, parts):.6g}")
    missing = missing or [("x", "h_0", "ŷ"), ("x", "h_0", "h_1", "ŷ")]
    assert d1
    lit = {name for way in missing for name in way}
    assert set(d.path) == lit
    flat = " ".join(d.path)
    assert all(" ".join(way) in flat for way in missing)


def test_what_nothing_explains_says_how_to_look_also_where_the_kind_alone_is_told():
    d = diagnose(three_step(), "x", "7.7777")
    assert d.hint("kind") == str(d)
    assert "from ŷ back" in str(d)
    held = diagnose(three_step(), "h_0", "7.7777", hold=["h_1"])
    assert "held constant" in str(held)
    assert "d ŷ/dv" not in str(held)
    value = diagnose(three_step(), None, "7.7777")
    assert "its own equation" in str(value)
