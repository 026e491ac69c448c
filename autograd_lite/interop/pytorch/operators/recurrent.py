r"""torch's LSTM, GRU and RNN as one step after the other, with the states named as in lectures.

h_1, h_2, … (and c_1, c_2, … of an LSTM) in the first layer, h_1^{(2)} in the second, h_1^{(1')} where the
sequence is read from its end. Weights stand in torch's order: of each layer and direction W, U and, where
there are biases, two of them; of an LSTM with projections also P.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from autograd_lite import functions as f
from autograd_lite._tensor import Tensor
from autograd_lite.interop.pytorch.operators.drawing import Draws, dropped
from autograd_lite.interop.pytorch.operators.operator import Operators
from autograd_lite.interop.pytorch.operators.products import affine
from autograd_lite.interop.pytorch.operators.shaping import f_getitem
from autograd_lite.operands import Array
from autograd_lite.rules.shape import shape_of

State: TypeAlias = tuple[Any, ...]
Step: TypeAlias = Callable[[Any, State, Sequence[Any]], State]


class _Weights(NamedTuple):
    """One layer's in one direction; what is not there is None."""

    W: Any
    U: Any
    b_ih: Any = None
    b_hh: Any = None
    P: Any = None


def _excited(x: Any, h: Any, w: Sequence[Any]) -> Any:
    """W·x + U·h + b, as one operation where there is a bias."""
    if w[2] is None:
        return f.add(affine(x, w[0]), affine(h, w[1]))
    return f.excitation(x, w[0], h, w[1], f.add(w[2], w[3]))


def _lstm_step(x: Any, state: State, w: Sequence[Any]) -> State:
    """i, f, o = φ(…), c̃ = tanh(…): c = f·c + i·c̃, h = o·tanh(c)."""
    h, c = state
    i, forget, candidate, o = _blocks(_excited(x, h, w), 4)
    c = f.multiply_add(f.sigmoid(forget), c, f.multiply(f.sigmoid(i), f.tanh(candidate)))
    h = f.multiply(f.sigmoid(o), f.tanh(c))
    return (h if w[4] is None else affine(h, w[4])), c


def _gru_step(x: Any, state: State, w: Sequence[Any]) -> State:
    """r, z = φ(…), n = tanh(W·x + r·(U·h)): h = (1 - z)·n + z·h."""
    (h,) = state
    by_input, by_state = _blocks(affine(x, w[0], w[2]), 3), _blocks(affine(h, w[1], w[3]), 3)
    r, z = (f.sigmoid(f.add(a, b)) for a, b in zip(by_input[:2], by_state[:2], strict=True))
    n = f.tanh(f.add(by_input[2], f.multiply(r, by_state[2])))
    return (f.add(n, f.multiply(z, f.subtract(h, n))),)


def _simple_step(activation: Callable[[Any], Any]) -> Step:
    return lambda x, state, w: (activation(_excited(x, state[0], w)),)


def _blocks(y: Array, n: int) -> list[Any]:
    size = shape_of(y)[-1] // n
    return [f_getitem(y, (Ellipsis, slice(k * size, (k + 1) * size))) for k in range(n)]


class _Layers(NamedTuple):
    """What torch says of a recurrent module beside its numbers."""

    biases: bool
    number: int
    dropout: float
    train: bool
    bidirectional: bool
    batch_first: bool


def _run(
    draws: Draws, step: Step, symbols: str, x: Array, before: State, flat: Sequence[Any], *said: Any
) -> tuple[Any, ...]:
    """All layers: the last one's h at every time, then what each layer ends with."""
    layers = _Layers(*said)
    directions = (False, True) if layers.bidirectional else (False,)
    weights = _sorted(flat, layers, len(directions))
    xs = _unstacked(f.swapaxes(x, axis1=0, axis2=1) if layers.batch_first else x)
    ends: list[State] = []
    for k in range(layers.number):
        ways = []
        for reverse in directions:
            state = tuple(f_getitem(s, len(ends)) for s in before)
            w, mark = weights[len(ends)], _mark(k, reverse)
            states = _one_way(step, symbols, xs[::-1] if reverse else xs, state, w, mark)
            ends.append(states[-1])
            hs = [state[0] for state in states]
            ways.append(hs[::-1] if reverse else hs)
        xs = (
            [f.concatenate(list(both), axis=-1) for both in zip(*ways, strict=True)]
            if len(ways) > 1
            else ways[0]
        )
        if layers.train and layers.dropout and k < layers.number - 1:
            xs = _unstacked(dropped(draws, f.stack(xs), layers.dropout, True))
    y = f.stack(xs, axis=1 if layers.batch_first else 0)
    return y, *(f.stack(list(end)) for end in zip(*ends, strict=True))


def _one_way(
    step: Step, symbols: str, xs: Sequence[Any], state: State, w: _Weights, mark: str
) -> list[State]:
    """The state after each time step, under its symbols' names."""
    states = []
    for t, x in enumerate(xs, start=1):
        state = step(x, state, w)
        at = f"_{t}{mark}" if t < 10 else f"_{{{t}}}{mark}"
        for node, symbol in zip(state, symbols, strict=True):
            if isinstance(node, Tensor) and node.requires_grad:
                node.named(symbol + at)
        states.append(state)
    return states


def _mark(k: int, reverse: bool) -> str:
    """What the names of a layer's states end in; nothing in the first."""
    return f"^{{({k + 1}{chr(39) * reverse})}}" if k or reverse else ""


def _unstacked(x: Array) -> list[Any]:
    return [f_getitem(x, t) for t in range(shape_of(x)[0])]


def _sorted(flat: Sequence[Any], layers: _Layers, directions: int) -> list[_Weights]:
    """The weights of each layer and direction: torch's list has one after the other."""
    each = len(flat) // (layers.number * directions)
    rows = [list(flat[k : k + each]) for k in range(0, len(flat), each)]
    if not layers.biases:
        rows = [[*row[:2], None, None, *row[2:]] for row in rows]
    return [_Weights(*row) for row in rows]


def _lstm(draws: Draws, x: Array, state: Sequence[Any], flat: Sequence[Any], *said: Any) -> Any:
    return _run(draws, _lstm_step, "hc", x, tuple(state), flat, *said)


def _of_one_state(step: Step) -> Callable[..., Any]:
    return lambda draws, x, h, flat, *said: _run(draws, step, "h", x, (h,), flat, *said)


RECURRENT: Final[Operators] = {
    "lstm.input": _lstm,
    "gru.input": _of_one_state(_gru_step),
    "rnn_tanh.input": _of_one_state(_simple_step(f.tanh)),
    "rnn_relu.input": _of_one_state(_simple_step(f.relu)),
}
