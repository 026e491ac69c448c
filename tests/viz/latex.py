"""What LaTeX makes of what viz writes."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path


def compiled(pdflatex: str, source: str, folder: Path) -> str:
    """The log of a run without errors, which leaves `flow.pdf`."""
    (folder / "flow.tex").write_text(source, encoding="utf-8")
    options = ["-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "flow.tex"]
    run = subprocess.run(
        [pdflatex, *options], cwd=folder, capture_output=True, timeout=240, check=False
    )
    log = run.stdout.decode("latin-1")
    assert run.returncode == 0, log[-2000:]
    return log


def pages(log: str) -> int:
    """How many pages there are."""
    return int(re.search(r"flow\.pdf \((\d+) page", log)[1])


def overfull(log: str) -> list[str]:
    """The lines about boxes that stick out."""
    return re.findall(r"Overfull \\[hv]box .*", log)
