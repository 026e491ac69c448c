"""G: convolution and the geometry of its windows. q is the question; see `grading.arrays.convolutions`."""

from __future__ import annotations

from typing import Final

from grading.catalogue.mistake import Mistake

CONVOLUTION: Final = (
    Mistake(
        "G1", "kernel's gradient flipped",
        "Your kernel gradient is flipped: the layer slides the kernel as it is, without turning it.",
        5, lambda q: q.rules.both("G1"),
    ),
    Mistake(
        "G2", "kernel not flipped on the way back",
        "On the way back to the image the kernel is flipped: each output goes back to the entries "
        "that it came from.",
        5, lambda q: q.rules.both("G2"),
    ),
    Mistake(
        "G3", "stride ignored",
        "You moved the windows by one entry: look at the stride.",
        4, lambda q: q.convolutions.stride_ignored(),
    ),
    Mistake(
        "G4a", "padding not cut off",
        "Your gradient still has the padding: cut it off, the image has none.",
        4, lambda q: q.convolutions.uncropped(),
    ),
    Mistake(
        "G4b", "padding ignored",
        "For the kernel you took the image without its padding: the windows begin in the padding.",
        4, lambda q: q.convolutions.padding_ignored(),
    ),
    Mistake(
        "G4c", "padding cut off at the wrong end",
        "You cut the padding off behind the image alone: there is as much in front of it.",
        3, lambda q: q.convolutions.cropped_at_the_end(),
    ),
    Mistake(
        "G5", "overlapping windows overwritten",
        "Where windows overlap, the last one replaced what the others sent back: their contributions add up.",
        4, lambda q: q.convolutions.overwritten(),
    ),
    Mistake(
        "G6a", "first position only",
        "You counted the first position of the kernel alone: it is used at every position.",
        3, lambda q: q.convolutions.one_position(0),
    ),
    Mistake(
        "G6b", "last position only",
        "You counted the last position of the kernel alone: it is used at every position.",
        3, lambda q: q.convolutions.one_position(-1),
    ),
    Mistake(
        "G6c", "one position of the bias only",
        "You counted the bias at one position alone: it is added at every position.",
        3, lambda q: q.convolutions.bias_of_one_place(),
    ),
    Mistake(
        "G7a", "bias not summed over the positions",
        "The bias is added at every position, and you did not sum over them.",
        4, lambda q: q.convolutions.bias_of_each_place(),
    ),
    Mistake(
        "G7b", "mean for the bias",
        "You took a mean where the bias's contributions add up ({where}).",
        3, lambda q: q.convolutions.bias_mean(),
    ),
    Mistake(
        "G7c", "bias not summed over the examples",
        "The bias is added to every example, and you did not sum over them.",
        4, lambda q: q.convolutions.bias_of_each_example(),
    ),
    Mistake(
        "G9", "kernel's axes swapped",
        "Two axes of your kernel gradient are swapped ({where}): look at the shape of the kernel.",
        3, lambda q: q.convolutions.transposed(),
    ),
    Mistake(
        "G9b", "kernel transposed",
        "You swapped the kernel's rows and columns on the way back to the image: only the order of the "
        "places turns round.",
        2, lambda q: q.convolutions.kernel_transposed(),
    ),
    Mistake(
        "G10a", "last filter only",
        "You sent the last filter's part back to the image alone: the parts of all filters add up.",
        3, lambda q: q.convolutions.one_filter(-1),
    ),
    Mistake(
        "G10b", "first filter only",
        "You sent the first filter's part back to the image alone: the parts of all filters add up.",
        2, lambda q: q.convolutions.one_filter(0),
    ),
    Mistake(
        "G11a", "dilation ignored",
        "Your windows have entries that are neighbours: look at the dilation.",
        3, lambda q: q.convolutions.dilation_ignored(),
    ),
    Mistake(
        "G11b", "groups ignored",
        "You let every filter see every channel: with groups it sees those of its own group.",
        3, lambda q: q.convolutions.groups_ignored(),
    ),
)  # fmt: skip
