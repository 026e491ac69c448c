"""Files are written beside their place and moved there: a failure leaves the old one."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from autograd_lite.errors import PictureError

PICTURE: Final = ("pdf", "svg", "png", "tex", "dot", "txt")
"""Suffixes of a picture; `viz.picture` has a writer for each."""
SLIDES: Final = ("pdf", "tex")
DERIVATION: Final = ("tex", "md", "txt")
PAGE: Final = ("html", "htm")


def listed(known: tuple[str, ...]) -> str:
    """Suffixes as a help text says them.

    >>> listed(PICTURE)
    '.pdf, .svg, .png, .tex, .dot or .txt'
    """
    *first, last = (f".{suffix}" for suffix in known)
    return f"{', '.join(first)} or {last}" if first else last


def save(path: str | os.PathLike[str], data: bytes, what: str = "picture") -> Path:
    """Write a file in one step; at a symbolic link, the file that it leads to.

    Raises PictureError where it cannot be written; then whatever was there is unchanged.
    """
    target = Path(path)
    try:
        replace(_place(target), data)
    except (OSError, ValueError) as error:
        raise _cannot_save(target, what, error) from error
    return target


def ready(path: str | os.PathLike[str], known: tuple[str, ...], what: str = "picture") -> str:
    """The form that a path's suffix names, before the work begins.

    Raises PictureError when it is none of those known, or when no file can be written there.
    """
    found = suffix(path, known, what)
    try:
        _place(Path(path))
    except (OSError, ValueError) as error:
        raise _cannot_save(Path(path), what, error) from error
    return found


def suffix(path: str | os.PathLike[str], known: tuple[str, ...], what: str = "picture") -> str:
    """The form that a path's suffix names.

    Raises PictureError when it is none of those known.
    """
    target = Path(path)
    found = target.suffix.lower().removeprefix(".")
    if found not in known:
        raise PictureError(
            f"cannot save a {what} as {os.fspath(path)!r}: the suffix says the form, "
            f"and it must be one of {', '.join('.' + s for s in known)}"
        )
    return found


def replace(target: Path, data: bytes) -> None:
    """Write beside the target, then move there in one step; who may read it stays as it was."""
    beside = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            file.write(data)
        if target.exists():
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _place(path: Path) -> Path:
    """Where a file of this name is to stand, every symbolic link followed.

    Raises OSError when no regular file can be written there.
    """
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if target.is_dir():
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "this is no regular file")
    if target.exists() and not os.access(target, os.W_OK):
        raise OSError(errno.EACCES, "the file is read-only")
    if not target.parent.is_dir():
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
    if not os.access(target.parent, os.W_OK):
        raise OSError(errno.EACCES, "the folder is read-only")
    return target


def _cannot_save(target: Path, what: str, error: Exception) -> PictureError:
    reason = getattr(error, "strerror", None) or error
    return PictureError(
        f"cannot save the {what} as {str(target)!r}: {reason}; "
        "whatever was there is unchanged; choose a folder that exists and is yours"
    )
