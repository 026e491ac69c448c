"""Scenes as the frames of an animation: GIF by Pillow, MP4 by the program ffmpeg."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from autograd_lite.errors import PictureError
from viz.formulas.mathtext import MATPLOTLIB
from viz.render.canvas import figure
from viz.scene.scene import Scene

_WIDTH: Final = 1280  # pixels of every frame
_COLORS: Final = 128
_RATE: Final = 25  # frames a second of the film, which repeats each picture
_PATIENCE: Final = 120.0  # seconds for ffmpeg


def gif(scenes: Sequence[Scene], seconds: float) -> bytes:
    """An animated GIF that goes round, each scene for this long, the last for twice as long."""
    frames = [_image(scene).quantize(_COLORS) for scene in scenes]
    each = round(1000 * checked(seconds))
    out = io.BytesIO()
    frames[0].save(
        out,
        format="GIF",
        save_all=True,
        append_images=frames[1:],
        loop=0,
        disposal=1,
        duration=[each] * (len(frames) - 1) + [2 * each],
    )
    return out.getvalue()


def mp4(scenes: Sequence[Scene], seconds: float) -> bytes:
    """A film in H.264, which needs the program ffmpeg.

    Raises PictureError where ffmpeg is not on PATH, fails, or takes longer than two minutes.
    """
    program, rate = encoder(), 1 / checked(seconds)
    images = [_image(scene) for scene in scenes]
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "film.mp4"
        data = b"".join(image.tobytes() for image in [*images, images[-1]])
        _run([*_command(program, images[0].size, rate), str(film)], data)
        return film.read_bytes()


def encoder() -> str:
    """The path of ffmpeg.

    Raises PictureError where it is not on PATH.
    """
    found = shutil.which("ffmpeg")
    if found is None:
        raise PictureError(
            "cannot make an mp4 file: the program ffmpeg, which encodes it, is not on PATH; "
            "install ffmpeg, or save a .gif, which needs no other program"
        )
    return found


def checked(seconds: float) -> float:
    """How long a picture is seen.

    Raises PictureError for less than 0.1 or more than 60 seconds.
    """
    if not 0.1 <= seconds <= 60:
        raise PictureError(f"seconds={seconds!r:.40}: a picture is seen for 0.1 to 60 seconds")
    return seconds


def _image(scene: Scene) -> Any:
    """A scene as an image of even height, so that every encoder takes it."""
    import matplotlib as mpl
    from PIL import Image

    out = io.BytesIO()
    settings: Any = {"path.simplify": False}
    with MATPLOTLIB, mpl.rc_context(settings):
        figure(scene).savefig(out, format="png", dpi=72 * _WIDTH / scene.width, facecolor="white")
    height = 2 * round(_WIDTH * scene.height / scene.width / 2)
    return Image.open(out).convert("RGB").resize((_WIDTH, height))


def _command(program: str, size: tuple[int, int], rate: float) -> list[str]:
    """Raw pictures in; what every browser and projector plays out."""
    options = (
        f"-y -loglevel error -f rawvideo -pix_fmt rgb24 -s {size[0]}x{size[1]} -r {rate:g} -i - "
        f"-an -r {_RATE} -c:v libx264 -pix_fmt yuv420p -movflags +faststart"
    )
    return [program, *options.split()]


def _run(command: list[str], data: bytes) -> None:
    try:
        subprocess.run(  # noqa: S603 - the program that PATH names, and numbers
            command, input=data, capture_output=True, check=True, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise PictureError(f"ffmpeg took longer than {_PATIENCE:g} seconds; save a .gif") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip()[-300:]
        raise PictureError(
            f"ffmpeg failed: {said}; save a .gif, or another build of ffmpeg"
        ) from None
    except OSError as error:
        raise PictureError(f"ffmpeg cannot be started: {error}; save a .gif") from None
