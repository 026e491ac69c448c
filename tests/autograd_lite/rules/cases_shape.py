"""Examples of every rule that moves numbers: shape, joining and indexing."""

import numpy as np

from tests.autograd_lite.rules.cases import Case, numbers

ROW, TABLE, CUBE = numbers(4), numbers(2, 3), numbers(2, 3, 4, seed=1)

SHAPE = [
    Case("reshape", (TABLE,), {"shape": (3, -1)}),
    Case("reshape", (numbers(),), {"shape": (1, 1)}),
    Case("transpose", (TABLE,)),
    Case("transpose", (CUBE,), {"axes": (2, 0, 1)}),
    Case("transpose", (CUBE,), {"axes": (0, -1, -2)}),
    Case("swapaxes", (CUBE,), {"axis1": 0, "axis2": -1}),
    Case("expand_dims", (TABLE,), {"axis": (0, -1)}),
    Case("squeeze", (numbers(1, 3, 1),)),
    Case("squeeze", (numbers(1, 3, 1),), {"axis": -1}),
    Case("broadcast_to", (numbers(3, 1),), {"shape": (2, 3, 4)}),
    Case("broadcast_to", (numbers(),), {"shape": (2,)}),
    Case("astype", (TABLE,), {"dtype": "float64"}),
    Case("flip", (CUBE,)),
    Case("flip", (CUBE,), {"axis": (0, -1)}),
    Case("roll", (TABLE,), {"shift": 2}),
    Case("roll", (TABLE,), {"shift": (1, -2), "axis": (0, 1)}),
]

JOINING = [
    Case("concatenate", (TABLE, numbers(1, 3), TABLE)),
    Case("concatenate", (numbers(2, 1), TABLE), {"axis": -1}),
    Case("concatenate", (CUBE, numbers(2, 3, 1), CUBE), {"axis": -1}),
    Case("concatenate", (numbers(1, 2, 2), numbers(1, 3, 2)), {"axis": -2}),
    Case("stack", (TABLE, numbers(2, 3, seed=2))),
    Case("stack", (TABLE, TABLE, numbers(2, 3, seed=2)), {"axis": -1}),
    Case("tile", (TABLE,), {"reps": 2}),
    Case("tile", (TABLE,), {"reps": (2, 1, 3)}),
    Case("repeat", (TABLE,), {"repeats": 2}),
    Case("repeat", (TABLE,), {"repeats": (2, 0, 1), "axis": -1}),
    Case("pad", (TABLE,), {"pad_width": 1, "constant_values": 2.0}),
    Case("pad", (TABLE,), {"pad_width": ((0, 2), (1, 0))}),
    *(
        Case("pad", (CUBE[0],), {"pad_width": ((1, 2), (0, 3)), "mode": mode})
        for mode in ("edge", "reflect", "symmetric", "wrap")
    ),
]

INDICES = {
    "an integer": 1,
    "a slice": slice(None, None, -2),
    "an empty tuple": (),
    "basic": (..., None, 1, slice(1, 3)),
    "repeated": np.array([0, 1, 1, -1]),
    "a pair of arrays": (np.array([[0], [1]]), np.array([2, 0])),
    "mixed": (slice(None), np.array([2, 2, 0]), 1),
    "apart": (np.array([1, 0, 1]), slice(None), np.array([3, 0, 3])),
    "boolean": CUBE > 0,
    "boolean and slice": (np.array([True, False]), slice(1, None)),
    "empty": np.array([], dtype=int),
}

INDEXING = [
    *(Case("getitem", (CUBE,), {"index": index}) for index in INDICES.values()),
    *(
        Case("scatter", (numbers(*CUBE[index].shape),), {"index": index, "shape": CUBE.shape})
        for index in INDICES.values()
    ),
    *(
        Case(name, (CUBE, numbers(*CUBE[index].shape, seed=3)), {"index": index})
        for name in ("at_set", "at_add")
        for index in INDICES.values()
    ),
    *(
        Case(name, (CUBE, v), {"index": INDICES["mixed"]})
        for name in ("at_set", "at_add")
        for v in (numbers(), numbers(1), numbers(2, 1))
    ),
    Case(
        "take_along_axis",
        (TABLE, np.array([[0, 2, 2, 1], [1, 1, 1, 0]])),
        {"axis": 1},
        (True, False),
    ),
    Case("take_along_axis", (TABLE, np.array([[1, 0, 1]])), {"axis": 0}, (True, False)),
    Case("take_along_axis", (TABLE, np.array([5, 0, 5])), {"axis": None}, (True, False)),
]

CASES = [*SHAPE, *JOINING, *INDEXING]
