"""How much a file may ask for: memory and work that add up, parts of a file, words of a message."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="no models: pip install onnx")

from autograd_lite.errors import GraphError
from autograd_lite.interop import from_onnx
from autograd_lite.interop.onnx_reading import budget, structure
from autograd_lite.interop.onnx_reading.operators import recurrent
from tests.autograd_lite.interop.onnx_reading.building import model, node, one, value

F = np.float32


def filled(name: str, *shape: int) -> tuple[list[Any], dict[str, Any]]:
    """A constant of ones that a file makes itself, however large, and what it needs for that."""
    one_of_them = onnx.numpy_helper.from_array(np.ones(1, F))
    lengths = {f"lengths_of_{name}": np.array(shape)}
    return [node("ConstantOfShape", f"lengths_of_{name}", name, value=one_of_them)], lengths


def loop(turns: int, nodes: Any, collected: str, own: dict[str, Any] | None = None) -> Any:
    """A Loop that collects a value in each turn, and the initialisers that it needs."""
    inside = [value("i", [], "int64"), value("goes_on", [], "bool")]
    outside = [value("goes_on", [], "bool"), value(collected, None, "float32")]
    arrays = [onnx.numpy_helper.from_array(x, name) for name, x in (own or {}).items()]
    body = onnx.helper.make_graph(nodes, "body", inside, outside, arrays)
    return node("Loop", "turns yes", "y", body=body), {
        "turns": np.array(turns),
        "yes": np.array(True),
    }


def peak(m: Any, *inputs: Any) -> int:
    """How much memory reading takes, whatever comes of it."""
    tracemalloc.start()
    try:
        from_onnx(m, *inputs)
    except GraphError:
        pass
    finally:
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return most


# --- memory ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("own", [True, False])
def test_what_a_loop_collects_is_counted_before_it_is_put_together(own: bool) -> None:
    """Also what no node of its body computes: a value from around it, or an initialiser inside."""
    makes, lengths = filled("w", 2**16)
    inside = {"w": np.ones(2**16, F)} if own else {}
    last, needs = loop(2000, [], "w", inside)
    m = model(
        [*(() if own else makes), last], [], [value("y", None, "float32")], {**lengths, **needs}
    )
    with pytest.raises(GraphError, match=r"\(2000, 65536\) would have 131,072,000 entries"):
        from_onnx(m)
    assert peak(m) < 2**23


def test_copies_of_constants_that_a_graph_keeps_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(budget, "MOST_TOGETHER", 2**20)
    makes, lengths = filled("w", 256, 256)
    last, needs = loop(1000, [node("MatMul", "x w", "h")], "h")
    m = model([*makes, last], [value("x", [1, 256], "float32")], [value("y", None, "float32")],
              {**lengths, **needs})  # fmt: skip
    with pytest.raises(GraphError, match="entries together"):
        from_onnx(m, np.ones((1, 256), F))


def test_what_is_recorded_on_the_way_to_a_result_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A node of ONNX may be many of a flow graph, each with its value."""
    monkeypatch.setattr(budget, "MOST_TOGETHER", 4 * 2**12)
    x = np.ones((64, 64))
    from_onnx(one("Relu", x), x)
    with pytest.raises(GraphError, match="entries together"):
        from_onnx(one("LayerNormalization", x, np.ones(64)), x, np.ones(64))


@pytest.mark.parametrize("op", ["RNN", "GRU", "LSTM"])
def test_a_recurrence_is_refused_before_its_first_step(
    op: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "MOST_TOGETHER", 2**16)
    monkeypatch.setattr(recurrent, "STEPS", None)
    gates = {"RNN": 1, "GRU": 3, "LSTM": 4}[op]
    given = (
        np.ones((2000, 2, 1), F),
        np.ones((1, gates * 20, 1), F),
        np.ones((1, gates * 20, 20), F),
    )
    with pytest.raises(GraphError, match="entries together"):
        from_onnx(one(op, *given), *given)


def test_places_of_many_axes_are_counted() -> None:
    makes, lengths = filled("w", *[2] * 22)
    m = model([*makes, node("NonZero", "w", "y")], [], [value("y", None, "int64")], lengths)
    with pytest.raises(GraphError, match=r"shape \(22, 4194304\)"):
        from_onnx(m)


def test_what_has_no_entries_may_not_be_long_either() -> None:
    """Its sum along the axis of length 0 would have entries."""
    makes, lengths = filled("w", 0, 2**40)
    m = model([*makes, node("ReduceSum", "w axes", "y", keepdims=0)], [], [value("y", None, "float32")],
              {**lengths, "axes": np.array([0])})  # fmt: skip
    with pytest.raises(GraphError, match="1,099,511,627,776 entries"):
        from_onnx(m)
    stored = model([node("ReduceSum", "w axes", "y", keepdims=0)], [], ["y"], {"w": np.ones((0, 2)),
                   "axes": np.array([0])})  # fmt: skip
    stored.graph.initializer[0].dims[:] = [0, 2**40]
    with pytest.raises(GraphError, match="1,099,511,627,776 entries"):
        from_onnx(stored)


def test_windows_of_no_images_are_counted_too() -> None:
    x = np.ones((0, 1, 2**16), F)
    m = one("MaxPool", x, outputs=2, kernel_shape=[2**15], pads=[2**14, 2**14])
    with pytest.raises(GraphError, match="entries"):
        from_onnx(m, x)


@pytest.mark.parametrize("op", ["RNN", "GRU", "LSTM"])
def test_a_weight_that_is_a_constant_is_kept_once_not_in_each_step(op: str) -> None:
    gates = {"RNN": 1, "GRU": 3, "LSTM": 4}[op]
    makes, lengths = filled("R", 1, gates * 128, 128)
    m = model([*makes, node(op, "x W R", "y", hidden_size=128)], [value("x", [300, 1, 1], "float32")],
              [value("y", None, "float32")], {**lengths, "W": np.ones((1, gates * 128, 1), F)})  # fmt: skip
    weights = 4 * gates * 128 * 128
    assert peak(m, np.zeros((300, 1, 1), F)) < 20 * weights + 300 * 2**15  # and not 300 · weights


def test_products_of_entries_that_are_written_many_times_are_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(budget, "MOST_STEPS", 100)
    x, places, updates = np.ones(2), np.zeros(1000, int), np.ones(1000)
    with pytest.raises(GraphError, match="nodes would be run"):
        from_onnx(one("ScatterElements", x, places, updates, reduction="mul"), x, places, updates)


# --- work --------------------------------------------------------------------------------------------

PRODUCTS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("MatMul", (np.ones((50, 50)), np.ones((50, 50))), {}),
    ("Gemm", (np.ones((50, 50)), np.ones((50, 50))), {}),
    ("Gemm", (np.ones((50, 50)), np.ones((50, 50)), np.ones(50)), {"transB": 1}),
    ("Einsum", (np.ones((50, 50)), np.ones((50, 50))), {"equation": "ij,kl->"}),
    ("Det", (np.ones((50, 50)),), {}),
    ("Conv", (np.ones((1, 20, 50)), np.ones((20, 20, 9))), {}),
    ("ConvTranspose", (np.ones((1, 20, 50)), np.ones((20, 20, 9))), {}),
    ("RNN", (np.ones((50, 1, 1), F), np.ones((1, 60, 1), F), np.ones((1, 60, 60), F)), {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("op", "given", "options"), PRODUCTS, ids=[f"{k}-{p[0]}" for k, p in enumerate(PRODUCTS)]
)
def test_each_kind_of_product_is_counted_before_it_is_made(
    op: str, given: Any, options: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is counted is more than the reading of the operands, which is allowed here."""
    monkeypatch.setattr(budget, "MOST_WORK", 16 * sum(x.size for x in given) + 40_000)
    with pytest.raises(GraphError, match=rf"\({op}\): it would take more than"):
        from_onnx(one(op, *given, **options), *given)


@pytest.mark.parametrize("op", ["MatMul", "Einsum"])
def test_no_single_product_takes_minutes(op: str) -> None:
    options = {"Einsum": {"equation": "ij,kl->il"}}.get(op, {})
    makes, lengths = filled("w", 8000, 8000)
    m = model([*makes, node(op, "w w", "y", **options)], [], [value("y", None, "float32")], lengths)
    with pytest.raises(GraphError, match="multiplications"):
        from_onnx(m)


def test_entries_that_are_read_again_and_again_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums are small, so that nothing else would ever end it."""
    monkeypatch.setattr(budget, "MOST_WORK", 2**24)
    makes, lengths = filled("w", 2**16)
    last, needs = loop(10_000, [node("ReduceSum", "w", "s", keepdims=0)], "s")
    m = model([*makes, last], [], [value("y", None, "float32")], {**lengths, **needs})
    with pytest.raises(
        GraphError, match=r"\(Loop\): node 0 \(ReduceSum\): it would take more than"
    ):
        from_onnx(m)


def test_a_scan_of_more_rows_than_may_be_run_ends() -> None:
    makes, lengths = filled("w", 2**24)
    body = onnx.helper.make_graph([node("Neg", "a", "b")], "body", [value("a", [], "float32")],
                                  [value("b", [], "float32")])  # fmt: skip
    m = model([*makes, node("Scan", "w", "y", body=body, num_scan_inputs=1)], [],
              [value("y", None, "float32")], lengths)  # fmt: skip
    with pytest.raises(GraphError, match="nodes would be run"):
        from_onnx(m)


# --- parts of a file, words of a message -----------------------------------------------------------------


def test_more_nodes_than_can_be_run_are_refused_before_they_are_looked_at() -> None:
    m = model([node("Neg", "x", "y")], ["x"], ["y"])
    for _ in range(17):
        m.graph.node.extend(list(m.graph.node))
    with pytest.raises(GraphError, match="more than the 100,000 nodes"):
        from_onnx(m, 1.0)


def test_a_file_of_very_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "MOST_PARTS", 1000)
    m = model([node("Neg", "x", "y")], ["x"], ["y"])
    for _ in range(2000):
        m.metadata_props.add()
    with pytest.raises(GraphError, match="more than 1,000 parts"):
        from_onnx(m, 1.0)


@pytest.mark.parametrize("op", ["Reshape", "Expand", "ConstantOfShape", "Tile"])
def test_a_shape_of_very_many_numbers_is_not_written_into_the_message(op: str) -> None:
    makes, lengths = filled("w", 2**20)
    given = "w" if op == "ConstantOfShape" else "x w"
    m = model([*makes, node("Cast", "w", "n", to=7), node(op, given.replace("w", "n"), "y")],
              ["x"], [value("y", None)], lengths)  # fmt: skip
    with pytest.raises(GraphError, match=r"1,048,576 numbers, more than the 100,000") as caught:
        from_onnx(m, 1.0)
    assert len(str(caught.value)) < 200


def test_a_message_says_where_it_began_and_in_the_end_why() -> None:
    """However deep functions stand in one another."""
    again = onnx.helper.make_function(
        "own", "calls_itself", ["a"], ["b"], [node("calls_itself", "a", "b", domain="own")],
        [onnx.helper.make_opsetid("own", 1)],
    )  # fmt: skip
    m = model([node("calls_itself", "x", "y", name="first", domain="own")], ["x"], ["y"],
              functions=[again])  # fmt: skip
    with pytest.raises(
        GraphError, match=r"^node 'first' .* … .*more than 20 deep in one another$"
    ) as caught:
        from_onnx(m, 1.0)
    assert len(str(caught.value)) <= 400
