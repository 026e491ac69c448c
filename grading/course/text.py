"""Bytes as text, whatever a student's editor made of them."""

from __future__ import annotations

import codecs
from typing import Final

from autograd_lite.errors import SubmissionError

_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def decoded(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    r"""The text, and what is to be said of how it was read.

    UTF-8, or UTF-16 or UTF-32 with their marks; else Windows' western letters, with a warning.
    Raises SubmissionError for bytes that are no text.

    >>> decoded("a.csv", "h_0;½".encode())
    ('h_0;½', ())
    >>> decoded("a.csv", b"h_0;\xbd")
    ('h_0;½', ('a.csv is not UTF-8 and was read as Windows-1252; save it as UTF-8',))
    """
    encoding = next((known for mark, known in _MARKS.items() if data.startswith(mark)), "utf-8")
    for known in (encoding, "cp1252"):
        try:
            text = data.decode(known)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            western = f"{name} is not UTF-8 and was read as Windows-1252; save it as UTF-8"
            return text, () if known == encoding else (western,)
    raise SubmissionError(f"{name} is no text; save it as UTF-8 text")
