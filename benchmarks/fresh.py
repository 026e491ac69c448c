"""Fresh interpreters: for what only the first call costs, and for memory that nobody used before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any


def told(module: str, *arguments: object, **environment: str) -> Any:
    """What a module of ours prints as JSON, in an interpreter of its own.

    None when it fails, and the last line of what it complained of is printed.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(  # noqa: S603 - our own Python
        command, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    if done.returncode:
        print(f"  {module} {' '.join(map(str, arguments))}: {done.stderr.strip().splitlines()[-1]}")
        return None
    return json.loads(done.stdout)
