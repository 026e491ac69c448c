"""Plots beside the flow graph: matplotlib axes in, axes out; without any, a figure of its own.

Numbers come as arrays, or as variables of a graph whose derivatives the engine gives. matplotlib
loads when a plot is asked for.

>>> from viz import plots
>>> plots.history([2.0, 1.0]).get_ylabel()
'loss'
"""

from viz.plots.dynamics import eigenvalues, gradient_norms, history, poles_and_zeros
from viz.plots.latent import latent_plane, manifold, subspaces
from viz.plots.matrices import jacobian, weight_matrix
from viz.plots.pictures import feature_maps, filters, images, reconstructions

__all__ = [
    "eigenvalues",
    "feature_maps",
    "filters",
    "gradient_norms",
    "history",
    "images",
    "jacobian",
    "latent_plane",
    "manifold",
    "poles_and_zeros",
    "reconstructions",
    "subspaces",
    "weight_matrix",
]
