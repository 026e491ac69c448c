"""Einstein's summation: any product of arrays summed over any of their axes, and its derivatives.

The gradient of an einsum by one operand is an einsum of the others: y = Σ a[i, j]·b[j, k] has
ā[i, j] = Σ ȳ[i, k]·b[j, k]. Subscripts are brought to one plain form first: no spaces, no ellipsis,
an explicit output, no letter twice in one operand.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Sequence
from string import ascii_letters
from typing import Any

import numpy as np

from autograd_lite.operands import Array
from autograd_lite.record import Jvp, Vjp
from autograd_lite.rules.indexing import getitem
from autograd_lite.rules.namespaces import Namespace
from autograd_lite.rules.rule import operation
from autograd_lite.rules.shape import shape_of

Terms = tuple[list[str], str]
"""The letters of each operand, and those of the result."""


def _vjp(i: int) -> Vjp:
    def vjp(xp: Namespace, g: Array, y: Array, *xs: Any, subscripts: str) -> Any:
        letters, output = _terms(subscripts)
        others = [*letters[:i], *letters[i + 1 :]]
        kept = "".join(c for c in letters[i] if c in output or c in "".join(others))
        backward = f"{','.join([output, *others])}->{kept}"
        part = einsum_(g, *xs[:i], *xs[i + 1 :], subscripts=backward)
        return _spread(xp, part, kept, letters[i], _lengths(letters, xs))

    return vjp


def _spread(xp: Namespace, part: Any, kept: str, wanted: str, lengths: dict[str, int]) -> Any:
    """Back over the axes that were summed away in this operand alone."""
    shape = tuple(lengths[c] for c in wanted)
    if shape_of(part) == shape:
        return part
    return xp.broadcast_to(part[tuple(slice(None) if c in kept else None for c in wanted)], shape)


def _jvp(i: int) -> Jvp:
    def jvp(xp: Namespace, t: Array, y: Array, *xs: Any, subscripts: str) -> Any:
        return einsum_(*xs[:i], t, *xs[i + 1 :], subscripts=subscripts)

    return jvp


@operation([_vjp], [_jvp], variadic=True, linear_in=[0])
def einsum_(xp: Namespace, *operands: Any, subscripts: str) -> Any:
    """The sum of products that `subscripts` says, in plain form: the rule behind `einsum`."""
    return np.einsum(subscripts, *operands, optimize=len(operands) > 1)


def einsum(*arguments: Any, optimize: Any = True) -> Any:
    """The sum of products in Einstein's notation: "ij,jk->ik" is y[i, k] = Σⱼ a[i, j]·b[j, k].

    arguments   subscripts and operands: einsum("ij,jk->ik", a, b); or lists of numbers in place of the
                letters, behind each operand and last for the result: einsum(a, [0, 1], b, [1, 2], [0, 2])
    optimize    taken and ignored: the order of the products is always chosen well
    subscripts  a letter for each axis of each operand and, after "->", of the result. Without "->"
                the result has the letters that occur once, in alphabetical order. "..." stands for
                further axes, which broadcast; a letter twice in one operand is its diagonal

    >>> einsum("ij,jk->ik", [[1.0, 2.0]], [[3.0], [4.0]])
    array([[11.]])
    >>> einsum("ii", [[1.0, 2.0], [3.0, 4.0]])
    np.float64(5.0)

    Raises ValueError when the subscripts do not fit the operands.
    """
    subscripts, operands = _with_letters(arguments)
    letters, output = _written_out(subscripts, [shape_of(x) for x in operands])
    xs = [_diagonal(x, term) for x, term in zip(operands, letters, strict=True)]
    unique = ",".join("".join(dict.fromkeys(term)) for term in letters)
    return einsum_(*xs, subscripts=f"{unique}->{output}")


def _with_letters(arguments: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """Subscripts and operands, from either way to say them.

    >>> _with_letters(("ij", 1.0)), _with_letters((1.0, [0, 5], [5]))
    (('ij', (1.0,)), ('af->f', (1.0,)))
    """
    if not arguments:
        raise ValueError("einsum takes subscripts and at least one operand")
    if isinstance(arguments[0], str):
        return arguments[0], arguments[1:]
    pairs, output = len(arguments) // 2, arguments[-1] if len(arguments) % 2 else None
    terms = ",".join(_lettered(arguments[2 * i + 1]) for i in range(pairs))
    arrow = "" if output is None else f"->{_lettered(output)}"
    return f"{terms}{arrow}", arguments[0 : 2 * pairs : 2]


def _lettered(numbers: Any) -> str:
    try:
        return "".join(
            "..." if i is Ellipsis else ascii_letters[operator.index(i)] for i in numbers
        )
    except (TypeError, IndexError):
        raise ValueError(
            f"einsum: axes are numbers from 0 to {len(ascii_letters) - 1}, not {numbers!r:.60}"
        ) from None


def _terms(subscripts: str) -> Terms:
    operands, _, output = subscripts.partition("->")
    return operands.split(","), output


def _lengths(letters: Sequence[str], xs: Sequence[Any]) -> dict[str, int]:
    """How long the axis of each letter is; length 1 broadcasts."""
    lengths: dict[str, int] = {}
    for term, x in zip(letters, xs, strict=True):
        for c, n in zip(term, shape_of(x), strict=True):
            lengths[c] = n if lengths.get(c, 1) == 1 else lengths[c]
    return lengths


def _diagonal(x: Array, letters: str) -> Any:
    """The entries of x where the axes of one letter agree, with one axis for each letter."""
    axes = "".join(dict.fromkeys(letters))
    if axes == letters:
        return x
    lengths = dict(zip(letters, shape_of(x), strict=True))
    if any(lengths[c] != n for c, n in zip(letters, shape_of(x), strict=True)):
        raise ValueError(f"einsum: {letters!r} wants equal lengths, not shape {shape_of(x)}")
    here = np.ogrid[tuple(slice(lengths[c]) for c in axes)]
    return getitem(x, tuple(here[axes.index(c)] for c in letters))


def _written_out(subscripts: str, shapes: Sequence[tuple[int, ...]]) -> Terms:
    """The letters with ellipsis and output made explicit.

    >>> _written_out("...ij, j", [(5, 2, 3), (3,)])
    (['Zij', 'j'], 'Zi')
    """
    written, arrow, output = subscripts.replace(" ", "").partition("->")
    letters = written.split(",")
    if len(letters) != len(shapes):
        raise ValueError(f"einsum: {subscripts!r} names {len(letters)} operands, not {len(shapes)}")
    spare = [c for c in reversed(ascii_letters) if c not in subscripts]
    rests = [_rest(subscripts, term, shape) for term, shape in zip(letters, shapes, strict=True)]
    dots = "".join(reversed(spare[: max(rests, default=0)]))
    letters = [
        term.replace("...", dots[len(dots) - n :]) for term, n in zip(letters, rests, strict=True)
    ]
    if not arrow:
        once = Counter(written.replace(".", "").replace(",", ""))
        output = "..." + "".join(sorted(c for c, times in once.items() if times == 1))
    return letters, _checked(subscripts, output.replace("...", dots), letters)


def _rest(subscripts: str, term: str, shape: tuple[int, ...]) -> int:
    """How many axes the ellipsis of one operand stands for."""
    named = len(term.replace("...", "", 1))
    rest = len(shape) - named
    if (
        rest < 0
        or (rest and "..." not in term)
        or not set(term.replace("...", "", 1)) <= set(ascii_letters)
    ):
        raise ValueError(f"einsum: {term!r} in {subscripts!r} does not fit shape {shape}")
    return rest


def _checked(subscripts: str, output: str, letters: Sequence[str]) -> str:
    if len(set(output)) < len(output) or not set(output) <= set("".join(letters)):
        raise ValueError(
            f"einsum: the result of {subscripts!r} must name letters of the operands, each once"
        )
    return output
