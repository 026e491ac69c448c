"""Arrays that a program holds: as text where they are short or regular, else they are arguments."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

_LONGEST: Final = 12


def array_text(x: Any) -> str | None:
    """NumPy's call that makes this array; None where it would be long.

    >>> array_text(np.zeros((2, 3))), array_text(np.arange(5)), array_text(np.array([1.0, 2.0]))
    ('np.zeros((2, 3))', 'np.arange(5)', 'np.array([1.0, 2.0])')
    """
    end = "" if x.dtype in (np.float64, np.int64, np.bool_) else f", dtype=np.{x.dtype.name}"
    if not isinstance(x, np.ndarray):
        return repr(x)
    if not x.size:
        return f"np.zeros({x.shape}, dtype=np.{x.dtype.name})"
    if x.size > 1 and (x == x.flat[0]).all():
        return _uniform(x, end)
    if x.ndim == 1 and x.dtype.kind == "i" and np.array_equal(x, np.arange(x.size)):
        return f"np.arange({x.size}{end})"
    if x.ndim == 2 and np.array_equal(x, np.eye(*x.shape)):
        return f"np.eye({', '.join(map(str, dict.fromkeys(x.shape)))}{end})"
    if x.size > _LONGEST:
        return None
    return f"np.array({_nested(x.tolist())}{end})"


def _uniform(x: Any, end: str) -> str:
    shape, value = str(x.shape if x.ndim > 1 else x.size), x.flat[0].item()
    if x.dtype.kind == "i" and value in (0, 1):
        end = f", dtype={'int' if x.dtype == np.int64 else 'np.' + x.dtype.name}"
    if value in (0, 1) and x.dtype.kind != "b":
        return f"np.{'ones' if value else 'zeros'}({shape}{end})"
    return f"np.full({shape}, {_number(value)}{end})"


def _nested(x: Any) -> str:
    return f"[{', '.join(map(_nested, x))}]" if isinstance(x, list) else _number(x)


def _number(x: Any) -> str:
    text = repr(x)
    return {"nan": "np.nan", "inf": "np.inf", "-inf": "-np.inf"}.get(text, text)
