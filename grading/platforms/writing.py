"""Results files: in the form of each platform, written in one step."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from grading.platforms import gradescope, plain, prairielearn
from grading.results import Report
from viz.render import files

FORMS: Final[Mapping[str, Callable[[Report], dict[str, Any]]]] = {
    "plain": plain.results,
    "gradescope": gradescope.results,
    "prairielearn": prairielearn.results,
}


def write_results(path: str | os.PathLike[str], report: Report, form: str = "plain") -> Path:
    """Write a report's results file: "plain", "gradescope" or "prairielearn".

    Raises PictureError where it cannot be written, and ValueError where a number is nan or infinite: no
    platform takes it for a mark, and a wrong mark would be worse than none.
    """
    text = json.dumps(FORMS[form](report), allow_nan=False, indent=1)
    return files.write(path, text.encode("ascii"), "results")
