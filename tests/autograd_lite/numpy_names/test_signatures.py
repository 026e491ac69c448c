"""Every argument of NumPy's functions is taken, or refused with a sentence: never a bare TypeError."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd_lite import Tensor, functions, linalg
from autograd_lite.errors import AutogradError

T = Tensor([[1.5, 0.25], [0.5, 2.75]], requires_grad=True)
ROW = Tensor([1.5, 0.25, -1.0], requires_grad=True)
OPERANDS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys("add append arctan2 atan2 divide divmod dot float_power floor_divide fmax fmin fmod "
                    "hypot inner kron logaddexp logaddexp2 matmul maximum minimum mod multiply outer pow "
                    "power remainder solve subtract tensordot true_divide vdot vecdot lstsq".split(), (T, T)),
    **dict.fromkeys("concat concatenate stack vstack hstack dstack column_stack".split(), ([T, T],)),
    **dict.fromkeys("array_split split hsplit vsplit tile".split(), (T, 2)),
    **dict.fromkeys("convolve correlate cross".split(), (ROW, ROW)),
    "multi_dot": ([T, T],), "matrix_power": (T, 2), "matvec": (T, T[0]), "vecmat": (T[0], T),
    "take_along_axis": (T, np.array([[0], [1]]), 1), "take": (T, 1), "repeat": (T, 2), "where": (T > 1, T, T),
    "reshape": (T, (4,)), "broadcast_to": (T, (3, 2, 2)), "expand_dims": (T, 0), "moveaxis": (T, 0, 1),
    "rollaxis": (T, 1), "roll": (T, 1), "swapaxes": (T, 0, 1), "pad": (T, 1), "delete": (T, 0),
    "insert": (T, 0, 1.0), "quantile": (T, 0.5), "percentile": (T, 50), "clip": (T, 0.0, 1.0),
    "einsum": ("ij->i", T), "full_like": (T, 1.0), "dsplit": (T[None], 1), "astype": (T, np.float32),
    "cholesky": (T @ T.T,), "eigh": (T + T.T,), "eigvalsh": (T + T.T,), "meshgrid": (ROW, ROW),
    "linalg.outer": (ROW, ROW), "linalg.cross": (ROW, ROW),
}  # fmt: skip
OTHER_VALUES = (None, 0, 1, True, "linear", np.float32, np.zeros((2, 2)), [True, False])
OF_UFUNCS = ("out", "where", "dtype", "casting", "order", "subok")
OF_MATRICES = ("out", "axis", "axes", "dtype", "casting", "order", "subok")


def parameters(function: Callable[..., Any]) -> list[str]:
    """What NumPy's function takes by name."""
    if isinstance(function, np.ufunc):
        return list(OF_UFUNCS if function.signature is None else OF_MATRICES)
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    named = inspect.signature(function).parameters.values()
    return [p.name for p in named if p.kind in kinds]


def numpys() -> list[Any]:
    """Each public function that NumPy has too: name, NumPy's function, operands."""
    found = [(name, getattr(np, name), name) for name in functions.__all__ if hasattr(np, name)]
    found += [(f"linalg.{name}", getattr(np.linalg, name), name) for name in linalg.__all__]
    return [
        pytest.param(f, OPERANDS.get(name, OPERANDS.get(short, (T,))), id=name)
        for name, f, short in found
    ]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # a mean of none is 0/0, here as in NumPy
@pytest.mark.parametrize(("function", "operands"), numpys())
def test_an_argument_is_taken_or_refused_with_a_sentence(
    function: Callable[..., Any], operands: tuple[Any, ...]
) -> None:
    function(*operands)  # so the operands are not what is refused below
    for name in parameters(function):
        for value in OTHER_VALUES:
            complaint = complained(lambda: function(*operands, **{name: value}))  # noqa: B023 - called at once
            if not isinstance(
                complaint, AutogradError | None
            ):  # NumPy's own, before it asks this project
                said = str(complaint)
                assert "multiple values" in said or "'out' must be a tuple" in said


def complained(call: Callable[[], Any]) -> Exception | None:
    """What a call raises: an error of this project's, or a TypeError."""
    try:
        call()
    except (AutogradError, TypeError) as error:
        return error
    return None


def takes_names(function: Callable[..., Any]) -> bool:
    """Whether NumPy lets operands go by name."""
    kinds = {p.kind for p in inspect.signature(function).parameters.values()}
    by_place = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.POSITIONAL_ONLY}
    return not isinstance(function, np.ufunc) and not kinds & by_place


NAMED = [case for case in numpys() if takes_names(case.values[0])]


@pytest.mark.parametrize(("function", "operands"), NAMED)
def test_operands_may_go_by_numpys_names(
    function: Callable[..., Any], operands: tuple[Any, ...]
) -> None:
    named = dict(zip(parameters(function), operands, strict=False))
    assert repr(function(**named)) == repr(function(*operands))


@pytest.mark.parametrize("function", [np.sum, np.cumsum, np.clip, np.concatenate, np.take])
def test_out_is_refused_by_name(function: Callable[..., Any]) -> None:
    operands = {np.clip: (T, 0.0, 1.0), np.concatenate: ([T, T],), np.take: (T, 0)}.get(
        function, (T,)
    )
    with pytest.raises(AutogradError, match=r"out=…\) does not record .*never written to"):
        function(*operands, out=np.zeros(()))
