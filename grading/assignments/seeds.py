"""Which numbers a student gets: drawn by HMAC, so that nobody without the secret can tell them beforehand.

    seed = HMAC-SHA256(secret, [purpose, what, student, graph])

The purpose sets practice apart from graded work: who practises sees other numbers than those that count.
Questions on one graph share its numbers, so the graph's name stands for the question.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from typing import Literal, TypeAlias

Purpose: TypeAlias = Literal["graded", "practice", "preview"]


def seed(secret: str, purpose: Purpose, what: str, *names: str) -> int:
    """A number of 64 bits that only the secret's owner can compute.

    what   what it is for: "variant", "numbers", "cases"
    names  whose it is: the student, the graph

    >>> seed("s", "graded", "variant", "ada", "g") == seed("s", "graded", "variant", "ada", "g")
    True
    >>> seed("s", "graded", "variant", "ada", "g") == seed("s", "practice", "variant", "ada", "g")
    False
    """
    # JSON keeps ["ab", "c"] and ["a", "bc"] apart
    message = json.dumps([purpose, what, *map(same, names)]).encode("ascii")
    digest = hmac.new(secret.encode("utf-8", "surrogatepass"), message, hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big")


def pick(secret: str, purpose: Purpose, student: str, graph: str, of: int) -> int:
    """Which of `of` variants of a graph a student gets: each as likely as the others.

    >>> 0 <= pick("s", "graded", "ada", "g", 200) < 200
    True
    """
    return seed(secret, purpose, "variant", student, graph) % of


def same(name: str) -> str:
    """A name written in one way: é typed as one character or as two is the same student.

    Capitals do not matter in an e-mail address: Gradescope's students are named by theirs.

    >>> same(" Ada@Uni.edu"), same("Ada")
    ('ada@uni.edu', 'Ada')
    """
    plain = unicodedata.normalize("NFC", name).strip()
    return plain.casefold() if "@" in plain else plain
