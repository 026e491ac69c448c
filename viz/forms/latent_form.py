"""The form "latent": a model with a latent variable, such as a variational autoencoder."""

from __future__ import annotations

from typing import Final

from viz.forms.form import Form
from viz.forms.latent import find
from viz.forms.latent_drawing import draw

LATENT: Final = Form("latent", find, draw)
"""Variational autoencoders: one row from x to x̂, ε held below, the two terms of the bound above."""
