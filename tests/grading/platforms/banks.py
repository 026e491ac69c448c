"""A small bank made by hand, with names and texts that no format likes."""

from decimal import Decimal

from grading.platforms.bank import BankQuestion, Numerical, Row

PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg"><text>h_0</text></svg>'
RIGHT = Row("0.4919", Decimal("0.00005"), 1.0, "Right.")
PATH = Row(
    "-0.1106",
    Decimal("0.00005"),
    0.0,
    "You gave only the path through h_1 & <b>ŷ</b>: ]]> {{x}}",
    ("A4:h_0>ŷ",),
)
SIGN = Row("-0.4919", Decimal("0.00005"), 0.5, "The sign is the other way round.", ("A18",))
BESIDE = Row("0.4920", Decimal("0.00005"), 0.0, "You counted one path twice.", ("A8",))
OTHERWISE = "Nothing known gives this number."
GIVENS = (("x", "0.30"), ("w_η", "-1.20"))


def number(variant="01", field="ŷ/∂h_0", rows=(RIGHT, BESIDE, PATH, SIGN)):
    return Numerical(variant, field, f"d {field}, to 4 digits", GIVENS, 2.0, 4, rows, OTHERWISE)


OTHER = (Row("12.50", Decimal("0.005"), 1.0, "Right."), Row("0", Decimal("0.005"), 0.0, "Zero."))
QUESTION = BankQuestion(
    "q1", 'Paths / "sums" <1>', "Take h_0 & more.\n\nWhat is {{it}}? ]]>\x00", ("y = x² < 3·h_0",), PICTURE,
    "x to h_0 \"and\" ŷ",
    (number("01"), number("01", "x"), number("02", rows=OTHER), number("02", "x")),
)  # fmt: skip
