"""Exactly one message of bounded size and depth is read, and nothing in it is believed."""

import json

import pytest

from grading.sandbox.message import cleaned, read

GOOD = {"results": [{"value": 1.0}], "variables": [], "remarks": []}


def said(message, calls=1, variables=()):
    data = message if isinstance(message, bytes) else json.dumps(message).encode()
    return read(data, calls, variables)


def test_a_proper_message_is_read():
    outcome = said(GOOD)
    assert (outcome.status, outcome.results[0].value) == ("ok", 1.0)


NO_MESSAGE = {
    "two": json.dumps(GOOD).encode() * 2,
    "one and a half": json.dumps(GOOD).encode() + b'{"results"',
    "none": b"",
    "deep lists": b"[" * 1_000_000,
    "deep and closed": b'{"results": ' + b"[" * 500 + b"]" * 500 + b"}",
    "more ends than beginnings": b"]]]]",
    "a backslash": rb'{"results": [], "variables": [], "remarks": ["\u0041"]}',
    "no ASCII": '{"results": ["é"]}'.encode(),
    "null bytes": b"\0" * 100,
    "a list": b"[]",
    "a number": b"7",
    "a pickle": b"cos\nsystem\n(S'true'\ntR.",
    "a long integer": b'{"results": [{"value": ' + b"9" * 100_000 + b"}]}",
    "brackets in text": json.dumps(GOOD | {"remarks": ["[" * 200]}).encode(),
}
OTHER_PARTS = {
    "a mark": GOOD | {"score": 100},
    "a part less": {"results": []},
    "another part": {"results": [{"value": 1.0}], "variables": [], "points": []},
    "too many results": GOOD | {"results": [{"value": 1.0}] * 2},
    "too few results": GOOD | {"results": []},
    "results by name": GOOD | {"results": {"slope": 1.0}},
    "a bare result": GOOD | {"results": [1.0]},
    "a result of two": GOOD | {"results": [{"value": 1.0, "error": {"s": ""}}]},
    "a result of another kind": GOOD | {"results": [{"points": 10}]},
    "remarks without end": GOOD | {"remarks": [{"s": ""}] * 1000},
    "remarks that are none": GOOD | {"remarks": 5},
    "a remark that is none": GOOD | {"remarks": [5]},
    "stopped by a number": {"stopped": 5},
}


@pytest.mark.parametrize(
    "data", [*NO_MESSAGE.values(), *OTHER_PARTS.values()], ids=[*NO_MESSAGE, *OTHER_PARTS]
)
def test_anything_else_is_refused(data):
    outcome = said(data, 1, ("h",))
    assert outcome.status == "refused"
    assert "no proper message" in outcome.error
    assert [r.status for r in outcome.results] == ["lost"]
    assert outcome.variables["h"].status == "lost"


def test_one_bad_value_costs_only_itself():
    outcome = said(GOOD | {"results": [{"value": {"a": 1}}, {"value": 2.0}]}, 2)
    assert [r.status for r in outcome.results] == ["refused", "ok"]


def test_texts_are_one_short_line_that_can_be_printed():
    evil = "\x1b[2J\n\r<b>\u202e\0" + "x" * 10_000
    text = {"s": __import__("base64").b64encode(evil.encode()).decode()}
    outcome = said(GOOD | {"results": [{"error": text}]})
    error = outcome.results[0].error
    assert error.isprintable()
    assert len(error) <= 400
    assert cleaned("a\u202eb\tc") == "ab c"


def test_out_of_memory_is_a_status_of_the_run():
    text = {"s": ""}
    assert said({"memory": text}).status == "memory"
    assert said(GOOD | {"results": [{"memory": text}]}).status == "memory"
