"""Names that somebody might give a node to be read by others: none may do anything."""

NAMES = [
    "x; import os; os.system('touch hacked')",
    "__import__('os')",
    "x):\n    raise SystemExit\ndef y(",
    "'''",
    '"""',
    "\\",
    "# comment\nraise SystemExit",
    r"\input{/etc/passwd}",
    r"}\end{aligned}\end{document}",
    r"\write18{ls}",
    "$",
    "%",
    "a & b",
    "x^2^3",
    "x_1_2",
    r"\hat",
    "<script>alert(1)</script>",
    "</pre><img src=x onerror=alert(1)>",
    "x\u2028y",
    "\u202e",
    "λ" * 200,
    "{" * 30,
    "`${alert(1)}`",
    "*/ alert(1) /*",
    "x\n//",
]
"""Each is told apart from a harmless name, and written as letters, digits and _ in a program."""

PLAIN = [
    "lambda",
    "class",
    "None",
    "np",
    "print",
    "program",
    "d_x",
    "a_1",
    "t",
    "h_t",
    "c_1",
    "result",
    "await",
    "arguments",
    "Math",
]
"""Words that mean something, to Python, JavaScript, or the program that is written."""
