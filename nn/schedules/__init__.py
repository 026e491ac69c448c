"""Schedules: how the learning rate changes from step to step, with torch's names and numbers.

Each is a formula for the rate η_t after t steps, from the rate η_0 the optimiser began with.
`nn.fit(..., schedule=schedule)` goes one step on after each epoch; a loop of your own calls `step()`.
"""

from nn.schedules.cosine import CosineAnnealingLR, CosineAnnealingWarmRestarts
from nn.schedules.cycles import CyclicLR, OneCycleLR
from nn.schedules.decays import (
    ConstantLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)
from nn.schedules.plateau import ReduceLROnPlateau
from nn.schedules.scheduler import LRScheduler
from nn.schedules.sequences import ChainedScheduler, SequentialLR

__all__ = [
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]
