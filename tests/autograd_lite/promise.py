"""The promise about any function that is given nodes, and how it is checked.

Either the derivative is right on the graph (as central differences of the same call on numbers say), or the
call raises or warns, or its answer does not move with what it was given. Never a derivative of 0 unsaid.
"""

import warnings
from contextlib import contextmanager

import numpy as np

from autograd_lite import GraphCutWarning, Tensor, Value, jacobian
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from autograd_lite.trees import tree_leaves

POINT = (0.3, 0.8)  # no tie, no whole number, inside the domain of arcsin
STEP = 1e-6

# how the two numbers are handed to a function: the nodes of them, then what it is called with
FORMS = {
    "list of Values": (Value, list),
    "object array": (Value, lambda xs: np.array(xs, dtype=object)),
    "list of Tensors": (lambda x: Tensor(x, requires_grad=True), list),
    "a Value": (Value, lambda xs: xs[0]),
    "a Tensor": (lambda xs: Tensor(xs, requires_grad=True), None),
}
SAID = "raised or warned"
RIGHT = "right on the graph"


def numbers(result):
    """All numbers in a result, in order; None for a result that holds anything else, or nothing."""
    found = []
    for part in parts_of(result):
        array = np.asarray(plain(part))
        if array.dtype.kind not in "fiub":
            return None
        found.append(array.astype(float).ravel())
    flat = np.concatenate(found) if found else np.zeros(0)
    return flat if flat.size else None


def parts_of(result):
    """The nodes, numbers and arrays in a result; of masked arrays what is not masked."""
    if isinstance(result, np.ma.MaskedArray):
        result = result.compressed()
    if isinstance(result, (list, tuple)):
        return [part for each in result for part in parts_of(each)]
    return [part for part in tree_leaves(result) if part is not None]


def by_differences(call, form):
    """The numbers that `call` gives at POINT, and how they move with each of its two: (n,), (n, 2)."""
    plain = {"a Value": lambda xs: xs[0], "a Tensor": np.array, "object array": np.array}.get(
        form, list
    )
    with quiet():
        try:
            at = [numbers(call(plain(np.add(POINT, step).tolist()))) for step in STEPS]
        except Exception:  # noqa: BLE001 - whatever NumPy has against this call
            return None
        if any(y is None or y.shape != at[0].shape for y in at):
            return None
        slopes = np.stack([at[1] - at[2], at[3] - at[4]], axis=-1) / (2 * STEP)
    return (at[0], slopes) if np.isfinite(slopes).all() else None


STEPS = [(0, 0), (STEP, 0), (-STEP, 0), (0, STEP), (0, -STEP)]


def by_backward(call, form):
    """The same outside any grad, by `backward` from each number."""
    nodes, argument = given(form)
    result = parts_of(call(argument))
    rows = []
    for part in result:
        size = np.size(plain(part))
        for seed in np.eye(size):
            for x in nodes:
                x.zero_grad()
            if isinstance(part, Node) and part.requires_grad:
                part.backward(1.0 if isinstance(part, Value) else seed.reshape(part.shape))
            rows.append(gradients(nodes))
    return numbers(result), np.reshape(rows, (-1, 2))


def by_jacobian(call, form):
    """The same inside `jacobian`."""
    _, argument = given(form)
    values = []

    def flat(x):
        result = parts_of(call(x))
        values.append(numbers(result))
        return result

    blocks = []
    for block in jacobian(flat)(argument):
        parts = [plain(part) for part in tree_leaves(block)]
        rows = (
            np.reshape(parts[0], (-1, 2))
            if form == "a Tensor"
            else np.stack([np.ravel(p) for p in parts], -1)
        )
        blocks.append(rows if rows.shape[1] == 2 else np.pad(rows, [(0, 0), (0, 1)]))
    return values[0], np.concatenate(blocks)


def given(form):
    variable, together = FORMS[form]
    if together is None:
        return [t := variable(POINT)], t
    nodes = [variable(x) for x in POINT]
    return nodes, together(nodes)


def gradients(nodes):
    return np.concatenate(
        [np.zeros(np.size(x.value)) if x.grad is None else np.ravel(x.grad) for x in nodes]
    )


@contextmanager
def quiet():
    """No warning but ours, which is an error."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", GraphCutWarning)
        yield


def verdict(call, form, derivatives=by_backward):
    """RIGHT, SAID or what is wrong; None when the call does not take such numbers."""
    expected = by_differences(call, form)
    if expected is None:
        return None
    try:
        with quiet():
            found = derivatives(call, form)
    except Exception:  # noqa: BLE001 - a refusal, ours or NumPy's, or a GraphCutWarning
        return SAID
    if found[0] is None:
        return SAID  # the answer holds no number
    for ours, theirs in zip(found, expected, strict=True):
        if ours.shape != theirs.shape or not np.allclose(ours, theirs, rtol=1e-4, atol=1e-6):
            return f"on the graph {ours.tolist()}, by differences {theirs.tolist()}"
    return RIGHT
