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
from autograd_lite.habits import missing_in_package as _missing
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
from nn.adaptive_pooling import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AdaptiveMaxPool1d,
    AdaptiveMaxPool2d,
)
from nn.attention import scaled_dot_product_attention
from nn.autoencoder import Autoencoder, ConvAutoencoder, LinearAutoencoder, TiedAutoencoder
from nn.batches import Batches
from nn.bptt import BPTT
from nn.classification_losses import cross_entropy, nll_loss
from nn.clipping import check_gradients, clip_grad_norm_, clip_grad_value_
from nn.containers import ModuleDict, ParameterDict, ParameterList
from nn.convolution import Conv1d, Conv2d, output_size
from nn.criteria import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    L1Loss,
    MSELoss,
    NLLLoss,
)
from nn.distribution_criteria import (
    GaussianNLLLoss,
    HuberLoss,
    KLDivLoss,
    PoissonNLLLoss,
    SmoothL1Loss,
)
from nn.distribution_losses import kl_div, poisson_nll_loss
from nn.dropout import Dropout, Dropout1d, Dropout2d
from nn.embedding import Embedding
from nn.filters import FIRFilter, IIRFilter
from nn.flattening import Flatten, Unflatten
from nn.group_norm import GroupNorm, InstanceNorm1d, InstanceNorm2d
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
from nn.margin_criteria import (
    CosineEmbeddingLoss,
    HingeEmbeddingLoss,
    MarginRankingLoss,
    SoftMarginLoss,
    TripletMarginLoss,
)
from nn.margin_losses import (
    cosine_embedding_loss,
    hinge_embedding_loss,
    margin_ranking_loss,
    soft_margin_loss,
    triplet_margin_loss,
)
from nn.mlp import MLP
from nn.module import Module
from nn.multihead import MultiheadAttention
from nn.naming import called, numbered
from nn.normalization import BatchNorm1d, BatchNorm2d, LayerNorm
from nn.optim import SGD, Adagrad, Adam, AdamW, RMSProp, RMSprop
from nn.parameters import Parameter
from nn.pooling import (
    AvgPool1d,
    AvgPool2d,
    MaxPool1d,
    MaxPool2d,
    Upsample,
)
from nn.posterior import kl_divergence, reparameterize
from nn.rbm import RBM
from nn.rectifiers import CELU, SELU, Hardsigmoid, Hardswish, Mish, PReLU, ReLU6
from nn.rms_norm import RMSNorm
from nn.rnn import RNN, RNNCell
from nn.robust_losses import huber_loss, smooth_l1_loss
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
from nn.squashing import GLU, LogSigmoid, Softmin, Softshrink, Softsign, Tanhshrink
from nn.torch_names import torch_state
from nn.training import evaluate, fit, train_step
from nn.transformer import TransformerEncoder, TransformerEncoderLayer
from nn.transformer_decoder import TransformerDecoder, TransformerDecoderLayer
from nn.transposed_convolution import ConvTranspose1d, ConvTranspose2d
from nn.vae import VAE, elbo, negative_elbo

__all__ = [
    "BPTT", "CELU", "ELU", "GELU", "GLU", "GRU", "LSTM", "MLP", "RBM", "RNN", "SELU", "SGD", "VAE",
    "Adagrad", "Adam", "AdamW", "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d", "Autoencoder", "AvgPool1d", "AvgPool2d",
    "BCELoss", "BCEWithLogitsLoss", "BatchNorm1d", "BatchNorm2d", "Batches", "Bernoulli",
    "ChainedScheduler", "ConstantLR", "Conv1d", "Conv2d", "ConvAutoencoder", "ConvTranspose1d",
    "ConvTranspose2d", "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "CosineEmbeddingLoss",
    "CrossEntropyLoss", "CyclicLR",
    "Dropout", "Dropout1d", "Dropout2d",
    "Embedding", "ExponentialLR",
    "FIRFilter", "Flatten",
    "GRUCell", "Gaussian", "GaussianNLLLoss", "GroupNorm",
    "Hardsigmoid", "Hardswish", "Hardtanh", "HingeEmbeddingLoss", "History", "HuberLoss",
    "IIRFilter", "Identity", "InstanceNorm1d", "InstanceNorm2d",
    "KLDivLoss",
    "L1Loss", "LSTMCell", "LambdaLR", "LayerNorm", "LeakyReLU", "Linear", "LinearAutoencoder",
    "LinearLR", "LogSigmoid", "LogSoftmax",
    "MSELoss", "MarginRankingLoss", "MaxPool1d", "MaxPool2d", "Mish", "Module", "ModuleDict",
    "ModuleList", "MultiStepLR", "MultiheadAttention", "MultiplicativeLR",
    "NLLLoss",
    "OneCycleLR",
    "PReLU", "Parameter", "ParameterDict", "ParameterList", "PoissonNLLLoss", "PolynomialLR",
    "RMSNorm", "RMSProp", "RMSprop", "RNNCell", "ReLU", "ReLU6", "ReduceLROnPlateau",
    "Sequential", "SequentialLR", "SiLU", "Sigmoid", "SmoothL1Loss", "SoftMarginLoss", "Softmax",
    "Softmin", "Softplus", "Softshrink", "Softsign", "StepLR",
    "Tanh", "Tanhshrink", "TiedAutoencoder", "TransformerDecoder", "TransformerDecoderLayer",
    "TransformerEncoder", "TransformerEncoderLayer", "TripletMarginLoss",
    "Unflatten", "Upsample",
    "bce", "bce_with_logits", "binary_cross_entropy", "binary_cross_entropy_with_logits",
    "called", "check_gradients", "clip_grad_norm_", "clip_grad_value_", "cosine_embedding_loss",
    "cross_entropy",
    "elbo", "elu", "evaluate",
    "fit",
    "gaussian_nll_loss", "gelu",
    "half_squared_error", "hinge_embedding_loss", "hinge_loss", "huber_loss",
    "init",
    "kl_div", "kl_divergence",
    "l1_loss", "leaky_relu", "load", "log_softmax",
    "margin_ranking_loss", "mse_loss",
    "negative_elbo", "nll_loss", "numbered",
    "output_size",
    "poisson_nll_loss",
    "relu", "reparameterize",
    "save", "scaled_dot_product_attention", "sigmoid", "silu", "smooth_l1_loss", "soft_margin_loss",
    "softmax", "softplus",
    "tanh", "torch_state", "train_step", "triplet_margin_loss",
]  # fmt: skip


def __getattr__(name: str) -> object:
    raise _missing("nn", name, __all__)
