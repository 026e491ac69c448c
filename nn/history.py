"""History: what training did, epoch by epoch."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any


@dataclass
class History:
    """The losses of each epoch, and how training ended.

    train       mean loss over the training batches, as they were before each step
    validation  mean loss over the validation batches after each epoch; empty without any
    seconds     how long each epoch took
    best        the epoch (from 0) whose state the model has, when there was validation
    ended       why training ended, as text

    >>> History(train=[2.0, 1.0], ended="all epochs done")
    History of 2 epochs (all epochs done): loss 2 → 1
    """

    train: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    best: int | None = None
    ended: str = "not begun"

    def plot(self, ax: Any = None) -> Any:
        """The losses over the epochs, as a matplotlib figure. In Jupyter a history shows itself so.

        ax  axes to draw in; None makes a new figure
        """
        if ax is None:
            # without pyplot: no global list of figures, which would keep them all in memory
            from matplotlib.figure import Figure

            ax = Figure(figsize=(5.0, 3.2), layout="constrained").subplots()
        epochs = range(1, len(self.train) + 1)
        ax.plot(epochs, self.train, marker=".", label="training")
        if self.validation:
            ax.plot(epochs[: len(self.validation)], self.validation, marker=".", label="validation")
        if self.best is not None:
            ax.axvline(self.best + 1, color="0.7", linewidth=0.8, zorder=0, label="best")
        ax.set(xlabel="epoch", ylabel="loss")
        ax.legend(frameon=False)
        return ax.figure

    def _repr_png_(self) -> bytes:
        file = io.BytesIO()
        self.plot().savefig(file, format="png", dpi=110)
        return file.getvalue()

    def __repr__(self) -> str:
        change = f": loss {self.train[0]:.4g} → {self.train[-1]:.4g}" if self.train else ""
        best = "" if self.best is None else f", best validation {self.validation[self.best]:.4g}"
        return f"History of {len(self.train)} epochs ({self.ended}){change}{best}"
