"""Examples of every reduction."""

from tests.autograd_lite.rules.cases import Case, numbers

CASES = [Case("sum", (numbers(2, 3),)), Case("sum", (numbers(2, 3),), {"axis": 0, "keepdims": True})]
