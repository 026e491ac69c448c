"""Matrices of an expression: their entries, products, inverses, determinants and traces."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import reduce
from typing import Any, Final

import numpy as np
import sympy
from sympy.matrices.expressions.matexpr import MatrixElement

from autograd_lite import Tensor, Value
from autograd_lite import functions as al
from autograd_lite.errors import EquationError, OperandError, brief
from autograd_lite.trees import object_array
from viz.symbols.parts import Plan, folded, of_all


def _entry(entry: Any) -> Plan:
    """x[i, j], of a MatrixSymbol or an IndexedBase."""
    base, *index = entry.args
    if not all(i.is_Integer for i in index):
        raise EquationError(f"{brief(entry)} has an index that is no whole number")
    place = tuple(map(int, index)) if len(index) > 1 else int(index[0])
    return Plan(lambda x: x[place], (base,))


def _array(array: Any) -> Plan:
    shape = tuple(map(int, array.shape))
    return Plan(lambda *entries: assembled(entries, shape), tuple(sympy.flatten(array)))


def assembled(entries: tuple[Any, ...], shape: tuple[int, ...]) -> Any:
    """Entries in this shape: a Tensor, an array of numbers, or of Values as objects.

    >>> from autograd_lite import Tensor, Value
    >>> assembled((Tensor(1.0), 2.0), (2, 1)).shape, assembled((Value(1.0), 2.0), (1, 2))
    ((2, 1), array([[Value(1.0), 2.0]], dtype=object))
    """
    kinds = {type(x) for x in entries}
    if Value in kinds and Tensor in kinds:
        raise OperandError("a matrix has Values or Tensors as its entries, not both: give Tensors")
    if Value in kinds:
        return object_array(list(entries), shape)
    if not entries:
        return np.zeros(shape)
    apart = al.broadcast_arrays(*entries)
    return al.reshape(al.stack(apart), (*shape, *np.shape(apart[0])))


def _matrix_product(product: Any) -> Plan:
    factors = product.args
    scales = [x for x in factors if not x.is_Matrix]
    matrices = [x for x in factors if x.is_Matrix]

    def function(*xs: Any) -> Any:
        y = reduce(np.matmul, xs[len(scales) :])
        return reduce(operator.mul, xs[: len(scales)], y)

    return Plan(function, (*scales, *matrices))


def _matrix_power(power: Any) -> Plan:
    base, exponent = power.args
    if not (exponent.is_Integer and exponent != 0):
        raise EquationError(f"{brief(power)} has an exponent that is no whole number other than 0")
    if exponent < 0:
        return Plan(np.linalg.inv, (base**-exponent,))
    return Plan(lambda x: reduce(np.matmul, [x] * int(exponent)), (base,))


def _filled(make: Callable[[tuple[int, ...]], Any]) -> Callable[[Any], Plan]:
    """A matrix of constants alone."""

    def plan(matrix: Any) -> Plan:
        if not all(n.is_Integer for n in matrix.shape):
            raise EquationError(f"{brief(matrix)} has a shape that is not of whole numbers")
        found = make(tuple(map(int, matrix.shape)))
        return Plan(lambda: found, ())

    return plan


MATRICES: Final[dict[type, Callable[[Any], Plan]]] = {
    MatrixElement: _entry, sympy.Indexed: _entry,
    sympy.ImmutableDenseMatrix: _array, sympy.ImmutableSparseMatrix: _array, sympy.NDimArray: _array,
    sympy.MatAdd: folded(operator.add), sympy.MatMul: _matrix_product, sympy.MatPow: _matrix_power,
    sympy.HadamardProduct: folded(operator.mul), sympy.Transpose: of_all(np.transpose),
    sympy.Trace: of_all(np.trace), sympy.Determinant: of_all(np.linalg.det),
    sympy.Identity: _filled(lambda shape: np.eye(shape[0])), sympy.ZeroMatrix: _filled(np.zeros),
    sympy.OneMatrix: _filled(np.ones),
}  # fmt: skip
"""How matrices and their entries are computed, by class."""
