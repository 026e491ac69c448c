"""What recording a program leaves as it was, and what stands around a function while it is recorded."""

from __future__ import annotations

import copy
import functools
import random
import sys
import threading

import numpy as np
import pytest

import nn
from autograd_lite import (
    Tape,
    Tensor,
    Value,
    grad,
    no_grad,
    record_lines,
    source_line,
    trace,
    where,
)
from autograd_lite.errors import OperandError, StaleError, TraceError
from autograd_lite.modes import ACTIVE, MODES
from autograd_lite.programs.another import others
from autograd_lite.programs.graph import graph_of
from autograd_lite.rules.namespaces import plain
from autograd_lite.watches import current, depends
from tests.work import calls_of

ROW = np.array([1.0, -2.0, 3.0])


# --- generators --------------------------------------------------------------------------------------


class Model:
    def __init__(self):
        self.parts = [{"generator": np.random.default_rng(3)}]

    def noisy(self, x):
        return x * self.parts[0]["generator"].normal()


GLOBAL = np.random.default_rng(5)


def of_global(x):
    return x + GLOBAL.normal()


def of_default(x, generator=np.random.default_rng(6)):  # noqa: B008
    return x + generator.normal()


def _refused_and_put_back(f, generator):
    twin = copy.deepcopy(generator)
    with pytest.raises(TraceError, match="same input"):
        trace(f, 2.0)
    assert generator.normal() == twin.normal()


def test_generators_that_a_function_reaches_are_put_back():
    own, model = np.random.default_rng(0), Model()
    _refused_and_put_back(lambda x: x * own.normal(), own)
    _refused_and_put_back(model.noisy, model.parts[0]["generator"])
    _refused_and_put_back(lambda x: 2.0 * model.noisy(x), model.parts[0]["generator"])
    _refused_and_put_back(of_global, GLOBAL)
    _refused_and_put_back(lambda x: 2.0 * of_global(x), GLOBAL)
    _refused_and_put_back(of_default, of_default.__defaults__[0])
    given = np.random.default_rng(7)
    _refused_and_put_back(functools.partial(lambda g, x: x + g.normal(), given), given)


@pytest.mark.parametrize(
    "own",
    [
        np.random.default_rng(0),
        np.random.RandomState(0),
        random.Random(0),  # noqa: S311 - no secret
        random.SystemRandom(),
    ],
)
def test_a_generator_of_any_kind_is_put_back(own):
    draw = getattr(own, "normal", None) or (lambda: own.gauss(0.0, 1.0))
    state = None if isinstance(own, random.SystemRandom) else copy.deepcopy(own)
    with pytest.raises(TraceError, match="same input"):
        trace(lambda x: x * draw() if own else x, 2.0)
    if state is not None:
        assert draw() == (getattr(state, "normal", None) or (lambda: state.gauss(0.0, 1.0)))()


def test_numpys_and_pythons_own_generators_are_put_back():
    np.random.seed(1)  # noqa: NPY002
    random.seed(1)
    numbers = np.random.rand(), random.random()  # noqa: NPY002, S311
    np.random.seed(1)  # noqa: NPY002
    random.seed(1)
    with pytest.raises(TraceError):
        trace(lambda x: x * np.random.rand() + random.random(), 2.0)  # noqa: NPY002, S311
    assert (np.random.rand(), random.random()) == numbers  # noqa: NPY002, S311


def test_a_draw_that_no_result_depends_on_is_put_back_too():
    own = np.random.default_rng(0)
    twin = copy.deepcopy(own)

    def f(x):
        own.normal()
        return x * x

    assert trace(f, 2.0).value(3.0) == 9.0
    assert own.normal() == twin.normal()


def test_a_seed_inside_makes_a_constant():
    program = trace(lambda x: x * np.random.default_rng(0).normal(), 2.0)
    assert program.value(3.0) == 3.0 * np.random.default_rng(0).normal()


# --- modules -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "example"),
    [
        (nn.BatchNorm1d(3), np.eye(3)),
        (nn.BatchNorm1d(3, momentum=None), np.eye(3)),
        (nn.BatchNorm2d(2), np.arange(16.0).reshape(2, 2, 2, 2)),
        (nn.InstanceNorm1d(3, track_running_stats=True), np.arange(24.0).reshape(2, 3, 4) ** 2),
        (nn.InstanceNorm2d(2, track_running_stats=True), np.arange(16.0).reshape(2, 2, 2, 2)),
        (nn.Dropout(0.5, generator=0), np.eye(3)),
        (nn.Dropout1d(0.5, generator=0), np.ones((1, 2, 3))),
    ],
)
def test_a_module_that_a_call_changes_is_refused_before_it_is_changed(module, example):
    model = nn.Sequential(module)
    state = {name: np.array(x) for name, x in model.state_dict().items()}
    generator = getattr(module, "generator", None)
    drawn = None if generator is None else generator.bit_generator.state
    with pytest.raises(OperandError, match=rf"{__file__}, line \d+: .*model.eval\(\)"):
        trace(lambda x: model(x).sum(), example)
    for name, x in model.state_dict().items():
        np.testing.assert_array_equal(x, state[name])
    assert generator is None or generator.bit_generator.state == drawn

    model.eval()
    program = trace(lambda x: (model(x) * x).sum(), example)
    other = np.flip(example) * 0.7
    np.testing.assert_allclose(
        program.value(other), np.sum(plain(model(other)) * other), rtol=1e-13
    )


def test_a_module_is_changed_by_calls_outside_of_a_recording_as_before():
    module = nn.BatchNorm1d(3)
    trace(lambda x: x * x, 2.0)
    module(np.eye(3))
    assert module.num_batches_tracked == 1


# --- what is left as it was --------------------------------------------------------------------------


def test_gradients_and_weights_are_left_as_they_were():
    w = Tensor(ROW, requires_grad=True)
    w.grad = np.ones(3)
    number = w.number
    trace(lambda x: (w * x).sum(), ROW)
    np.testing.assert_array_equal(w.grad, np.ones(3))
    np.testing.assert_array_equal(w.value, ROW)
    assert w.number == number


def test_modes_are_left_as_they_were_also_after_an_error():
    def f(x):
        raise ValueError

    with pytest.raises(ValueError):
        trace(f, 2.0)
    with pytest.raises(TraceError):
        trace(lambda x: x if x > 0 else -x, 2.0)
    assert not ACTIVE
    assert not MODES.traces
    assert current.get() is None
    assert (Value(2.0) > 1.0) is True


def test_nothing_is_kept_of_what_a_refused_function_computed():
    nodes = []

    def f(x):
        y = x * x
        nodes.append(depends(y, {x}))
        return y if y > 0 else x

    with pytest.raises(TraceError):
        trace(f, 2.0)
    assert nodes == [True]


def test_f_runs_three_times():
    calls = []
    trace(lambda x: calls.append(1) or x * x, 2.0)
    assert len(calls) == 3


@pytest.mark.parametrize("requires_grad", [True, False])
def test_a_leaf_that_is_written_to_after_it_was_used_has_no_number_for_all(requires_grad):
    def f(x):
        c = Tensor(np.zeros(3), requires_grad=requires_grad)
        y = x * c
        c.data = np.ones(3)
        return (y + c).sum()

    with pytest.raises(StaleError, match="changed after multiply"):
        trace(f, ROW)

    def g(x):  # before, it is what it is made with
        c = Tensor(np.zeros(3), requires_grad=requires_grad)
        c.data = np.ones(3)
        return (x * c).sum()

    assert trace(g, ROW).value(2.0 * ROW) == 4.0


def test_a_list_that_f_writes_to_is_its_own():
    def f(xs):
        xs[0] = xs[0] * 2.0
        return xs[0] * xs[1]

    example = [2.0, 3.0]
    assert trace(f, example).value([4.0, 5.0]) == 40.0
    assert example == [2.0, 3.0]


# --- nesting and threads -----------------------------------------------------------------------------


def test_recording_under_no_grad():
    with no_grad():
        program = trace(lambda x: where(x > 0, x * x, x), 2.0)
    assert program.value_and_grad(3.0) == (9.0, 6.0)


def test_recording_under_record_lines_keeps_the_lines():
    with record_lines():
        program = trace(lambda x: x * x, 2.0)
    assert __file__ in source_line(program.graph.operations[0])


def test_a_program_recorded_inside_of_constants_is_one_of_them():
    def f(x):
        inner = trace(lambda u: where(u > 0, u * u, u), 2.0)
        return x * inner.value(3.0)

    assert trace(f, 2.0).value(5.0) == 45.0


def test_an_inner_recording_of_an_outer_input_is_refused_by_the_outer_one():
    with pytest.raises(TraceError, match=rf"{__file__}, line \d+"):
        trace(lambda x: x + trace(lambda u: u * x, 2.0).value(3.0), 2.0)


def test_grad_inside_of_a_function_is_recorded_by_weights_too():
    w = Tensor(2.0, requires_grad=True)
    program = trace(lambda x: (x * grad(lambda u: u * u * w)(3.0)).sum(), ROW)
    assert program.value(np.array([0.0, 1.0, 0.0])) == 12.0
    w.data = 5.0
    assert program.value(np.array([0.0, 1.0, 0.0])) == 30.0


def test_tracing_inside_of_grad_takes_numbers_that_do_not_depend_on_it():
    def f(x):
        return x * trace(lambda u: u * u, 2.0).value(3.0)

    assert grad(f)(2.0) == 9.0
    with pytest.raises(OperandError):
        grad(lambda x: x + trace(lambda u: u * x, 2.0).value(3.0))(2.0)


def test_a_thread_of_the_function_records_and_decides_nothing():
    def f(x):
        found = []
        thread = threading.Thread(target=lambda: found.append(x * x))
        thread.start()
        thread.join(60)
        return found[0] + x

    assert trace(f, 2.0).value(3.0) == 12.0

    def deciding(x):
        found = []
        thread = threading.Thread(target=lambda: found.append(x if x > 0 else -x))
        thread.start()
        thread.join(60)
        return found[0]

    with pytest.raises(TraceError, match="number"):
        trace(deciding, 2.0)


def test_other_threads_go_on_as_before():
    w, seen, inside, done = Value(3.0), [], threading.Event(), threading.Event()

    def other():
        inside.wait(60)
        seen.append((w > 0, float((w * w).item()), w.value, bool(w)))
        done.set()

    def f(x):
        inside.set()
        assert done.wait(10)
        return w * x

    thread = threading.Thread(target=other)
    thread.start()
    assert trace(f, 2.0).value(5.0) == 15.0
    thread.join(60)
    assert seen == [(True, 9.0, 3.0, True)]


def test_two_threads_record_at_once():
    barrier, values = threading.Barrier(2), {}

    def run(name, sign):
        def f(x):
            barrier.wait(10)
            return where(sign * x > 0, x * x, x)

        values[name] = trace(f, 2.0).value(-3.0)

    threads = [threading.Thread(target=run, args=args) for args in (("a", 1.0), ("b", -1.0))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert values == {"a": -3.0, "b": 9.0}


# --- other inputs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "example"),
    [
        (lambda x: np.log(x).sum() + np.sqrt(x).sum(), np.array([0.1, 5.0, 1e-8])),
        (lambda x: np.arcsin(x).sum() + np.arctanh(x).sum(), np.array([0.99, -0.99, 0.0])),
        (lambda x: np.arccosh(x).sum(), np.array([1.5, 3.0])),
        (lambda a: np.linalg.cholesky(a).sum(), np.array([[2.0, 1.9], [1.9, 2.0]])),
        (lambda a: np.linalg.cholesky(a).sum(), np.diag([1.0, 2.0, 3.0]) + 0.1),
        (nn.bce, (np.array([0.1, 0.999]), np.array([0.0, 1.0]))),
        (nn.hinge_loss, (ROW, np.array([1.0, -1.0, 1.0]))),
        (lambda m, L: nn.kl_divergence(m, L=L).sum(), (np.ones((1, 2)), np.tril(np.ones((1, 2, 2))))),
        (lambda x: x.sum(), np.zeros(3)),
        (lambda x: x * x, 0.0),
        (lambda x: x.sum(), np.full(3, np.nan)),
        (lambda x: x.sum(), np.zeros((0, 3))),
    ],
)  # fmt: skip
def test_another_input_is_found_in_the_functions_domain(f, example):
    trace(f, *(example if isinstance(example, tuple) else (example,)))


def test_other_inputs_have_the_examples_form_and_other_numbers():
    example = {"a": [1, np.float32(2.0)], "b": ROW.astype(np.float32)}
    for (other,) in others((example,)):
        assert other.keys() == example.keys()
        assert type(other["a"][1]) is np.float32
        assert other["b"].dtype == np.float32
        assert other["b"].shape == (3,)
        assert not np.array_equal(other["b"], example["b"])


def test_a_function_that_takes_its_example_alone_says_so():
    def f(x):
        if not np.array_equal(plain(x), ROW):
            raise ValueError("this row alone")
        return x.sum()

    with pytest.raises(TraceError, match=r"runs at the example.*this row alone.*close over"):
        trace(f, ROW)


# --- free of charge ----------------------------------------------------------------------------------


def test_comparing_recordings_is_linear_work():
    def work(n):
        def f(x):
            for _ in range(n):
                x = x * 1.5 + 0.25
            return x

        return calls_of(lambda: trace(f, 2.0).graph)[1], calls_of(lambda: graph_of(f, (2.0,)))[1]

    (few, one), (many, ten) = work(100), work(1000)
    assert many <= 11 * few
    assert many - few <= 8 * (ten - one)


def test_ways_out_and_comparisons_ask_nothing_while_no_program_is_recorded():
    x, t = Value(2.0), Tensor(ROW, requires_grad=True)
    assert not ACTIVE
    called = set()

    def note(frame, event, argument):
        called.add(frame.f_code.co_filename.rpartition("/")[2])

    sys.setprofile(note)
    try:
        found = (
            x > 1.0,
            t > 1.0,
            t == 1.0,
            bool(x),
            x.value,
            x.item(),
            x.data,
            t.numpy(),
            t.data,
            x.detach(),
        )
        found += (
            t.detach(),
            t.any(),
            np.greater(t, 0),
            np.argmax(t),
            x * t.shape[0],
            t[t > 0],
            f"{x:.1f}",
        )
    finally:
        sys.setprofile(None)
    assert len(found) == 17
    assert not called & {"watches.py", "watching.py", "frames.py"}


def test_a_graph_made_as_usual_is_not_watched():
    x = Value(2.0)
    y = where(x > 0, x * x, x)
    assert [node.rule.name for node in Tape(y).operations] == ["multiply", "where"]
