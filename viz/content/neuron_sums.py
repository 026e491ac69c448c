r"""What single neurons add up, as formulas under their picture: z = φ(b + Σ w z), every letter explained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from viz.choose.neurons import Kernel, Layer
from viz.content.content import Pieces
from viz.formulas.escaping import upright


def captions(layers: Sequence[Layer]) -> tuple[Pieces, ...]:
    """One formula for each kind of layer, with the layers that it is of if there are several kinds."""
    kinds: dict[Pieces, list[int]] = {}
    for number, layer in enumerate(layers, 1):
        kinds.setdefault(_caption(layer), []).append(number)
    if len(kinds) == 1:
        return tuple(kinds)
    return tuple((*caption, rf"\quad(l={','.join(map(str, of))})") for caption, of in kinds.items())


def _caption(layer: Layer) -> Pieces:
    added = " + ".join([*_bias(layer), _sum(layer.kernel)])
    value = rf"\varphi\left({added}\right)" if layer.activation else added
    formula, *legend = (f"z_{{l+1,{_place(layer.kernel)}}} = {value}", *_legend(layer))
    return (f"{formula}{',' if legend else ''}", *(f"{p}," for p in legend[:-1]), *legend[-1:])


def _bias(layer: Layer) -> Iterator[str]:
    """b_l where all neurons share one, b_{l,o} where a channel's do, else b_{l,j}."""
    if layer.biases:
        index = "o" if layer.kernel and layer.kernel.has_channels else "j"
        is_shared = all(bias.label == layer.biases[0].label for bias in layer.biases)
        yield "b_l" if is_shared and "," not in layer.biases[0].label else f"b_{{l,{index}}}"


def _place(kernel: Kernel | None) -> str:
    """The number of a neuron; of channels the neurons stand one after the other."""
    return f"{kernel.after}(o-1)+j" if kernel and kernel.has_channels else "j"


def _sum(kernel: Kernel | None) -> str:
    """What a neuron adds up; for kernels as in equation (21) of the lecture notes."""
    if kernel is None:
        return r"\sum_i w_{l,i,j}\,z_{l,i}"
    step = "k-P" if kernel.dilation == 1 else "(k-1)D+1-P"
    if not kernel.has_channels:
        return rf"\sum_k \omega_{{l,k}}\,z_{{l,(j-1)S+{step}}}"
    return rf"\sum_{{c,k}} \omega_{{l,o,c,k}}\,z_{{l,{kernel.before}(c-1)+(j-1)S+{step}}}"


def _legend(layer: Layer) -> Iterator[str]:
    if layer.activation:
        yield rf"\quad\varphi={upright(layer.activation)}"
    if layer.kernel:
        yield rf"\quad\mathrm{{stride}}\ S={layer.kernel.stride}"
        yield rf"\quad\mathrm{{padding}}\ P={layer.kernel.padding}"
        if layer.kernel.dilation != 1:
            yield rf"\quad\mathrm{{dilation}}\ D={layer.kernel.dilation}"
