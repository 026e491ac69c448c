"""A model of PyTorch as a flow graph."""
