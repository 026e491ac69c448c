"""Slides as an animation: a frame for each picture, of one size, and nothing half-written."""

from __future__ import annotations

import io
import stat
import sys

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image, ImageSequence

from autograd_lite.errors import PictureError
from viz import slides
from viz.cli import main
from viz.render import animation

HERE = """#!{python}
import sys, pathlib
data = sys.stdin.buffer.read()
pathlib.Path({seen!r}).write_text(" ".join(sys.argv[1:]) + "\\n" + str(len(data)))
if {fails}:
    print("no such encoder", file=sys.stderr)
    sys.exit(1)
pathlib.Path(sys.argv[-1]).write_bytes(b"film")
"""


@pytest.fixture
def encoder(tmp_path, monkeypatch):
    """A stand-in for ffmpeg that notes what it is asked; with `fails` it fails."""
    folder, seen = tmp_path / "bin", tmp_path / "seen.txt"
    folder.mkdir()

    def put(fails: bool = False):
        program = folder / "ffmpeg"
        program.write_text(HERE.format(python=sys.executable, seen=str(seen), fails=fails))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(folder))
        return seen

    return put


def test_a_gif_has_a_frame_for_each_picture_of_one_size(example, tmp_path):
    steps = slides(example.flow)
    path = steps.save(tmp_path / "steps.gif")
    with Image.open(path) as film:
        frames = [(f.size, f.info["duration"]) for f in ImageSequence.Iterator(film)]
        assert film.info["loop"] == 0  # goes round
    assert len(frames) == len(steps)
    assert {size for size, _ in frames} == {(1280, 720)}
    assert [seconds for _, seconds in frames] == [2000] * (len(steps) - 1) + [4000]


def test_each_frame_is_its_picture(example):
    """Held against the picture's own PNG."""
    steps = slides(example.flow)
    with Image.open(io.BytesIO(steps.gif())) as film:
        for frame, picture in zip(ImageSequence.Iterator(film), steps, strict=True):
            with Image.open(io.BytesIO(picture.png())) as own:
                wanted = np.asarray(own.convert("L").resize(frame.size), dtype=float)
            shown = np.asarray(frame.convert("L"), dtype=float)
            assert np.abs(shown - wanted).mean() < 3
            assert shown.min() < 100  # not an empty page


def test_the_same_slides_give_the_same_gif(example):
    assert slides(example.flow).gif() == slides(example.flow).gif()


def test_frames_take_as_long_as_asked(example):
    with Image.open(io.BytesIO(slides(example.flow).gif(seconds=0.5))) as film:
        assert film.info["duration"] == 500
    for seconds in (0, -1.0, 61, float("nan")):
        with pytest.raises(PictureError, match=r"0\.1 to 60 seconds"):
            slides(example.flow).gif(seconds=seconds)


def test_without_ffmpeg_an_mp4_is_refused_before_the_work_begins(
    example, without_dot, tmp_path, monkeypatch
):
    steps = slides(example.flow, layout="layered")
    old = tmp_path / "steps.mp4"
    old.write_bytes(b"what was there")
    monkeypatch.setattr(animation, "_image", lambda scene: pytest.fail("drawn for nothing"))
    with pytest.raises(PictureError, match=r"ffmpeg.*not on PATH; install ffmpeg, or save a .gif"):
        steps.save(old)
    assert old.read_bytes() == b"what was there"
    assert [p.name for p in tmp_path.iterdir()] == ["steps.mp4"]


def test_an_mp4_is_what_ffmpeg_makes_of_all_pictures(example, tmp_path, encoder):
    steps = slides(example.flow, layout="layered")
    seen = encoder()
    assert steps.save(tmp_path / "steps.mp4").read_bytes() == b"film"
    options, size = seen.read_text().splitlines()
    assert "-s 1280x720 -r 0.5 -i -" in options
    assert "-c:v libx264 -pix_fmt yuv420p" in options
    assert int(size) == (len(steps) + 1) * 1280 * 720 * 3  # the last one for twice as long


def test_where_ffmpeg_fails_its_words_are_said_and_the_old_file_stays(example, tmp_path, encoder):
    steps = slides(example.flow, layout="layered")
    encoder(fails=True)
    old = tmp_path / "steps.mp4"
    old.write_bytes(b"what was there")
    with pytest.raises(PictureError, match="ffmpeg failed: no such encoder"):
        steps.save(old)
    assert old.read_bytes() == b"what was there"
    assert not list(tmp_path.glob("*.part"))


def test_a_folder_that_does_not_exist_is_said(example, tmp_path):
    with pytest.raises(PictureError, match="cannot save the sequence of pictures"):
        slides(example.flow).save(tmp_path / "nowhere" / "steps.gif")


def test_the_command_takes_the_new_suffixes(tmp_path, encoder):
    path = tmp_path / "steps.gif"
    run = CliRunner().invoke(main, ["slides", "one_step", "-o", str(path)])
    assert run.exit_code == 0
    assert path.read_bytes().startswith(b"GIF89a")
    encoder()
    run = CliRunner().invoke(main, ["slides", "one_step", "-o", str(tmp_path / "steps.mp4")])
    assert run.exit_code == 0
    run = CliRunner().invoke(main, ["slides", "one_step", "--as-part", "-o", str(path)])
    assert run.exit_code == 2
    assert "standalone=False" in run.output
