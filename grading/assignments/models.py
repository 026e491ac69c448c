"""Models of `nn` that a question may name: a whitelist, so that a file is data and nothing in it is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final, TypeAlias

from numpy.typing import NDArray

import nn
from autograd_lite import Tensor
from grading.assignments import keys
from grading.assignments.keys import Key

Sizes: TypeAlias = Mapping[str, Any]
Shapes: TypeAlias = dict[str, tuple[int, ...]]
Arrays: TypeAlias = dict[str, NDArray[Any]]

_SMALL: Final = keys.whole(1, 64)
_FEW: Final = keys.whole(1, 16)


@dataclass(frozen=True)
class Model:
    """A model: its equations, what a file says of its sizes, and how it is made and called.

    says    its equations as the student reads them, {key} standing for what the file says
    output  what they call what the loss is taken of
    keys    what a file says of it
    make    the module, of these sizes
    shapes  of its inputs by name, the first being x
    run     (module, inputs) -> y
    names   of parameters, where the module's own would not read as the equations do
    binary  inputs that are 0 or 1
    """

    says: tuple[str, ...]
    keys: tuple[Key, ...]
    make: Callable[[Sizes], nn.Module]
    shapes: Callable[[Sizes], Shapes]
    run: Callable[[nn.Module, Mapping[str, Tensor]], Any] = lambda module, inputs: module(
        inputs["x"]
    )
    names: Mapping[str, str] = field(default_factory=dict)
    binary: bool = False
    output: str = "y"

    def equations(self, sizes: Sizes) -> tuple[str, ...]:
        """Its equations, with the sizes and functions that the file names."""
        return tuple(line.format_map(sizes) for line in self.says)


def _size(name: str, says: str, default: Any = ...) -> Key:
    kind = _FEW if name in {"T", "N"} else _SMALL
    return Key(name, kind, says) if default is ... else Key(name, kind, says, default)


_N: Final = _size("N", "examples in the batch", 3)
_T: Final = _size("T", "time steps", 4)
_RECURRENT: Final = (
    _size("input_size", "entries of x_t"), _size("hidden_size", "entries of h_t"),
    _size("output_size", "entries of y_t"), _T, _N,
)  # fmt: skip
_CONVOLUTION: Final = (
    _size("in_channels", "channels of x"), _size("out_channels", "channels of y"),
    Key("kernel_size", _FEW, "length of the kernel"), Key("stride", _FEW, "steps between windows", 1),
    Key("padding", keys.whole(0, 8), "zeros on either side", 0), _size("H", "length of x"), _N,
)  # fmt: skip
_WEIGHT_AND_BIAS: Final = {"weight": "W", "bias": "b"}
_SCALE_AND_SHIFT: Final = {"weight": "gamma", "bias": "beta"}


def _taking(module: Callable[..., nn.Module], *names: str) -> Callable[[Sizes], nn.Module]:
    """The module made from the keys of its constructor's names."""
    return lambda sizes: module(**{name: sizes[name] for name in names})


def _sequence(sizes: Sizes) -> Shapes:
    return {"x": (sizes["T"], sizes["N"], sizes["input_size"])}


def _over_time(module: nn.Module, inputs: Mapping[str, Tensor]) -> Any:
    return module(inputs["x"])[0]


def _cell(module: nn.Module, inputs: Mapping[str, Tensor]) -> Any:
    return module(inputs["x"], (inputs["h_0"], inputs["c_0"]))[0]


def _bound(module: nn.Module, inputs: Mapping[str, Tensor]) -> Any:
    return module(inputs["x"], inputs["epsilon"].detach())


def _difference(module: nn.Module, inputs: Mapping[str, Tensor]) -> Any:
    return (module(inputs["v"]), module(inputs["w"].detach()))


def _perceptron(sizes: Sizes) -> nn.Module:
    functions = {"sigmoid": nn.sigmoid, "tanh": nn.tanh, "relu": nn.relu}
    return nn.MLP(tuple(sizes["sizes"]), functions[sizes["activation"]])


def _layers(value: Any) -> tuple[int, ...]:
    if not isinstance(value, (list, tuple)) or not 2 <= len(value) <= 5:
        raise ValueError
    return tuple(_SMALL.read(x) for x in value)


_LAYERS: Final = keys.Kind("a list of 2 to 5 whole numbers, input first", _layers)
_GATES: Final = tuple(
    f"{g}_t = {phi}(W_{w}·x_t + U_{w}·h_(t−1) + b_{w})"
    for g, w, phi in (("i", "i", "σ"), ("f", "f", "σ"), ("o", "o", "σ"), ("c̃", "c", "tanh"))
)
_CELL: Final = (*_GATES, "c_t = f_t ⊙ c_(t−1) + i_t ⊙ c̃_t", "h_t = o_t ⊙ tanh(c_t)")

MODELS: Final[dict[str, Model]] = {
    "Linear": Model(
        ("y = x·Wᵀ + b",),
        (_size("in_features", "entries of x"), _size("out_features", "entries of y"), _N),
        _taking(nn.Linear, "in_features", "out_features"),
        lambda s: {"x": (s["N"], s["in_features"])},
        names=_WEIGHT_AND_BIAS,
    ),
    "MLP": Model(
        ("ξ_l = h_(l−1)·W_lᵀ + b_l with h_0 = x", "h_l = {activation}(ξ_l), and ŷ is the last ξ_l"),
        (
            Key("sizes", _LAYERS, "entries of each layer"),
            Key("activation", keys.one_of(("sigmoid", "tanh", "relu")), "φ", "sigmoid"),
            _N,
        ),
        _perceptron,
        lambda s: {"x": (s["N"], s["sizes"][0])},
        output="ŷ",
    ),
    "RNN": Model(
        ("h_t = tanh(W_xh·x_t + W_hh·h_(t−1) + b_h), h_0 = 0", "y_t = W_hy·h_t + b_y"),
        _RECURRENT,
        _taking(nn.RNN, "input_size", "hidden_size", "output_size"),
        _sequence,
        _over_time,
    ),
    "GRU": Model(
        (
            "r_t = σ(W_r·x_t + U_r·h_(t−1) + b_r), z_t = σ(W_z·x_t + U_z·h_(t−1) + b_z)",
            "n_t = tanh(W_n·x_t + b_n + r_t ⊙ (U_n·h_(t−1) + b_hn))",
            "h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_(t−1), h_0 = 0",
            "y_t = W_hy·h_t + b_y",
        ),
        _RECURRENT,
        _taking(nn.GRU, "input_size", "hidden_size", "output_size"),
        _sequence,
        _over_time,
    ),
    "LSTM": Model(
        (*_CELL, "y_t = W_hy·h_t + b_y, h_0 = c_0 = 0"),
        _RECURRENT,
        _taking(nn.LSTM, "input_size", "hidden_size", "output_size"),
        _sequence,
        _over_time,
    ),
    "LSTMCell": Model(
        (*_CELL, "one step: t = 1, and y is h_1"),
        (_size("input_size", "entries of x"), _size("hidden_size", "entries of h"), _N),
        _taking(nn.LSTMCell, "input_size", "hidden_size"),
        lambda s: {
            "x": (s["N"], s["input_size"]),
            "h_0": (s["N"], s["hidden_size"]),
            "c_0": (s["N"], s["hidden_size"]),
        },
        _cell,
    ),
    "Conv1d": Model(
        (
            "y[n,o,j] = b[o] + Σ_c Σ_k W[o,c,k]·x[n,c,j·S − P + k], x being 0 outside",
            "stride S = {stride}, padding P = {padding}; indices begin at 0",
        ),
        _CONVOLUTION,
        _taking(nn.Conv1d, "in_channels", "out_channels", "kernel_size", "stride", "padding"),
        lambda s: {"x": (s["N"], s["in_channels"], s["H"])},
        names=_WEIGHT_AND_BIAS,
    ),
    "Conv2d": Model(
        (
            "y[n,o,i,j] = b[o] + Σ_c Σ_k Σ_l W[o,c,k,l]·x[n,c,i·S − P + k,j·S − P + l], x being 0 outside",
            "stride S = {stride}, padding P = {padding}; indices begin at 0",
        ),
        (*_CONVOLUTION, _size("width", "width of x, whose height is H")),
        _taking(nn.Conv2d, "in_channels", "out_channels", "kernel_size", "stride", "padding"),
        lambda s: {"x": (s["N"], s["in_channels"], s["H"], s["width"])},
        names=_WEIGHT_AND_BIAS,
    ),
    "BatchNorm1d": Model(
        ("y = γ ⊙ (x − μ)/√(s² + ε) + β, μ and s² over the batch (divided by N), ε = 10⁻⁵",),
        (_size("num_features", "entries of x"), _N),
        _taking(nn.BatchNorm1d, "num_features"),
        lambda s: {"x": (s["N"], s["num_features"])},
        names=_SCALE_AND_SHIFT,
    ),
    "LayerNorm": Model(
        ("y = γ ⊙ (x − μ)/√(s² + ε) + β, μ and s² over the entries of each example, ε = 10⁻⁵",),
        (_size("normalized_shape", "entries of x"), _N),
        _taking(nn.LayerNorm, "normalized_shape"),
        lambda s: {"x": (s["N"], s["normalized_shape"])},
        names=_SCALE_AND_SHIFT,
    ),
    "LinearAutoencoder": Model(
        ("z = x·W_eᵀ", "x̂ = z·W_dᵀ"),
        (_size("features", "entries of x"), _size("latent", "entries of z"), _N),
        _taking(nn.LinearAutoencoder, "features", "latent"),
        lambda s: {"x": (s["N"], s["features"])},
    ),
    "TiedAutoencoder": Model(
        ("z = σ(x·W + b)", "x̂ = σ(z·Wᵀ + b̂)"),
        (_size("visible", "entries of x"), _size("hidden", "entries of z"), _N),
        _taking(nn.TiedAutoencoder, "visible", "hidden"),
        lambda s: {"x": (s["N"], s["visible"])},
    ),
    "VAE": Model(
        (
            "h = relu(x·W_1ᵀ + b_1), [μ, log σ²] = h·W_2ᵀ + b_2",
            "z = μ + σ ⊙ ε",
            "g = relu(z·W_3ᵀ + b_3), x̂ = g·W_4ᵀ + b_4",
            "KL = ½ Σ (σ² + μ² − 1 − log σ²) for each example",
        ),
        (
            _size("features", "entries of x"), _size("hidden", "entries of h and of g"),
            _size("latent", "entries of z"), _N,
        ),
        lambda s: nn.VAE.dense((s["features"], s["hidden"], s["latent"]), nn.Gaussian()),
        lambda s: {"x": (s["N"], s["features"]), "epsilon": (s["N"], s["latent"])},
        _bound,
        names={
            f"{part}.{i}.{what}": f"{letter}_{number}"
            for number, (part, i) in enumerate(product(("encoder", "decoder"), (0, 2)), 1)
            for what, letter in _WEIGHT_AND_BIAS.items()
        },
    ),
    "RBM": Model(
        (
            "E(v, h) = −aᵀv − bᵀh − vᵀ·W·h",
            "F(v) = −aᵀv − Σ_j log(1 + exp(b_j + Σ_i w_ij·v_i))",
            "v are data; w are states drawn by the machine, held constant",
        ),
        (_size("visible", "entries of v"), _size("hidden", "entries of h"), _N),
        _taking(nn.RBM, "visible", "hidden"),
        lambda s: {"v": (s["N"], s["visible"]), "w": (s["N"], s["visible"])},
        _difference,
        binary=True,
    ),
}  # fmt: skip
