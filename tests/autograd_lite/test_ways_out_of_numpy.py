"""Every public function of NumPy that takes a list or an array keeps the promise of `promise.py`."""

from collections import Counter

import numpy as np
import pytest

from tests.autograd_lite.promise import FORMS, RIGHT, by_backward, by_jacobian, verdict

# how a function may be called: x is what holds nodes, a two numbers, m a matrix, c a condition
CALLS = {
    "f(x)": lambda f: f,
    "f(x, x)": lambda f: lambda x: f(x, x),
    "f(x, a)": lambda f: lambda x: f(x, a()),
    "f(a, x)": lambda f: lambda x: f(a(), x),
    "f(x, 1)": lambda f: lambda x: f(x, 1),
    "f(1, x)": lambda f: lambda x: f(1, x),
    "f(x, 2.5)": lambda f: lambda x: f(x, 2.5),
    "f(2.5, x)": lambda f: lambda x: f(2.5, x),
    "f(x, m)": lambda f: lambda x: f(x, m()),
    "f(m, x)": lambda f: lambda x: f(m(), x),
    "f([x, x])": lambda f: lambda x: f([x, x]),
    "f([x, a])": lambda f: lambda x: f([x, a()]),
    "f([[x, x], [x, x]])": lambda f: lambda x: f([[x, x], [x, x]]),
    "f(x, a, a)": lambda f: lambda x: f(x, a(), a()),
    "f(a, x, a)": lambda f: lambda x: f(a(), x, a()),
    "f(a, a, x)": lambda f: lambda x: f(a(), a(), x),
    "f(x, 0, 1)": lambda f: lambda x: f(x, 0, 1),
    "f(a, [0, 1], x)": lambda f: lambda x: f(a(), [0, 1], x),
    "f(0, 1, x)": lambda f: lambda x: f(0, 1, x),
    "f(c, x, a)": lambda f: lambda x: f(np.array([True, False]), x, a()),
    "f([c], [x])": lambda f: lambda x: f([np.array([True, False])], [x]),
    "f('i,i', x, a)": lambda f: lambda x: f("i,i", x, a()),
    "f(out, x)": lambda f: lambda x: written(f, x),
    "f(k, a, x)": lambda f: lambda x: f(0.6, a(), x),
}


def a():
    return np.array([0.5, 2.0])


def m():
    return np.array([[1.0, 2.0], [0.5, 3.25]])


def written(f, x):
    """What a function that writes into its first argument has written."""
    out = a()
    return out if f(out, x) is None else pytest.skip


FUNCTIONS = {
    f"{where}.{name}": getattr(module, name)
    for where, module in {
        "np": np, "linalg": np.linalg, "fft": np.fft, "ma": np.ma, "emath": np.emath, "char": np.char,
        "strings": np.strings, "polynomial": np.polynomial.polynomial,
    }.items()
    for name in sorted({*dir(module)} - {"test"})
    if not name.startswith("_") and callable(getattr(module, name, None))
}  # fmt: skip


def seeded(name):
    """A distribution that draws the same numbers each time."""
    return lambda *args: getattr(np.random.default_rng(0), name)(*args)  # noqa: PLW0108 - a new one each time


FUNCTIONS |= {
    f"random.{name}": seeded(name)
    for name in dir(np.random.Generator)
    if not name.startswith("_") and name not in ("bit_generator", "spawn")
}
UFUNCS = {
    f"{name}.{method}": getattr(f, method)
    for name, f in FUNCTIONS.items()
    if isinstance(f, np.ufunc)
    for method in ("reduce", "accumulate", "outer", "reduceat", "at")
}

# what is not called here, and why
NOT_CALLED = {
    **dict.fromkeys(
        "save savez savez_compressed savetxt fromfile load loadtxt genfromtxt fromregex memmap "
        "open_memmap DataSource".split(),
        "files",
    ),
    **dict.fromkeys(
        "show_config show_runtime info get_include seterr seterrcall setbufsize errstate "
        "set_printoptions printoptions".split(),
        "settings",
    ),
    **dict.fromkeys(["frombuffer", "ids", "default_filler"], "reads memory, not numbers"),
    **dict.fromkeys(["empty", "empty_like"], "holds whatever stood in memory"),
    **dict.fromkeys(["argsort", "argpartition"], "the order of equal numbers is left open"),
    **dict.fromkeys(["array_equal", "array_equiv"], "NumPy catches the refusal and answers False"),
    **dict.fromkeys(
        ["isscalar", "piecewise"], "asks whether it is of Python's or NumPy's own classes"
    ),
    "getdata": "an explicit way out: numpy.ma's name for .data",
}
# what Python's `and` and `or` answer for objects: one of them, where numbers give True or False
OBJECTS_THEMSELVES = ("logical_and", "logical_or", "alltrue", "sometrue", "all", "any")
# documented: whatever is neither array nor list counts as one number
ONE_NUMBER = ("polynomial.polyval", "polynomial.polyvalfromroots")

# of equal Values NumPy takes the root of an accidental 0, whose slope is no number
ROOTS_OF_ZERO = ("std", "nanstd")


def called(name, f, derivatives):
    """The verdict about each call and form of numbers, of those that the function takes."""
    for call, write in CALLS.items():
        for form in FORMS:
            if name in ONE_NUMBER and form == "a Tensor":
                continue
            found = verdict(write(f), form, derivatives)
            if found is not None:
                yield call, form, found


def is_called(name):
    words = name.split(".")
    return not any(word in NOT_CALLED or word in OBJECTS_THEMSELVES for word in words)


@pytest.mark.parametrize("derivatives", [by_backward, by_jacobian])
@pytest.mark.parametrize("name", [n for n in {**FUNCTIONS, **UFUNCS} if is_called(n)])
def test_no_function_of_numpy_takes_numbers_out_of_the_graph_unsaid(name, derivatives):
    f = FUNCTIONS.get(name) or UFUNCS[name]
    wrong = [found for found in called(name, f, derivatives) if found[2].startswith("on the graph")]
    if name.split(".")[-1] in ROOTS_OF_ZERO:
        wrong = [found for found in wrong if found[1] != "a Value" or "nan" not in found[2]]
    assert not wrong


ON_THE_GRAPH = (
    "add subtract multiply divide true_divide power negative absolute exp sqrt tanh sin log log1p expm1 "
    "square maximum minimum sum mean dot var std einsum cumsum cumprod prod clip median max min where outer "
    "inner matmul concatenate stack linalg.norm average diff convolve trapezoid ptp sort add.reduce "
    "multiply.outer add.accumulate"
).split()


@pytest.mark.parametrize("form", ["list of Values", "object array"])
@pytest.mark.parametrize("name", ON_THE_GRAPH)
def test_what_numpy_can_do_with_objects_is_recorded(name, form):
    """Raising would keep the promise too, but of these more is promised."""
    f = FUNCTIONS.get(name) or FUNCTIONS.get(f"np.{name}") or UFUNCS[f"np.{name}"]
    verdicts = Counter(found for _, which, found in called(name, f, by_backward) if which == form)
    assert verdicts[RIGHT]
