"""The three examples of the third lecture, drawn and tabled: `python -m viz.demo --out out`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from autograd_lite import equations, example
from autograd_lite.errors import AutogradError
from autograd_lite.flow import FlowGraph
from viz._draw import draw
from viz._table import table

SUFFIXES: Final = ("pdf", "svg")
SHOWS: Final = {
    "one_step": ("yhat", ["x"]),
    "three_step": ("yhat", ["x"]),
    "written_example": ("z", ["u", "v"]),
}
"""Of each example the output, and the variables before the lecture's dashed line."""


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
def main(out: Path) -> None:
    """Draw the lecture's examples as PDF and SVG into a folder, and print their tables."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in SHOWS:
            click.echo(_shown(name, out))
    except (AutogradError, OSError) as error:
        raise click.ClickException(str(error)) from None


def _shown(name: str, out: Path) -> str:
    """Draw one example, and say what was drawn, and every sum at every cut."""
    of, wrt = SHOWS[name]
    flow = FlowGraph(equations(example(name))[of])
    picture = draw(flow, cut=flow.cut(after=wrt), wrt=wrt)
    files = [picture.save(out / f"{name}.{suffix}") for suffix in SUFFIXES]
    return f"=== {name}: {', '.join(map(str, files))}\n\n{table(flow, wrt=wrt)}"


if __name__ == "__main__":
    main()
