"""Automatic: a name that a module gave to what it computed, and no user."""

from __future__ import annotations


class Automatic(str):
    """A name of a module's making: a user's own replaces it, and so does that of the module around.

    >>> Automatic("h_1") == "h_1", type(Automatic("h_1").replace("1", "2"))
    (True, <class 'str'>)
    """

    __slots__ = ()
