"""nn: every model of the lectures, built on the graph alone. No module has a backward of its own."""

from nn.module import Module, Parameter
