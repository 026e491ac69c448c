"""Files are written beside their place and moved there: a failure leaves the old one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from autograd_lite.errors import PictureError


def save(path: str | os.PathLike[str], data: bytes, what: str = "picture") -> Path:
    """Write a file in one step.

    Raises PictureError where it cannot be written; then whatever was there is unchanged.
    """
    target = Path(path)
    try:
        replace(target, data)
    except (OSError, ValueError) as error:
        raise PictureError(
            f"cannot save the {what} as {str(target)!r}: {error}; "
            "whatever was there is unchanged; choose a folder that exists and is yours"
        ) from error
    return target


def suffix(path: str | os.PathLike[str], known: tuple[str, ...], what: str = "picture") -> str:
    """The form that a path's suffix names.

    Raises PictureError when it is none of those known.
    """
    target = Path(path)
    found = target.suffix.lower().removeprefix(".")
    if found not in known:
        raise PictureError(
            f"cannot save a {what} as {target.name!r}: the suffix says the form, "
            f"and it must be one of {', '.join('.' + s for s in known)}"
        )
    return found


def replace(target: Path, data: bytes) -> None:
    """Write beside the target, then move there in one step."""
    beside = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            file.write(data)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
