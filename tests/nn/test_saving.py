"""A saved state comes back bit for bit; interrupted saves and bad files change nothing."""

import os
import stat

import numpy as np
import pytest

import nn
from autograd_lite.errors import StateError

safetensors = pytest.importorskip("safetensors.numpy")


def model(seed):
    net = nn.Sequential(
        nn.Linear(3, 4, generator=seed), nn.BatchNorm1d(4), nn.Linear(4, 2, generator=seed)
    )
    net(np.random.default_rng(seed).normal(size=(5, 3)))  # moves the running statistics
    return net


def test_a_state_comes_back_bit_for_bit_with_its_buffers(tmp_path):
    a, b = model(0), model(1)
    nn.save(a, tmp_path / "net.safetensors")
    nn.load(b, tmp_path / "net.safetensors")
    for name, array in a.state_dict().items():
        assert array.tobytes() == b.state_dict()[name].tobytes(), name


def test_the_file_is_what_others_read(tmp_path):
    nn.save(model(0), str(tmp_path / "net.safetensors"))
    arrays = safetensors.load_file(tmp_path / "net.safetensors")
    assert arrays["0.weight"].shape == (4, 3)
    assert arrays["1.num_batches_tracked"].shape == ()


def test_transposed_weights_are_written_in_order(tmp_path):
    net = nn.Linear(2, 3)
    turned = np.asfortranarray(np.arange(6.0).reshape(3, 2))
    net.weight = nn.Parameter(turned)
    nn.save(net, tmp_path / "net")
    assert np.array_equal(safetensors.load_file(tmp_path / "net")["weight"], turned)


@pytest.mark.parametrize("moment", ["write", "replace", "fsync"])
def test_an_interrupted_save_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, moment):
    path = tmp_path / "net"
    nn.save(model(0), path)
    before = path.read_bytes()

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    if moment == "fsync":
        monkeypatch.setattr(os, "fsync", interrupted)
    elif moment == "replace":
        monkeypatch.setattr("pathlib.Path.replace", interrupted)
    else:
        monkeypatch.setattr(safetensors, "save", interrupted)
    with pytest.raises(KeyboardInterrupt):
        nn.save(model(1), path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["net"]


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_permissions_are_those_of_the_old_file_or_of_any_new_one(tmp_path):
    nn.save(model(0), tmp_path / "new")
    (tmp_path / "plain").write_text("")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode
    (tmp_path / "new").chmod(0o640)
    nn.save(model(1), tmp_path / "new")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\xff" * 100, (10**15).to_bytes(8, "little") + b"{}"], ids=repr
)
def test_a_file_of_something_else_is_refused_by_name(tmp_path, content):
    path = tmp_path / "net"
    path.write_bytes(content)
    net = model(0)
    before = net.state_dict()
    with pytest.raises(StateError, match="net' is no safetensors file"):
        nn.load(net, path)
    assert all(np.array_equal(before[name], x) for name, x in net.state_dict().items())


def test_a_shortened_file_is_refused(tmp_path):
    nn.save(model(0), tmp_path / "net")
    whole = (tmp_path / "net").read_bytes()
    (tmp_path / "net").write_bytes(whole[:-10])
    with pytest.raises(StateError):
        nn.load(model(0), tmp_path / "net")


def test_a_file_of_another_model_lists_what_differs(tmp_path):
    nn.save(nn.Linear(3, 4), tmp_path / "net")
    with pytest.raises(StateError, match=r"mis-shaped: weight is \(4, 3\), expected \(2, 3\)"):
        nn.load(nn.Linear(3, 2), tmp_path / "net")


def test_no_file_and_no_folder(tmp_path):
    with pytest.raises(FileNotFoundError):
        nn.load(model(0), tmp_path / "none")
    with pytest.raises(FileNotFoundError):
        nn.save(model(0), tmp_path / "none" / "net")


def test_without_safetensors_the_message_says_what_to_install(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "safetensors", None)
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    with pytest.raises(ImportError, match="pip install safetensors"):
        nn.save(model(0), tmp_path / "net")
