"""Autoencoders: an input goes through a narrow code and comes back, z = f(x), x̂ = g(z)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError, brief
from nn import init
from nn.activations import ReLU, Sigmoid
from nn.checks import at_least, flag, function, sizes
from nn.convolution import Conv2d
from nn.linear import check_features
from nn.module import Module
from nn.module_checks import checked_module
from nn.naming import called
from nn.parameters import Parameter
from nn.pooling import MaxPool2d, Upsample
from nn.sequential import Sequential
from nn.transposed_convolution import ConvTranspose2d

Activation = Callable[[Any], Any]


class Autoencoder(Module):
    r"""An encoder and a decoder: z = f_θ(x), x̂ = g_φ(z), trained so that x̂ is near x.

    The loss is L(θ, φ) = (1/N) Σ_i ℓ(x_i, g_φ(f_θ(x_i))): train with the inputs as targets,
    `nn.fit(model, nn.mse_loss, nn.Batches(x, x), optimizer)`. Code and output are the variables z
    and \hat{x} of the flow graph.

    encoder  a module from x to z
    decoder  a module from z to x̂

    >>> from nn import Linear, Tanh
    >>> model = Autoencoder(Sequential(Linear(4, 2), Tanh()), Linear(2, 4))
    >>> model(np.ones((3, 4))).shape, model.encode(np.ones((3, 4))).shape
    ((3, 4), (3, 2))

    Raises OperandError when one of them is no module.

    Source: lecture "RNNs and AEs", autoencoder setup and nonlinear AE.
    """

    encoder: Module
    decoder: Module

    def __init__(self, encoder: Module, decoder: Module) -> None:
        self.encoder = checked_module("encoder is a Module, such as nn.Linear(4, 2)", encoder)
        self.decoder = checked_module("decoder is a Module, such as nn.Linear(2, 4)", decoder)

    def encode(self, x: Any) -> Any:
        """The code z of x."""
        return self.encoder(x)

    def decode(self, z: Any) -> Any:
        """What the code z stands for, x̂."""
        return self.decoder(z)

    def forward(self, x: Any) -> Any:
        z = called(self.encode(x), "z")
        return called(self.decode(z), r"\hat{x}")


class LinearAutoencoder(Autoencoder):
    """A linear encoder and decoder without biases: z = W_e·x, x̂ = W_d·z.

    x (…, d), W_e (m, d), W_d (d, m), with examples as rows. W_d·W_e has rank m, so ‖X - W_d·W_e·X‖²
    is least (Eckart and Young) when it projects onto the m first principal components of X, whose
    columns are centred examples: training finds PCA's subspace, in a basis of its own.

    orthonormal  True ties W_d = W_eᵀ with orthonormal rows in W_e: call `project_` after each step;
                 the optimum is W_e = R·U_mᵀ, with R a rotation of PCA's basis U_m

    >>> model = LinearAutoencoder(3, 2, orthonormal=True, generator=0)
    >>> bool(np.allclose(model.W_e @ model.W_e.T, np.eye(2)))
    True

    Raises ShapeError when the last axis of x is not `features`.

    Source: lecture "RNNs and AEs", linear autoencoder ⇒ PCA.
    """

    def __init__(
        self,
        features: int,
        latent: int,
        orthonormal: bool = False,
        generator: init.Generator = None,
    ) -> None:
        rng = init.as_generator(generator)
        self.features = at_least("features", features, 1)
        self.latent = at_least("latent", latent, 1)
        self.orthonormal = flag("orthonormal", orthonormal)
        if orthonormal and latent > features:
            raise OperandError(
                f"with orthonormal=True latent={latent} is at most features={features}: more rows than "
                f"entries in a row cannot be orthonormal"
            )
        self.W_e = Parameter(init.orthogonal((latent, features), generator=rng))
        if not orthonormal:
            self.W_d = Parameter(init.orthogonal((features, latent), generator=rng))

    def encode(self, x: Any) -> Any:
        """The code z = W_e·x."""
        check_features(self, x, self.features)
        return f.matmul(x, self.W_e.T)

    def decode(self, z: Any) -> Any:
        """What the code stands for, x̂ = W_d·z."""
        check_features(self, z, self.latent)
        return f.matmul(z, self.W_e if self.orthonormal else self.W_d.T)

    def project_(self) -> None:
        """Move W_e to the nearest matrix with orthonormal rows: U·Vᵀ of its SVD U·S·Vᵀ."""

        def nearest(W: Any) -> None:
            U, _, Vt = np.linalg.svd(W, full_matrices=False)
            np.matmul(U, Vt, out=W)

        self.W_e.update_(nearest)

    def extra_repr(self) -> str:
        return f"{self.features} → {self.latent} → {self.features}"


class TiedAutoencoder(Autoencoder):
    r"""One weight for both ways: z = ψ(Wᵀ·x + b), y = ψ(W·z + b̂).

    x (…, m), W (m, n), b (n,), b̂ (m,), z (…, n), y (…, m), with examples as rows: z_j =
    ψ(b_j + Σ_i w_ij·x_i) and y_i = ψ(b̂_i + Σ_j w_ij·z_j). W moves y along two paths, which is what
    equation (57) adds up.

    Equation (55) prints the sum of a convolution, Σ w_i'·x_{i'+s(j-1)}, but the text around it and
    all that follows have the matrix W: that is what is here.

    >>> model = TiedAutoencoder(4, 2, generator=0)
    >>> model(np.ones((3, 4))).shape
    (3, 4)

    Raises ShapeError when the last axis of x is not `visible`.

    Source: lecture notes on deep learning, equations (55) to (60).
    """

    def __init__(
        self,
        visible: int,
        hidden: int,
        activation: Activation = f.sigmoid,
        generator: init.Generator = None,
    ) -> None:
        self.visible = at_least("visible", visible, 1)
        self.hidden = at_least("hidden", hidden, 1)
        self.activation = function("activation", activation)
        self.W = Parameter(init.xavier_uniform((visible, hidden), generator=generator))
        self.b = Parameter(init.zeros((hidden,)))
        self.b_hat = Parameter(init.zeros((visible,)), name=r"\hat{b}")

    def encode(self, x: Any) -> Any:
        """The code z = ψ(Wᵀ·x + b)."""
        check_features(self, x, self.visible)
        return self.activation(f.affine(x, self.W.T, self.b))

    def decode(self, z: Any) -> Any:
        """What the code stands for, y = ψ(W·z + b̂)."""
        check_features(self, z, self.hidden)
        return self.activation(f.affine(z, self.W, self.b_hat))

    def extra_repr(self) -> str:
        return f"{self.visible} → {self.hidden} → {self.visible}"


class ConvAutoencoder(Autoencoder):
    """Convolutions that halve an image, and convolutions that double it again.

    channels    of the image and of each layer: (1, 16, 32) takes (N, 1, H, W) to (N, 32, H/4, W/4)
    pooling     False: strided convolutions, undone by transposed ones; True: convolution and
                max-pooling, undone by upsampling and convolution
    activation  φ between the layers, a module class
    output      φ of the last layer: Sigmoid gives grey values in (0, 1)

    H and W are multiples of 2 for each layer.

    >>> model = ConvAutoencoder((1, 4, 8), generator=0)
    >>> model(np.ones((5, 1, 28, 28))).shape, model.encode(np.ones((5, 1, 28, 28))).shape
    ((5, 1, 28, 28), (5, 8, 7, 7))

    Raises OperandError when there are fewer than two numbers of channels.

    Source: lecture "RNNs and AEs", CNN-AE.
    """

    def __init__(
        self,
        channels: Sequence[int] = (1, 16, 32),
        pooling: bool = False,
        activation: Callable[[], Module] = ReLU,
        output: Callable[[], Module] = Sigmoid,
        generator: init.Generator = None,
    ) -> None:
        channels = sizes("channels", channels, 2)
        for name, made in {"activation": activation, "output": output}.items():
            _check_factory(name, made)
        rng = init.as_generator(generator)
        halve, double = (
            (_pooled, _upsampled) if flag("pooling", pooling) else (_strided, _transposed)
        )
        down, up = list(itertools.pairwise(channels)), list(itertools.pairwise(channels[::-1]))
        ends = [activation] * (len(up) - 1) + [output]
        self.encoder = Sequential(*(m for c, d in down for m in (*halve(c, d, rng), activation())))
        self.decoder = Sequential(
            *(m for (c, d), end in zip(up, ends, strict=True) for m in (*double(c, d, rng), end()))
        )


def _check_factory(name: str, made: Any) -> None:
    wanted = f"{name} is a class of modules, as nn.ReLU is"
    if not callable(made) or isinstance(made, Module):
        raise OperandError(f"{wanted}, not {brief(made)}")
    try:
        found = made()
    except TypeError as error:
        raise OperandError(f"{wanted}, not {brief(made)}: {error}") from None
    if not isinstance(found, Module):
        raise OperandError(f"{wanted}, not {brief(made)}, which makes {brief(found)}")


def _strided(c: int, d: int, rng: np.random.Generator) -> list[Module]:
    return [Conv2d(c, d, 3, stride=2, padding=1, generator=rng)]


def _transposed(c: int, d: int, rng: np.random.Generator) -> list[Module]:
    return [ConvTranspose2d(c, d, 3, stride=2, padding=1, output_padding=1, generator=rng)]


def _pooled(c: int, d: int, rng: np.random.Generator) -> list[Module]:
    return [Conv2d(c, d, 3, padding=1, generator=rng), MaxPool2d(2)]


def _upsampled(c: int, d: int, rng: np.random.Generator) -> list[Module]:
    return [Upsample(scale_factor=2), Conv2d(c, d, 3, padding=1, generator=rng)]
