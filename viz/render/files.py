"""Files: which forms there are, and how one is written, beside its place and then moved there."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from autograd_lite.errors import PictureError


@dataclass(frozen=True)
class Forms:
    """What can be saved, and in which forms: a new one is a row in a table below.

    what     what it is called in errors
    writers  for each suffix, the method that gives the content of the file

    >>> str(PICTURE), str(DERIVATION)
    ('.pdf, .svg, .png, .tex, .dot or .txt', '.tex, .md or .txt')
    """

    what: str
    writers: Mapping[str, str]

    def __iter__(self) -> Iterator[str]:
        return iter(self.writers)

    def __str__(self) -> str:
        *first, last = (f".{suffix}" for suffix in self)
        return f"{', '.join(first)} or {last}" if first else last


PICTURE: Final = Forms(
    "picture", {"pdf": "pdf", "svg": "svg", "png": "png", "tex": "tex", "dot": "dot", "txt": "text"}
)
SLIDES: Final = Forms(
    "sequence of pictures", {"pdf": "pdf", "tex": "tex", "gif": "gif", "mp4": "mp4"}
)
DERIVATION: Final = Forms("derivation", {"tex": "tex", "md": "markdown", "txt": "text"})
SOURCE: Final = Forms("program", {"py": "python", "tex": "latex", "js": "javascript"})
MODEL: Final = Forms("model", {"onnx": "onnx"})
_TEX: Final = "tex"
PAGE: Final = Forms("stepper", {"html": "html", "htm": "html"})


def save(thing: Any, path: str | os.PathLike[str], forms: Forms, standalone: bool = True) -> Path:
    """Write a thing in the form that the path's suffix names; of TeX, a whole document or a part.

    Raises PictureError for another suffix, where no file can be written, and for a part in a form that
    knows none.
    """
    how = ready(path, forms)
    if how != _TEX and not standalone:
        raise PictureError(
            f"cannot save a {forms.what} as {os.fspath(path)!r} for another document: standalone=False "
            f"is for a .tex file, which that document takes with \\input"
        )
    write_down = getattr(thing, how)
    content = write_down(standalone=standalone) if how == _TEX else write_down()
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    return write(path, data, forms.what)


def ready(path: str | os.PathLike[str], forms: Forms) -> str:
    """The method that writes the form of a path's suffix, looked for before the work begins.

    Raises PictureError when there is none, or when no file can be written there.
    """
    target = Path(path)
    suffix = target.suffix.lower().removeprefix(".")
    if suffix not in forms.writers:
        raise PictureError(
            f"cannot save a {forms.what} as {os.fspath(path)!r}: the suffix says the form, "
            f"and it must be one of {', '.join('.' + known for known in forms)}"
        )
    try:
        _place(target)
    except (OSError, ValueError) as error:
        raise _cannot_save(target, forms.what, error) from error
    return forms.writers[suffix]


def write(path: str | os.PathLike[str], data: bytes, what: str = "picture") -> Path:
    """Write a file in one step; at a symbolic link, the file that it leads to.

    Raises PictureError where it cannot be written; then whatever was there is unchanged.
    """
    target = Path(path)
    try:
        replace(_place(target), data)
    except (OSError, ValueError) as error:
        raise _cannot_save(target, what, error) from error
    return target


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
