"""Right answers given as formulas, in as many ways as students write them, and formulas that are wrong."""

from __future__ import annotations

from typing import Final, NamedTuple


class Formula(NamedTuple):
    """A derivative asked as a formula in the graph's variables."""

    equations: str
    of: str
    wrt: str
    right: tuple[str, ...]
    wrong: tuple[str, ...] = ()


FORMULAS: Final = (
    Formula(
        "x = 0.8\nh = cos(x)\ny = sqrt(1 + h**2)", "y", "x",
        (
            "-h*sin(x)/sqrt(1+h^2)", "h/sqrt(1+h^2) * -sin(x)", "-cos(x) sin(x)/y",
            "-sin(2x)/(2 sqrt(1+cos(x)^2))", "-sin(2*x)/(2*y)", "-0,5*sin(2x)/sqrt(1+cos(x)**2)",
            "-(1+h²)^(-1/2)*h*sin(x)",
        ),
        ("x^2 + 3*h", "cos(x)/7", "exp(h) - x", "h + 0.3*x", "5*x*h"),
    ),
    Formula(
        "x = 1.3\na = 0.7\ny = exp(a*x) * sin(x)", "y", "x",
        (
            "exp(a x)*(a sin(x) + cos(x))", "a*y + exp(a*x)*cos(x)", "e^(a*x)*(a*sin(x)+cos(x))",
            "exp(a*x)*cos(x) + a*exp(a*x)*sin(x)",
        ),
        ("a + x/9", "exp(x/3)", "x*sin(a)/5 + 2"),
    ),
    Formula(
        "x = 1.3\ny = log(1 + x**2)", "y", "x",
        ("2x/(1+x^2)", "2*x/(x*x+1)", "2/(x + 1/x)", "1/(1+x^2)*2x", "2x*exp(-y)"),
        ("x^3/11", "sqrt(x) + 4", "3 - x/7"),
    ),
    Formula(
        "u = 0.6\nw = 1.4\nv = 0.9\nh = tanh(w*u)\ny = v*h", "y", "w",
        (
            "v*(1-h^2)*u", "v u (1 - tanh(w u)^2)", "v*u/cosh(w*u)^2", "(1-h)(1+h) u v", "u*(v - y*h)",
            "v*u*(1-y^2/v^2)",
        ),
        ("u/13 + w", "v^3*h/5", "0.4*w*w"),
    ),
    Formula(
        "x = 1.2\nz = 0.7\nr = sqrt(x**2 + z**2)\ny = x/r", "y", "x",
        ("z^2/r^3", "1/r - x^2/r^3", "(r^2-x^2)/r^3", "z²/(x²+z²)^(3/2)", "(1 - y^2)/r"),
        ("r/17", "x^2*z/3 + r", "0.2*z"),
    ),
    Formula(
        "s = 0.8\np = sigmoid(s)\nL = -log(p)", "L", "s",
        ("p - 1", "-(1-p)", "-1/(1+exp(s))", "exp(-L) - 1", "-exp(-s)/(1+exp(-s))"),
        ("s^3/7", "p^5 + s/3"),
    ),
)  # fmt: skip
