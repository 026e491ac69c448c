"""Random systems of equations whose derivatives are known without the engine: by adding up paths."""

import math
import random
from dataclasses import dataclass, field

from autograd_lite import Value, sin, tanh


@dataclass
class Dag:
    """Numbers v_0, v_1, …; each but the inputs a known function of earlier ones.

    slopes[j][i] is ∂v_j/∂v_i with v_j's other operands held, by hand.
    """

    nodes: list[Value] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    slopes: list[dict[int, float]] = field(default_factory=list)
    named: list[int] = field(default_factory=list)

    @property
    def output(self) -> int:
        return len(self.nodes) - 1

    def by_paths(self, target: int, source: int, held: set[int]) -> float:
        """The sum over all paths from source to target, none of which passes through a held node."""
        if target == source:
            return 1.0
        return sum(
            slope * self.by_paths(target, j, held)
            for j in range(source + 1, target + 1)
            if (slope := self.slopes[j].get(source)) is not None and (j == target or j not in held)
        )

    def total(self, target: int, source: int) -> float:
        return self.by_paths(target, source, set())

    def partial(self, target: int, source: int) -> float:
        return self.by_paths(target, source, set(self.named) - {target, source})


def random_dag(seed: int, *, inputs: int = 2, size: int = 9, unnamed: float = 0.3) -> Dag:
    """A graph of sums, products, tanh and sin in which the last node depends on most others."""
    rng, dag = random.Random(seed), Dag()  # noqa: S311 - no secret
    for k in range(inputs):
        number = round(rng.uniform(-1.5, 1.5), 3) or 0.5
        dag.nodes.append(Value(number, name=f"x_{k}"))
        dag.numbers.append(number)
        dag.slopes.append({})
        dag.named.append(k)
    for k in range(inputs, size):
        _compute(dag, rng)
        if k == size - 1 or rng.random() >= unnamed:
            dag.nodes[k].named(f"v_{k}")
            dag.named.append(k)
    return dag


def _compute(dag: Dag, rng: random.Random) -> None:
    new = len(dag.nodes)
    i, j = rng.choice(range(max(0, new - 3), new)), rng.choice(range(new))
    a, b, u, v = dag.nodes[i], dag.nodes[j], dag.numbers[i], dag.numbers[j]
    c = round(rng.uniform(0.3, 1.7), 2)
    kind = rng.choice(["sum", "product", "tanh", "sin"])
    if kind == "sum":
        node, number, by_i, by_j = c * a + b - 0.25, c * u + v - 0.25, c, 1.0
    elif kind == "product":
        node, number, by_i, by_j = a * b, u * v, v, u
    elif kind == "tanh":
        number = math.tanh(u + c * v)
        node, by_i, by_j = tanh(a + c * b), 1 - number**2, c * (1 - number**2)
    else:
        node, number = sin(a) * c + b / 2, math.sin(u) * c + v / 2
        by_i, by_j = math.cos(u) * c, 0.5
    dag.nodes.append(node)
    dag.numbers.append(number)
    slopes: dict[int, float] = {}
    for place, slope in ((i, by_i), (j, by_j)):  # i may be j: x·x has two edges to x
        slopes[place] = slopes.get(place, 0.0) + slope
    dag.slopes.append(slopes)


def lecture_example():
    """The example of the third lecture at x = 1: (x, h_0, h_1, ŷ)."""
    from autograd_lite import cos, sqrt

    x = Value(1.0, name="x")
    h0 = cos(x).named("h_0")
    h1 = ((h0**3 + sin(x)) / sqrt(2)).named("h_1")
    return x, h0, h1, sqrt(h0**2 + h1**2).named("\\hat{y}")


def written_example():
    """The written example of the third lecture: u, v, w, x, y, z, each 0.1 times all before it plus noise."""
    chain: list[Value] = []
    for name in "uvwxyz":
        noise = Value(0.3, requires_grad=False)
        node = noise + 0.0 if not chain else noise
        for earlier in reversed(chain):
            node = 0.1 * earlier + node
        chain.append(Value(0.3, name="u") if name == "u" else node.named(name))
    return chain
