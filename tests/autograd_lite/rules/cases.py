"""What the generated gradient checks need to know of an operation: one or more examples of its use.

The lists `CASES` are in cases_<kind>.py beside this file. Adding an operation is one record in the
package, one case there and its reference values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    """One application of a rule, away from kinks and poles.

    rule            its name in autograd_lite.rules.RULES
    operands        float64 arrays or Python floats (other dtypes where nothing is differentiated)
    static          axis, keepdims, … as keyword arguments
    differentiable  per operand, whether it has a derivative; () stands for all of them
    smooth          whether second and third derivatives may be checked
    """

    rule: str
    operands: tuple[Any, ...]
    static: Mapping[str, Any] = field(default_factory=dict)
    differentiable: tuple[bool, ...] = ()
    smooth: bool = True

    def __post_init__(self) -> None:
        if not self.differentiable:
            object.__setattr__(self, "differentiable", (True,) * len(self.operands))
        assert len(self.differentiable) == len(self.operands), self.rule

    def __str__(self) -> str:
        """The test's id: multiply-(2,3)-(3,), sum-(2,3)-axis=0."""
        shapes = "-".join(str(np.shape(x)).replace(" ", "") for x in self.operands)
        static = "".join(f"-{key}={value}" for key, value in self.static.items())
        return f"{self.rule}-{shapes}{static}"


def numbers(*shape: int, low: float = -2.0, high: float = 2.0, seed: int = 0) -> np.ndarray:
    """Reproducible uniform numbers between `low` and `high`; another `seed`, other numbers."""
    return np.random.default_rng([seed, *shape]).uniform(low, high, shape)
