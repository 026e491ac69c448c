"""Expressions of sympy's that this project computes, and sympy's own numbers of them by mpmath."""

import functools

import mpmath
import sympy
from sympy.codegen import cfunctions, numpy_nodes

x, y, z = XYZ = sympy.symbols("x y z", real=True)
k, j = sympy.symbols("k j", integer=True)
POINTS = [(0.3, 0.8, 1.7), (-0.4, 0.35, 2.2), (0.9, -0.6, -1.3)]
S = sympy

ELEMENTARY = [
    x + y, x - y - z, -x - y, 2 - x, -x, x * y * z, -x * y, x / y, 1 / x, 2 / (x * y), x / (3 * y),
    S.Rational(1, 3) * x, -x / y**2, x**2, x**3 - 2 * x + 1, x**-2, (1 + x**2) ** S.Rational(3, 2),
    1 / S.sqrt(1 + x**2), S.sqrt(2) * x, S.pi * x + S.E, 2**x, (x**2 + 1) ** y, S.exp(-(x**2) / 2),
    S.log(1 + x**2), S.log(x**2 + 2, 10), S.sin(x) * S.cos(y), S.tan(x), S.asin(x / 3), S.acos(y / 3),
    S.atan(x * y), S.sinh(x), S.cosh(y), S.tanh(x * z), S.asinh(x), S.acosh(z**2 + 2), S.atanh(x / 2),
    S.sec(x), S.csc(y), S.cot(x), S.sech(x), S.csch(y), S.coth(z), S.acot(x), S.asec(z), S.acsc(z + 3),
    S.asech(S.exp(-(x**2) - 1)), S.acsch(y), S.acoth(z), S.atan2(y, x), S.sinc(x), S.erf(x), S.erfc(z),
    S.erf2(x, y), S.exp(S.sin(x) ** 2) / (1 + S.exp(-x * y)), S.cbrt(x**2 + 1), S.real_root(x, 3),
    S.EulerGamma * x + S.GoldenRatio + S.Catalan, S.gamma(S.Rational(1, 3)) * x, S.zeta(3) * y,
    S.re(x) + S.conjugate(y), 0.1 * x + 1e-7, x * (y - z), (x - y) ** 5,
]  # fmt: skip
BY_CASES = [
    S.Abs(x), S.Abs(x * y - z), S.Max(x, y), S.Min(x, y, z, 1), S.Max(0, x) + S.Max(-1, S.Min(1, z)),
    S.sign(x) * y, S.Heaviside(x) * y, S.Heaviside(x, 1) + x, S.floor(x) * y + S.ceiling(z) * x,
    S.frac(x) * y, S.Mod(x, 2) * y, S.Mod(x, S.Rational(-7, 10)),
    S.Piecewise((x**2, x > 0), (S.sin(x), True)), S.Piecewise((x, x > 5), (y, x > 0), (z * y, True)),
    S.Piecewise((S.log(x), x > 0), (0, True)) + y, S.Piecewise((S.sqrt(x), x >= 0), (S.sqrt(-x), True)),
    S.Piecewise((x, (x > 0) & (y > 0)), (y, (x < 0) | (y < z)), (z, True)),
    S.Piecewise((x, S.Not(S.And(x > 0, y > 0))), (y * z, True)),
    S.Piecewise((x, S.Xor(x > 0, y > 0)), (y * z, True)), S.Piecewise((x, S.Eq(x, y)), (y, S.Ne(x, y))),
    S.Piecewise((x * y, S.ITE(x > 0, y > 0, z > 0)), (1, True)), S.Abs(x).diff(x) * y,
    S.Max(x, y).diff(y) * z,
]  # fmt: skip
SERIES = [
    S.Sum(x**k / S.factorial(k), (k, 0, 6)), S.Product(x + k, (k, 1, 4)), S.Sum(k * x, (k, 1, 0)) + y,
    S.Sum(x**k * y**j, (j, 0, k), (k, 0, 3)), S.Product(1 + x * k, (k, 1, 0)) * y,
    S.Sum(S.Product(x + j, (j, 0, k)), (k, 0, 2)), S.Sum(S.sin(k * x), (k, -2, 2)) + z,
    S.Sum(1 / k**2, (k, 1, S.oo)) * x,
]  # fmt: skip
OTHERS = [  # with what they mean, for mpmath does not know them
    (cfunctions.expm1(x), S.exp(x) - 1), (cfunctions.log1p(x**2), S.log(1 + x**2)),
    (cfunctions.exp2(y), 2**y), (cfunctions.log2(x**2 + 1), S.log(x**2 + 1) / S.log(2)),
    (cfunctions.log10(z**2), S.log(z**2) / S.log(10)),
    (cfunctions.hypot(x, y), S.sqrt(x**2 + y**2)), (cfunctions.Cbrt(x**2), S.cbrt(x**2)),
    (cfunctions.Sqrt(z**2 + 1), S.sqrt(z**2 + 1)), (cfunctions.fma(x, y, z), x * y + z),
    (numpy_nodes.logaddexp(x, y), S.log(S.exp(x) + S.exp(y))),
    (numpy_nodes.logaddexp2(y, z), S.log(2**y + 2**z) / S.log(2)),
    (S.UnevaluatedExpr(x + 1) * y, (x + 1) * y),
]  # fmt: skip
MEANS = dict(OTHERS)
ALL = ELEMENTARY + BY_CASES + SERIES + list(MEANS)


@functools.cache
def compiled(formula):
    """As the printer for mpmath writes it; the slope of a step is 0, where sympy has an impulse or none."""
    formula = S.sympify(formula).replace(S.DiracDelta, lambda *_: S.Integer(0))
    formula = formula.replace(
        lambda e: isinstance(e, S.Derivative | S.Subs), lambda e: S.Integer(0)
    )
    return S.lambdify(XYZ, formula.doit(), "mpmath")


@functools.cache
def slopes_of(formula):
    return [formula.diff(v) for v in XYZ]


def by_mpmath(formula, at):
    """The number of a formula with 40 digits; nan if it is not real."""
    with mpmath.workdps(40):
        given = [mpmath.mpf(number) for number in at]
        found = mpmath.mpmathify(compiled(formula)(*given))
        if abs(mpmath.im(found)) > 1e-30:
            return float("nan")
        return float(mpmath.re(found))


@functools.cache
def expected(formula, at):
    """Value and gradient, both by sympy."""
    formula = MEANS.get(formula, formula).rewrite(S.floor)
    formula = formula.replace(S.Mod, lambda a, b: a - b * S.floor(a / b))
    return by_mpmath(formula, at), [by_mpmath(slope, at) for slope in slopes_of(formula)]
