"""Values come out as they went in, by what they truly are, and nothing else comes out."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.sandbox import wire
from grading.sandbox.wire import WireError, decode, encode


def passed(value):
    """Through JSON and back."""
    return decode(json.loads(json.dumps(encode(value))))


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**300), 10**300) | st.floats(allow_nan=False)
    | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)  # fmt: skip


@given(PLAIN)
def test_plain_values_come_back_with_their_types(value):
    back = passed(value)
    assert back == value
    assert repr(back) == repr(value)  # 1 and 1.0 and True are equal


@pytest.mark.parametrize("name", wire.DTYPES)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0, 2), (1, 1, 1)])
def test_arrays_come_back_with_dtype_and_shape(name, shape):
    array = (np.arange(np.prod(shape, dtype=int)) % 2).reshape(shape).astype(name)
    back = passed(array)
    assert type(back) is np.ndarray
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert np.array_equal(back, array)
    assert back.flags.writeable


@pytest.mark.parametrize("order", ["C", "F", "strided", "big-endian"])
def test_however_an_array_lies_in_memory(order):
    array = np.arange(12.0).reshape(3, 4)
    given = {
        "C": array, "F": np.asfortranarray(array), "strided": np.arange(24.0).reshape(3, 8)[:, ::2] / 2,
        "big-endian": array.astype(">f8"),
    }[order]  # fmt: skip
    assert np.array_equal(passed(given), array)


def test_what_is_not_finite_comes_back_as_it_is():
    back = passed([float("nan"), float("-inf"), np.array([np.inf, np.nan])])
    assert np.isnan(back[0])
    assert back[1] == -np.inf
    assert np.array_equal(back[2], [np.inf, np.nan], equal_nan=True)


@pytest.mark.parametrize("scalar", [np.float32(0.5), np.float64(0.5), np.float16(0.5)])
def test_scalars_of_numpy_are_pythons(scalar):
    assert type(passed(scalar)) is float
    assert passed(scalar) == 0.5


def test_integers_and_bools_of_numpy_are_pythons():
    assert [type(passed(x)) for x in (np.int8(3), np.uint64(2**63), np.bool_(True))] == [
        int,
        int,
        bool,
    ]


NOT_PLAIN = [
    object(), len, 1j, b"bytes", {1, 2}, {1: 2}, {None: 1}, range(3), (x for x in "a"), 10**400, -(10**5000),
    np.array([None]), np.array(["a"]), np.zeros(2, complex), np.longdouble(1), np.datetime64("2020"),
    np.zeros(1, [("a", float)]), np.complex64(1), type, Exception("x"), memoryview(b"a"), ...,
]  # fmt: skip


@pytest.mark.parametrize("value", NOT_PLAIN, ids=lambda value: type(value).__name__)
def test_nothing_else_passes(value):
    for inside in (value, [value], (1, {"a": value})):
        with pytest.raises(WireError):
            encode(inside)


def test_lists_in_lists_have_an_end():
    deep: list = []
    for _ in range(100):
        deep = [deep]
    circle: list = []
    circle.append(circle)
    for value in (deep, circle, {"a": circle}):
        with pytest.raises(WireError, match="deep"):
            encode(value)


class Liar(np.ndarray):
    """An array that is something else to whoever asks."""

    def __array_finalize__(self, obj):
        pass

    def __array__(self, *args, **kwargs):
        return np.ones(5)

    def astype(self, *args, **kwargs):
        return np.ones(5)

    tobytes = tolist = astype
    shape = property(lambda self: (5,))  # type: ignore[assignment]
    dtype = property(lambda self: np.dtype(bool))  # type: ignore[assignment]


def test_a_lying_array_is_sent_as_what_it_holds():
    assert np.array_equal(passed(np.zeros(2).view(Liar)), [0.0, 0.0])


def test_lying_numbers_and_lists_too():
    class F(float):
        def __float__(self):
            return 1.0

    class L(list):
        def __iter__(self):
            return iter([1])

        def __getitem__(self, i):
            return [1]

    class T(str):
        def encode(self, *args):
            return b"]"

        def __str__(self):
            return "other"

    class N(int):
        def __add__(self, other):
            return 0

    assert passed(L([F(2.0), T("true"), N(7)])) == [2.0, "true", 7]
    assert [type(x) for x in passed(L([F(2.0), T("true"), N(7)]))] == [float, str, int]


A = "ZmxvYXQ2NA=="  # "float64"
BAD = {
    "another key": {"x": 1},
    "two keys": {"t": [], "d": []},
    "no key": {},
    "bare text": "abc",
    "no base64": {"s": "***"},
    "text of a number": {"s": 5},
    "no UTF-8": {"s": "/w=="},
    "a tuple of text": {"t": "abc"},
    "pairs of three": {"d": [["YQ==", 1, 2]]},
    "pairs of none": {"d": [5]},
    "a key of no text": {"d": [[1, 2]]},
    "an array of two": {"a": [A, [1]]},
    "too few bytes": {"a": [A, [2], "AAAAAAAAAAA="]},
    "too many bytes": {"a": [A, [], "AAAAAAAAAAAAAAAAAAAAAA=="]},
    "a shape below zero": {"a": [A, [-1, -1], "AAAAAAAAAAA="]},
    "a shape of floats": {"a": [A, [1.0], "AAAAAAAAAAA="]},
    "a shape of bools": {"a": [A, [True], "AAAAAAAAAAA="]},
    "an empty shape too large": {"a": [A, [0, 2**62, 2**62], ""]},
    "rows of nothing without end": {"a": [A, [2**30, 0], ""]},
    "a huge shape": {"a": [A, [2**40, 2**40], ""]},
    "many axes": {"a": [A, [1] * 40, "AAAAAAAAAAA="]},
    "objects": {"a": ["b2JqZWN0", [1], "AAAAAAAAAAA="]},
    "bools that are none": {"a": ["Ym9vbA==", [1], "Bw=="]},
    "no dtype": {"a": [None, [1], "AAAAAAAAAAA="]},
    "a long integer": 10**401,
}


@pytest.mark.parametrize("sent", BAD.values(), ids=BAD)
def test_a_message_that_holds_no_value_is_refused(sent):
    for inside in (sent, [sent], {"t": [sent]}):
        with pytest.raises(WireError):
            decode(inside)
