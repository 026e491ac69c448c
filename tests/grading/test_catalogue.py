"""The catalogue: one entry a mistake, each with a sentence without a number."""

import re
from importlib import import_module
from pkgutil import walk_packages

from autograd_lite import Tape, Value, sin
from grading import catalogue
from grading.catalogue.mistake import Candidate, Found, Mistake
from grading.catalogue.places import as_written, owners, places, word


def test_a_candidate_is_named_by_row_and_place():
    row = Mistake(
        "A4", "one path only", "You followed one path only: {where}.", 4, lambda asked: ()
    )
    assert Candidate(row, ("h_0", "h_1", "ŷ"), None).identifier == "A4:h_0>h_1>ŷ"
    assert Candidate(row, (), None).identifier == "A4"


def test_a_sentence_is_filled_in_with_the_place():
    row = Mistake(
        "A2", "constant", "You treated {at} as a constant: {first} to {last}.", 4, lambda q: ()
    )
    found = Candidate(row, ("x", "h_1"), None, (), {"at": "the sin in h_1"})
    assert found.says == "You treated the sin in h_1 as a constant: x to h_1."


def test_a_mistake_finds_its_candidates():
    row = Mistake("A1", "one", "One.", 2, lambda q: [Found(("x",), q, (), {"a": "b"})])
    (found,) = row.candidates(7.0)
    assert (found.identifier, found.value, found.prior, found.words) == ("A1:x", 7.0, 2, {"a": "b"})


def test_places_are_called_by_their_variable_or_as_parts_of_an_equation():
    """The second sine of an equation is told from the first; a shared part belongs to the first equation."""
    x = Value(0.3, name="x")
    shared = sin(x)
    h = (shared + sin(2.0 * x)).named("h")
    y = (shared * h / 2.0).named("y")
    order = [x, *Tape(y).operations]
    owner = owners(order, {x, h, y})
    named = places(order, owner)
    assert [named[v] for v in order] == [
        "x", "sin in h", "product in h", "2nd sin in h", "h", "product in y", "y",
    ]  # fmt: skip
    assert word(h) == "sum"


def test_ordinals_are_english():
    x = Value(0.3, name="x")
    nodes = [x]
    for _ in range(24):
        nodes.append(sin(nodes[-1]))
    nodes[-1].named("y")
    found = places(nodes, owners(nodes, {x, nodes[-1]}))
    ordinals = [found[v].split()[0] for v in nodes[2:-1]]
    assert ordinals[:3] == ["2nd", "3rd", "4th"]
    assert ordinals[9:12] == ["11th", "12th", "13th"]
    assert ordinals[19:21] == ["21st", "22nd"]


def test_a_part_of_an_equation_is_called_as_it_stands_there():
    """Students find h_1^2, not a second power; what is long, or has numbers of inputs, has no such name."""
    h_0, h_1 = Value(0.3, name="h_0"), Value(0.4, name="h_1")
    power, total = h_1**2, h_0**2 + 3.0 * h_1**2
    assert as_written(power, {h_0, h_1}) == "h_1^2"
    assert as_written(total, {h_0, h_1}) == "h_0^2 + 3·h_1^2"
    assert as_written(sin(total) / h_0, {h_0, h_1}) == "sin(h_0^2 + 3·h_1^2)/h_0"
    assert as_written(Value(0.3) * h_1, {h_1}) == ""
    assert as_written(total * total * total, {h_0, h_1}) == ""


def every_mistake():
    """Each entry of the catalogue, once."""
    rooms = [import_module(m.name) for m in walk_packages(catalogue.__path__, "grading.catalogue.")]
    values = [v for room in rooms for v in vars(room).values()]
    found = [x for v in values for x in (v if isinstance(v, tuple) else [v])]
    return list({id(m): m for m in found if isinstance(m, Mistake)}.values())


def test_sentences_are_in_words_of_the_lectures():
    """An engine's words are no student's: who never built one reads these too."""
    ours = re.compile(
        r"sweep|swept|adjoint|upstream|consumer|malrule|truncat|from behind|\bedges?\b"
    )
    for m in every_mistake():
        assert not ours.search(f"{m.name} {m.says}"), (m.identifier, m.name, m.says)
        assert m.says[0].isupper() or m.says[0] == "{", m.says
        assert m.says.endswith("."), m.says


def test_every_row_of_the_list_has_an_entry():
    """But A32, an earlier answer, which tables follow through, and H12, noise that is drawn anew."""
    last = {
        "A": 34, "B": 18, "C": 14, "D": 18, "E": 14, "F": 23, "G": 12, "H": 14, "I": 15, "J": 9, "K": 9
    }  # fmt: skip
    rows = {f"{letter}{n}" for letter, most in last.items() for n in range(1, most + 1)}
    known = {re.sub(r"[a-z]+$", "", m.identifier) for m in every_mistake()}
    assert rows - known == {"A32", "H12"}
