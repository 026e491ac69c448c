"""Files that are broken, or meant to harm: a sentence that names the place; nothing runs or is allocated."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="no models: pip install onnx")

import viz
from autograd_lite import FlowGraph
from autograd_lite.errors import AutogradError, GraphError, OperandError
from autograd_lite.interop import from_onnx
from tests.autograd_lite.interop.onnx_reading.building import model, node, one, value

GOOD = model([node("Neg", "x", "y")], ["x"], ["y"])
HUGE = 2**40


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a model",
        b"\x00" * 100,
        b"\x89PNG\r\n\x1a\n",
        GOOD.SerializeToString()[:-9],
        b"PK\x03\x04",
    ],
    ids=["empty", "text", "zeros", "png", "cut off", "zip"],
)
def test_what_is_no_model(content: bytes, tmp_path: Any) -> None:
    path = tmp_path / "x.onnx"
    path.write_bytes(content)
    with pytest.raises(GraphError, match="no ONNX model|has no graph|does not say|damaged|no node"):
        from_onnx(path, 1.0)


def test_a_missing_file_is_pythons_own_error(tmp_path: Any) -> None:
    with pytest.raises(FileNotFoundError):
        from_onnx(tmp_path / "none.onnx")


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/stdin", ".", "a\0b"])
def test_what_is_no_file_is_not_read(path: str) -> None:
    with pytest.raises(GraphError, match="is no file"):
        from_onnx(path)


@pytest.mark.parametrize("version", [0, -1, 10_000])
def test_versions_that_do_not_exist(version: int) -> None:
    m = model([node("Neg", "x", "y")], ["x"], ["y"], opset=20)
    m.opset_import[0].version = version
    with pytest.raises(GraphError, match=f"version {version} of ONNX's operators"):
        from_onnx(m, 1.0)


def test_versions_that_are_not_said_or_said_twice() -> None:
    m = model([node("Neg", "x", "y")], ["x"], ["y"])
    m.opset_import.add(domain="ai.onnx", version=19)
    with pytest.raises(GraphError, match="imported twice"):
        from_onnx(m, 1.0)
    del m.opset_import[:]
    with pytest.raises(GraphError, match="does not say which version"):
        from_onnx(m, 1.0)


@pytest.mark.parametrize("place", ["/etc/passwd", "../secret", "weights.bin", ""])
def test_numbers_in_other_files_are_not_read(place: str, tmp_path: Any) -> None:
    m = model([node("Add", "x w", "y")], ["x"], ["y"], {"w": np.ones(2)})
    tensor = m.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=place)
    (tmp_path / "weights.bin").write_bytes(b"\0" * 16)
    path = tmp_path / "m.onnx"
    path.write_bytes(m.SerializeToString())
    with pytest.raises(GraphError, match=r"'w' has its numbers outside .* no other file is opened"):
        from_onnx(path, np.ones(2))


def tensor_of(**fields: Any) -> Any:
    m = model([node("Add", "x w", "y")], ["x"], ["y"], {"w": np.ones(2)})
    tensor = m.graph.initializer[0]
    for name, content in fields.items():
        if isinstance(content, list):
            del getattr(tensor, name)[:]
            getattr(tensor, name).extend(content)
        else:
            setattr(tensor, name, content)
    return m


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"dims": [HUGE, HUGE]}, "has 2 numbers in the file"),
        ({"dims": [2, 2]}, "has 2 numbers in the file"),
        ({"dims": [-1]}, "no shape"),
        ({"dims": [1] * 100}, "no shape"),
        ({"raw_data": b"123"}, "3 bytes"),
        ({"data_type": onnx.TensorProto.STRING}, "strings is not read"),
        ({"data_type": onnx.TensorProto.BFLOAT16}, "bfloat16 is not read"),
        ({"data_type": 999}, "type 999 is not read"),
        ({"name": ""}, "reads 'w', which is no input, no initialiser"),
    ],
)
def test_initialisers_that_are_none(fields: Any, reason: str) -> None:
    with pytest.raises(AutogradError, match=reason):
        from_onnx(tensor_of(**fields), np.ones(2))


def test_initialisers_that_are_sparse_or_named_twice() -> None:
    m = tensor_of()
    m.graph.initializer.append(m.graph.initializer[0])
    with pytest.raises(GraphError, match="two initialisers are called 'w'"):
        from_onnx(m, np.ones(2))
    m = tensor_of()
    m.graph.sparse_initializer.add().values.name = "s"
    with pytest.raises(GraphError, match="'s' is sparse"):
        from_onnx(m, np.ones(2))


F = np.float32
GIANTS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("ConstantOfShape", (np.array([HUGE]),), {}),
    ("ConstantOfShape", (np.array([2**62, 2**62, 2**62]),), {}),
    ("Expand", (np.ones(1), np.array([HUGE])), {}),
    ("Tile", (np.ones(1), np.array([HUGE])), {}),
    ("Range", (np.array(0), np.array(HUGE), np.array(1)), {}),
    ("Range", (np.array(0.0), np.array(1e300), np.array(1e-300)), {}),
    ("Range", (np.array(0.0), np.array(np.inf), np.array(1.0)), {}),
    ("Pad", (np.ones(1), np.array([0, HUGE])), {}),
    ("Resize", (np.ones((1, 1, 2, 2)), None, np.array([1, 1, 1e9, 1e9], F)), {}),
    ("Resize", (np.ones((1, 1, 2, 2)), None, np.array([1, 1, np.inf, 1], F)), {}),
    ("Resize", (np.ones((1, 1, 2, 2)), None, None, np.array([1, 1, HUGE, HUGE])), {}),
    ("Resize", (np.ones((1, 1, 2, 2)), None, np.array([1, 1, 1e-30, 1], F)),
     {"antialias": 1, "mode": "cubic"}),
    ("MatMul", (np.ones((20_000, 1)), np.ones((1, 20_000))), {}),
    ("Gemm", (np.ones((20_000, 1)), np.ones((1, 20_000))), {}),
    ("Einsum", (np.ones(20_000), np.ones(20_000)), {"equation": "i,j->ij"}),
    ("Einsum", (np.ones(2000),) * 3, {"equation": "i,j,k->"}),
    ("Add", (np.ones((20_000, 1)), np.ones((1, 20_000))), {}),
    ("Greater", (np.ones((20_000, 1)), np.ones((1, 20_000))), {}),
    ("Where", (np.ones((20_000, 1), bool), np.ones((1, 20_000)), np.array(1.0)), {}),
    ("Max", (np.ones((20_000, 1)), np.ones((1, 20_000))), {}),
    ("Pow", (np.ones((20_000, 1)), np.ones((1, 20_000))), {}),
    ("PRelu", (np.ones((20_000, 1)), np.ones((1, 20_000))), {}),
    ("Gather", (np.ones((1, 20_000)), np.zeros(20_000, int)), {}),
    ("GatherND", (np.ones((1, 20_000)), np.zeros((20_000, 1), int)), {}),
    ("OneHot", (np.zeros(20_000, int), np.array(HUGE), np.ones(2)), {}),
    ("Conv", (np.ones((1, 1, 2)), np.ones((1, 1, 1))), {"pads": [HUGE, 0]}),
    ("Conv", (np.ones((1, 1, 1000, 1000)), np.ones((1, 1, 9, 9))), {}),
    ("ConvTranspose", (np.ones((1, 1, 2)), np.ones((1, 1, 1))), {"strides": [2**30]}),
    ("ConvTranspose", (np.ones((1, 1, 2)), np.ones((1, 1, 1))), {"output_padding": [2**30]}),
    ("ConvTranspose", (np.ones((1, 1, 2)), np.ones((1, 1, 1))), {"output_shape": [2**30]}),
    ("MaxPool", (np.ones((1, 1, 2)),), {"kernel_shape": [2**30], "pads": [2**30, 2**30]}),
    ("AveragePool", (np.ones((1, 1, 2)),), {"kernel_shape": [1], "pads": [2**30, 2**30]}),
    ("LRN", (np.ones((1, 2, 2), F),), {"size": 2**30}),
    ("LRN", (np.ones((1, 1), F),), {"size": 2**26}),
    ("MaxPool", (np.ones((1, 1, 2)),), {"kernel_shape": [2**25], "pads": [2**24, 2**24]}),
    ("AveragePool", (np.ones((1, 1, 2)),), {"kernel_shape": [2**25], "pads": [2**25, 0]}),
    ("MaxUnpool", (np.ones((1, 1, 2)), np.zeros((1, 1, 2), int)), {"kernel_shape": [2], "strides": [2**40]}),
    ("EyeLike", (np.ones((2, 2)),), {"k": 2**62}),
    ("HannWindow", (np.array(HUGE),), {}),
    ("CenterCropPad", (np.ones(2), np.array([HUGE])), {}),
    ("Trilu", (np.ones((2, 2)), np.array(2**62)), {}),
    ("Split", (np.ones(2),), {"num_outputs": 2**40}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("op", "given", "options"), GIANTS, ids=[f"{k}-{g[0]}" for k, g in enumerate(GIANTS)]
)
def test_no_small_file_takes_much_memory(op: str, given: Any, options: Any) -> None:
    """Either it is refused before anything is allocated, or it takes little."""
    written = one(op, *given, **options)
    here = [x for x in given if x is not None]
    before = sum(x.nbytes for x in here)
    tracemalloc.start()
    try:
        from_onnx(written, *here)
    except AutogradError:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 2**22 + 4 * before


def test_values_that_double_and_double_are_stopped() -> None:
    nodes = [node("Concat", f"v{k} v{k}", f"v{k + 1}", axis=0) for k in range(60)]
    m = model(nodes, ["v0"], ["v60"])
    with pytest.raises(GraphError, match="entries"):
        from_onnx(m, np.ones(1))


def test_windows_and_sequences_that_a_model_fills_itself_are_bounded() -> None:
    """Their lengths come from no input: a constant of zeros is as long as a file says."""
    filled = [node("ConstantOfShape", "n", "w")]
    shape = {"n": np.array([1, 1, 2**22])}
    wide = model([*filled, node("Conv", "x w", "y", pads=[2**22, 0])], [value("x", [1, 1, 2], "float32")],
                 [value("y", None, "float32")], shape)  # fmt: skip
    with pytest.raises(OperandError, match="windows of"):
        from_onnx(wide, np.ones((1, 1, 2), F))
    shape = {"n": np.array([2**22, 1, 1])}
    ones = {"W": np.ones((1, 1, 1), F), "R": np.ones((1, 1, 1), F)}
    long = model([*filled, node("RNN", "w W R", "y", hidden_size=1)], [], [value("y", None, "float32")],
                 {**shape, **ones})  # fmt: skip
    with pytest.raises(GraphError, match="nodes would be run, gates of recurrences among them"):
        from_onnx(long)


@pytest.mark.parametrize(
    ("nodes", "reason"),
    [
        ([node("Neg", "a", "y", name="n1")], r"node 'n1' \(Neg\): it reads 'a', which is no input"),
        ([node("Neg", "y", "y")], r"node 0 \(Neg\): it reads 'y', .*circle"),
        ([node("Neg", "b", "a"), node("Neg", "a", "b"), node("Neg", "a", "y")], r"node 0 .*circle"),
        ([node("Neg", "a", "y"), node("Neg", "x", "a")], r"node 0 .*out of order"),
        (
            [node("Neg", "x", "y"), node("Exp", "x", "y")],
            r"node 1 \(Exp\): two values are called 'y'",
        ),
        (
            [node("Neg", "x", "x"), node("Exp", "x", "y")],
            r"node 0 \(Neg\): two values are called 'x'",
        ),
        ([node("Neg", "x", "z")], "the output 'y' is computed by no node"),
        (
            [node("Neg", "x", "y", domain="com.evil")],
            r"node 0 \(Neg\): the operators of the domain 'com.evil'",
        ),
        ([node("Neg", "_", "y")], "it has 0 inputs"),
        ([node("Neg", "x", "y\x1b[31m"), node("Neg", "x", "y")], r"cannot be printed: 'y\\x1b"),
        ([node("Neg", "x", "y", name="a\nb")], "cannot be printed"),
        ([node("Neg", "x", "y", name="n" * 5000)], "cannot be printed: 'nnn.*…"),
        ([node("Ne\x00g", "x", "y")], r"cannot be printed: 'Ne\\x00g'"),
    ],
)
def test_graphs_that_are_none(nodes: Any, reason: str) -> None:
    with pytest.raises(AutogradError, match=reason) as caught:
        from_onnx(model(nodes, ["x"], ["y"]), 1.0)
    assert len(str(caught.value)) < 600
    assert str(caught.value).isprintable()


def test_inputs_of_one_name() -> None:
    with pytest.raises(GraphError, match="two inputs are called 'x'"):
        from_onnx(model([node("Neg", "x", "y")], ["x", "x"], ["y"]), 1.0, 1.0)


def test_attributes_that_are_none() -> None:
    m = model([node("Elu", "x", "y", alpha=1.0)], ["x"], ["y"])
    only = m.graph.node[0]
    only.attribute.append(only.attribute[0])
    with pytest.raises(GraphError, match="'alpha' is given twice"):
        from_onnx(m, 1.0)
    text = model([node("Gelu", "x", "y", approximate=b"\xff\xfe")], ["x"], ["y"])
    with pytest.raises(GraphError, match="a text among the attributes is none"):
        from_onnx(text, 1.0)


def test_a_chain_of_graphs_without_end() -> None:
    inside = onnx.helper.make_graph([node("Neg", "x", "t")], "g", [], [value("t", None)])
    for k in range(25):
        again = node("If", "c", f"t{k}", then_branch=inside)
        inside = onnx.helper.make_graph([again], "g", [], [value(f"t{k}", None)])
    m = model([node("If", "c", "y", then_branch=inside)], ["x"], ["y"], {"c": np.array(True)})
    with pytest.raises(GraphError, match="deep in one another"):
        from_onnx(m, 1.0)


def test_names_of_tex_and_html_are_shown_as_they_are(tmp_path: Any) -> None:
    x, w = "<script>alert(1)</script>", r"$\input{secret}$"
    m = model([node("Mul", "a b", "y")], ["a", "b"], ["y"])
    m.graph.node[0].input[:] = [x, w]
    for declared, name in zip(m.graph.input, (x, w), strict=True):
        declared.name = name
    graph = from_onnx(m, 2.0, 3.0)
    assert [v.name for v in graph.inputs] == [x, w]
    flow = FlowGraph(graph.outputs[0])
    for suffix in ("svg", "tex", "html"):
        path = tmp_path / f"p.{suffix}"
        (viz.step(flow) if suffix == "html" else viz.draw(flow)).save(path)
        text = path.read_text(encoding="utf-8")
        assert "<script>alert(1)" not in text
        assert suffix != "tex" or r"\input{" not in text


@pytest.mark.parametrize(
    "op",
    [
        "RandomNormal",
        "RandomUniform",
        "Multinomial",
        "Bernoulli",
        "StringConcat",
        "SequenceEmpty",
        "ImageDecoder",
    ],
)
def test_random_numbers_texts_and_lists_are_refused_by_name(op: str) -> None:
    given = {"Multinomial": 1, "Bernoulli": 1, "StringConcat": 2, "ImageDecoder": 1}.get(op, 0)
    options: dict[str, Any] = {"shape": [2]} if op.startswith("Random") else {}
    inputs = [np.array([1], np.uint8) if op == "ImageDecoder" else np.ones((1, 2))] * given
    with pytest.raises(OperandError, match=f"node 0 \\({op}\\): "):
        from_onnx(one(op, *inputs, **options), *inputs)
