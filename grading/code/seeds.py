"""Inputs drawn after a submission was handed in: nobody can know them while writing it."""

from __future__ import annotations

import hashlib
import hmac

import numpy as np


def generator(secret: int, submission: str, test: str) -> np.random.Generator:
    """Random numbers for one test of one submission: HMAC-SHA256(secret, [submission, test]).

    >>> first, again, other = (int(generator(1, x, "0").integers(1000)) for x in ("a", "a", "b"))
    >>> first == again, first == other
    (True, False)
    """
    handed_in = hashlib.sha256(submission.encode("utf-8", "surrogatepass")).hexdigest()
    message = f"{handed_in} {test}".encode("utf-8", "surrogatepass")
    digest = hmac.new(str(secret).encode("ascii"), message, hashlib.sha256).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))
