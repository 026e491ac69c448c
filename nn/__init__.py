"""nn: every model of the lectures, on the graph alone; no module has a backward of its own."""

from autograd_lite.functions import (
    elu,
    gelu,
    leaky_relu,
    log_softmax,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)
from nn import init
from nn.activations import (
    ELU,
    GELU,
    Hardtanh,
    Identity,
    LeakyReLU,
    LogSoftmax,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from nn.batches import Batches
from nn.clipping import check_gradients, clip_grad_norm_, clip_grad_value_
from nn.convolution import Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d, output_size
from nn.criteria import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    L1Loss,
    MSELoss,
    NLLLoss,
)
from nn.dropout import Dropout
from nn.embedding import Embedding
from nn.history import History
from nn.linear import Linear
from nn.losses import (
    bce,
    bce_with_logits,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    gaussian_nll_loss,
    half_squared_error,
    hinge_loss,
    l1_loss,
    mse_loss,
    nll_loss,
)
from nn.mlp import MLP
from nn.module import Module, Parameter
from nn.normalization import BatchNorm1d, BatchNorm2d, LayerNorm
from nn.optim import SGD, Adam, AdamW, RMSProp
from nn.pooling import (
    AvgPool1d,
    AvgPool2d,
    Flatten,
    MaxPool1d,
    MaxPool2d,
    Unflatten,
    Upsample,
)
from nn.saving import load, save
from nn.schedules import CosineAnnealingLR, ExponentialLR, LambdaLR, LinearLR, StepLR
from nn.sequential import ModuleList, Sequential
from nn.training import evaluate, fit, train_step

__all__ = [
    "ELU",
    "GELU",
    "MLP",
    "SGD",
    "Adam",
    "AdamW",
    "AvgPool1d",
    "AvgPool2d",
    "BCELoss",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "BatchNorm2d",
    "Batches",
    "Conv1d",
    "Conv2d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "CosineAnnealingLR",
    "CrossEntropyLoss",
    "Dropout",
    "Embedding",
    "ExponentialLR",
    "Flatten",
    "Hardtanh",
    "History",
    "Identity",
    "L1Loss",
    "LambdaLR",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LinearLR",
    "LogSoftmax",
    "MSELoss",
    "MaxPool1d",
    "MaxPool2d",
    "Module",
    "ModuleList",
    "NLLLoss",
    "Parameter",
    "RMSProp",
    "ReLU",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "StepLR",
    "Tanh",
    "Unflatten",
    "Upsample",
    "bce",
    "bce_with_logits",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "check_gradients",
    "clip_grad_norm_",
    "clip_grad_value_",
    "cross_entropy",
    "elu",
    "evaluate",
    "fit",
    "gaussian_nll_loss",
    "gelu",
    "half_squared_error",
    "hinge_loss",
    "init",
    "l1_loss",
    "leaky_relu",
    "load",
    "log_softmax",
    "mse_loss",
    "nll_loss",
    "output_size",
    "relu",
    "save",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "tanh",
    "train_step",
]  # fmt: skip
