"""Draw the gallery: `python -m examples.gallery --out out/gallery` (PNG, SVG, PDF, and slides)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from matplotlib.figure import Figure

import viz
from examples.charts import CHARTS
from examples.models import MODELS
from examples.pictures import PICTURES
from examples.type_sizes import row, write
from viz.scene.check import faults

DRAWN = {**PICTURES, **MODELS}
SUFFIXES = ("png", "svg", "pdf")
_SLIDE = (13.33, 7.5)
_MARGIN = 0.04


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("out/gallery"), show_default=True
)
@click.option(
    "--table",
    type=click.Path(path_type=Path),
    help="Write the table of type sizes alone, to this file.",
)
@click.argument("names", nargs=-1)
def main(out: Path, table: Path | None, names: tuple[str, ...]) -> None:
    """Draw the pictures of these NAMES, or all, and print their sizes of type."""
    if table is not None:
        write((row(name, draw()) for name, draw in DRAWN.items()), table)
        return
    known = (*DRAWN, *CHARTS)
    if strange := [name for name in names if name not in known]:
        raise click.UsageError(f"no picture {strange[0]!r}; known: {', '.join(known)}")
    (out / "slides").mkdir(parents=True, exist_ok=True)
    wrong = []
    for name in names or known:
        click.echo(name)
        wrong += [f"{name}: {fault}" for fault in hang(name, out)]
    if wrong:
        raise click.ClickException("\n".join(wrong))


def hang(name: str, out: Path) -> Iterator[str]:
    """Draw one picture or plot into the folder; what is wrong with it, if anything."""
    if name in CHARTS:
        _save_chart(CHARTS[name](), out, name)
        return
    picture = DRAWN[name]()
    for suffix in SUFFIXES:
        picture.save(out / f"{name}.{suffix}")
    slide(picture).savefig(out / "slides" / f"{name}.png", dpi=96)
    click.echo(row(name, picture))
    for page in picture.pages:
        yield from faults(page.scene)


def slide(picture: viz.Picture) -> Figure:
    """The picture on a slide, as large as it fits."""
    made = Figure(figsize=_SLIDE)
    picture.paint(made.add_axes((_MARGIN, _MARGIN, 1 - 2 * _MARGIN, 1 - 2 * _MARGIN)))
    return made


def _save_chart(figure: Figure, out: Path, name: str) -> None:
    for suffix in SUFFIXES:
        figure.savefig(out / f"{name}.{suffix}", dpi=144)
    figure.set_size_inches(*_SLIDE)
    figure.savefig(out / "slides" / f"{name}.png", dpi=96)


if __name__ == "__main__":
    main()
