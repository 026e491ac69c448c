"""nn: every model of the lectures, on the graph alone; no module has a backward of its own.

All names are here, as in `nn.Linear`, but for initial weights: `nn.init.orthogonal((3, 3))`.
"""

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
from autograd_lite.habits import missing
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
from nn.autoencoder import Autoencoder, ConvAutoencoder, LinearAutoencoder, TiedAutoencoder
from nn.batches import Batches
from nn.bptt import BPTT
from nn.classification_losses import cross_entropy, nll_loss
from nn.clipping import check_gradients, clip_grad_norm_, clip_grad_value_
from nn.convolution import Conv1d, Conv2d, output_size
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
from nn.filters import FIRFilter, IIRFilter
from nn.gru import GRU, GRUCell
from nn.history import History
from nn.likelihoods import Bernoulli, Gaussian
from nn.linear import Linear
from nn.losses import (
    bce,
    bce_with_logits,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    gaussian_nll_loss,
    half_squared_error,
    hinge_loss,
    l1_loss,
    mse_loss,
)
from nn.lstm import LSTM, LSTMCell
from nn.mlp import MLP
from nn.module import Module, Parameter
from nn.normalization import BatchNorm1d, BatchNorm2d, LayerNorm
from nn.optim import SGD, Adagrad, Adam, AdamW, RMSProp, RMSprop
from nn.pooling import (
    AvgPool1d,
    AvgPool2d,
    Flatten,
    MaxPool1d,
    MaxPool2d,
    Unflatten,
    Upsample,
)
from nn.posterior import kl_divergence, reparameterize
from nn.rbm import RBM
from nn.recurrent import RNN, RNNCell
from nn.saving import load, save
from nn.schedules import (
    ChainedScheduler,
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    OneCycleLR,
    PolynomialLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)
from nn.sequential import ModuleList, Sequential
from nn.training import evaluate, fit, train_step
from nn.transposed_convolution import ConvTranspose1d, ConvTranspose2d
from nn.vae import VAE, elbo, negative_elbo

__all__ = [
    "BPTT",
    "ELU",
    "GELU",
    "GRU",
    "LSTM",
    "MLP",
    "RBM",
    "RNN",
    "SGD",
    "VAE",
    "Adagrad",
    "Adam",
    "AdamW",
    "Autoencoder",
    "AvgPool1d",
    "AvgPool2d",
    "BCELoss",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "BatchNorm2d",
    "Batches",
    "Bernoulli",
    "ChainedScheduler",
    "ConstantLR",
    "Conv1d",
    "Conv2d",
    "ConvAutoencoder",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CrossEntropyLoss",
    "CyclicLR",
    "Dropout",
    "Embedding",
    "ExponentialLR",
    "FIRFilter",
    "Flatten",
    "GRUCell",
    "Gaussian",
    "Hardtanh",
    "History",
    "IIRFilter",
    "Identity",
    "L1Loss",
    "LSTMCell",
    "LambdaLR",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LinearAutoencoder",
    "LinearLR",
    "LogSoftmax",
    "MSELoss",
    "MaxPool1d",
    "MaxPool2d",
    "Module",
    "ModuleList",
    "MultiStepLR",
    "MultiplicativeLR",
    "NLLLoss",
    "OneCycleLR",
    "Parameter",
    "PolynomialLR",
    "RMSProp",
    "RMSprop",
    "RNNCell",
    "ReLU",
    "ReduceLROnPlateau",
    "Sequential",
    "SequentialLR",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "StepLR",
    "Tanh",
    "TiedAutoencoder",
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
    "elbo",
    "elu",
    "evaluate",
    "fit",
    "gaussian_nll_loss",
    "gelu",
    "half_squared_error",
    "hinge_loss",
    "init",
    "kl_divergence",
    "l1_loss",
    "leaky_relu",
    "load",
    "log_softmax",
    "mse_loss",
    "negative_elbo",
    "nll_loss",
    "output_size",
    "relu",
    "reparameterize",
    "save",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "tanh",
    "train_step",
]  # fmt: skip


def __getattr__(name: str) -> object:
    raise missing("nn", name, __all__)
