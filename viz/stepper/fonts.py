"""The digits and signs of the formulas' own face, so that live numbers match the typeset ones."""

from __future__ import annotations

import base64
import io
import logging
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

_ROMAN: Final = {ord(c): None for c in "0123456789.,()=+[] naehld"}
_SIGNS: Final = {0x2212: "minus", 0x00B7: "periodcentered", 0x00D7: "multiply", 0x221E: "infinity"}


@lru_cache(maxsize=1)
def faces() -> tuple[str, ...]:
    """Two WOFF files as base64, of Computer Modern's digits and of its signs; none where there is no tool.

    matplotlib ships the face and brings fontTools, which takes the few letters out of it.
    """
    try:
        return _woff("cmr10", _roman), _woff("cmsy10", _signs)
    except (ImportError, OSError, KeyError):
        return ()


def _woff(name: str, choose: Any) -> str:
    import matplotlib as mpl
    from fontTools.ttLib import TTFont

    log = logging.getLogger("fontTools")
    level, out = log.level, io.BytesIO()
    log.setLevel(logging.ERROR)  # it warns of the dates in these files, which nobody reads
    try:
        path = Path(mpl.get_data_path()) / "fonts" / "ttf" / f"{name}.ttf"
        with TTFont(path, recalcTimestamp=False) as font:
            choose(font)
            font.flavor = "woff"
            font.save(out)
    finally:
        log.setLevel(level)
    return base64.b64encode(out.getvalue()).decode("ascii")


def _roman(font: Any) -> None:
    _keep(font, [name for code, name in font.getBestCmap().items() if code in _ROMAN])


def _signs(font: Any) -> None:
    """The signs under their own code points, where the file has places of its own for them."""
    _keep(font, list(_SIGNS.values()))
    for table in font["cmap"].tables:
        table.cmap = dict(_SIGNS) if table.isUnicode() else {}


def _keep(font: Any, glyphs: list[str]) -> None:
    from fontTools import subset

    options = subset.Options()
    options.hinting, options.glyph_names, options.layout_features = False, True, []
    subsetter = subset.Subsetter(options)
    subsetter.populate(glyphs=glyphs)
    subsetter.subset(font)
