"""A student's numbers follow from secret, purpose and name, and from nothing else."""

import hashlib
import hmac
from collections import Counter

from grading.assignments.seeds import pick, seed


def test_it_is_hmac_sha256_of_everything_it_depends_on():
    message = b'["graded", "variant", "ada", "g"]'
    digest = hmac.new(b"secret", message, hashlib.sha256).digest()
    assert seed("secret", "graded", "variant", "ada", "g") == int.from_bytes(digest[:8], "big")


def test_secret_purpose_student_and_graph_all_matter():
    base = ("s", "graded", "variant", "ada", "g")
    others = [
        ("t", *base[1:]),
        ("s", "practice", *base[2:]),
        (*base[:3], "bob", "g"),
        (*base[:4], "h"),
    ]
    assert len({seed(*x) for x in (base, *others)}) == 5


def test_names_do_not_run_into_each_other():
    assert seed("s", "graded", "variant", "ab", "c") != seed("s", "graded", "variant", "a", "bc")


def test_a_name_typed_in_two_ways_is_one_student():
    assert pick("s", "graded", "Zoé", "g", 10**9) == pick("s", "graded", " Zoe\u0301 ", "g", 10**9)


def test_an_address_is_the_same_in_capitals():
    """A form made for Ada@Uni.edu is graded by Gradescope for ada@uni.edu."""
    one, other = (pick("s", "graded", x, "g", 10**9) for x in ("Ada@Uni.edu", "ada@uni.edu"))
    assert one == other
    assert pick("s", "graded", "Ada", "g", 10**9) != pick("s", "graded", "ada", "g", 10**9)


def test_a_name_of_any_characters_has_numbers():
    assert 0 <= pick("\ud800", "graded", "\ud800\0\n", "g", 7) < 7


def test_every_variant_is_as_likely_as_the_others():
    counts = Counter(pick("s", "graded", str(i), "g", 10) for i in range(5000))
    assert min(counts.values()) > 400
    assert max(counts.values()) < 600
