"""Students' names as people see them, and as files are called; a stranger may have chosen them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

LONGEST: Final = 100
_PLAIN: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_MARKED: Final = re.compile(r"-[0-9a-f]{8}$")  # as names are that were made here
_RESERVED: Final = re.compile(
    r"con|prn|aux|nul|(com|lpt)\d|index"
)  # Windows' own; the index is ours


def shown(name: str) -> str:
    r"""A name for people: short, and without characters that are not seen or turn the direction.

    >>> print(shown("ada\u202egnp.exe"))
    ada\u202egnp.exe
    """
    seen = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)
    return seen if len(seen) <= LONGEST else f"{seen[: LONGEST - 1]}…"


def page_of(student: str) -> str:
    """The name of a student's page, safe on every system and different for different students.

    >>> page_of("ada"), page_of("Ada"), page_of("../../etc")
    ('ada', 'ada-99a563ab', 'etc-74ccf3c5')
    """
    if _PLAIN.fullmatch(student) and not (_RESERVED.fullmatch(student) or _MARKED.search(student)):
        return student
    letters = unicodedata.normalize("NFKD", student).casefold()
    plain = re.sub(r"[^a-z0-9]+", "-", letters.encode("ascii", "ignore").decode()).strip("-")[:40]
    mark = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return "-".join(filter(None, (plain, mark)))
