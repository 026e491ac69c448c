"""Names in a model: each once, after what it names."""

from __future__ import annotations

import re
from collections import Counter


class Names:
    """Names that are taken.

    >>> names = Names()
    >>> names.new("h"), names.new("h"), names.new("")
    ('h', 'h_2', 'value')
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._counts: Counter[str] = Counter()

    def new(self, wish: str) -> str:
        """A name that nothing has, the wished one if possible; signs that readers trip over are _."""
        wish = re.sub(r"[^\w./\[\]-]+", "_", wish).strip("_") or "value"
        name = wish
        while name in self._taken:
            self._counts[wish] += 1
            name = f"{wish}_{self._counts[wish] + 1}"
        self._taken.add(name)
        return name
