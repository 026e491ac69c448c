"""One layer of a recurrent module in one direction, and what the names in it end in."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple


class Layer(NamedTuple):
    """One layer in one direction: what its weights' names end in, here and in torch, and its states'."""

    suffix: str = ""
    torch: str = ""
    mark: str = ""
    reverse: bool = False

    def at(self, t: int) -> str:
        """What the names of the variables of time step t end in."""
        return f"_{t}{self.mark}" if t < 10 else f"_{{{t}}}{self.mark}"


SINGLE_LAYER: Final = Layer()


def layer_of(k: int, reverse: bool) -> Layer:
    """Layer k, counted from 0, of several.

    >>> layer_of(1, False)
    Layer(suffix='_l1', torch='_l1', mark='^{(2)}', reverse=False)
    """
    torch = f"_l{k}" + "_reverse" * reverse
    number = f"^{{({k + 1}{chr(39) * reverse})}}"
    return Layer(torch, torch, number, reverse) if k or reverse else Layer("", torch)


@lru_cache(maxsize=4096)
def time_after(name: str | None, symbol: str) -> str:
    """What names end in a time step after a state: _3 after h_2; a state without a time is that of 0.

    >>> time_after("h_2", "h"), time_after(None, "h")
    ('_3', '_1')
    """
    found = re.fullmatch(rf"{symbol}_\{{?([0-9]{{1,9}})\}}?", name or "")
    return SINGLE_LAYER.at(int(found[1]) + 1 if found else 1)
