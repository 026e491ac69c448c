"""Gradescope's autograder.zip: an assignment, this project, and the two scripts that Gradescope starts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Final

from grading.platforms.shipping import ASSIGNMENT, SECRET_FILE, packages, requirements_file

_WHEN: Final = (2020, 1, 1, 0, 0, 0)  # the same assignment gives the same file
_PROGRAM, _TEXT = 0o755, 0o644

SETUP: Final = """\
#!/usr/bin/env bash
# Gradescope runs this once, when it builds the machine on which submissions are graded.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
apt-get update
apt-get install -y --no-install-recommends python3 python3-venv bubblewrap
python3 -m venv "$root/venv"
"$root/venv/bin/pip" install --no-cache-dir -r "$root/source/requirements.txt"
# students' processes start at once where everything is compiled already
"$root/venv/bin/python" -m compileall -q "$root/source/packages" "$root/venv/lib" || true
"""
RUN: Final = """\
#!/usr/bin/env bash
# Gradescope runs this for each submission; the result is in $root/results/results.json.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
python="$root/venv/bin/python"
export PYTHONPATH="$root/source/packages"
exec "${AUTOGRADER_PYTHON:-$python}" -m grading.platforms.gradescope_run "$root"
"""


def gradescope_archive(text: str, secret: str) -> bytes:
    """The zip file that is uploaded as an assignment's autograder.

    text    of the assignment's own file
    secret  what students' numbers are drawn by; their code runs in the sandbox, so as not to see it

    Source: Gradescope's autograder specifications, "Autograder Zip File".
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, mode in _entries(text, secret):
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue()


def _entries(text: str, secret: str) -> Iterator[tuple[str, bytes, int]]:
    """(name, content, mode) of each file."""
    yield "setup.sh", SETUP.encode(), _PROGRAM
    yield "run_autograder", RUN.encode(), _PROGRAM
    yield "requirements.txt", requirements_file(), _TEXT
    yield ASSIGNMENT, text.encode("utf-8"), _TEXT
    if secret:
        yield SECRET_FILE, secret.encode("utf-8"), 0o600
    yield from ((name, content, _TEXT) for name, content in packages())
