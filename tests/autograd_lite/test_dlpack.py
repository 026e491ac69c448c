"""What another library is given by DLPack: a copy, only where no derivative is lost, on the standard's terms.

The standard is the Python array API's of 2024.12; NumPy and torch, which read the capsules, are the judges.
"""

import ctypes
import gc

import numpy as np
import pytest

from autograd_lite import (
    OperandError,
    Tensor,
    TraceError,
    Value,
    dlpack,
    grad,
    jacobian,
    no_grad,
    trace,
    where,
)
from autograd_lite.errors import ExportError
from tests.autograd_lite.promise import FORMS, SAID, by_backward, by_jacobian, verdict

FIRST = (1, 0)
"""Version 1.0 of DLPack, the first with flags."""

ARRAYS = {
    "a matrix": np.arange(6.0).reshape(2, 3),
    "one number": np.array(2.5),
    "nothing": np.zeros((0, 3)),
    "float32": np.arange(3, dtype=np.float32),
    "transposed": np.arange(6.0).reshape(2, 3).T,
    "every other": np.arange(8.0)[::2],
    "backwards": np.arange(4.0)[::-1],
    "not finite": np.array([np.nan, np.inf, -0.0]),
}
by_array = pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)


def readers():
    """Functions of other libraries that read a node, and what makes an array of their result."""
    torch = pytest.importorskip("torch")
    as_array = lambda x: x.numpy()
    return {
        "torch.as_tensor": (torch.as_tensor, as_array),
        "torch.asarray": (torch.asarray, as_array),
        "torch.tensor": (torch.tensor, as_array),
        "torch.from_dlpack": (torch.from_dlpack, as_array),
        "torch.utils.dlpack.from_dlpack": (torch.utils.dlpack.from_dlpack, as_array),
        "np.from_dlpack": (np.from_dlpack, lambda x: x),
    }


NAMES = (
    "torch.as_tensor torch.asarray torch.tensor torch.from_dlpack torch.utils.dlpack.from_dlpack "
    "np.from_dlpack"
).split()


@pytest.fixture(params=NAMES)
def reader(request):
    if request.param == "np.from_dlpack":
        return np.from_dlpack, lambda x: x
    return readers()[request.param]


# --- what arrives ----------------------------------------------------------------------------------


@by_array
def test_a_constants_numbers_arrive_in_their_shape_and_dtype(reader, array):
    read, as_array = reader
    for t in (Tensor(array), Tensor(array, requires_grad=True).detach()):
        found = as_array(read(t))
        np.testing.assert_array_equal(found, array, strict=True)
        assert np.array_equal(np.signbit(found), np.signbit(array))


def test_views_inside_the_graph_arrive_as_they_are_seen(reader):
    read, as_array = reader
    t = Tensor(np.arange(6.0).reshape(2, 3))
    for view, expected in (
        (t.T, [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]),
        (t[:, ::-1], [[2.0, 1.0, 0.0], [5.0, 4.0, 3.0]]),
        (t[1, ::2], [3.0, 5.0]),
        (where(t > 2.0, t, 0.0), [[0.0, 0.0, 0.0], [3.0, 4.0, 5.0]]),
    ):
        np.testing.assert_array_equal(as_array(read(view)), expected)


def test_what_is_given_as_integers_or_truths_arrives_as_the_floats_it_became(reader):
    read, as_array = reader
    for data in ([1, 0], [True, False], np.array([1, 0], np.int8), np.array([1.0, 0.0], ">f4")):
        np.testing.assert_array_equal(
            as_array(read(Tensor(data))), np.array([1.0, 0.0]), strict=True
        )


def test_a_value_is_an_array_without_axes(reader):
    read, as_array = reader
    found = as_array(read(Value(2.5, requires_grad=False)))
    assert found.shape == ()
    assert found.dtype == np.float64
    assert found.item() == 2.5
    np.testing.assert_array_equal(as_array(read(Value(2.5).detach())), 2.5)


# --- it is a copy ----------------------------------------------------------------------------------


def test_what_another_library_writes_changes_no_recorded_number(reader):
    """h = x·c is recorded with c; after a library has written into its c, ∂h/∂x is still the recorded c."""
    read, as_array = reader
    x, c = Tensor([1.0, 2.0], requires_grad=True), Tensor([3.0, 4.0])
    y = (x * c).sum()
    theirs = read(c)
    theirs[:] = 0.0
    assert as_array(theirs).tolist() == [0.0, 0.0]
    y.backward()
    np.testing.assert_array_equal(c.numpy(), [3.0, 4.0])
    np.testing.assert_array_equal(x.grad, [3.0, 4.0])


def test_a_computed_numbers_copy_is_written_to_freely_too(reader):
    read, as_array = reader
    w = Tensor([1.0, 2.0], requires_grad=True)
    h = w * w
    with no_grad():
        theirs = read(h)
    theirs[0] = -1.0
    assert as_array(theirs).tolist() == [-1.0, 4.0]
    np.testing.assert_array_equal(h.numpy(), [1.0, 4.0])
    assert not h.numpy().flags.writeable


def test_what_is_written_here_later_does_not_reach_what_was_handed_over(reader):
    read, as_array = reader
    t = Tensor([1.0, 2.0])
    theirs = read(t)
    t.data[0] = 5.0
    assert as_array(theirs).tolist() == [1.0, 2.0]


def test_the_copy_outlives_the_node(reader):
    read, as_array = reader
    t = Tensor(np.arange(1000.0))
    theirs = read(t)
    del t
    gc.collect()
    np.testing.assert_array_equal(as_array(theirs), np.arange(1000.0))


# --- no derivative is lost unsaid ------------------------------------------------------------------


@pytest.mark.parametrize(
    "node",
    [
        Tensor([1.0, 2.0], requires_grad=True),
        Tensor([1.0, 2.0], requires_grad=True) * 2.0,
        Value(1.0),
        Value(1.0) * 2.0,
    ],
    ids=["a variable", "computed", "a Value", "a computed Value"],
)
def test_a_node_that_requires_grad_is_refused_and_without_grad_copied(reader, node):
    read, as_array = reader
    with pytest.raises(OperandError, match=r"another library.*x\.detach\(\)"):
        read(node)
    with no_grad():
        np.testing.assert_array_equal(as_array(read(node)), node.value)
    np.testing.assert_array_equal(as_array(read(node.detach())), node.value)


def test_what_is_differentiated_by_is_refused(reader):
    read, as_array = reader
    for f in (grad, jacobian):
        with pytest.raises(OperandError, match="another library"):
            f(lambda x: (x * as_array(read(x))).sum())(np.array([1.0, 2.0]))
    c = Tensor([3.0, 4.0])
    slope = grad(lambda x: (x * as_array(read(c))).sum())(np.array([1.0, 2.0]))
    np.testing.assert_array_equal(slope, [3.0, 4.0])


def test_a_program_that_is_recorded_names_the_line(reader):
    read, as_array = reader
    with pytest.raises((TraceError, OperandError), match=r"number|another library"):
        trace(lambda x: (x * as_array(read(x.detach()))).sum(), np.array([1.0, 2.0]))


TORCH_CALLS = {
    "tensor of a list": lambda torch, x: torch.tensor([x, x]),
    "as_tensor of a list": lambda torch, x: torch.as_tensor([x, x]),
    "stack": lambda torch, x: torch.stack([x, x]),
    "set an entry": lambda torch, x: torch.zeros(2).index_put((torch.tensor([0]),), x),
    "setitem": lambda torch, x: torch.zeros(2).__setitem__(slice(None), x),
    "times": lambda torch, x: torch.ones(2, dtype=torch.float64) * x,
    "add": lambda torch, x: torch.add(torch.ones(2), x),
    "full": lambda torch, x: torch.full((2,), x),
    "exp": lambda torch, x: torch.exp(x),
    "Parameter": lambda torch, x: torch.nn.Parameter(x),
    "Tensor": lambda torch, x: torch.Tensor(x),
    "FloatTensor": lambda torch, x: torch.FloatTensor(x),
    "new_tensor": lambda torch, x: torch.ones(1).new_tensor(x),
    "scalar_tensor": lambda torch, x: torch.scalar_tensor(x),
    "from_numpy": lambda torch, x: torch.from_numpy(x),
    "linspace": lambda torch, x: torch.linspace(0.0, x, 3),
    **{name: lambda torch, x, name=name: readers()[name][0](x) for name in NAMES},
}


@pytest.mark.parametrize("derivatives", [by_backward, by_jacobian])
@pytest.mark.parametrize("call", TORCH_CALLS.values(), ids=TORCH_CALLS)
def test_no_function_of_torch_takes_numbers_out_of_the_graph_unsaid(call, derivatives):
    torch = pytest.importorskip("torch")

    def numbers(x):
        result = call(torch, x)
        return result if not isinstance(result, torch.Tensor) else result.double().numpy()

    found = {form: verdict(numbers, form, derivatives) for form in FORMS}
    assert set(found.values()) <= {None, SAID, "right on the graph"}, found


# --- the protocol's arguments ----------------------------------------------------------------------


@pytest.fixture
def constant():
    return Tensor([1.0, 2.0])


class Header(ctypes.Structure):
    """The start of DLManagedTensorVersioned, as dlpack.h of version 1 has it."""

    _fields_ = (
        ("major", ctypes.c_uint32), ("minor", ctypes.c_uint32), ("context", ctypes.c_void_p),
        ("deleter", ctypes.c_void_p), ("flags", ctypes.c_uint64),
    )  # fmt: skip


READ_ONLY, IS_COPIED = 1, 2


def header(capsule):
    point = ctypes.pythonapi.PyCapsule_GetPointer
    point.restype, point.argtypes = ctypes.c_void_p, (ctypes.py_object, ctypes.c_char_p)
    return Header.from_address(point(capsule, b"dltensor_versioned"))


def test_the_device_is_main_memory(constant):
    assert constant.__dlpack_device__() == np.zeros(1).__dlpack_device__() == (1, 0)
    assert Value(1.0).__dlpack_device__() == (1, 0)


@pytest.mark.parametrize("copy", [None, True])
@pytest.mark.parametrize("device", [None, (1, 0)])
def test_a_capsule_of_version_1_says_that_it_is_a_copy_which_may_be_written_to(
    constant, copy, device
):
    capsule = constant.__dlpack__(max_version=FIRST, dl_device=device, copy=copy)
    found = header(capsule)
    assert found.major == 1
    assert found.flags & IS_COPIED
    assert not found.flags & READ_ONLY


@pytest.mark.parametrize("version", [None, (0, 8)])
def test_a_library_before_version_1_gets_a_capsule_that_it_reads(constant, version):
    assert '"dltensor"' in repr(constant.__dlpack__(max_version=version))


def test_a_library_of_a_later_version_gets_the_newest_there_is(constant):
    assert '"dltensor_versioned"' in repr(constant.__dlpack__(max_version=(7, 3)))


def test_numpy_before_2_1_speaks_the_first_version_alone(constant, monkeypatch):
    monkeypatch.setattr(dlpack, "_HAS_VERSIONS", False)
    found = np.from_dlpack(constant)
    assert found.tolist() == [1.0, 2.0]
    assert not np.shares_memory(found, constant.numpy())
    assert '"dltensor"' in repr(constant.__dlpack__(max_version=FIRST))


BAD = {
    "without a copy": ({"copy": False}, "copy=False.*must not change recorded numbers"),
    "0 for False": ({"copy": 0}, "copy=0"),
    "a text for a flag": ({"copy": "no"}, "copy='no'"),
    "a GPU": ({"dl_device": (2, 0)}, r"dl_device=\(2, 0\).*main memory"),
    "a second processor": ({"dl_device": (1, 1)}, r"dl_device=\(1, 1\)"),
    "a device by name": ({"dl_device": "cpu"}, "dl_device='cpu'"),
    "an array as a device": ({"dl_device": np.array([1, 0])}, "dl_device="),
    "a stream": ({"stream": 1}, "stream=1.*no streams"),
    "the default stream": ({"stream": -1}, "stream=-1"),
    "a version as text": ({"max_version": "1.0"}, "max_version='1.0'"),
    "a version of one number": ({"max_version": (1,)}, "max_version"),
    "a negative version": ({"max_version": (-1, 0)}, "max_version"),
    "floats": ({"max_version": (1.0, 0.0)}, "max_version"),
}


@pytest.mark.parametrize(("options", "said"), BAD.values(), ids=BAD)
def test_what_cannot_be_done_is_a_buffer_error_by_its_name(constant, options, said):
    """A BufferError: after a TypeError NumPy and torch ask again without their wishes."""
    with pytest.raises(ExportError, match=said) as raised:
        constant.__dlpack__(**options)
    assert isinstance(raised.value, BufferError)
    assert not isinstance(raised.value, TypeError)


def test_wishes_are_given_by_name_as_the_standard_has_it(constant):
    with pytest.raises(TypeError):
        constant.__dlpack__(None)
    with pytest.raises(TypeError):
        constant.__dlpack__(color="red")


def test_numpys_and_torchs_own_wishes_are_heard(constant):
    torch = pytest.importorskip("torch")
    assert np.from_dlpack(constant, device="cpu", copy=True).tolist() == [1.0, 2.0]
    assert torch.from_dlpack(constant, device="cpu", copy=True).tolist() == [1.0, 2.0]
    for read in (np.from_dlpack, torch.from_dlpack):
        with pytest.raises(BufferError, match="copy=False"):
            read(constant, copy=False)


def test_a_capsule_that_nobody_reads_is_freed():
    """Its copy goes with it: 50 of 8 MB each would be noticed by a machine that counts."""
    import tracemalloc

    t = Tensor(np.zeros(1_000_000))
    tracemalloc.start()
    for _ in range(50):
        t.__dlpack__(max_version=FIRST)
    np.from_dlpack(t)
    now, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert now < 1_000_000
