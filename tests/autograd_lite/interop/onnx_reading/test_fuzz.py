"""Valid models with bytes or fields changed at random: read, or refused in this project's words."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="no models: pip install onnx")

from autograd_lite.errors import AutogradError
from autograd_lite.interop import from_onnx
from autograd_lite.interop.onnx_reading.operators.table import supported
from tests.autograd_lite.interop.onnx_reading.published import cases, readable

NUMBERS = [-(2**63), -1, 0, 1, 2, 3, 7, 2**31, 2**62, 2**63 - 1, 100_000]
FLOATS = [0.0, -1.0, float("nan"), float("inf"), 1e30, -1e-30]
TEXTS = [b"", b"x\xff", b"bidirectional", b"wrap", b"reverse", b"align_corners", b"$\\input{x}$<b>"]


def damaged(raw: bytes, rng: random.Random) -> bytes:
    """Bytes changed, taken out or put in."""
    found = bytearray(raw)
    for _ in range(rng.choice([1, 1, 2, 4, 8])):
        at, how = rng.randrange(max(1, len(found))), rng.random()
        if how < 0.6 and found:
            found[at % len(found)] = rng.randrange(256)
        elif how < 0.75:
            del found[at : at + rng.randrange(1, 6)]
        else:
            found[at:at] = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 4)))
    return bytes(found)


def changed(raw: bytes, rng: random.Random) -> bytes:
    """A field of a node, or of the model, set to another value of its kind."""
    model = onnx.ModelProto.FromString(raw)
    for _ in range(rng.choice([1, 1, 2, 3])):
        node = rng.choice(list(model.graph.node))
        rng.choice([attribute, renamed, other_operator, left_out, other_version, other_shape])(
            model, node, rng
        )
    content: bytes = model.SerializeToString()
    return content


def attribute(model: Any, node: Any, rng: random.Random) -> None:
    if not node.attribute:
        return
    a = rng.choice(list(node.attribute))
    if a.ints:
        a.ints[rng.randrange(len(a.ints))] = rng.choice(NUMBERS)
    elif a.floats:
        a.floats[0] = rng.choice(FLOATS)
    a.i, a.f, a.s = rng.choice(NUMBERS), rng.choice(FLOATS), rng.choice(TEXTS)


def renamed(model: Any, node: Any, rng: random.Random) -> None:
    if node.input:
        names = ["", "x", "nowhere", *node.output, *node.input]
        node.input[rng.randrange(len(node.input))] = rng.choice(names)


def other_operator(model: Any, node: Any, rng: random.Random) -> None:
    node.op_type = rng.choice(supported())


def left_out(model: Any, node: Any, rng: random.Random) -> None:
    parts = rng.choice([node.input, node.attribute, node.output])
    if parts:
        del parts[rng.randrange(len(parts))]


def other_version(model: Any, node: Any, rng: random.Random) -> None:
    model.opset_import[0].version = rng.choice([0, 1, 6, 7, 9, 11, 13, 18, 25, 28, 99])


def other_shape(model: Any, node: Any, rng: random.Random) -> None:
    dims = rng.choice(
        list(model.graph.input) or list(model.graph.output)
    ).type.tensor_type.shape.dim
    if dims:
        dims[rng.randrange(len(dims))].dim_value = rng.choice(NUMBERS)


def other_numbers(x: Any, rng: random.Random) -> Any:
    """Whole numbers, which may be lengths and places, made absurd; the rest mostly as it was."""
    x = np.array(x)
    if x.dtype.kind in "iu" and x.size and rng.random() < 0.3:
        info = np.iinfo(x.dtype)
        x.flat[rng.randrange(x.size)] = min(max(rng.choice(NUMBERS), info.min), info.max)
    return x if rng.random() < 0.95 else rng.choice([x[..., None], np.zeros(3), None, "a"])


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_changed_at_random_is_read_or_refused(
    seed: int, tmp_path: Any, record_property: Any
) -> None:
    rng = random.Random(seed)  # noqa: S311 - to be repeated
    known = [case for case in cases() if readable(case) and case.model.ByteSize() < 20_000]
    outcomes: Counter[str] = Counter()
    path = tmp_path / "changed.onnx"
    for _ in range(150):
        case = rng.choice(known)
        raw = case.model.SerializeToString()
        path.write_bytes(rng.choice([damaged, changed])(raw, rng))
        given = [other_numbers(x, rng) for x in case.data_sets[0][0]]
        try:
            from_onnx(path, *given)
            outcomes["read"] += 1
        except AutogradError as error:
            outcomes["refused" if str(error).isprintable() else "refused in unprintable words"] += 1
    assert outcomes["read"] > 5
    assert outcomes["refused"] > 50
    assert set(outcomes) == {"read", "refused"}
    record_property("suite", ("models changed at random", dict(outcomes)))
