"""A small class, graded: `python -m grading.demo --out out/grading`."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import click

from grading.assignments import load
from grading.course.classroom import grade_class
from viz.command import explained


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("out/grading"), show_default=True
)
def main(out: Path) -> None:
    """Grade the shipped class, and leave a page for each student and one for the instructor."""
    with resources.as_file(resources.files("grading") / "demo_class") as folder, explained():
        reports = grade_class(load(folder / "week3.toml"), folder / "submissions", out)
    wrong = sum(item.status == "wrong" for report in reports for item in report.items)
    named = sum(bool(item.ids) for report in reports for item in report.items)
    click.echo(
        f"=== a class of {len(reports)}: {out / 'index.html'}, {out / 'students'}, {out / 'marks.csv'}"
    )
    click.echo(f"{wrong} wrong answers; for {named} of them the mistake is named")


if __name__ == "__main__":
    main()
