"""Models as people write them in PyTorch."""

import torch
from torch import nn


class LSTMLoop(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(2, 3)
        self.out = nn.Linear(3, 1)

    def forward(self, x):
        h = torch.zeros(x.shape[1], 3, dtype=x.dtype)
        c = torch.zeros_like(h)
        for x_t in x:
            h, c = self.cell(x_t, (h, c))
        y = self.out(h)
        return 2 * y


class HandWritten(nn.Module):
    """A recurrence out of linear layers, whose states are collected in a list."""

    def __init__(self):
        super().__init__()
        self.W = nn.Linear(2, 3)
        self.U = nn.Linear(3, 3, bias=False)

    def forward(self, x, h):
        states = []
        for t in range(len(x)):
            h = torch.tanh(self.W(x[t]) + self.U(h))
            states.append(h)
        return torch.stack(states)


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encode = nn.Linear(4, 6)
        self.decode = nn.Linear(3, 4)

    def forward(self, x):
        mu, log_var = self.encode(x).chunk(2, -1)
        eps = torch.randn_like(mu)
        z = mu + torch.exp(0.5 * log_var) * eps
        reconstruction = nn.functional.binary_cross_entropy_with_logits(
            self.decode(z), x, reduction="sum"
        )
        divergence = -0.5 * torch.sum(1 + log_var - mu**2 - log_var.exp())
        return reconstruction + divergence


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(2, 2, 3, padding=1)
        self.norm = nn.BatchNorm2d(2)
        self.second = nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, x):
        out = torch.relu(self.norm(self.first(x)))
        out = self.second(out)
        out += x
        return torch.relu(out)


class ResidualNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 2, 1)
        self.blocks = nn.Sequential(Residual(), Residual())
        self.classify = nn.Linear(2, 3)

    def forward(self, image):
        h = self.blocks(self.stem(image))
        pooled = h.mean((2, 3))
        return {"logits": self.classify(pooled), "pooled": pooled}


class Tied(nn.Module):
    """An embedding whose weight is that of the last layer too, a buffer, a frozen weight."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(7, 3, padding_idx=0)
        self.frozen = nn.Parameter(torch.ones(3), requires_grad=False)
        self.out = nn.Linear(3, 7, bias=False)
        self.out.weight = self.embed.weight
        self.register_buffer("scale", torch.tensor([1.0, 2.0, 3.0]))

    def forward(self, words):
        h = self.embed(words).mean(1) * self.scale + self.frozen
        return self.out(h)


class Detached(nn.Module):
    """Two ways to say that no derivative passes."""

    def forward(self, x):
        weight = torch.softmax(x.detach(), -1)
        with torch.no_grad():
            shift = x * x
            with torch.enable_grad():
                kept = shift * x
        return x * weight + shift + kept


def small_convnet():
    """Convolution, normalization by running statistics, GELU, pooling, upsampling."""
    layers = [
        nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.GELU(), nn.MaxPool2d(2),
        nn.Upsample(scale_factor=2), nn.Conv2d(4, 1, 1),
    ]  # fmt: skip
    with torch.no_grad():
        layers[1].running_mean.add_(0.3)
        layers[1].running_var.mul_(1.7)
    return nn.Sequential(*layers)


def autoencoder():
    """A transposed convolution undoes a strided one."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=2),
        nn.ReLU(),
        nn.ConvTranspose2d(4, 1, 3, stride=2, output_padding=1),
    )
