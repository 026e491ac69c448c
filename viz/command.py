"""How a command ends, whatever streams, disk and user do: an exit code and at most one sentence."""

from __future__ import annotations

import errno
import io
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, TextIO

import click

from autograd_lite.errors import AutogradError
from autograd_lite.syntax import printable

DONE: Final = 0
FAILED: Final = 1  # a stream or the disk, or nobody reads on; 2 is what click refuses
INTERRUPTED: Final = 130  # by Ctrl-C


class Refusal(click.ClickException):
    """One message on standard error, and exit code 2."""

    exit_code = 2


class Group(click.Group):
    """Commands that end in an exit code and at most one sentence."""

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """As click's, but Ctrl-C, a full disk, closed and broken pipes make no traceback."""
        if not standalone_mode:
            return self._invoked(*args, **extra)
        with warnings.catch_warnings():
            # a line for people, without a place in the code
            warnings.showwarning = lambda message, *_, **__: _say(f"Note: {message}\n")
            code = self._ended(*args, **extra)
        sys.exit(_flushed(code))

    def _invoked(self, *args: Any, **extra: Any) -> Any:
        command: Any = super().main
        return command(*args, standalone_mode=False, **extra)

    def _ended(self, *args: Any, **extra: Any) -> int:
        try:
            found = self._invoked(*args, **extra)
        except (KeyboardInterrupt, click.Abort):
            return INTERRUPTED
        except click.ClickException as error:
            written = io.StringIO()
            error.show(written)
            _say(written.getvalue())
            return error.exit_code
        except OSError as error:
            return _failed(error)
        return found if isinstance(found, int) else DONE


@contextmanager
def explained() -> Iterator[None]:
    """Whatever the project raises on purpose refuses the command with its sentence."""
    try:
        yield
    except AutogradError as error:
        raise Refusal(printable(str(error))) from None


def for_any_terminal() -> None:
    """Let a terminal without ŷ show ? instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def write(text: str) -> None:
    """Print a command's result.

    Raises OSError when standard output is closed, or cannot be written to.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    click.echo(text, nl=False)


def read(most: int) -> bytes:
    """At most so many bytes from standard input.

    Raises OSError when it is closed, or cannot be read from.
    """
    if sys.stdin is None:
        raise OSError(errno.EBADF, "standard input is closed")
    return sys.stdin.buffer.read(most)


def _failed(error: OSError) -> int:
    """Say what the system refused."""
    _leave(sys.stdout)  # what is still in its buffer would fail once more at the end
    if isinstance(error, BrokenPipeError):
        return FAILED
    where = f": {error.filename}" if error.filename else ""
    _say(f"Error: cannot write the output: {error.strerror or error}{where}\n")
    return FAILED


def _flushed(code: int) -> int:
    """The exit code once everything has been written."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        return _failed(error)
    return code


def _say(text: str) -> None:
    """Write on standard error, if there is one and it takes it."""
    try:
        if sys.stderr is not None:
            click.echo(text, file=sys.stderr, nl=False)
    except OSError:
        _leave(sys.stderr)


def _leave(stream: TextIO | None) -> None:
    """Let what is left of a stream that failed go nowhere, so that Python's end is quiet."""
    if stream is None:
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass  # a stream without a descriptor, or a system without /dev/null
