"""Arguments with which everything in nn works, and how what it gives is used: a number comes out.

GOOD   for each name the arguments it cannot do without, and those that bring a branch to life
USES   for what is made, what it is called with
DATA   arguments that are no option: numbers, targets, modules, functions, generators
"""

import numpy as np

import nn
from autograd_lite import Tensor

ROWS = np.array([[0.3, -0.7, 1.1], [0.9, 0.4, -0.2]])
SEQUENCES = np.random.default_rng(0).normal(size=(2, 4, 8))
IMAGES = np.random.default_rng(1).normal(size=(2, 4, 8, 8))
PROBABILITIES = np.array([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]])
SIGNS = np.array([1, -1])
RECURRENT = {"input_size": 8, "hidden_size": 3}


def parameters():
    return [Tensor([1.0, 2.0], requires_grad=True)]


def with_gradients():
    (w,) = parameters()
    w.grad = np.array([3.0, 4.0])
    return [w]


def optimizer():
    return nn.SGD(parameters(), lr=0.1, momentum=0.5)


def encoder():
    return nn.Linear(3, 4, generator=0)


def arguments(name):
    """Good arguments for nn.name, made anew: what is trained belongs to one trial."""
    made = {a: x() if callable(x) else x for a, x in GOOD.get(name, {}).items()}
    if name in {"fit", "train_step"}:
        made["optimizer"] = nn.SGD(made["model"].parameters(), lr=0.01)
    if name == "SequentialLR":
        made["schedulers"] = [nn.StepLR(made["optimizer"], 2), nn.StepLR(made["optimizer"], 3)]
    if name == "BPTT":
        made["module"] = nn.RNN(8, 3, generator=0)
        made["loss"] = made["module"](SEQUENCES)[0].sum()
    return made


def by_place(name, given):
    """What only comes by place: the first argument of an operation, and a batch's arrays."""
    first = "arrays" if name == "Batches" else "x"
    return [given.pop(first)] if first in given and name in {"Batches", *FUNCTIONS} else []


def called(name, made):
    """What comes out when that which was made is used."""
    if isinstance(made, nn.optim.Optimizer):
        (w,) = made.param_groups[0]["params"]
        w.grad = np.array([3.0, 4.0])
        made.step()
        return w.numpy()
    if hasattr(made, "get_last_lr"):
        for _ in range(3):
            made.optimizer.step()
            made.step(1.0) if name == "ReduceLROnPlateau" else made.step()
        return np.array(made.get_last_lr())
    if name in USES and isinstance(made, nn.Module):
        made = made(*USES[name])
    return made[0] if isinstance(made, tuple) and name not in {"output_size"} else made


def layer(kind, **options):
    made = getattr(nn, f"Transformer{kind}Layer")
    return made(8, 2, dim_feedforward=3, dropout=0.0, generator=0, **options)


FUNCTIONS = [
    "elu",
    "gelu",
    "leaky_relu",
    "relu",
    "sigmoid",
    "silu",
    "softplus",
    "tanh",
    "softmax",
    "log_softmax",
]
WEIGHT = {"tensor": lambda: np.zeros((2, 4))}
GOOD = {
    **dict.fromkeys(["RNN", "LSTM", "GRU"], RECURRENT),
    **dict.fromkeys(["RNNCell", "LSTMCell", "GRUCell"], RECURRENT),
    **dict.fromkeys(
        ["SGD", "Adagrad", "Adam", "AdamW", "RMSProp", "RMSprop"], {"params": parameters}
    ),
    **dict.fromkeys(
        ["Conv1d", "Conv2d", "ConvTranspose1d", "ConvTranspose2d"],
        {"in_channels": 4, "out_channels": 2, "kernel_size": 3},
    ),
    **dict.fromkeys(["AvgPool1d", "AvgPool2d", "MaxPool1d", "MaxPool2d"], {"kernel_size": 2}),
    **dict.fromkeys(
        ["BatchNorm1d", "BatchNorm2d", "InstanceNorm1d", "InstanceNorm2d"], {"num_features": 4}
    ),
    **{f"Adaptive{kind}Pool{n}d": {"output_size": 3} for kind in ("Avg", "Max") for n in (1, 2)},
    **dict.fromkeys(
        ["ConstantLR", "LinearLR", "PolynomialLR", "ReduceLROnPlateau"], {"optimizer": optimizer}
    ),
    **dict.fromkeys(["StepLR"], {"optimizer": optimizer, "step_size": 2}),
    **dict.fromkeys(
        ["TransformerEncoderLayer", "TransformerDecoderLayer"],
        {"d_model": 8, "nhead": 2, "dim_feedforward": 3},
    ),
    **dict.fromkeys(["bce", "binary_cross_entropy"], {"y": PROBABILITIES, "t": PROBABILITIES}),
    **dict.fromkeys(
        ["bce_with_logits", "binary_cross_entropy_with_logits"], {"x": ROWS, "t": PROBABILITIES}
    ),
    **dict.fromkeys(
        ["half_squared_error", "l1_loss", "mse_loss", "huber_loss", "smooth_l1_loss"],
        {"y": ROWS, "t": PROBABILITIES},
    ),
    **dict.fromkeys(["kl_div", "poisson_nll_loss"], {"x": ROWS, "t": PROBABILITIES}),
    **dict.fromkeys(["hinge_embedding_loss", "soft_margin_loss"], {"x": ROWS[:, 0], "t": SIGNS}),
    **dict.fromkeys(["cross_entropy"], {"logits": ROWS, "target": [0, 2]}),
    **dict.fromkeys(FUNCTIONS, {"x": ROWS}),
    **{f"init.{name}": {"shape": (2, 4)} for name in nn.init.__all__ if not name.endswith("_")},
    **{f"init.{name}": WEIGHT for name in nn.init.__all__ if name.endswith("_")},
    "Autoencoder": {"encoder": encoder, "decoder": lambda: nn.Linear(4, 3)},
    "BPTT": {"loss": lambda: None, "module": lambda: None},
    "Batches": {"arrays": ROWS},
    "ChainedScheduler": {"schedulers": lambda: [nn.StepLR(optimizer(), 2)]},
    "CosineAnnealingLR": {"optimizer": optimizer, "T_max": 4},
    "CosineAnnealingWarmRestarts": {"optimizer": optimizer, "T_0": 4},
    "CyclicLR": {"optimizer": optimizer, "base_lr": 0.1, "max_lr": 0.5, "step_size_up": 3},
    "Embedding": {"num_embeddings": 5, "embedding_dim": 2},
    "ExponentialLR": {"optimizer": optimizer, "gamma": 0.5},
    "FIRFilter": {"b": [1.0, 0.5]},
    "GroupNorm": {"num_groups": 2, "num_channels": 4},
    "IIRFilter": {"b": [1.0], "a": [0.5]},
    "LambdaLR": {"optimizer": optimizer, "lr_lambda": lambda: lambda t: 0.5**t},
    "LayerNorm": {"normalized_shape": 8},
    "Linear": {"in_features": 8, "out_features": 2},
    "LinearAutoencoder": {"features": 8, "latent": 2},
    "MLP": {"sizes": (8, 3, 1)},
    "MultiStepLR": {"optimizer": optimizer, "milestones": [2, 3]},
    "MultiheadAttention": {"embed_dim": 8, "num_heads": 2},
    "MultiplicativeLR": {"optimizer": optimizer, "lr_lambda": lambda: lambda t: 0.5},
    "OneCycleLR": {"optimizer": optimizer, "max_lr": 0.5, "total_steps": 10},
    "Parameter": {"data": [1.0]},
    "RBM": {"visible": 8, "hidden": 3},
    "RMSNorm": {"normalized_shape": 8},
    "SequentialLR": {"optimizer": optimizer, "schedulers": None, "milestones": [2]},
    "TiedAutoencoder": {"visible": 8, "hidden": 3},
    "TransformerDecoder": {"decoder_layer": lambda: layer("Decoder"), "num_layers": 2},
    "TransformerEncoder": {"encoder_layer": lambda: layer("Encoder"), "num_layers": 2},
    "Unflatten": {"dim": 1, "unflattened_size": (2, 2)},
    "Upsample": {"scale_factor": 2},
    "VAE": {"encoder": encoder, "decoder": lambda: nn.Linear(2, 3), "latent": 2},
    "check_gradients": {"model": encoder},
    "clip_grad_norm_": {"parameters": with_gradients, "max_norm": 1.0},
    "clip_grad_value_": {"parameters": with_gradients, "clip_value": 1.0},
    "cosine_embedding_loss": {"x1": ROWS, "x2": PROBABILITIES, "t": SIGNS},
    "elbo": {"log_likelihood": ROWS[:, 0], "kl": PROBABILITIES[:, 0]},
    "evaluate": {
        "model": encoder,
        "loss": lambda: nn.mse_loss,
        "batches": lambda: [(ROWS, np.ones((2, 4)))],
    },
    "fit": {
        "model": encoder,
        "loss": lambda: nn.mse_loss,
        "batches": lambda: [(ROWS, np.ones((2, 4)))],
        "optimizer": None,
        "epochs": 1,
        "validation": lambda: [(ROWS, np.ones((2, 4)))],
    },
    "gaussian_nll_loss": {"mu": ROWS, "t": PROBABILITIES, "var": PROBABILITIES},
    "hinge_loss": {"y": ROWS, "t": np.sign(ROWS)},
    "init.calculate_gain": {"nonlinearity": "relu"},
    "init.constant_": {**WEIGHT, "val": 2.0},
    "init.dirac_": {"tensor": lambda: np.zeros((2, 1, 3))},
    "init.gain": {"nonlinearity": "relu"},
    "init.lecun_uniform": {"shape": (2, 4), "fan_in": 4},
    "init.sparse_": {**WEIGHT, "sparsity": 0.5},
    "kl_divergence": {"mu": ROWS, "log_var": ROWS},
    "margin_ranking_loss": {"x1": ROWS[0], "x2": ROWS[1], "t": [1, -1, 1]},
    "negative_elbo": {"bound": ROWS[:, 0]},
    "nll_loss": {"log_p": np.log(PROBABILITIES), "target": [0, 2]},
    "output_size": {"H": 28, "K": 3},
    "reparameterize": {"mu": ROWS, "log_var": ROWS},
    "scaled_dot_product_attention": {"query": SEQUENCES, "key": SEQUENCES, "value": SEQUENCES},
    "train_step": {
        "model": encoder,
        "loss": lambda: nn.mse_loss,
        "batch": (ROWS, np.ones((2, 4))),
        "optimizer": None,
    },
    "triplet_margin_loss": {"anchor": ROWS, "positive": ROWS + 0.1, "negative": ROWS - 0.1},
}
"""What cannot be left away; a function makes it anew."""

USES = {
    **{name: (SEQUENCES,) for name in nn.__all__ if name.endswith("1d")},
    **{name: (IMAGES,) for name in nn.__all__ if name.endswith("2d")},
    **dict.fromkeys(
        [
            "CELU",
            "ELU",
            "GELU",
            "Hardtanh",
            "LeakyReLU",
            "LogSoftmax",
            "PReLU",
            "Softmax",
            "Softmin",
            "Softplus",
            "Softshrink",
            "Dropout",
        ],
        (ROWS,),
    ),
    **dict.fromkeys(
        [
            "GLU",
            "Flatten",
            "GroupNorm",
            "LayerNorm",
            "RMSNorm",
            "Unflatten",
            "Upsample",
            "RNN",
            "LSTM",
            "GRU",
            "Linear",
            "MLP",
            "LinearAutoencoder",
            "TransformerEncoderLayer",
        ],
        (SEQUENCES,),
    ),
    **dict.fromkeys(["TransformerDecoderLayer"], (SEQUENCES, SEQUENCES)),
    **dict.fromkeys(["TransformerEncoder"], (SEQUENCES,)),
    **dict.fromkeys(["TransformerDecoder"], (SEQUENCES, SEQUENCES)),
    "MultiheadAttention": (SEQUENCES,) * 3,
    **dict.fromkeys(["BCELoss"], (PROBABILITIES, PROBABILITIES)),
    **dict.fromkeys(
        [
            "BCEWithLogitsLoss",
            "HuberLoss",
            "KLDivLoss",
            "L1Loss",
            "MSELoss",
            "PoissonNLLLoss",
            "SmoothL1Loss",
        ],
        (ROWS, PROBABILITIES),
    ),
    **dict.fromkeys(["CrossEntropyLoss", "NLLLoss"], (ROWS, [0, 2])),
    "CosineEmbeddingLoss": (ROWS, PROBABILITIES, SIGNS),
    "GaussianNLLLoss": (ROWS, PROBABILITIES, PROBABILITIES),
    **dict.fromkeys(["HingeEmbeddingLoss", "SoftMarginLoss"], (ROWS[:, 0], SIGNS)),
    "MarginRankingLoss": (ROWS[0], ROWS[1], [1, -1, 1]),
    "TripletMarginLoss": (ROWS, ROWS + 0.1, ROWS - 0.1),
    "ConvAutoencoder": (IMAGES[:, :1],),
    "Embedding": ([0, 4],),
    "FIRFilter": (ROWS,),
    "IIRFilter": (ROWS,),
    "VAE": (PROBABILITIES,),
}
DATA = {
    "x",
    "y",
    "t",
    "target",
    "logits",
    "log_p",
    "x1",
    "x2",
    "anchor",
    "positive",
    "negative",
    "mu",
    "log_var",
    "L",
    "var",
    "query",
    "key",
    "value",
    "attn_mask",
    "bound",
    "kl",
    "log_likelihood",
    "eps_noise",
    "data",
    "arrays",
    "batch",
    "batches",
    "validation",
    "model",
    "module",
    "modules",
    "loss",
    "params",
    "parameters",
    "values",
    "optimizer",
    "schedulers",
    "schedule",
    "lr_lambda",
    "scale_fn",
    "encoder",
    "decoder",
    "encoder_layer",
    "decoder_layer",
    "norm",
    "likelihood",
    "generator",
    "path",
    "foreach",
    "args",
    "options",
    "torchs",
    "_ignored",
    "_options",
    "name",
    "train",
    "seconds",
    "best",
    "ended",
    "tensor",
    "eps_of",
}
"""Arguments that are no option."""
