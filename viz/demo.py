"""The three examples of the third lecture, drawn and tabled: `python -m viz.demo --out out`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from autograd_lite import equations, example
from autograd_lite.cut import Cut
from autograd_lite.errors import AutogradError
from autograd_lite.flow import FlowGraph
from viz._draw import draw
from viz._table import table

SUFFIXES: Final = ("pdf", "svg")


@dataclass(frozen=True)
class Show:
    """One example as the lecture shows it: output, inputs, and the variables before the cut."""

    name: str
    of: str
    wrt: tuple[str, ...]
    after: tuple[str, ...]

    def flow(self) -> FlowGraph:
        """The example's flow graph."""
        return FlowGraph(equations(example(self.name))[self.of])

    def cut(self, flow: FlowGraph) -> Cut:
        """The lecture's dashed line."""
        return flow.cut(after=list(self.after))


SHOWS: Final = (
    Show("one_step", "yhat", ("x",), ("x",)),
    Show("three_step", "yhat", ("x",), ("x",)),
    Show("written_example", "z", ("u", "v"), ("u", "v")),
)


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
def main(out: Path) -> None:
    """Draw the lecture's examples as PDF and SVG into a folder, and print their tables."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for show in SHOWS:
            click.echo(_shown(show, out))
    except (AutogradError, OSError) as error:
        raise click.ClickException(str(error)) from None


def _shown(show: Show, out: Path) -> str:
    """Draw one example, and say what was drawn, and every sum at every cut."""
    flow = show.flow()
    picture = draw(flow, cut=show.cut(flow), wrt=show.wrt)
    files = [picture.save(out / f"{show.name}.{suffix}") for suffix in SUFFIXES]
    head = f"=== {show.name}: {', '.join(map(str, files))}\n\n"
    return head + table(flow, wrt=show.wrt)


if __name__ == "__main__":
    main()
