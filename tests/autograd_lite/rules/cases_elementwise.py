"""Examples of every elementwise rule."""

from tests.autograd_lite.rules.cases import Case, numbers

CASES = [Case("add", (numbers(2, 3), numbers(3, seed=1)))]
