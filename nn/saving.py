"""Saving a module's state to a safetensors file, which holds numbers alone: it is safe to open."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from autograd_lite.errors import StateError
from nn.module import Module
from nn.module_checks import checked_module


def save(module: Module, path: str | os.PathLike[str]) -> None:
    """Write the module's state to a file; an interrupted save leaves the old file as it was.

    >>> from nn.linear import Linear
    >>> model, other = Linear(2, 1, generator=0), Linear(2, 1, generator=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(model, f"{folder}/model.safetensors")
    ...     load(other, f"{folder}/model.safetensors")
    >>> bool((other.weight.numpy() == model.weight.numpy()).all())
    True

    Raises ImportError that says what to install when safetensors is missing.
    """
    checked_module("what is saved is a Module, such as nn.Linear(2, 1)", module)
    arrays = {name: np.array(array, order="C") for name, array in module.state_dict().items()}
    _replace(Path(path), _safetensors().save(arrays))


def load(module: Module, path: str | os.PathLike[str]) -> None:
    """Read a safetensors file, from `save` or from torch, into the module, wholly or not at all.

    >>> from nn.linear import Linear
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Linear(3, 1), f"{folder}/model.safetensors")
    ...     load(Linear(2, 1), f"{folder}/model.safetensors")
    Traceback (most recent call last):
    autograd_lite.errors.StateError: this state does not fit Linear, and nothing was loaded:
      mis-shaped: weight is (1, 3), expected (1, 2)

    Raises StateError when the file is no safetensors file or does not fit, FileNotFoundError when
    there is none.
    """
    checked_module("what a file is loaded into is a Module, such as nn.Linear(2, 1)", module)
    content = Path(path).read_bytes()
    try:
        state = _safetensors().load(content)
    except ImportError:
        raise
    except Exception as error:
        raise StateError(
            f"{os.fspath(path)!r} is no safetensors file that can be read: {error}"
        ) from error
    module.load_state_dict(state)


def _replace(path: Path, content: bytes) -> None:
    """Put the content beside the file, then rename: the file is always the old or the new one."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_mode(path))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """The old file's permissions; for a new one those that `open` would give."""
    if path.exists():
        return path.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def _safetensors() -> Any:
    try:
        import safetensors.numpy as safetensors
    except ImportError:
        raise ImportError("saving and loading need safetensors: pip install safetensors") from None
    return safetensors
