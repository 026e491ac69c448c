"""Reports with everything that can be in one."""

from grading.results import Item, Report

RIGHT = Item("q1", "h_0", "right", 2, 2, "Right.", visibility="visible")
HALF = Item("q1", "h_1", "right_given_your_earlier_answer", 1, 1, "Right, given your h_0.")
WRONG = Item("q2", "", "wrong", 0.5, 3, "You gave only the path through h_1.", ("A4:h_0>h_1>ŷ",), "0.4919",
             note="the reference is 0.7315", visibility="after_due_date")  # fmt: skip
MISSING = Item("q3", "", "missing", 0, 1, "No answer.", visibility="hidden")
FAILED = Item("q4", "", "grader_error", None, 4, note="ZeroDivisionError in the grader")
HOSTILE = Item(
    "q5", "x", "format", 0, 1, "Not a number: \ud800\x00<script>&amp;\"'", answer="\ud800"
)

WHOLE = Report("ada", "hw1", (RIGHT, HALF, WRONG, MISSING), seconds=1.25, extra={"hash": "ab12"})
PARTLY = Report("ada", "hw1", (RIGHT, WRONG, FAILED), tier="C", warnings=("late by 2 h",))
BROKEN = Report("ada", "hw1", (FAILED,))
EMPTY = Report("ada", "hw1", ())
ODD = Report("\ud800'; DROP", "hw\x00", (HOSTILE,), tier="D")
ALL = {"whole": WHOLE, "partly": PARTLY, "broken": BROKEN, "empty": EMPTY, "odd": ODD}
