"""Right answers are accepted in every form that people write them in; what is none is refused in words."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from autograd_lite.errors import AnswerError
from grading.answers import read

NUMBERS = [
    # text, value, digits, unit
    ("0.4919", 0.4919, 4, 5e-5),
    ("  0.4919 ", 0.4919, 4, 5e-5),
    ("0.4920", 0.492, 4, 5e-5),
    ("0,4919", 0.4919, 4, 5e-5),
    (",5", 0.5, 1, 0.05),
    ("+0.5", 0.5, 1, 0.05),
    ("−0.5", -0.5, 1, 0.05),
    ("– 0.5", -0.5, 1, 0.05),
    ("-1.2e-3", -0.0012, 2, 5e-5),
    ("-1.2E-03", -0.0012, 2, 5e-5),
    ("1.2·10^-3", 0.0012, 2, 5e-5),
    ("1,2 × 10⁻³", 0.0012, 2, 5e-5),
    ("1.2 x 10**-3", 0.0012, 2, 5e-5),
    ("1.2 \\cdot 10^{-3}", 0.0012, 2, 5e-5),
    ("1.20e3", 1200.0, 3, 5.0),
    ("0.6075...", 0.6075, 4, 0.00005),
    ("0.6075\u2026", 0.6075, 4, 0.00005),
    ("1200", 1200.0, 4, 0.5),
    ("2", 2.0, 1, 0.5),
    ("007.50", 7.5, 3, 0.005),
    ("0.000", 0.0, 3, 5e-4),
    ("3/7", 3 / 7, None, 0.0),
    ("3/10", 0.3, None, 0.0),
    ("4919/10000", 0.4919, 4, 5e-5),
    ("-3 / 7", -3 / 7, None, 0.0),
    ("½", 0.5, None, 0.0),
    ("1 1/2", 1.5, None, 0.0),
    ("\\frac{3}{7}", 3 / 7, None, 0.0),
    ("sqrt(2)/2", math.sqrt(0.5), None, 0.0),
    ("√2/2", math.sqrt(0.5), None, 0.0),
    ("e^-1", math.exp(-1), None, 0.0),
    ("-π/4", -math.pi / 4, None, 0.0),
    ("2*0.7071", 1.4142, 4, 5e-4),
    ("1 234,5", 1234.5, 5, 0.05),
    ("1\u202f234,5", 1234.5, 5, 0.05),
    ("1\u00a0234.5", 1234.5, 5, 0.05),
    ("1'234.5", 1234.5, 5, 0.05),
    ("1’234.5", 1234.5, 5, 0.05),
    ("1,234.5", 1234.5, 5, 0.05),
    ("1.234,5", 1234.5, 5, 0.05),
    ("1,234,567", 1234567.0, 7, 0.5),
    ("x = 0.49", 0.49, 2, 0.005),
    ("dŷ/dh_0 = 0.49", 0.49, 2, 0.005),
    ("∂ŷ/∂x ≈ -0.49.", -0.49, 2, 0.005),
    ("≈0.492", 0.492, 3, 5e-4),
    ("0.49 = h_0", 0.49, 2, 0.005),
    ("3/7 = 0.4286", 3 / 7, None, 0.0),
    ("$0.49$", 0.49, 2, 0.005),
    ("`0.49`", 0.49, 2, 0.005),
    ('"0.49"', 0.49, 2, 0.005),
    ("='0.49'", 0.49, 2, 0.005),
    ("(0.49)", 0.49, 2, 0.005),
    ("\ufeff0.49\r\n", 0.49, 2, 0.005),
    ("０．４９", 0.49, 2, 0.005),
    ("49.19 %", 0.4919, 4, 5e-5),
    ("49,19%", 0.4919, 4, 5e-5),
    ("49.19\\%", 0.4919, 4, 5e-5),
    ("30°", math.pi / 6, 2, 0.5 * math.pi / 180),
]


@pytest.mark.parametrize(("text", "value", "digits", "unit"), NUMBERS)
def test_a_number_is_read_as_people_write_it(text, value, digits, unit):
    typed = read(text)
    assert typed.kind == "number"
    assert typed.value == pytest.approx(value, rel=1e-15)
    assert typed.digits == digits
    assert float(typed.unit) == pytest.approx(unit, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,234", [1.234, 1234.0]),
        ("1.234", [1.234]),
        ("0,123", [0.123]),
        ("49.19 %", [0.4919, 49.19]),
        ("30°", [math.pi / 6, 30.0]),
    ],
)
def test_what_can_be_read_in_two_ways_is_read_in_both(text, values):
    numbers = [value for value, remark in read(text).readings if isinstance(value, float)]
    assert numbers == pytest.approx(values, rel=1e-15)


ARRAYS = [
    ("[0.1, 0.2; 0.3, 0.4]", [[0.1, 0.2], [0.3, 0.4]]),
    ("[[.1,.2],[.3,.4]]", [[0.1, 0.2], [0.3, 0.4]]),
    ("((.1,.2),(.3,.4))", [[0.1, 0.2], [0.3, 0.4]]),
    ("[[0.1 0.2]\n [0.3 0.4]]", [[0.1, 0.2], [0.3, 0.4]]),
    ("array([[0.1, 0.2],\n       [0.3, 0.4]])", [[0.1, 0.2], [0.3, 0.4]]),
    ("np.array([[0.1, 0.2], [0.3, 0.4]], dtype=np.float64)", [[0.1, 0.2], [0.3, 0.4]]),
    ("tensor([0.1, 0.2], dtype=torch.float64)", [0.1, 0.2]),
    ("Tensor([0.1, 0.2], grad=[1., 1.])", [0.1, 0.2]),
    (r"\begin{pmatrix} 0.1 & 0.2 \\ 0.3 & 0.4 \end{pmatrix}", [[0.1, 0.2], [0.3, 0.4]]),
    ("0.1\t0.2\n0.3\t0.4\n", [[0.1, 0.2], [0.3, 0.4]]),
    ("0,1\t0,2\n0,3\t0,4\n", [[0.1, 0.2], [0.3, 0.4]]),
    ("0.1 0.2; 0.3 0.4", [[0.1, 0.2], [0.3, 0.4]]),
    ("(0,1; 0,2)", [0.1, 0.2]),
    ("[0,1 0,2]", [0.1, 0.2]),
    ("0.1 0.2 0.3", [0.1, 0.2, 0.3]),
    ("0.1, 0.2, 0.3", [0.1, 0.2, 0.3]),
    ("0,1; 0,2; 0,3;", [0.1, 0.2, 0.3]),
    ("{0.1, 0.2}", [0.1, 0.2]),
    ("dW = [0.1, −0.2]", [0.1, -0.2]),
    ("[- 0.1, 0.2,]", [-0.1, 0.2]),
    ("[1/3, 2 / 3]", [1 / 3, 2 / 3]),
    ("[1.2·10^-3, 2e-3]", [0.0012, 0.002]),
    ("[sqrt(2)/2, e^(-1)]", [math.sqrt(0.5), math.exp(-1)]),
    ("[[1], [2]]", [[1.0], [2.0]]),
    ("[0.5]", [0.5]),
    ("[[[1, 2]], [[3, 4]]]", [[[1.0, 2.0]], [[3.0, 4.0]]]),
    ([[1, 2], [3, 4]], [[1.0, 2.0], [3.0, 4.0]]),
    ([["0,1", "1/3"], [0.3, Fraction(1, 4)]], [[0.1, 1 / 3], [0.3, 0.25]]),
    ((0.1, 0.2), [0.1, 0.2]),
]


@pytest.mark.parametrize(("answer", "value"), ARRAYS)
def test_an_array_is_read_as_people_write_it(answer, value):
    typed = read(answer)
    assert typed.kind == "array"
    assert typed.value.shape == np.shape(value)
    np.testing.assert_allclose(typed.value, value, rtol=1e-15)


@pytest.mark.parametrize("text", ["[1,2;3,4]", "[0,5; 0,3]", "(0,1)", "1,2"])
def test_commas_that_are_separators_or_decimal_commas_are_read_as_both(text):
    shapes = {np.shape(value) for value, _ in read(text).readings}
    assert len(shapes) == 2


@pytest.mark.parametrize(
    ("answer", "value", "digits"),
    [
        (0.4919, 0.4919, 4),
        (0.1 + 0.2, 0.1 + 0.2, 17),
        (2, 2.0, 1),
        (1200, 1200.0, 4),
        (np.float64(0.25), 0.25, 2),
        (np.float32(0.1234), 0.1234, 4),
        (np.int64(7), 7.0, 1),
        (np.array(0.125), 0.125, 3),
        (Fraction(3, 7), 3 / 7, None),
        (Decimal("0.4920"), 0.492, 4),
    ],
)
def test_a_number_has_the_digits_of_its_shortest_text(answer, value, digits):
    typed = read(answer)
    assert typed.value == pytest.approx(value, rel=1e-7)
    assert typed.digits == digits


def test_digits_that_are_asked_for_take_the_place_of_those_given():
    assert float(read("0.4919163", digits=4).unit) == pytest.approx(5e-5)
    assert read(0.5, digits=4).accepts(0.50004)
    assert not read(0.5, digits=4).accepts(0.4919)
    assert read("3/7", digits=4).unit == 0.0
    np.testing.assert_allclose(read([0.5, 12.0], digits=3).unit, [5e-4, 5e-2])


REFUSED = [
    "", "   ", "\n", "$$", "hello", "about 0.5", "0.5 m", "5kg", "0.5 or 0.6", "nan", "NaN", "-inf", "∞",
    "2i", "3+2j", "1j", "True", "None", "x", "x = ", "0.5+", "--", "[1, [2, 3]]", "[1, 2; 3]", "[]", "[[]]",
    "[1,,2]", "[1", "1]", "[1)", "[1, nan]", "[1, x]", "1e400", "[1e400]", "9" * 500, "9**9**9", "9^9^9",
    "1/0", "0/0", "10**1000", "٠٫٤٩", "०.४", "𝟎.𝟓", "0.5\x00", "0.\u202e5", "0.5\x1b[2J", "().__class__",
    "exec('1')", "__import__('os').system('true')", "0x10", "1_", "1__000", "{'a': 1}", "3/7 = 0.5",
    "1 = 2 = 3", "0.5 ± 0.1", "1.2.3", "1.234.56", "\ud800", "[" * 3000, "(" * 3000 + "1" + ")" * 3000,
    "1" * 300_000, "1=" * 5000 + "1", "lambda: 1", "'", '"', "$", "`", "%", "-", ".", ",", "0.5.6.",
    "[" + "sqrt(2), " * 5000 + "1]", "1," * 90_000, "[" + "1 " * 90_000 + "]", ",dtype=" * 20_000,
    None, True, np.True_, 1j, np.complex64(1), float("nan"), float("inf"), np.float32("-inf"), 10**400,
    Fraction(10**400), Decimal("NaN"), Decimal("sNaN"), Decimal("1e999999"), b"0.5", {}, {"a": 1}, set(),
    object(), [], [[]], [[1, 2], [3]], [1, [2]], [None], [True, False], [1, "x"], [float("nan")], [object()],
    np.array([]), np.zeros((0, 3)), np.array([True]), np.array([1j]), np.array([None]), np.array(["a"]),
    np.array([1.0, np.nan]), np.array(np.inf), np.array([("a", 1)], dtype="U1,i4"),
    np.array("2020-01-01", dtype="datetime64[D]"),
]  # fmt: skip


@pytest.mark.parametrize(
    "answer", REFUSED, ids=lambda answer: ascii(answer).split(" at 0x")[0][:30]
)
def test_what_is_no_answer_is_refused_in_a_sentence(answer):
    with pytest.raises(AnswerError) as refused:
        read(answer)
    said = str(refused.value)
    assert 10 < len(said) < 300
    assert said.isprintable()


class Liar(float):
    def __float__(self):
        raise RuntimeError("called")


class Shouting(str):
    __slots__ = ()

    def __getitem__(self, key):
        raise RuntimeError("called")

    def strip(self, *args):
        raise RuntimeError("called")


class Lying(np.ndarray):
    def __array_finalize__(self, other):
        pass

    def ravel(self, *args):
        raise RuntimeError("called")


def test_nothing_of_a_strangers_class_is_called():
    with pytest.raises(AnswerError):
        read(Liar(1.0))
    assert read(Shouting("0.5")).value == 0.5
    assert read(np.array([1.0, 2.5]).view(Lying)).value.tolist() == [1.0, 2.5]


def test_a_list_that_holds_itself_is_refused():
    ring = []
    ring.append(ring)
    wide = [[0] * 1000] * 1000
    with pytest.raises(AnswerError):
        read(ring)
    with pytest.raises(AnswerError):
        read([wide] * 1000)


def test_what_was_typed_is_shown_on_one_short_line():
    typed = read("0.5" + " " * 300)
    assert typed.text == "0.5"
    assert len(read(np.zeros(1000) + 0.5).text) < 70
    assert read("sqrt(2)/2").read_as == "0.707107"


@pytest.mark.parametrize(
    ("answer", "right"),
    [([123456, 1, 0], [123456.0, 0.5, 0.25]), (["1.235e5", "0", "0"], [123456.0, 0.5, 40.0]),
     (np.array([2000, 3, 0]), [2000.0, 3.4, 0.4])],
)  # fmt: skip
def test_few_digits_beside_many_are_no_rounded_numbers(answer, right):
    assert not read(answer).accepts(np.array(right))


def test_zeros_that_printing_dropped_still_count():
    assert read([0.4919, 0.5, 0]).accepts(np.array([0.49191, 0.50004, 0.00003]))


def test_what_lies_below_a_mask_was_not_given():
    for masked in (
        np.ma.array([1.0, 2.0], mask=[True, False]),
        np.ma.masked,
        np.ma.array(1.0, mask=True),
    ):
        with pytest.raises(AnswerError, match="masked"):
            read(masked)
    assert read(np.ma.array([1.0, 2.0])).value.tolist() == [1.0, 2.0]
    assert read(np.ma.array(2.4)).value == 2.4


def test_single_precision_is_known_to_its_own_spacing():
    right = np.array([0.155344770312, -0.240235954823, 0.084891184511, 1.123456789123, 0.3])
    assert read(right.astype(np.float32)).accepts(right)
    assert not read(right.astype(np.float32)).accepts(right * (1 + 1e-6))


class _Loud:
    def _says(self, *_):
        raise RuntimeError("asked")

    __class__ = property(_says)
    __repr__ = __str__ = __float__ = __len__ = __iter__ = __array__ = _says


class _LoudText(str):
    __slots__ = ()
    __len__ = __str__ = __repr__ = strip = __getitem__ = _Loud._says


class _LoudArray(np.ndarray):
    shape = ndim = dtype = size = property(_Loud._says)


class _LoudClass(type):
    __name__ = property(_Loud._says)


def _of_a_loud_class():
    return _LoudClass("a", (), {})()


@pytest.mark.parametrize(
    "make",
    [
        _Loud,
        lambda: [_Loud()],
        _of_a_loud_class,
        lambda: [[_of_a_loud_class()]],
        lambda: np.timedelta64(2),
    ],
)
def test_of_a_strangers_object_nothing_is_asked(make):
    with pytest.raises(AnswerError):
        read(make())


def test_text_and_arrays_are_read_past_what_their_classes_override():
    assert read(_LoudText("0.4919")).value == 0.4919
    assert read(np.array([1.5, 2.5]).view(_LoudArray)).value.tolist() == [1.5, 2.5]
