"""The command `flowgrade`: homework in, reports for students and instructor out."""

from __future__ import annotations

from typing import Final

import click

from grading.assignments.commands import check, form
from grading.course.command import report, run
from grading.platforms.commands import COMMANDS as PLATFORMS
from grading.sandbox.doctor import doctor
from viz.command import Group, for_any_terminal

COMMANDS: Final = (check, form, run, report, doctor, *PLATFORMS)


@click.group("flowgrade", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="autograd_lite")
def main() -> None:
    """Derivative homework, graded: each student learns what went wrong.

    An assignment is a TOML file, or a shipped one by its name, such as three_step.
    """
    for_any_terminal()


for command in COMMANDS:
    main.add_command(command)

if __name__ == "__main__":
    main()
