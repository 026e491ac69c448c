"""Each kind of key takes what it says, and says what it expected of everything else."""

import math

import pytest

from autograd_lite.errors import AssignmentError
from grading.assignments import keys
from grading.assignments.keys import Key, as_expected, read_keys
from grading.assignments.toml_file import TomlFile

FILE = TomlFile("a.toml", "x = 1\n")


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (keys.text(5), ["abc", "a\nb"], ["", "  ", "abcdef", 3, None, ["a"], "a\0"]),
        (keys.word(), ["q1", "a-b_c"], ["", "1a", "a b", "../a", "é", "a" * 41, 7, None]),
        (keys.number(0, 1), [0, 1, 0.5], [-0.1, 1.1, True, "1", math.nan, math.inf, None]),
        (keys.number(above=0.0), [1e-9, 3], [0, -1, math.nan, "1", 10**400]),
        (keys.whole(1, 4), [1, 4], [0, 5, 2.0, True, "1"]),
        (keys.flag(), [True, False], [0, 1, "true", None]),
        (keys.one_of(("a", "b")), ["a"], ["c", 1, None, ["a"], {"a": 1}]),
        (keys.names(), ["x", ["x", "y"]], [[], [1], "", ["x", "x"], {"x": 1}, ["x"] * 200]),
        (keys.either(keys.number(0, 1), keys.table()), [0.5, {}], ["x", 2, None]),
        (keys.table(), [{}], [[], "x"]),
        (keys.tables(), [[{}]], [[], {}, "x", [{}] * 101]),
    ],
    ids=lambda x: x.expected[:30] if isinstance(x, keys.Kind) else "",
)
def test_a_kind_takes_what_it_says_and_refuses_the_rest(kind, good, bad):
    for value in good:
        as_expected(FILE, ("x",), value, kind)
    for value in bad:
        with pytest.raises(AssignmentError, match=r"a\.toml, line 1, x: expected") as caught:
            as_expected(FILE, ("x",), value, kind)
        assert kind.expected[:20] in str(caught.value)


def test_a_misspelt_key_is_refused_with_the_nearest_one():
    with pytest.raises(AssignmentError, match="did you mean 'title'"):
        read_keys(FILE, (), {"titel": "x"}, [Key("title", keys.text(), "a headline", "")])


def test_a_missing_key_is_named_with_what_it_takes():
    with pytest.raises(AssignmentError, match="'title' is missing: text in quotes.*a headline"):
        read_keys(FILE, (), {}, [Key("title", keys.text(), "a headline")])


def test_a_default_holds_for_a_key_that_is_left_out():
    assert read_keys(FILE, (), {}, [Key("n", keys.whole(1, 9), "some", 3)]) == {"n": 3}


def test_a_value_is_shown_shortened_however_long():
    with pytest.raises(AssignmentError) as caught:
        as_expected(FILE, ("x",), "y" * 10_000, keys.flag())
    assert len(str(caught.value)) < 200
