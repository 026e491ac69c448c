"""Whole graphs as rows: values, adjoints and tangents of any wiring."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Value
from autograd_lite.programs.graph import Graph, graph_of
from autograd_lite.programs.scalars import ScalarBackend, lowering
from autograd_lite.programs.scalars.extraction import extracted
from tests.autograd_lite.dags import random_dag
from tests.autograd_lite.programs.scalars.ways import WAYS, rows_at, rows_for


@pytest.fixture(params=WAYS)
def way(request):
    return WAYS[request.param]


@pytest.mark.parametrize("seed", range(12))
def test_derivatives_are_the_sums_over_all_paths(seed, way):
    dag = random_dag(seed, inputs=3, size=14)
    x = dag.nodes[:3]
    graph = Graph((), dag.nodes[-1], tuple(x), (), tuple(dag_operations(dag.nodes[-1])))
    program = way(rows_for(graph))
    want = [dag.total(dag.output, k) for k in range(3)]
    (y,), adjoints = program.pull(dag.numbers[:3], [1.0])
    assert y == pytest.approx(dag.numbers[-1], rel=1e-14)
    assert adjoints == pytest.approx(want, rel=1e-12, abs=1e-15)
    _, (tangent,) = program.push(dag.numbers[:3], [1.0, None, -2.0])
    assert tangent == pytest.approx(want[0] - 2.0 * want[2], rel=1e-12, abs=1e-15)


def dag_operations(root):
    return ag.Tape(root).operations


def test_other_numbers_than_recorded(way):
    program = way(rows_at(lambda x, y: ag.sin(x) * y + x / y, 0.0, 1.0))
    (value,), (by_x, by_y) = program.pull([1.2, -0.7], [2.0])
    assert value == pytest.approx(math.sin(1.2) * -0.7 - 1.2 / 0.7)
    assert by_x == pytest.approx(2.0 * (math.cos(1.2) * -0.7 - 1.0 / 0.7))
    assert by_y == pytest.approx(2.0 * (math.sin(1.2) - 1.2 / 0.49))
    assert program.value([1.2, -0.7]) == [value]


def test_a_program_is_run_again_and_again_without_traces_of_the_last_time(way):
    program = way(rows_at(lambda x, y: ag.exp(x * y) + y, 0.0, 1.0))
    first = program.pull([0.3, 0.5], [1.0])
    program.pull([math.nan, math.inf], [1.0])
    program.push([2.0, 3.0], [1.0, 1.0])
    assert program.pull([0.3, 0.5], [1.0]) == first


def test_a_node_used_twice_gets_both_contributions(way):
    assert way(rows_at(lambda x: x * x + x, 1.0)).pull([3.0], [1.0]) == ([12.0], [7.0])
    assert way(rows_at(lambda x: (x + x) * (x + x), 1.0)).pull([3.0], [1.0]) == ([36.0], [24.0])


def test_a_sum_of_a_product_is_one_operation_only_where_nobody_else_reads_the_product(way):
    def kinds(f, *example):
        nodes = extracted(graph_of(f, example))
        return [nodes.rules[k].name for k in nodes.kinds]

    assert kinds(lambda a, b, c: a * b + c, 1.0, 2.0, 3.0) == ["multiply_add"]
    assert kinds(lambda a, b, c: c + a * b, 1.0, 2.0, 3.0) == ["multiply_add"]
    assert kinds(lambda a, b, c: a * b + b * c, 1.0, 2.0, 3.0) == ["multiply", "multiply_add"]
    assert kinds(lambda a: a * a + 1.0, 1.0) == ["multiply_add"]
    for shared in (
        lambda a, b: (p := a * b) + p,
        lambda a, b: (p := a * b) + ag.sin(p),
        lambda a, b: ((p := a * b), p + a),
    ):
        assert "multiply_add" not in kinds(shared, 1.0, 2.0)
    program = way(rows_at(lambda a, b: (p := a * b) + ag.sin(p) + b * a, 1.0, 2.0))
    _, (by_a, by_b) = program.pull([0.5, 0.8], [1.0])
    assert by_a == pytest.approx(0.8 * (2.0 + math.cos(0.4)))
    assert by_b == pytest.approx(0.5 * (2.0 + math.cos(0.4)))


def test_several_results_and_a_seed_for_each(way):
    program = way(rows_at(lambda x, y: [x * y, {"sum": x + y}, ag.sin(x)], 1.0, 2.0))
    values, adjoints = program.pull([2.0, 5.0], [1.0, 10.0, None])
    assert values == [10.0, 7.0, math.sin(2.0)]
    assert adjoints == [15.0, 12.0]
    assert program.push([2.0, 5.0], [None, 1.0])[1] == [2.0, 1.0, 0.0]


def test_results_that_are_inputs_constants_or_the_same(way):
    program = way(rows_at(lambda x, y: (x, y * 2.0, x), 1.0, 2.0))
    assert program.pull([4.0, 5.0], [11.0, 3.0]) == ([4.0, 10.0], [11.0, 6.0])  # each node once
    assert program.push([4.0, 5.0], [1.0, 1.0]) == ([4.0, 10.0], [1.0, 2.0])
    x, fixed = Value(1.0), Value(7.0, requires_grad=False)
    graph = Graph((), None, (x,), (), ())
    object.__setattr__(graph, "result", x)
    assert way(rows_for(graph)).pull([3.0], [2.0]) == ([3.0], [2.0])
    assert way(rows_at(lambda x: x + fixed, 1.0)).pull([1.0], [1.0]) == ([8.0], [1.0])


def test_nothing_at_all(way):
    """No operation, no result, no leaf."""
    assert way(rows_at(lambda x: x, 1.0)).pull([3.0], [1.0]) == ([3.0], [1.0])
    assert way(rows_at(lambda x: 5.0, 1.0)).pull([3.0], []) == ([], [0.0])
    assert way(rows_for(Graph((), 1.0, (), (), ()))).pull([], []) == ([], [])
    assert way(rows_for(Graph((), 1.0, (), (), ()))).push([], []) == ([], [])


def test_what_a_function_closes_over_is_a_leaf_of_the_program(way):
    w, fixed = Value(3.0, name="w"), Value(10.0, requires_grad=False)
    rows = rows_at(lambda x: w * x + fixed * w, 2.0)
    assert way(rows).pull([2.0, 3.0], [1.0]) == ([36.0], [3.0, 12.0])
    assert way(rows).pull([2.0, -1.0], [1.0]) == ([-12.0], [-1.0, 12.0])


def test_many_different_constants_and_the_signs_of_zeros(way):
    exponents = [0.5 + 0.25 * k for k in range(40)]
    program = way(rows_at(lambda x: sum(x**n for n in exponents), 1.0))
    (value,), (slope,) = program.pull([1.1], [1.0])
    assert value == pytest.approx(sum(1.1**n for n in exponents), rel=1e-13)
    assert slope == pytest.approx(sum(n * 1.1 ** (n - 1) for n in exponents), rel=1e-13)
    program = way(rows_at(lambda x: (ag.maximum(x, 0.0) * -0.0, x * 0.0, x * math.nan), 1.0))
    assert [math.copysign(1.0, y) for y in program.value([1.0])[:2]] == [-1.0, 1.0]
    assert math.isnan(program.value([1.0])[2])


def test_a_zero_before_a_pole_gives_nan_for_the_sweep_over_the_graph_to_decide(way):
    program = way(rows_at(lambda x: ag.log(x * x), 1.0))
    assert math.isnan(program.pull([0.0], [1.0])[1][0])
    assert math.isnan(program.push([0.0], [1.0])[1][0])
    assert program.pull([2.0], [1.0])[1] == [1.0]


def test_nothing_comes_over_an_edge_that_is_always_zero(way):
    """As in the engine's careful sweep: a branch not taken, a factor 0, a number that is rounded."""
    rows = rows_at(
        lambda x: ag.where(True, x, ag.sqrt(x)) + 0.0 * ag.log(x) + ag.floor(ag.sqrt(x)), 1.0
    )
    (value,), (by_x,) = way(rows).pull([0.0], [1.0])
    assert math.isnan(value)  # 0·log 0
    assert by_x == 1.0


@pytest.mark.filterwarnings("error")
def test_poles_and_overflows_give_infinities_without_a_word(way):
    program = way(rows_at(lambda x, y: (ag.log(x), ag.exp(y), x / (y - y)), 1.0, 2.0))
    assert program.value([0.0, 1000.0])[:2] == [-math.inf, math.inf]
    assert math.isnan(program.value([0.0, 1000.0])[2])
    assert program.pull([1.0, 0.0], [0.0, 0.0, 1.0])[0][2] == math.inf


def test_a_chain_longer_than_any_stack(way):
    def f(x, w):
        for _ in range(3_000):
            x = x * w + 0.001
        return x

    (y,), (by_x, _) = way(rows_at(f, 1.0, 0.999)).pull([0.5, 0.999], [1.0])
    assert by_x == pytest.approx(0.999**3_000, rel=1e-10)
    assert y == pytest.approx(0.5 * by_x + (1.0 - by_x), rel=1e-10)


def test_a_leaf_of_thousands_of_edges(way):
    program = way(rows_at(lambda x: sum(x * float(k) for k in range(2_000)), 1.0))
    assert program.pull([2.0], [1.0]) == ([2.0 * 1_999_000.0], [1_999_000.0])


def test_all_ways_give_the_same_numbers_as_the_engine_on_a_network():
    f, weights = network(np.random.default_rng(0))
    graph = graph_of(f, weights)
    y = graph.result
    y.backward()
    numbers = [x.value for x in graph.leaves]
    for make in WAYS.values():
        (value,), adjoints = make(rows_for(graph)).pull(numbers, [1.0])
        assert value == pytest.approx(y.value, rel=1e-14)
        assert adjoints == pytest.approx([x.grad for x in graph.leaves], rel=1e-12, abs=1e-15)


def network(rng, width=6, points=8):
    X = rng.normal(size=(points, 2)).tolist()

    def f(*weights):
        it, loss = iter(weights), 0.0
        V = [[next(it) for _ in range(3)] for _ in range(width)]
        w = [next(it) for _ in range(width)]
        for x, y in X:
            hidden = [ag.tanh(a * x + b * y + c) for a, b, c in V]
            score = sum(a * h for a, h in zip(w, hidden, strict=True))
            loss = loss + ag.relu(1.0 - x * score) + ag.softplus(score) ** 2
        return loss * (1.0 / points)

    return f, tuple(rng.normal(size=4 * width).tolist())


def test_a_rule_is_lowered_once_for_all_its_nodes():
    def f(x):
        for _ in range(500):
            x = ag.tanh(x * 0.5) + ag.sin(x)
        return x

    lowering._once.cache_clear()
    rows_at(f, 1.0)
    assert lowering._once.cache_info().misses == 4  # product, tanh, sin, sum


# --- the backend -------------------------------------------------------------------------------------


def test_adjoints_come_for_the_leaves_that_are_wanted_and_in_their_order():
    backend = ScalarBackend(graph_of(lambda x, y, z: x * y * z, (1.0, 1.0, 1.0)))
    assert backend.pull([2.0, 3.0, 5.0], [1.0], [2, 0]) == ([30.0], [6.0, 15.0], False)
    assert backend.pull([2.0, 3.0, 5.0], [1.0], []) == ([30.0], [], False)
    assert backend.push([2.0, 3.0, 5.0], [None, 1.0, None]) == ([30.0], [10.0], False)
    assert backend.value([2, np.float64(3.0), np.array(5.0)]) == [30.0]


def test_memory_is_what_the_rows_and_their_numbers_take():
    backend = ScalarBackend(graph_of(lambda a, b, c: a * b + c, (1.0, 2.0, 3.0)))
    # a row of four and three edges of three 32-bit numbers; 3 leaves, a constant 1, a value; 4 adjoints
    assert backend.memory() == 16 + 3 * 12 + 8 * 5 + 8 * 4


def test_two_threads_do_not_share_their_numbers():
    from concurrent.futures import ThreadPoolExecutor

    f, weights = network(np.random.default_rng(1))
    backend = ScalarBackend(graph_of(f, weights))
    points = [[w + 0.01 * k for w in weights] for k in range(40)]
    want = [backend.pull(p, [1.0], [0, 3]) for p in points]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda p: backend.pull(p, [1.0], [0, 3]), points)) == want
