"""A notebook's functions as text: what defines them is kept, what computes is not, and nothing is run."""

import ast

import pytest

from grading.notebooks.source import definitions, source_here

CELLS = [
    "import numpy as np\nfrom math import exp as e",
    "%matplotlib inline\n!rm -rf important\nhelp?\nrate = 0.1; shapes = [(1, 2)]",
    "data = np.zeros(3)\nprint(data)\nfor i in range(3): data[i] = i",
    "def forward(x):\n    return e(x)",
    "def forward(x):\n    return 2 * e(x)\n\nclass Net:\n    def backward(self, g): return g",
    "moves = {'h': '0.49'}\nthis is no Python",
    "check('q1')",
]


def test_definitions_are_kept_in_order_and_computations_are_not():
    text = definitions(CELLS)
    space = {}
    exec(text, space)  # noqa: S102 - made of the cells above
    assert space["forward"](0.0) == 2.0
    assert space["rate"] == 0.1
    assert space["Net"]().backward(3) == 3
    assert not {"data", "i"} & space.keys()
    assert not any(word in text for word in ("print", "check", "matplotlib", "important"))


@pytest.mark.parametrize(
    "cell", ["(" * 10_000, "\x00", "def f(:", "x = " + "-" * 5000 + "1", "%%bash\nls", ""]
)
def test_a_cell_that_is_no_python_is_left_out(cell):
    assert "def g" in definitions([cell, "def g(): pass"])


def test_text_is_source_already():
    assert source_here({"f": "def f(): return 1"}) == "def f(): return 1"
    assert source_here({}) == ""


def helper(x):
    return x


def handed_in(x):
    return helper(x) + 1


def test_outside_of_a_notebook_a_functions_own_file_is_read():
    names = {
        node.name for node in ast.parse(source_here({"f": handed_in})).body if hasattr(node, "name")
    }
    assert {"helper", "handed_in"} <= names
