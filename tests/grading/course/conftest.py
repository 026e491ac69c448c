"""A small assignment, and folders of submissions to it."""

import pytest

from grading.assignments.written import asked, assignment

EQUATIONS = "h = x**2\ny = h + 3*x"
"""At x = 2: dy/dh = 1, dy/dx = 7, and ∂y/∂x with h held = 3."""


@pytest.fixture(scope="session")
def homework():
    """Everybody has x = 2; asked are dy/dx, ∂y/∂x, and h itself."""
    return assignment(
        "A small week",
        asked("all", "total", wrt="x", points=2),
        asked("one", "partial", wrt="x", hold=["h"]),
        asked("forward", "value", of=["h"]),
        graph={"equations": EQUATIONS, "design": {"x": 2.0}},
        numbers="class",
        secret="between us",  # noqa: S106 - of a test
        feedback="path",
        name="small",
    )


RIGHT = "all,x,7.000\none,x,3.000\nforward,h,4.000\n"


@pytest.fixture
def handed_in(tmp_path):
    """Write submissions: name of a file -> text or bytes; gives the folder."""
    folder = tmp_path / "submissions"
    folder.mkdir()

    def write(files):
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content.encode("utf-8") if isinstance(content, str) else content
            path.write_bytes(data)
        return folder

    return write
